/** What is done to service identities and their keys, and what comes of showing one. No label names one. */
import type { Registry } from '@althing/kernel/telemetry'

const acts = ['created', 'disabled', 'enabled', 'removed', 'key-made', 'key-rotated', 'key-revoked'] as const
export type Act = (typeof acts)[number]

const outcomes = ['door', 'token', 'refused', 'out-of-bounds', 'too-much'] as const
export type Outcome = (typeof outcomes)[number]

export function serviceIdentityMetrics(registry: Registry) {
  const changes = registry.counter({
    name: 'id_service_identity_changes_total',
    help: 'What was done to service identities and their keys.',
    labels: { act: acts },
  })
  const uses = registry.counter({
    name: 'id_api_key_uses_total',
    help: 'Keys that were shown, by what came of it: a token for a door, one that was asked for, or a refusal.',
    labels: { outcome: outcomes },
  })
  return {
    serviceIdentityChanged: (act: Act) => changes.add({ act }),
    apiKeyShown: (outcome: Outcome) => uses.add({ outcome }),
  }
}
