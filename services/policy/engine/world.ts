/** Everybody and everything that is known, in memory, as the evaluator wants it; and their ids in order, for those who look for some. */
import { EntityStore, readEntity, readValue, uidOf, type EntityData } from '@althing/kernel/cedar'
import type { FixedEntity } from '../authored.ts'
import type { Known, Ref } from '../known.ts'
import { recordOf } from '../values.ts'

export function createWorld() {
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
    put(known: Known): void {
      if (isFixed(known)) return
      put(dataOf(known))
      if (known.stamp !== null) stamps.set(known.id, known.stamp)
    },
    remove: (ref: Ref): void => (isFixed(ref) ? undefined : remove(ref)),
    /** With which of identity's numbers the roles of a person were told. */
    stampOf: (person: string): number => stamps.get(person) ?? 0,
    /** What comes with the policies: it is theirs, goes with them, and nothing that is told of the world changes it. */
    fix(next: readonly FixedEntity[]): void {
      for (const { uid } of fixed) remove(uid)
      for (const one of next) put(readEntity(one))
      fixed = next
      fixedKeys = new Set(next.map(({ uid }) => uidOf(uid.type, uid.id).key))
    },
    *idsOf(type: string, after: string | undefined): Iterable<string> {
      const ids = types.get(type)?.inOrder() ?? []
      for (let at = after === undefined ? 0 : placeAfter(ids, after); at < ids.length; at += 1)
        yield ids[at] as string
    },
  }
}
export type World = ReturnType<typeof createWorld>

/** A relation is an attribute of its object: the set of those who stand in it. */
function dataOf({ type, id, attributes, parents, relations }: Known): EntityData {
  const related = Object.entries(relations).map(
    ([name, subjects]) => [name, readValue(subjects.map((subject) => ({ __entity: subject })))] as const,
  )
  return {
    ...readEntity({ uid: { type, id }, parents }),
    attributes: new Map([...recordOf(attributes), ...related]),
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
