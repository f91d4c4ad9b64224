/** What a decision was made of, in JSON, so that it can be made again: of everything that was looked at, what the policies can read. */
import {
  attributesRead,
  Failure,
  writeValue,
  type Attributes,
  type CedarRecord,
  type Entities,
  type EntityUid,
  type PolicySet,
  type Reads,
  type Request,
  type Value,
} from '@althing/kernel/cedar'
import type { Written } from '../deciding.ts'
import type { Seen, SeenEntity } from '../known.ts'

interface Looked extends Request {
  readonly context: CedarRecord
  readonly others: readonly EntityUid[]
}

export function seenIn(
  { principal, action, resource, context, others }: Looked,
  entities: Entities,
  set: PolicySet,
  known: Written = new WeakMap(),
): Seen {
  const reads = attributesRead(set)
  const found = new Map<string, SeenEntity>()
  const add = (uid: EntityUid, what: Reads) => {
    const one = seenEntity(uid, what, entities, known)
    if (one !== null && !found.has(uid.key)) found.set(uid.key, one)
  }
  add(principal, reads.principal)
  add(resource, reads.resource)
  add(action, reads.action)
  for (const uid of others) add(uid, reads.others)
  const names = reads.context === 'all' ? [...context.keys()] : reads.context
  return { entities: [...found.values()], context: only(context, names, known) }
}

/** Null of what is not known: that is how it is found again. */
function seenEntity(
  uid: EntityUid,
  { attributes, ancestors }: Reads,
  entities: Entities,
  known: Written,
): SeenEntity | null {
  const entity = entities.find(uid)
  if (entity === undefined) return null
  return {
    type: uid.type,
    id: uid.id,
    attributes: only(entity.attributes, attributes, known),
    ancestors: ancestors ? [...entity.ancestors].map(({ type, id }) => ({ type, id })) : [],
  }
}

/** What could not be read is not among them: everything that comes in was read at the door. */
function only(attributes: Attributes, names: readonly string[], known: Written): Record<string, unknown> {
  const members = names.flatMap((name) => {
    const value = attributes.get(name)
    return value === undefined || value instanceof Failure ? [] : [[name, written(value, known)] as const]
  })
  return Object.fromEntries(members)
}

/** A value that many questions have in common is written for all of them once. */
function written(value: Value, known: Written): unknown {
  if (typeof value !== 'object') return value
  const json = known.get(value) ?? writeValue(value)
  known.set(value, json)
  return json
}
