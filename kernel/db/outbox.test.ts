import assert from 'node:assert/strict'
import { test } from 'node:test'
import { race, testDatabase, until } from '../testing/index.ts'
import {
  applyOnce,
  createDispatcher,
  createOutbox,
  outboxDepth,
  reviveDead,
  type DispatchEvent,
  type Message,
} from './index.ts'

test('a fact reaches each recipient once, when it is committed and not when it is looked for again', async () => {
  const { database, delivered, dispatcher } = await setUp()
  await dispatcher.start()
  await database.transaction((db) =>
    createOutbox(db).send('member.left', { member: 'mem_ada' }, { to: ['identity', 'events'] }),
  )
  await until(() => delivered.length === 2)
  assert.deepEqual(delivered.map(({ to }) => to).sort(), ['events', 'identity'])
  assert.deepEqual(delivered[0]?.message.payload, { member: 'mem_ada' })
  await dispatcher.stop()
  assert.deepEqual(await outboxDepth(database), { waiting: 0, dead: 0 })
})

test('a fact of a transaction that was rolled back is never told', async () => {
  const { database, delivered, dispatcher } = await setUp()
  const failed = database.transaction(async (db) => {
    await createOutbox(db).send('member.left', {}, { to: ['identity'] })
    throw new Error('no')
  })
  await assert.rejects(failed)
  await dispatcher.drain()
  assert.equal(delivered.length, 0)
})

test('what cannot be delivered is tried again later, and is dead after a day', async () => {
  const { database, events, dispatcher } = await setUp({ deliver: () => Promise.reject(new Error('away')) })
  await createOutbox(database).send('member.left', {}, { to: ['identity'] })
  await dispatcher.drain()
  await dispatcher.drain()
  assert.deepEqual(
    events.map(({ outcome }) => outcome),
    ['failed'],
  )
  const [row] = await database.query(
    "select next_at - now() between interval '300 ms' and interval '1 s' as soon from outbox_message",
  )
  assert.deepEqual(row, { soon: true })

  await database.query(`update outbox_message set next_at = now(), created_at = now() - interval '25 hours'`)
  await dispatcher.drain()
  assert.deepEqual(
    events.map(({ outcome }) => outcome),
    ['failed', 'dead'],
  )
  assert.deepEqual(await outboxDepth(database), { waiting: 0, dead: 1 })
  assert.equal(await reviveDead(database), 1)
  assert.deepEqual(await outboxDepth(database), { waiting: 1, dead: 0 })
})

test('two dispatchers never deliver the same message at the same time', async () => {
  const seen: string[] = []
  const { database, dispatcher } = await setUp({ seen })
  const other = createDispatcher({ database, deliver: async (_to, { id }) => void seen.push(id) })
  for (let n = 0; n < 60; n++) await createOutbox(database).send('fact', { n }, { to: ['identity'] })
  await Promise.all([dispatcher.drain(), other.drain()])
  assert.equal(seen.length, 60)
  assert.equal(new Set(seen).size, 60)
})

test('a message that arrives several times at once works once', async () => {
  const { database } = await setUp()
  await database.query('create table effect (n int)')
  const id = '0f8fad5b-d9cb-469f-a165-70867728950e'
  const { won } = await race(8, (_runner, ready) =>
    database.transaction(async (db) => {
      await ready()
      return applyOnce(db, id, async () => void (await db.query('insert into effect values (1)')))
    }),
  )
  assert.equal(won.filter(Boolean).length, 1)
  assert.equal((await database.query('select from effect')).length, 1)
})

test('a message whose effect failed works at its next arrival', async () => {
  const { database } = await setUp()
  const id = '0f8fad5b-d9cb-469f-a165-70867728950e'
  await assert.rejects(
    database.transaction((db) => applyOnce(db, id, () => Promise.reject(new Error('disk')))),
  )
  assert.equal(await database.transaction((db) => applyOnce(db, id, async () => {})), true)
})

interface Told {
  to: string
  message: Message
}

async function setUp({ deliver, seen }: { deliver?: () => Promise<void>; seen?: string[] } = {}) {
  const { database } = await testDatabase({ name: 'outbox', max: 12 })
  const delivered: Told[] = []
  const events: DispatchEvent[] = []
  const dispatcher = createDispatcher({
    database,
    deliver: async (to, message) => {
      await deliver?.()
      delivered.push({ to, message })
      seen?.push(message.id)
    },
    report: (event) => events.push(event),
    // Never: what arrives was told of.
    pollSeconds: 3600,
  })
  return { database, delivered, events, dispatcher }
}
