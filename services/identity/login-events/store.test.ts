import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testIdentity } from '../../../tests/support/identity.ts'
import { addLines, strangerId, type Line } from '../../../tests/support/risk.ts'
import { createLoginEventStore } from './store.ts'

const service = await testIdentity()
const store = createLoginEventStore(service.kit.database)
const since = new Date(Date.now() - 600_000)
const many = 20

test('one person who mistypes an address of nobody again and again is not many accounts', async () => {
  const clumsy = '203.0.113.1'
  await lines(100, () => [null, clumsy, 'refused', 'wrong'])
  assert.deepEqual(await store.triedFrom(clumsy, since, many), { failing: 6, came: 0 })
  assert.deepEqual(await crowded(), [])
})

test('what came to no account of ours adds a third of what is many at most, and accounts of ours the rest', async () => {
  const attacker = '203.0.113.2'
  await lines(13, (n) => [strangerId(n), attacker, 'refused', 'wrong'])
  await lines(100, () => [null, attacker, 'refused', 'wrong'])
  assert.equal((await store.triedFrom(attacker, since, many)).failing, 19)
  assert.deepEqual(await crowded(), [])
  await lines(1, () => [strangerId(14), attacker, 'refused', 'wrong'])
  assert.equal((await store.triedFrom(attacker, since, many)).failing, 20)
  assert.deepEqual(await crowded(), [attacker])
})

test('what was tried most is looked at first: fifty small ones that came later do not hide it', async () => {
  const [victim, target] = [strangerId(1000), '198.51.100.1']
  await lines(40, () => [victim, '203.0.113.3', 'refused', 'wrong'])
  for (let n = 0; n < 50; n += 1)
    await lines(10, () => [strangerId(2000 + n), '203.0.113.4', 'refused', 'wrong'])
  assert.equal((await store.guessedAt(since, 10))[0]?.account, victim)
  await lines(40, (n) => [strangerId(n), target, 'refused', 'wrong'])
  for (let n = 0; n < 50; n += 1)
    await lines(2, (m) => [strangerId(m), `198.51.100.${100 + n}`, 'refused', 'wrong'])
  assert.equal((await store.crowded(since, 2)).length, 50)
  assert.ok((await store.crowded(since, 2)).some(({ network }) => network === target))
})

const lines = (count: number, line: Line) => addLines(service, count, line)
const crowded = async () => (await store.crowded(since, many)).map(({ network }) => network)
