/** What a decision was made of, in JSON, so that it can be made again: of everything that was looked at, what the policies can read. */
import {
  attributesRead,
  writeRecord,
  type Entities,
  type EntityUid,
  type PolicySet,
  type Reads,
  type Request,
} from '@althing/kernel/cedar'
import type { Seen, SeenEntity } from '../known.ts'

interface Looked extends Request {
  readonly others: readonly EntityUid[]
}

export function seenIn(
  { principal, action, resource, context, others }: Looked,
  entities: Entities,
  set: PolicySet,
): Seen {
  const reads = attributesRead(set)
  const found = new Map<string, SeenEntity>()
  const add = (uid: EntityUid, what: Reads) => {
    const one = seenEntity(uid, what, entities)
    if (one !== null && !found.has(uid.key)) found.set(uid.key, one)
  }
  add(principal, reads.principal)
  add(resource, reads.resource)
  add(action, reads.action)
  for (const uid of others) add(uid, reads.others)
  return { entities: [...found.values()], context: only(writeRecord(context), reads.context) }
}

/** Null of what is not known: that is how it is found again. */
function seenEntity(uid: EntityUid, { attributes, ancestors }: Reads, entities: Entities): SeenEntity | null {
  const entity = entities.find(uid)
  if (entity === undefined) return null
  return {
    type: uid.type,
    id: uid.id,
    attributes: only(writeRecord(entity.attributes), attributes),
    ancestors: ancestors ? [...entity.ancestors].map(({ type, id }) => ({ type, id })) : [],
  }
}

function only(record: Readonly<Record<string, unknown>>, names: readonly string[] | 'all') {
  if (names === 'all') return { ...record }
  return Object.fromEntries(Object.entries(record).filter(([name]) => names.includes(name)))
}
