/** How telling applications goes. No label names one: there may be any number. */
import type { Registry } from '@althing/kernel/telemetry'
import { Stream } from './schema.ts'

const methods = Stream.shape.method.options
const outcomes = ['delivered', 'failed', 'dead'] as const

export function signalMetrics(registry: Registry) {
  const told = registry.counter({
    name: 'id_signal_deliveries_total',
    help: 'Signals sent to applications, or fetched by them, by what came of it.',
    labels: { method: methods, outcome: outcomes },
  })
  return {
    signalTold: (method: (typeof methods)[number], outcome: (typeof outcomes)[number], count = 1) =>
      told.add({ method, outcome }, count),
  }
}
