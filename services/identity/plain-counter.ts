import type { Registry } from '@althing/kernel/telemetry'

/** A counter without labels: calling it adds one, or as many as are said. */
export function plainCounter(registry: Registry, name: string, help: string) {
  const counter = registry.counter({ name, help, labels: {} })
  return (count = 1): void => counter.add({}, count)
}
