/** The engine on a world and policies of a test: no database, and every moment what the test says. */
import { writeJson } from '@althing/kernel/cedar'
import { systemClock, type Clock } from '@althing/kernel/context'
import { compiled } from '../../services/policy/engine/policies.ts'
import { createEngine, type Reading } from '../../services/policy/engine/rules.ts'
import type { PoliciesJson } from '../../services/policy/authored.ts'
import type { Known, Ref, Revisions, State } from '../../services/policy/known.ts'

export interface Moment {
  readonly world: readonly Known[]
  readonly policies: PoliciesJson
  /** What comes with them: roles, groups of actions. */
  readonly entities?: readonly unknown[]
  /** A higher number wherever something has changed. */
  readonly revisions?: Revisions
  /** Another one where the same numbers stand for something else. */
  readonly mark?: string
  /** Those that can be looked for, where not all that the policies name. */
  readonly actions?: readonly string[]
  readonly leastStamp?: (person: string) => number
  /** What is taken up where it stands; without it everything is read anew. */
  readonly changed?: readonly Ref[]
}

export function engineOn(now: () => Moment, clock: Clock = systemClock) {
  const reading: Reading = {
    revisions: async () => stateOf(now()),
    everything: async () => now().world,
    changedSince: async () => now().changed ?? null,
    some: async () => now().world,
    policies: async (revision) => {
      const { policies, entities = [], actions } = now()
      const whole = compiled(revision, writeJson({ policies, entities } as never))
      return actions === undefined ? whole : { ...whole, actions }
    },
  }
  return createEngine({
    clock,
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
