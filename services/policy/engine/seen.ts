/** What a decision was made of, in JSON, so that it can be made again: of everything that was looked at, what the policies can read. */
import {
  attributesRead,
  Failure,
  writeValue,
  type Attributes,
  type CedarRecord,
  type Entities,
  type Entity,
  type EntityUid,
  type PolicySet,
  type Reads,
  type Request,
  type Value,
} from '@althing/kernel/cedar'
import type { Written } from '../deciding.ts'
import type { Seen, SeenEntity } from '../known.ts'

interface Looking {
  /** With what came with the question. */
  readonly entities: Entities
  /** What is known without it. */
  readonly world: Entities
}

interface Looked extends Request {
  readonly context: CedarRecord
  readonly others: readonly EntityUid[]
}

export function seenIn(
  { principal, action, resource, context, others }: Looked,
  { entities, world }: Looking,
  set: PolicySet,
  known: Written = new WeakMap(),
): Seen {
  const reads = attributesRead(set)
  const found = new Map<string, SeenEntity>()
  const add = (uid: EntityUid, what: Reads) => {
    if (found.has(uid.key)) return
    const one = seenEntity(uid, what, { entities, world }, known)
    if (one !== null) found.set(uid.key, one)
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
  what: Reads,
  { entities, world }: Looking,
  known: Written,
): SeenEntity | null {
  const entity = entities.find(uid)
  if (entity === undefined) return null
  const stored = world.find(uid)
  const isStored = entity.attributes === stored?.attributes && entity.ancestors === stored.ancestors
  if (!isStored || stored.state === undefined) return readOf(entity, what, known)
  return again(stored.state, what, () => readOf(entity, what, known))
}

/** How a thing of the world is seen, by its state and by what is read of it: the same in all decisions until something of it changes. */
let shared = new WeakMap<object, readonly Shared[]>()
interface Shared {
  readonly what: Reads
  readonly one: SeenEntity
}
/** Then all of them are let go: a world of a million things is not kept twice. */
const sharedAtMost = 10_000
let sharedNow = 0

/** Many decisions hold it, and nobody changes it: it is frozen. */
function again(state: object, what: Reads, write: () => SeenEntity): SeenEntity {
  const before = shared.get(state) ?? []
  const found = before.find((one) => one.what === what)
  if (found !== undefined) return found.one
  if (sharedNow >= sharedAtMost) [shared, sharedNow] = [new WeakMap(), 0]
  const one = Object.freeze(write())
  shared.set(state, [...before.slice(-2), { what, one }])
  sharedNow += 1
  return one
}

function readOf(entity: Entity, { attributes, ancestors }: Reads, known: Written): SeenEntity {
  return {
    type: entity.uid.type,
    id: entity.uid.id,
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
