/**
 * All of a question that can change its decision, as one text: two questions share it when they are one for the policies, and never otherwise.
 * Nothing is hashed. What is known of the world is not in it: that has a number of its own.
 */
import { keyOf, type CedarRecord } from '@althing/kernel/cedar'
import type { Question, Snapshot, Thing } from '../deciding.ts'

type Reading = Pick<Snapshot, 'reads' | 'leastStamp'>

export function keyFor(question: Question, { reads, leastStamp }: Reading): string {
  const { action, context } = question
  const [principal, resource] = thingsOf(question, reads)
  return [
    thing(principal, leastStamp),
    keyOf(action),
    thing(resource, leastStamp),
    record(context, reads.context === 'all' ? [...context.keys()].sort() : reads.context),
  ].join('')
}

interface Said extends Thing {
  /** What of it policies can read. */
  readonly names: readonly string[]
}

/** Of one thing of whom both is said, what is said of it as the resource is read of the principal too. */
function thingsOf({ principal, resource }: Question, reads: Reading['reads']): readonly [Said, Said] {
  const [ofPrincipal, ofResource] = [reads.principal.attributes, reads.resource.attributes]
  if (principal.type !== resource.type || principal.id !== resource.id)
    return [
      { ...principal, names: ofPrincipal },
      { ...resource, names: ofResource },
    ]
  const names = [...new Set([...ofPrincipal, ...ofResource])].sort()
  return [
    { ...principal, names },
    { ...resource, names },
  ]
}

/** With the number below which nothing counts that was told of a person: it rises when somebody's rights are taken, before the world says so. */
function thing({ type, id, attributes, names }: Said, leastStamp: Reading['leastStamp']): string {
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
