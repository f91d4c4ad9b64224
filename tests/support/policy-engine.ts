/** The engine on a world and policies of a test: no database, and every moment what the test says. */
import { createPolicySet } from '@althing/kernel/cedar'
import { systemClock, type Clock } from '@althing/kernel/context'
import { createEngine } from '../../services/policy/engine/rules.ts'
import type { PoliciesJson } from '../../services/policy/authored.ts'
import type { Known, Revisions } from '../../services/policy/known.ts'

export interface Moment {
  readonly world: readonly Known[]
  readonly policies: PoliciesJson
  /** A higher number wherever something has changed. */
  readonly revisions?: Revisions
  /** Those that can be looked for. */
  readonly actions?: readonly string[]
  readonly leastStamp?: (person: string) => number
}

/** Knows no way from one moment to the next: it takes up each whole. */
export function engineOn(now: () => Moment, clock: Clock = systemClock) {
  return createEngine({
    clock,
    revisions: async () => now().revisions ?? { world: 1, policies: 1 },
    everything: async () => now().world,
    changedSince: async () => null,
    some: async () => [],
    leastStamp: (person) => now().leastStamp?.(person) ?? 0,
    policies: async (revision) => {
      const { policies, actions = [] } = now()
      const set = createPolicySet({ staticPolicies: policies })
      return { revision, digest: '', set, fixed: [], actions, json: policies, readsClock: () => false }
    },
  })
}
