/**
 * What applications tell us of their things and people, to decide about them and to find them. From the answer on it is in force at every
 * node. What says who somebody is, or which role they have, is told by identity alone.
 */
import type { AuditEntry } from '@althing/kernel/audit'
import type { Atomically } from '@althing/kernel/service'
import type { FieldError } from '@althing/kernel/errors'
import { comesWithToken, isOfToken, recordProblems } from '../values.ts'
import { whoIs, type Caller } from '../caller.ts'
import { fault } from './faults.ts'
import { levelsAtMost, longestWay } from './levels.ts'
import type { Relation, Writing, Written } from './schema.ts'
import type { EntityStore } from './store.ts'

interface Parts {
  readonly store: EntityStore
  readonly record: (entry: AuditEntry) => Promise<void>
}

/** What stands in the policies themselves, in whichever namespace, or comes from a verified token. */
const reservedTypes: readonly string[] = ['Role', 'Service', 'Machine']
const isReserved = (type: string) => reservedTypes.includes(type) || /(^|::)Action$/.test(type)

export function createEntities({ atomically }: { readonly atomically: Atomically<Parts> }) {
  async function write(writing: Writing, by: Caller): Promise<Written> {
    refuse(writing)
    return atomically(async ({ store, record }) => {
      await store.hold()
      if (writing.unrelate.length > 0) await store.unrelate(writing.unrelate)
      if (writing.remove.length > 0) await store.remove(writing.remove)
      if (writing.put.length > 0) await store.put(writing.put)
      if (writing.relate.length > 0) await store.relate(writing.relate)
      await checkLevels(writing, store)
      const { world } = await store.revisions()
      await record(lineOf(writing, world, by))
      return { revision: world }
    })
  }
  return { write }
}
export type Entities = ReturnType<typeof createEntities>

/** @throws Fault policy.entities.reserved, invalid */
function refuse(writing: Writing): void {
  const reserved = [...reservedIn(writing), ...forgedIn(writing)]
  if (reserved.length > 0) throw fault.reserved(undefined, { fields: reserved.slice(0, 50) })
  const wrong = [...unspeakableIn(writing), ...twiceIn(writing)]
  if (wrong.length > 0) throw fault.invalid(undefined, { fields: wrong.slice(0, 50) })
}

/** So many are a few milliseconds' work, and all others who write wait for it. */
const stepsAtMost = 100_000

/** With what is written: a circle or a depth may be made of several relations that are told together. @throws Fault policy.entities.* */
async function checkLevels({ relate }: Writing, store: Pick<EntityStore, 'stepsThrough'>): Promise<void> {
  const moved = relate.flatMap(({ subject, relation }) => (relation === 'in' ? [subject] : []))
  if (moved.length === 0) return
  const steps = await store.stepsThrough(moved, stepsAtMost + 1)
  if (steps.length > stepsAtMost) throw fault.tangled()
  const levels = longestWay(steps)
  if (levels === Infinity) throw fault.circle()
  if (levels > levelsAtMost) throw fault.deep()
}

function* reservedIn({ put, remove, relate, unrelate }: Writing): Generator<FieldError> {
  const message = 'This kind is told by others.'
  for (const [n, { type }] of put.entries())
    if (isReserved(type)) yield { pointer: `/put/${n}/type`, message }
  for (const [n, { type }] of remove.entries())
    if (isReserved(type)) yield { pointer: `/remove/${n}/type`, message }
  for (const [list, relations] of Object.entries({ relate, unrelate }))
    for (const [n, { subject, object }] of (relations as readonly Relation[]).entries()) {
      if (isReserved(object.type)) yield { pointer: `/${list}/${n}/object/type`, message }
      if (isReserved(subject.type)) yield { pointer: `/${list}/${n}/subject/type`, message }
    }
}

/** A relation is an attribute of its object: one that is named as a proof would be one. */
function* forgedIn({ put, relate }: Writing): Generator<FieldError> {
  const message = 'This is told by a token only.'
  for (const [n, { type, properties }] of put.entries())
    for (const name of comesWithToken(type) ? Object.keys(properties).filter(isOfToken) : [])
      yield { pointer: `/put/${n}/properties/${name}`, message }
  for (const [n, { relation, object }] of relate.entries())
    if (comesWithToken(object.type) && isOfToken(relation))
      yield { pointer: `/relate/${n}/relation`, message }
}

function* unspeakableIn({ put }: Writing): Generator<FieldError> {
  for (const [n, { properties }] of put.entries())
    for (const { name, wrong } of recordProblems(properties))
      yield { pointer: `/put/${n}/properties/${name}`, message: wrong.message }
}

/** Which of the two would count, nobody could say. */
function* twiceIn({ put }: Writing): Generator<FieldError> {
  const seen = new Set<string>()
  for (const [n, { type, id }] of put.entries()) {
    const key = JSON.stringify([type, id])
    if (seen.has(key)) yield { pointer: `/put/${n}`, message: 'Stands twice.' }
    seen.add(key)
  }
}

/** How many there were of each kind, under the number of the world that they made. Ids of applications may be names or addresses of people. */
function lineOf({ put, remove, relate, unrelate }: Writing, revision: number, by: Caller): AuditEntry {
  const counted = { put, remove, relate, unrelate }
  return {
    action: 'entities.written',
    actor: whoIs(by),
    target: { type: 'PolicyWorld', id: String(revision) },
    outcome: 'done',
    fields: Object.entries(counted).flatMap(([verb, { length }]) =>
      length === 0 ? [] : [`${verb} ${length}`],
    ),
  }
}
