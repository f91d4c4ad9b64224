/** What the decision point counts, under labels of which there are few. */
import type { Registry } from '@althing/kernel/telemetry'
import type { Outcome } from './contract.ts'

/** @param engines the names of the engines outside, which an operator gave them: all that this label can say */
export function createPolicyMetrics(registry: Registry, engines: readonly string[] = []) {
  const decisions = registry.counter({
    name: 'policy_decisions_total',
    help: 'Decisions that were asked for, by their outcome; `error` when a policy could not be evaluated.',
    labels: { decision: ['allow', 'deny', 'error'] as const },
  })
  const shadow = registry.counter({
    name: 'policy_shadow_decisions_total',
    help: 'Decisions that a draft would have made too, by how they compare; `failed` when it could not decide.',
    labels: { outcome: ['same', 'would-allow', 'would-deny', 'failed'] as const },
  })
  const misfit = registry.gauge({
    name: 'policy_misfit',
    help: '1 while the organisation’s policies do not fit this release of Althing, and are in force as they were.',
    labels: {},
  })
  const forged = registry.counter({
    name: 'policy_forged_bundles_total',
    help: 'Bundles in the table that were not signed with our key, and are given to nobody.',
    labels: {},
  })
  const answers = registry.counter({
    name: 'policy_cache_total',
    help: 'Decisions that are kept: found there, made anew, gone to make room or unused, and gone because something changed.',
    labels: { outcome: ['hit', 'miss', 'evicted', 'dropped'] as const },
  })
  const unreadable = registry.counter({
    name: 'policy_unreadable_entities_total',
    help: 'Things that could not be read as they were kept; each fails whoever looks at what is wrong with it. The log names their types.',
    labels: {},
  })
  return {
    ...outsideMetrics(registry, engines),
    ...logMetrics(registry),
    answered: (outcome: 'hit' | 'miss' | 'evicted' | 'dropped', count: number) =>
      answers.add({ outcome }, count),
    decided: (decision: 'allow' | 'deny' | 'error') => decisions.add({ decision }),
    shadowed: (outcome: 'same' | 'would-allow' | 'would-deny' | 'failed') => shadow.add({ outcome }),
    fits: (isFitting: boolean) => misfit.set({}, isFitting ? 0 : 1),
    unreadable: () => unreadable.add({}),
    forged: () => forged.add({}),
  }
}
export type PolicyMetrics = ReturnType<typeof createPolicyMetrics>

function outsideMetrics(registry: Registry, engines: readonly string[]) {
  const outside = registry.counter({
    name: 'policy_engine_answers_total',
    help: 'What engines outside said of what we allow; `open` when one was not asked because it had failed too often.',
    labels: { engine: engines, outcome: ['allow', 'deny', 'error', 'open'] as const },
  })
  const took = registry.histogram({
    name: 'policy_engine_seconds',
    help: 'How long engines outside took to answer, or not to.',
    labels: { engine: engines },
  })
  return {
    engineAnswered(engine: string, outcome: Outcome, milliseconds: number) {
      outside.add({ engine, outcome })
      if (outcome !== 'open') took.observe({ engine }, milliseconds / 1000)
    },
  }
}

/** Of the decision log. */
function logMetrics(registry: Registry) {
  const lines = registry.counter({
    name: 'policy_decision_lines_total',
    help: 'Lines of the decision log: written, not written at one try, or given up because the table takes them in no way (an alarm).',
    labels: { outcome: ['written', 'failed', 'lost'] as const },
  })
  const behind = registry.gauge({
    name: 'policy_decision_log_behind_seconds',
    help: 'For how long the oldest line has waited that could not be written so far; 0 when all are.',
    labels: {},
  })
  const reports = registry.counter({
    name: 'policy_decisions_heard_total',
    help: 'Decisions that other services made by themselves, as they told us: as we would have decided, otherwise (an alarm), or with policies that we do not know.',
    labels: { outcome: ['same', 'other', 'unknown'] as const },
  })
  return {
    logged: (outcome: 'written' | 'failed' | 'lost', count: number) => lines.add({ outcome }, count),
    behind: (seconds: number) => behind.set({}, seconds),
    heard: (outcome: 'same' | 'other' | 'unknown') => reports.add({ outcome }),
  }
}
