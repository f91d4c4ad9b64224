import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { processorMs, seedOfThisRun } from '../testing/index.ts'
import { EntityStore, overlay, readEntity, type EntityData } from './entities.ts'
import { uidOf, type EntityUid } from './uid.ts'

const user = (id: string) => uidOf('User', id)
const data = (id: string, parents: readonly string[], attrs: Record<string, unknown> = {}): EntityData =>
  readEntity({
    uid: { type: 'User', id },
    parents: parents.map((parent) => ({ type: 'User', id: parent })),
    attrs,
  })

const ids = ['a', 'b', 'c', 'd', 'e', 'f'] as const
const change = fc.oneof(
  fc.record({
    kind: fc.constant('put' as const),
    id: fc.constantFrom(...ids),
    parents: fc.uniqueArray(fc.constantFrom(...ids, 'none')),
  }),
  fc.record({ kind: fc.constant('remove' as const), id: fc.constantFrom(...ids) }),
  fc.record({ kind: fc.constant('ask' as const), id: fc.constantFrom(...ids) }),
)

function above(store: EntityStore, id: string): string[] {
  return [...(store.find(user(id))?.ancestors ?? [])].map(String).sort()
}

/** The plain way: walk up, each once. */
function climb(parents: ReadonlyMap<string, readonly string[]>, id: string): string[] {
  const found = new Set<string>()
  const waiting = [...(parents.get(id) ?? [])]
  for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
    if (found.has(one)) continue
    found.add(one)
    waiting.push(...(parents.get(one) ?? []))
  }
  return [...found].map((one) => String(user(one))).sort()
}

test('a store that was changed knows what a new one would, circles and missing parents included', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const store = new EntityStore()
      const parents = new Map<string, readonly string[]>()
      for (const one of changes) {
        if (one.kind === 'ask') above(store, one.id) // What was worked out must not be believed later.
        else if (one.kind === 'remove') assert.equal(store.remove(user(one.id)), parents.delete(one.id))
        else {
          store.upsert(data(one.id, one.parents))
          parents.set(one.id, one.parents)
        }
      }
      for (const id of ids) {
        const expected = parents.has(id) ? climb(parents, id) : []
        assert.deepEqual(above(store, id), expected)
        const below = [...parents.keys()].filter((child) => climb(parents, child).includes(String(user(id))))
        const descendants = [...store.descendants(user(id))].map(({ id }) => id)
        assert.deepEqual(descendants.sort(), below.sort())
      }
    }),
    { seed: seedOfThisRun(), numRuns: 500 },
  )
})

test('a revision grows with each change, and an entity tells which was its last', () => {
  const store = new EntityStore()
  for (const one of [data('child', ['group']), data('group', ['top']), data('other', [])]) store.upsert(one)
  assert.equal(store.revision, 3)
  store.upsert(data('group', ['elsewhere']))
  assert.equal(store.revisionOf(user('child')), 4, 'what it is in has changed')
  assert.equal(store.revisionOf(user('other')), 3)
  store.upsert(data('group', ['elsewhere'], { name: 'a' }))
  assert.equal(store.revisionOf(user('child')), 4, 'an attribute of its group is none of its own')
  assert.equal(store.remove(user('nobody')), false)
  assert.equal(store.revision, 5)
  assert.equal(store.revisionOf(user('nobody')), 0)
})

test('a change among many costs about what it changes', () => {
  const store = new EntityStore()
  for (let index = 0; index < 20_000; index += 1) store.upsert(data(`u${index}`, [`g${index % 100}`]))
  for (let index = 0; index < 20_000; index += 1) above(store, `u${index}`)
  const spent = processorMs(() => {
    for (let index = 0; index < 2_000; index += 1) store.upsert(data(`u${index}`, [`g${(index + 1) % 100}`]))
  })
  assert.ok(spent < 1_000, `${spent} ms: two thousand changes in far less than a second`)
  assert.deepEqual(above(store, 'u0'), ['User::"g1"'])
  assert.equal(store.descendants(user('g1')).size, 200)
})

