import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createChance, type Chance } from '../../tests/support/cedar-chance.ts'
import { randomEntities, randomPolicySet, randomRequest } from '../../tests/support/cedar-worlds.ts'
import { processorMs, seedOfThisRun } from '../testing/index.ts'
import {
  authorize,
  createPolicySet,
  EntityStore,
  overlay,
  readEntity,
  readRecord,
  readUid,
  Unread,
  type Entities,
} from './index.ts'

/** Some principals again and again, so that what was kept of them is met. */
function requests(chance: Chance) {
  return Array.from({ length: 40 }, () => randomRequest(chance))
}

function asked(request: ReturnType<typeof randomRequest>, lazily = false) {
  return {
    principal: readUid(request.principal),
    action: readUid(request.action),
    resource: readUid(request.resource),
    context: lazily ? new Unread(request.context) : readRecord(request.context),
  }
}

function storeOf(entities: Iterable<unknown>): EntityStore {
  const store = new EntityStore()
  for (const one of entities) store.upsert(readEntity(one))
  return store
}

const keyOf = ({ uid }: { readonly uid: object }) => JSON.stringify(uid)

test('what was kept of earlier answers is never believed after a change', () => {
  const chance = createChance(seedOfThisRun())
  for (let round = 0; round < 60; round += 1) {
    const policies = randomPolicySet(chance, chance.pick([10, 40]))
    const set = createPolicySet(policies)
    const known = new Map(randomEntities(chance).map((one) => [keyOf(one), one]))
    const store = storeOf(known.values())
    const questions = requests(chance)
    for (let change = 0; change < 10; change += 1) {
      const fresh = storeOf(known.values())
      const unindexed = createPolicySet(policies, { index: false })
      for (const question of questions)
        assert.deepEqual(authorize(set, asked(question), store), authorize(unindexed, asked(question), fresh))
      for (const one of randomEntities(chance).slice(0, 3)) {
        if (chance.oneIn(4)) {
          known.delete(keyOf(one))
          store.remove(readUid(one.uid))
        } else {
          known.set(keyOf(one), one)
          store.upsert(readEntity(one))
        }
      }
    }
  }
})

test('entities that come with the question decide as if they were known, and a context that is read late as one that was read', () => {
  const chance = createChance(seedOfThisRun())
  for (let round = 0; round < 200; round += 1) {
    const set = createPolicySet(randomPolicySet(chance, 20))
    const entities = randomEntities(chance)
    const [own, others] = [entities.slice(0, 2), entities.slice(2)]
    const whole = storeOf(entities)
    const both: Entities = overlay(
      own.map((one) => readEntity(one)),
      storeOf(others),
    )
    for (const question of requests(chance)) {
      // Nobody that is known may stand below somebody who only came along: what is above a known entity is known.
      const expected = authorize(set, asked(question), whole)
      assert.deepEqual(authorize(set, asked(question, true), whole), expected)
      if (
        others.some(({ parents }) =>
          parents.some((parent) => own.some(({ uid }) => keyOf({ uid }) === keyOf({ uid: parent }))),
        )
      )
        continue
      assert.deepEqual(authorize(set, asked(question), both), expected)
    }
  }
})

test('a policy is found by what its head names, however many others there are', () => {
  const scope = (name: string, index: number) => ({ op: '==', entity: { type: name, id: `${index}` } })
  const many = Array.from({ length: 20_000 }, (_, index) => ({
    effect: index % 3 === 0 ? 'forbid' : 'permit',
    principal:
      index % 2 === 0 ? scope('User', index) : { op: 'in', entity: { type: 'Group', id: `${index}` } },
    action: { op: 'All' },
    resource: index % 5 === 0 ? scope('Doc', index) : { op: 'All' },
    conditions: [],
  }))
  const set = createPolicySet({
    staticPolicies: Object.fromEntries(many.map((one, index) => [`p${index}`, one])),
  })
  const store = storeOf([
    {
      uid: { type: 'User', id: '2' },
      parents: [
        { type: 'Group', id: '1' },
        { type: 'Group', id: '7' },
      ],
      attrs: {},
    },
  ])
  const ask = (user: string, doc: string) =>
    authorize(
      set,
      asked({
        principal: { type: 'User', id: user },
        action: { type: 'Action', id: '0' },
        resource: { type: 'Doc', id: doc },
        context: {},
      }),
      store,
    )
  assert.deepEqual(ask('2', 'x').reasons, ['p1', 'p2', 'p7'])
  assert.deepEqual(ask('10', '10').reasons, ['p10'])
  assert.deepEqual(ask('10', '11').reasons, [])
  assert.deepEqual(ask('6', 'x'), { decision: 'deny', reasons: ['p6'], errors: [] })
  const spent = processorMs(() => {
    for (let count = 0; count < 20_000; count += 1) ask('2', 'x')
  })
  assert.ok(spent < 2_000, `${spent} ms: each looks at few of them`)
})
