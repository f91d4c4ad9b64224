/**
 * The permits of a set of policies, taken apart and laid by the action that they speak of: once for each set, so that a question looks at those
 * that can be meant and at no others.
 */
import { readUid, type EntityUid } from '@althing/kernel/cedar'
import { remembered } from '../remembered.ts'
import { goalsOf, type Goal, type PolicyJson } from './expressions.ts'

export interface Permit {
  readonly id: string
  readonly goals: readonly Goal[]
  /** In the order of the set. */
  readonly place: number
}

type Policies = Readonly<Record<string, unknown>>

export const permitsIn = remembered((policies: Policies) => {
  const permits = Object.entries(policies as Readonly<Record<string, PolicyJson>>).flatMap(
    ([id, policy], place) =>
      policy.effect === 'permit' ? [{ policy, permit: { id, goals: goalsOf(policy), place } }] : [],
  )
  const byHead = Map.groupBy(
    permits.flatMap(({ policy, permit }) => headsOf(policy).map((head) => ({ head, permit }))),
    ({ head }) => head,
  )

  /** What is asked for stays as it is: those that are about this action, which is one of these. */
  return (action: EntityUid, groups: Iterable<EntityUid>): readonly Permit[] => {
    const heads = [any, is(action), within(action), ...Array.from(groups, within)]
    const found = new Set(heads.flatMap((head) => (byHead.get(head) ?? []).map(({ permit }) => permit)))
    return [...found].sort((left, right) => left.place - right.place)
  }
})

const any = 'any'
const is = ({ key }: EntityUid): string => `is ${key}`
const within = ({ key }: EntityUid): string => `in ${key}`

function headsOf({ action: { op, entity, entities = [entity] } }: PolicyJson): readonly string[] {
  if (op === 'All') return [any]
  return entities.map((one) => (op === '==' ? is(readUid(one)) : within(readUid(one))))
}
