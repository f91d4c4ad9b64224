import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inspect } from 'node:util'
import { testDatabase, until } from '../testing/index.ts'
import {
  isRetryable,
  isUniqueViolation,
  openDatabase,
  type DatabaseError,
  type Db,
  type TransactionOptions,
} from './index.ts'

const { database, url } = await testDatabase({ name: 'database' })
await database.query('create table person (email text primary key, age int check (age > 0))')

test('what JavaScript can hold comes as itself, what it cannot comes as text', async () => {
  const [row] = await database.query(
    `select 5::int8 as many, 12345678901234567890.10::numeric as exact, date '2026-03-01' as day,
            timestamptz '2026-03-01 12:00+01' as at, timestamp '2026-03-01 12:00' as plain, '\\x00ff'::bytea as bytes`,
  )
  assert.deepEqual(row, {
    many: 5,
    exact: '12345678901234567890.10',
    day: '2026-03-01',
    at: new Date('2026-03-01T11:00:00Z'),
    plain: new Date('2026-03-01T12:00:00Z'),
    bytes: Buffer.from([0, 255]),
  })
  await assert.rejects(database.query('select 9007199254740993'), RangeError)
})

test('a transaction that throws leaves nothing', async () => {
  const failed = database.transaction(async (db) => {
    await db.query('insert into person (email) values ($1)', ['gone@example.org'])
    throw new Error('changed my mind')
  })
  await assert.rejects(failed, /changed my mind/)
  assert.deepEqual(await database.query('select from person where email = $1', ['gone@example.org']), [])
})

test('a transaction whose statement failed cannot commit, even if the failure was caught', async () => {
  const swallowed = database.transaction(async (db) => {
    await db.query('insert into person (email) values ($1)', ['half@example.org'])
    await db.query('select 1 / 0').catch(() => {})
  })
  await assert.rejects(swallowed, { name: 'DatabaseError' })
  assert.deepEqual(await database.query('select from person where email = $1', ['half@example.org']), [])
})

test('statements sent side by side in a transaction run in the order in which they were sent', async () => {
  const seen = await database.transaction((db) =>
    Promise.all([
      db.query('insert into person (email, age) values ($1, 1) returning age', ['order@example.org']),
      db.query('update person set age = age * 10 + 2 where email = $1 returning age', ['order@example.org']),
      db.query('delete from person where email = $1 returning age', ['order@example.org']),
    ]),
  )
  assert.deepEqual(seen, [[{ age: 1 }], [{ age: 12 }], [{ age: 12 }]])
})

test('of statements sent side by side in a transaction none stays when one fails, and the connection works on', async () => {
  const named = (db: Pick<typeof database, 'query'>) =>
    db.query('insert into person (email) values ($1) returning email', ['side@example.org'], {
      name: 'side_by_side',
    })
  const failed = database.transaction((db) => Promise.all([db.query('select 1 / $1::int', [0]), named(db)]))
  await assert.rejects(failed, { name: 'DatabaseError' })
  assert.deepEqual(await database.transaction(named), [{ email: 'side@example.org' }])
})

test('a statement after the end of its transaction is refused, not run in the next one', async () => {
  let leaked: { query(text: string): Promise<unknown> } | undefined
  await database.transaction(async (db) => {
    leaked = db
  })
  await assert.rejects(async () => leaked?.query('select 1'), /transaction is over/)
})

test('an error names the constraint and no value', async () => {
  await database.query('insert into person (email) values ($1)', ['ada@example.org'])
  const error = await failure(database.query('insert into person (email) values ($1)', ['ada@example.org']))
  assert.ok(isUniqueViolation(error, 'person_pkey'))
  assert.equal(error.table, 'person')
  assert.equal(isUniqueViolation(error, 'another'), false)
  assert.doesNotMatch(inspect(error, { depth: 9 }), /ada@example/)

  const wrong = await failure(database.query('select $1::text::int', ['my secret']))
  assert.doesNotMatch(inspect(wrong, { depth: 9 }), /my secret/)
})

test('a statement that takes too long is ended', async () => {
  const hasty = openDatabase({ url, statementTimeoutMs: 50 })
  await assert.rejects(hasty.query('select pg_sleep(5)'), { kind: 'timeout' })
  await hasty.close()
})

test('a server that is not there is unavailable, and worth another try', async () => {
  const nowhere = openDatabase({ url: 'postgres://nobody:nothing@127.0.0.1:1/none' })
  const error = await failure(nowhere.query('select 1'))
  assert.equal(error.kind, 'unavailable')
  assert.ok(isRetryable(error))
  await nowhere.close()
})

test('named statements and plain ones answer alike, inside and outside a transaction', async () => {
  const count = (db: typeof database | Parameters<Parameters<typeof database.transaction>[0]>[0]) =>
    db.query<{ n: number }>('select $1::int + 1 as n', [1], { name: 'plus_one' })
  assert.deepEqual(await count(database), [{ n: 2 }])
  assert.deepEqual(await database.transaction(count), [{ n: 2 }])
  assert.deepEqual(await database.query('select $1::int + 1 as n', [1]), [{ n: 2 }])
})

test('a connection that dies under a transaction fails that transaction, and nobody else', async () => {
  const patient = openDatabase({ url, max: 1 })
  const died = (wait: (db: Db) => Promise<unknown>) =>
    patient.transaction(async (db) => {
      await db.query('insert into person (email) values ($1)', ['dies@example.org'])
      const [own] = await db.query<{ pid: number }>('select pg_backend_pid() as pid')
      const killed = database.query('select pg_terminate_backend($1)', [own?.pid])
      await Promise.all([killed, wait(db)])
    })
  // While a statement is under way, and while its owner waits for something else: an error event, which nobody else hears, comes of either.
  await assert.rejects(died((db) => db.query('select pg_sleep(5)')))
  await assert.rejects(
    died(async (db) => {
      await new Promise((done) => setTimeout(done, 200))
      await db.query('select 1')
    }),
  )
  await assert.rejects(
    patient.together((db) => Promise.all([db.query('select 1 / $1::int', [0]), db.query('select 1')])),
  )
  assert.deepEqual(await patient.query('select email from person where email = $1', ['dies@example.org']), [])
  await patient.close()
})

test('what belongs to a transaction that could not begin is not done', async () => {
  const impossible = { isolation: 'no such level' } as unknown as TransactionOptions
  const add = (db: Db) => db.query('insert into person (email) values ($1)', ['unbegun@example.org'])
  await assert.rejects(database.transaction(add, impossible))
  assert.deepEqual(
    await database.query('select email from person where email = $1', ['unbegun@example.org']),
    [],
  )
})

test('a listener hears notifications, and is told to look again after its connection was lost', async () => {
  const heard: string[] = []
  const stop = await database.listen('news', (payload) => heard.push(payload))
  await database.query(`select pg_notify('news', 'first')`)
  await until(() => heard.length === 1)
  await database.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and query like 'listen%'`,
  )
  await until(() => heard.includes(''))
  await database.query(`select pg_notify('news', 'second')`)
  await until(() => heard.includes('second'))
  await stop()
  assert.deepEqual(heard, ['first', '', 'second'])
})

async function failure(promise: Promise<unknown>): Promise<DatabaseError> {
  return promise.then(
    () => assert.fail('it should have failed'),
    (error: unknown) => error as DatabaseError,
  )
}
