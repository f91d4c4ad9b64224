/** What decisions have in common is written once, and is what it would be if it were written anew: whatever changes of it, or of what it is in. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { createPolicySet, EntityStore, readEntity, uidOf } from '@althing/kernel/cedar'
import { seedOfThisRun } from '@althing/kernel/testing'
import { parsePolicies } from '../../../tests/support/cedar-text.ts'
import { recordOf } from '../values.ts'
import { decide } from './rules.ts'

const policies = await parsePolicies(`
@id("in") permit (principal in group::"top", action, resource) when { principal.level > 1 };
@id("own") permit (principal, action, resource) when { resource has owner && resource.owner == principal && resource.owner.level > 0 };
`)
const set = createPolicySet({ staticPolicies: policies })
const now = new Date('2026-12-01T12:00:00Z')

interface Thing {
  readonly type: string
  readonly id: string
  readonly level: number
  readonly group: string | null
}
const written = ({ type, id, level, group }: Thing) =>
  readEntity({
    uid: { type, id },
    attrs: { level, ...(type === 'doc' ? { owner: { __entity: { type: 'user', id: 'a' } } } : {}) },
    parents: group === null ? [] : [{ type: 'group', id: group }],
  })

function seenOf(entities: EntityStore, level: number | null, resource: string) {
  const said = recordOf(level === null ? {} : { level })
  const ruling = decide(
    {
      principal: { type: 'user', id: 'a', attributes: said },
      action: 'read',
      resource: { type: 'doc', id: resource, attributes: recordOf({}) },
      context: recordOf({}),
    },
    { world: { entities, stampOf: () => 0 }, leastStamp: () => 0, now },
    set,
  )
  return ruling.seen()
}

test('what many decisions have in common is one object, until something of it changes', () => {
  const entities = new EntityStore()
  entities.upsert(written({ type: 'user', id: 'a', level: 1, group: 'low' }))
  const [first, second] = [seenOf(entities, null, 'x'), seenOf(entities, null, 'y')]
  assert.equal(first.entities[0], second.entities[0])
  assert.ok(Object.isFrozen(first.entities[0]))
  assert.ok(
    !Object.isFrozen(seenOf(entities, 3, 'x').entities[0]),
    'what came with one question is of that one alone',
  )
  entities.upsert(written({ type: 'group', id: 'low', level: 0, group: 'top' }))
  const after = seenOf(entities, null, 'x').entities[0]
  assert.deepEqual(
    after?.ancestors.map(({ id }) => id),
    ['low', 'top'],
  )
  assert.deepEqual(
    first.entities[0]?.ancestors.map(({ id }) => id),
    ['low'],
    'and what was seen before stays what it was',
  )
})

test('whatever is changed, what is seen is what a node sees that has just begun', () => {
  const thing = fc.record({
    type: fc.constantFrom('user', 'doc', 'group'),
    id: fc.constantFrom('a', 'b', 'low', 'top'),
    level: fc.nat({ max: 3 }),
    group: fc.constantFrom('low', 'top', null),
  })
  fc.assert(
    fc.property(
      fc.array(fc.tuple(thing, fc.boolean(), fc.option(fc.nat({ max: 3 }))), { maxLength: 12 }),
      (changes) => {
        const entities = new EntityStore()
        const there = new Map<string, Thing>()
        for (const [one, isGone, level] of changes) {
          const uid = uidOf(one.type, one.id)
          if (isGone) entities.remove(uid)
          else entities.upsert(written(one))
          if (isGone) there.delete(uid.key)
          else there.set(uid.key, one)
          const fresh = new EntityStore()
          for (const each of there.values()) fresh.upsert(written(each))
          assert.deepEqual(sorted(seenOf(entities, level, 'b')), sorted(seenOf(fresh, level, 'b')))
        }
      },
    ),
    { seed: seedOfThisRun(), numRuns: 300 },
  )
})

/** In which order the groups stand, nobody promised. */
const sorted = ({ entities, context }: ReturnType<typeof seenOf>) => ({
  context,
  entities: entities.map((one) => ({
    ...one,
    ancestors: one.ancestors.map(({ type, id }) => `${type} ${id}`).sort(),
  })),
})