test('names are let go with what held them', () => {
  const holders = () => ['held p', 'held q', 'held r', 'held s'].map((id) => user(id).holders)
  const store = new EntityStore()
  store.upsert(data('held p', ['held q', 'held r']))
  store.upsert(data('held s', ['held p']))
  assert.deepEqual(holders(), [2, 1, 1, 1])
  store.upsert(data('held p', ['held r']))
  assert.deepEqual(holders(), [2, 0, 1, 1])
  store.remove(user('held p'))
  assert.deepEqual(holders(), [1, 0, 0, 1])
  store.remove(user('held s'))
  assert.deepEqual(holders(), [0, 0, 0, 0])
  assert.equal(store.size, 0)
  assert.notEqual(user('held p'), user('held p'), 'a name that nobody holds leaves nothing behind')
})

test('names with one id and several types are told apart, in whatever order they are let go', () => {
  const types = ['A', 'B', 'C', 'D']
  fc.assert(
    fc.property(fc.shuffledSubarray(types), fc.shuffledSubarray(types), (put, removed) => {
      const store = new EntityStore()
      const entity = (type: string) =>
        readEntity({ uid: { type, id: 'shared' }, parents: [], attrs: { type } })
      for (const type of put) store.upsert(entity(type))
      for (const type of removed) store.remove(uidOf(type, 'shared'))
      for (const type of types) {
        const isThere = put.includes(type) && !removed.includes(type)
        assert.equal(store.find(uidOf(type, 'shared'))?.attributes.get('type'), isThere ? type : undefined)
        assert.equal(uidOf(type, 'shared').holders > 0, isThere)
      }
      for (const type of put) store.remove(uidOf(type, 'shared'))
    }),
    { seed: seedOfThisRun() },
  )
})

test('what came with a question stands before what is known, and below what is known', () => {
  const store = new EntityStore()
  for (const one of [data('group', ['top']), data('child', ['group'], { from: 'store' })]) store.upsert(one)
  const both = overlay([data('child', ['new'], { from: 'question' }), data('new', ['group'])], store)
  const child = both.find(user('child'))
  assert.equal(child?.attributes.get('from'), 'question')
  assert.deepEqual([...(child?.ancestors ?? [])].map(({ id }) => id).sort(), ['group', 'new', 'top'])
  assert.equal(both.find(user('group'))?.ancestors.size, 1)
  assert.equal(both.find(user('nobody')), undefined)
  assert.equal(store.find(user('child'))?.attributes.get('from'), 'store')
})

test('a group may have any number of members, and a member any number of groups', () => {
  const many = 200_000
  const store = new EntityStore()
  store.upsert(data('everybody', ['all']))
  for (let n = 0; n < many; n += 1) store.upsert(data(`m${n}`, ['everybody']))
  store.upsert(data('all', []))
  store.upsert(data('everybody', ['all', 'more']))
  assert.equal(store.descendants(user('all')).size, many + 1)
  assert.ok(store.find(user('m7'))?.ancestors.has(user('more')))

  const groups = Array.from({ length: many }, (_, n) => `g${n}`)
  store.upsert(data('joiner', groups))
  store.upsert(data('below', ['joiner']))
  assert.equal(store.find(user('below'))?.ancestors.size, many + 1)
  const both = overlay([data('guest', ['below'])], store)
  assert.equal(both.find(user('guest'))?.ancestors.size, many + 2)
})

test('what is known of where an entity stands is not looked for again', () => {
  const store = new EntityStore()
  store.upsert(data('child', ['group']))
  store.upsert(data('group', ['top']))
  const looked: string[] = []
  const base = { find: (uid: EntityUid) => (looked.push(uid.id), store.find(uid)) }
  const ancestors = store.find(user('child'))?.ancestors ?? new Set()
  const both = overlay([{ ...data('child', ['elsewhere']), ancestors }], base)
  assert.deepEqual([...(both.find(user('child'))?.ancestors ?? [])].map(({ id }) => id).sort(), [
    'group',
    'top',
  ])
  assert.deepEqual(looked, [])
})
