/** What is done to applications. No label names one: there may be any number. */
import type { Registry } from '@althing/kernel/telemetry'

const acts = [
  'registered',
  'changed',
  'disabled',
  'enabled',
  'removed',
  'secret-made',
  'secret-retired',
  'logo-changed',
] as const
export type Act = (typeof acts)[number]

export function clientMetrics(registry: Registry) {
  const changes = registry.counter({
    name: 'id_client_changes_total',
    help: 'What was done to applications.',
    labels: { act: acts },
  })
  const reminded = registry.counter({
    name: 'id_client_secret_reminders_total',
    help: 'Secrets of applications that administrators were reminded of.',
    labels: {},
  })
  return {
    clientChanged: (act: Act) => changes.add({ act }),
    secretReminded: (count: number) => reminded.add({}, count),
  }
}
