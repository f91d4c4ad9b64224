/**
 * What is known of entities: attributes, tags, and who is below whom. A change costs about its own size; each has a number, and
 * an entity tells with which it last changed, so that a kept answer can say what it was made of.
 */
import { readRecord, readUid, isObject } from './read-value.ts'
import { Refused } from './failure.ts'
import type { Schema } from './schema.ts'
import { Shapes, type Shape } from './shape.ts'
import { hold, letGo, sameUid, settled, uidOf, type EntityUid } from './uid.ts'
import type { Attributes, CedarRecord, Result } from './value.ts'

export interface Entity {
  readonly uid: EntityUid
  readonly attributes: Attributes
  /** Where the attributes of a stored entity stand, and they themselves in that order. */
  readonly shape: Shape | undefined
  readonly values: readonly Result[]
  readonly tags: CedarRecord
  /** All that it is in, without itself unless it is in a circle. */
  readonly ancestors: ReadonlySet<EntityUid>
  /** Another object when something of all this has changed; nothing for an entity that is gone soon. */
  readonly state: object | undefined
}

/** Where an evaluation finds entities; a name that is held arrives as its one object. */
export interface Entities {
  find(uid: EntityUid): Entity | undefined
}

/** An entity as it is written down; names may be names of the store's. */
export interface EntityData {
  readonly uid: EntityUid
  readonly parents: readonly EntityUid[]
  /** All that it is in, where that is known: nobody looks at the parents then. Only beside a store (`overlay`). */
  readonly ancestors?: ReadonlySet<EntityUid>
  readonly attributes: Attributes
  readonly tags: CedarRecord
}

const nothing: CedarRecord = new Map()

/** One entity of Cedar's JSON entity format; a schema lets it be shorter. @throws Refused */
export function readEntity(json: unknown, schema?: Schema): EntityData {
  if (!isObject(json)) throw new Refused('An entity was expected')
  const uid = readUid(json['uid'])
  const { parents = [], attrs, tags } = json
  if (!Array.isArray(parents)) throw new Refused('The parents of an entity are a list')
  const shape = schema?.entity(uid.type)
  return {
    uid,
    parents: parents.map(readUid),
    attributes: attrs === undefined ? nothing : readRecord(attrs, shape?.attributes),
    tags: tags === undefined ? nothing : readRecord(tags, shape?.tags),
  }
}

/** The actions of a schema as entities, each in its groups. */
export function actionEntities(schema: Schema): EntityData[] {
  return schema.actions.map(({ type, id, groups }) => ({
    uid: uidOf(type, id),
    parents: groups.map((group) => uidOf(group.type, group.id)),
    attributes: nothing,
    tags: nothing,
  }))
}

type Known = Map<EntityUid, Stored>

class Stored implements Entity {
  readonly uid: EntityUid
  parents: readonly EntityUid[] = []
  attributes: Attributes = nothing
  shape: Shape | undefined = undefined
  values: readonly Result[] = []
  tags: CedarRecord = nothing
  revision = 0
  state: object = {}
  private above: ReadonlySet<EntityUid> | undefined
  readonly known: Known

  constructor(uid: EntityUid, known: Known) {
    this.uid = uid
    this.known = known
  }

  /** Found when somebody asks, and kept until something above changes. */
  get ancestors(): ReadonlySet<EntityUid> {
    return (this.above ??= this.climb())
  }

  /** What has not been read yet stays so. */
  take(attributes: Attributes, shapes: Shapes): void {
    const shaped = attributes instanceof Map ? shapes.of(attributes) : undefined
    this.attributes = shaped ?? attributes
    this.shape = shaped?.shape
    this.values = shaped?.values ?? []
  }

  /** Something of it has changed, or of what it is in. */
  outdate(revision: number): void {
    this.above = undefined
    this.altered(revision)
  }

  altered(revision: number): void {
    this.state = {}
    this.revision = revision
  }

  private climb(): ReadonlySet<EntityUid> {
    const found = new Set<EntityUid>()
    const waiting = [...this.parents]
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      if (found.has(one)) continue
      found.add(one)
      const parent = this.known.get(one)
      if (parent?.above === undefined) add(waiting, parent?.parents ?? [])
      else for (const ancestor of parent.above) found.add(ancestor)
    }
    return found
  }
}

