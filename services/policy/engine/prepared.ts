/** A whole set of policies that is not in force, or not any more, made ready for those who try it. */
import { attributesRead, createPolicySet, type AttributesRead } from '@althing/kernel/cedar'
import type { Compiled, PoliciesJson } from '../authored.ts'
import type { Prepared } from '../deciding.ts'
import { replay } from './replay.ts'
import { decide } from './rules.ts'
import { createWorld } from './world.ts'

/** @throws Refused for what the evaluator does not understand */
export function prepare({ policies, entities }: Compiled): Prepared {
  const set = createPolicySet({ staticPolicies: policies })
  const hasGroups = entities.some(({ uid }) => uid.type.endsWith('Action'))
  const byAction = new Map<string, AttributesRead>()
  return {
    set,
    allReads: attributesRead(set),
    reads(action) {
      const known = byAction.get(action) ?? readsFor(action, policies, hasGroups)
      byAction.set(action, known)
      return known
    },
    inWorld(known) {
      const world = createWorld()
      world.change([], known)
      world.fix(entities)
      const ground = { world, leastStamp: () => 0 }
      return { decide: (question, instead) => decide(question, ground, instead ?? set) }
    },
    replay: (line) => replay(line, { set }),
  }
}

/** Of the policies whose head can fit it: what the others read is nothing to this question. */
function readsFor(action: string, policies: PoliciesJson, hasGroups: boolean): AttributesRead {
  const fitting = Object.entries(policies).filter(([, policy]) => canFit(action, policy as Headed, hasGroups))
  return attributesRead(createPolicySet({ staticPolicies: Object.fromEntries(fitting) }))
}

interface Headed {
  readonly action: { readonly op: string; readonly entity?: Named; readonly entities?: readonly Named[] }
}
interface Named {
  readonly type: string
  readonly id: string
}

function canFit(action: string, { action: head }: Headed, hasGroups: boolean): boolean {
  if (head.op === 'All' || (head.op === 'in' && hasGroups)) return true
  return [head.entity, ...(head.entities ?? [])].some((one) => one?.id === action)
}
