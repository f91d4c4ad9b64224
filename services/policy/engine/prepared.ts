/** A whole set of policies that is not in force, or not any more, made ready for those who try it. */
import { attributesRead, createPolicySet } from '@althing/kernel/cedar'
import type { Compiled } from '../authored.ts'
import type { Prepared } from '../deciding.ts'
import { forActions } from './fitting.ts'
import type { Policies } from './policies.ts'
import { replay } from './replay.ts'
import { decide } from './rules.ts'
import { createWorld } from './world.ts'

/** @throws Refused for what the evaluator does not understand */
export const prepare = ({ policies, entities }: Compiled): Prepared =>
  preparedOf({ set: createPolicySet({ staticPolicies: policies }), json: policies, fixed: entities })

/** What is compiled already is not compiled again. */
export function preparedOf({ set, json, fixed }: Pick<Policies, 'set' | 'json' | 'fixed'>): Prepared {
  return {
    set,
    allReads: attributesRead(set),
    reads: forActions(json, fixed, (fitting) => attributesRead(createPolicySet({ staticPolicies: fitting }))),
    inWorld(known, now) {
      const world = createWorld()
      world.change([], known)
      world.fix(fixed)
      const ground = { world, leastStamp: () => 0, now }
      return { decide: (question, instead) => decide(question, ground, instead ?? set) }
    },
    replay: (line) => replay(line, { set }),
  }
}