/** The names that a store holds, when nobody has the store any more. */
const abandoned = new FinalizationRegistry<Known>((known) => {
  for (const one of known.values()) {
    if (one.uid.home === one) one.uid.home = undefined
    for (const name of [one.uid, ...one.parents]) letGo(name)
  }
})

export class EntityStore implements Entities {
  private readonly known: Known = new Map()
  /** Below each name, directly; the name need not be an entity (yet). */
  private readonly below = new Map<EntityUid, Set<EntityUid>>()
  private readonly shapes = new Shapes()
  private changes = 0

  constructor() {
    abandoned.register(this, this.known)
  }

  /** Grows with each change. */
  get revision(): number {
    return this.changes
  }

  get size(): number {
    return this.known.size
  }

  find(uid: EntityUid): Entity | undefined {
    const { home } = uid
    return home !== undefined && home.known === this.known ? (home as Stored) : this.known.get(settled(uid))
  }

  /** With which change this entity, or what it is in, was last altered; 0 for one that is not here. */
  revisionOf(uid: EntityUid): number {
    return this.known.get(settled(uid))?.revision ?? 0
  }

  upsert(data: EntityData): void {
    this.changes += 1
    const uid = settled(data.uid)
    const before = this.known.get(uid)
    const one = before ?? new Stored(hold(uid), this.known)
    if (before === undefined) this.known.set(one.uid, one)
    one.uid.home = one
    one.take(data.attributes, this.shapes)
    one.tags = data.tags
    one.altered(this.changes)
    if (before === undefined || !sameNames(one.parents, data.parents)) this.move(one, data.parents)
  }

  remove(uid: EntityUid): boolean {
    const one = this.known.get(settled(uid))
    if (one === undefined) return false
    this.changes += 1
    this.move(one, [])
    this.known.delete(one.uid)
    if (one.uid.home === one) one.uid.home = undefined
    letGo(one.uid)
    return true
  }

  /** All that are in it, directly or not: what a search for "who may" begins with. */
  descendants(uid: EntityUid): Set<EntityUid> {
    const found = new Set<EntityUid>()
    const waiting = [...(this.below.get(settled(uid)) ?? [])]
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      if (found.has(one)) continue
      found.add(one)
      add(waiting, this.below.get(one) ?? [])
    }
    return found
  }

  [Symbol.iterator](): IterableIterator<Entity> {
    return this.known.values()
  }

  private move(one: Stored, parents: readonly EntityUid[]): void {
    const after = [...new Set(parents.map(settled))].map(hold)
    for (const parent of one.parents) this.leave(one.uid, parent)
    one.parents = after
    for (const parent of after) {
      const children = this.below.get(parent)
      if (children === undefined) this.below.set(parent, new Set([one.uid]))
      else children.add(one.uid)
    }
    one.outdate(this.changes)
    for (const name of this.descendants(one.uid)) this.known.get(name)?.outdate(this.changes)
  }

  private leave(child: EntityUid, parent: EntityUid): void {
    const children = this.below.get(parent)
    children?.delete(child)
    if (children?.size === 0) this.below.delete(parent)
    letGo(parent)
  }
}

const sameNames = (before: readonly EntityUid[], after: readonly EntityUid[]) =>
  before.length === after.length && before.every((one, index) => one === settled(after[index] as EntityUid))

/**
 * Entities that came with a question, before those that are known: they live for one decision. One that is in both is what
 * came with the question; what its parents are in is known.
 */
export function overlay(own: readonly EntityData[], base: Entities): Entities {
  const entities = own.map((data) => ({
    ...data,
    ancestors: data.ancestors ?? ancestorsOf(data, own, base),
    state: undefined,
    shape: undefined,
    values: [],
  }))
  return {
    find: (uid) => entities.find((one) => sameUid(one.uid, uid)) ?? base.find(uid),
  }
}

function ancestorsOf(data: EntityData, own: readonly EntityData[], base: Entities): ReadonlySet<EntityUid> {
  const found = new Set<EntityUid>()
  const waiting = data.parents.map(settled)
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (found.has(name)) continue
    found.add(name)
    const parents = own.find(({ uid }) => sameUid(uid, name as EntityUid))?.parents
    add(waiting, parents?.map(settled) ?? base.find(name)?.ancestors ?? [])
  }
  return found
}

/** One by one: what is handed over as arguments must fit on the stack, and a group may have any number of members. */
function add(waiting: EntityUid[], more: Iterable<EntityUid>): void {
  for (const one of more) waiting.push(one)
}
