import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBarrier, createTestChance, createTestClock, minutes, race, testDatabase } from './index.ts'

test('each test has a database of its own, and it is an ordinary role in it', async () => {
  const [one, two] = await Promise.all([testDatabase({ name: 'one' }), testDatabase({ name: 'two' })])
  await one.database.query('create table only_here (n int)')
  const [row] = await two.database.query(
    `select to_regclass('only_here') as here, to_regclass('outbox_message') is not null as migrated, rolsuper as super
       from pg_roles where rolname = current_user`,
  )
  assert.deepEqual(row, { here: null, migrated: true, super: false })
})

test('a seed gives the same chance again', () => {
  const first = createTestChance(7)
  const second = createTestChance(7)
  assert.deepEqual([first.uuid(), first.bytes(100)], [second.uuid(), second.bytes(100)])
  assert.notDeepEqual(first.bytes(16), createTestChance(8).bytes(16))
  assert.match(first.uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('the clock moves only when the test says so', () => {
  const clock = createTestClock('2026-03-02T12:00:00Z')
  clock.tick(minutes(5))
  assert.equal(clock.now().toISOString(), '2026-03-02T12:05:00.000Z')
})

test('a barrier opens when the last one has come', async () => {
  const wait = createBarrier(2)
  const order: string[] = []
  const first = wait().then(() => order.push('passed'))
  order.push('one is here')
  await wait()
  await first
  assert.deepEqual(order, ['one is here', 'passed'])
})

test('a race tells who won', async () => {
  let taken = false
  const { won, lost } = await race(5, async (runner, ready) => {
    await ready()
    if (taken) throw new Error('too late')
    taken = true
    return runner
  })
  assert.deepEqual([won.length, lost.length], [1, 4])
})
