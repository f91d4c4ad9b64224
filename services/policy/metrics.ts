/** What the decision point counts, under labels of which there are few. */
import type { Registry } from '@althing/kernel/telemetry'

export function createPolicyMetrics(registry: Registry) {
  const decisions = registry.counter({
    name: 'policy_decisions_total',
    help: 'Decisions that were asked for, by their outcome; `error` when a policy could not be evaluated.',
    labels: { decision: ['allow', 'deny', 'error'] as const },
  })
  const lines = registry.counter({
    name: 'policy_decision_lines_total',
    help: 'Lines of the decision log: written, or refused together with their decision.',
    labels: { outcome: ['written', 'failed'] as const },
  })
  return {
    decided: (decision: 'allow' | 'deny' | 'error') => decisions.add({ decision }),
    logged: (outcome: 'written' | 'failed', count: number) => lines.add({ outcome }, count),
  }
}
