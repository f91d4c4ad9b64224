/**
 * All of a question that can change its decision, as one text: two questions share it when they are one for the policies, and never otherwise.
 * Nothing is hashed. What is known of the world is not in it: that has a number of its own.
 */
import { keyOf, type CedarRecord } from '@althing/kernel/cedar'
import type { Question, Snapshot, Thing } from '../deciding.ts'

type Reading = Pick<Snapshot, 'reads' | 'leastStamp'>

export function keyFor(
  { principal, action, resource, context }: Question,
  { reads, leastStamp }: Reading,
): string {
  return [
    thing(principal, reads.principal.attributes, leastStamp),
    keyOf(action),
    thing(resource, reads.resource.attributes, leastStamp),
    record(context, reads.context === 'all' ? [...context.keys()].sort() : reads.context),
  ].join('')
}

/** With the number below which nothing counts that was told of a person: it rises when somebody's rights are taken, before the world says so. */
function thing(
  { type, id, attributes }: Thing,
  names: readonly string[],
  leastStamp: Reading['leastStamp'],
): string {
  const stamp = type === 'Person' ? leastStamp(id) : 0
  return `${keyOf(type)}${keyOf(id)}${keyOf(stamp)}${record(attributes, names)}`
}

/** Only what is there: a name that is missing has no part in it. Each part ends where its length says. */
function record(values: CedarRecord, names: readonly string[]): string {
  if (values.size === 0) return '{}'
  const parts = names.flatMap((name) => {
    const value = values.get(name)
    return value === undefined ? [] : [`${keyOf(name)}${keyOf(value)}`]
  })
  return `{${parts.join('')}}`
}
