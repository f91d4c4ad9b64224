/** The engine on a world and policies of a test: no database, and every moment what the test says. */
import { createPolicySet } from '@althing/kernel/cedar'
import { createEngine, type Reading } from '../../services/policy/engine/rules.ts'
import type { PoliciesJson } from '../../services/policy/authored.ts'
import type { Known, Revisions, State } from '../../services/policy/known.ts'

export interface Moment {
  readonly world: readonly Known[]
  readonly policies: PoliciesJson
  /** A higher number wherever something has changed. */
  readonly revisions?: Revisions
  /** Another one where the same numbers stand for something else. */
  readonly mark?: string
  /** Those that can be looked for. */
  readonly actions?: readonly string[]
  readonly leastStamp?: (person: string) => number
}

/** Knows no way from one moment to the next: it takes up each whole. */
export function engineOn(now: () => Moment) {
  const reading: Reading = {
    revisions: async () => stateOf(now()),
    everything: async () => now().world,
    changedSince: async () => null,
    some: async () => [],
    policies: async (revision) => {
      const { policies, actions = [] } = now()
      const set = createPolicySet({ staticPolicies: policies })
      return { revision, digest: '', set, fixed: [], actions, json: policies }
    },
  }
  return createEngine({
    revisions: reading.revisions,
    atOneMoment: (read) => read(reading),
    leastStamp: (person) => now().leastStamp?.(person) ?? 0,
    onUnreadable: () => {},
  })
}

function stateOf({ revisions = { world: 1, policies: 1 }, mark = '' }: Moment): State {
  const { world, policies } = revisions
  return { world, policies, worldMark: `${mark}${world}`, policiesMark: `${mark}${policies}` }
}
