/** Everybody and everything that is known, in memory, as the evaluator wants it; and their ids in order, for those who look for some. */
import {
  EntityStore,
  readEntity,
  readValue,
  Refused,
  uidOf,
  type Attributes,
  type EntityData,
  type Value,
} from '@althing/kernel/cedar'
import type { FixedEntity } from '../authored.ts'
import type { Known, Ref } from '../known.ts'
import { recordOf, unreadOf } from '../values.ts'

/** @param onUnreadable told the type of each thing that cannot be read as it was kept */
export function createWorld(onUnreadable: (type: string) => void = () => {}) {
  const entities = new EntityStore()
  const types = new Map<string, Ids>()
  const stamps = new Map<string, number>()
  let fixed: readonly FixedEntity[] = []
  let fixedKeys: ReadonlySet<string> = new Set()

  function put(data: EntityData): void {
    entities.upsert(data)
    const { type, id } = data.uid
    const ids = types.get(type) ?? createIds()
    types.set(type, ids)
    ids.add(id)
  }

  function remove({ type, id }: Ref): void {
    entities.remove(uidOf(type, id))
    if (type === 'Person') stamps.delete(id)
    types.get(type)?.delete(id)
  }

  const isFixed = ({ type, id }: Ref) => fixedKeys.has(uidOf(type, id).key)

  return {
    entities,
    /** All is read before the first goes: what cannot be read must not leave half a change behind. */
    change(gone: readonly Ref[], come: readonly Known[]): void {
      const read = come.filter((one) => !isFixed(one)).map((one) => [one, dataOf(one, onUnreadable)] as const)
      for (const ref of gone) if (!isFixed(ref)) remove(ref)
      for (const [{ id, stamp }, data] of read) {
        put(data)
        if (stamp !== null) stamps.set(id, stamp)
      }
    },
    /** With which of identity's numbers the roles of a person were told. */
    stampOf: (person: string): number => stamps.get(person) ?? 0,
    /** What comes with the policies: it is theirs, goes with them, and nothing that is told of the world changes it. */
    fix(next: readonly FixedEntity[]): void {
      const read = next.map((one) => readEntity(one))
      for (const { uid } of fixed) remove(uid)
      for (const one of read) put(one)
      fixed = next
      fixedKeys = new Set(next.map(({ uid }) => uidOf(uid.type, uid.id).key))
    },
    kinds: (): readonly string[] =>
      [...types].flatMap(([type, ids]) => (ids.inOrder().length === 0 ? [] : [type])),
    *idsOf(type: string, after: string | undefined): Iterable<string> {
      const ids = types.get(type)?.inOrder() ?? []
      for (let at = after === undefined ? 0 : placeAfter(ids, after); at < ids.length; at += 1)
        yield ids[at] as string
    },
  }
}
export type World = ReturnType<typeof createWorld>

/** A relation is an attribute of its object: the set of those who stand in it. */
function dataOf(
  { type, id, attributes, parents, relations }: Known,
  onUnreadable: (type: string) => void,
): EntityData {
  const related = new Map(
    Object.entries(relations).map(
      ([name, subjects]) => [name, readValue(subjects.map((subject) => ({ __entity: subject })))] as const,
    ),
  )
  const entity = readEntity({ uid: { type, id }, parents })
  try {
    return { ...entity, attributes: new Map([...recordOf(attributes), ...related]) }
  } catch (error) {
    if (!(error instanceof Refused)) throw error
    onUnreadable(type)
    return { ...entity, attributes: beside(related, unreadOf(attributes)) }
  }
}

/** One thing that was kept wrongly fails whoever looks at what is wrong with it, and nobody else. */
function beside(related: ReadonlyMap<string, Value>, attributes: Attributes): Attributes {
  return {
    has: (name) => related.has(name) || attributes.has(name),
    get: (name) => related.get(name) ?? attributes.get(name),
  }
}

interface Ids {
  add(id: string): void
  delete(id: string): void
  inOrder(): readonly string[]
}

/** Put in order when somebody asks for it, and again only when one has come or gone. */
function createIds(): Ids {
  const known = new Set<string>()
  let ordered: readonly string[] | undefined
  const change = (is: boolean) => {
    if (is) ordered = undefined
  }
  return {
    add: (id) => change(known.size !== known.add(id).size),
    delete: (id) => change(known.delete(id)),
    inOrder: () => (ordered ??= [...known].sort()),
  }
}

/** The first place whose id is greater: nothing is left out when the one that a page ended with is gone. */
function placeAfter(ids: readonly string[], after: string): number {
  let [low, high] = [0, ids.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((ids[middle] as string) <= after) low = middle + 1
    else high = middle
  }
  return low
}
