import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../testing/index.ts'
import { openDatabase, type Db } from './index.ts'

const { database, url } = await testDatabase({ name: 'gathering' })
await database.query('create table note (text text primary key)')

const quick = <R>(db: Db, text: string, params: readonly unknown[], name?: string) =>
  db.query<R>(text, params, { isQuick: true, ...(name === undefined ? {} : { name }) })

test('of many questions of one moment one that is wrong fails alone, and each of the others has its own answer', async () => {
  const asked = Array.from({ length: 50 }, (_, n) =>
    quick<{ n: number }>(database, 'select 10 / $1::int as n', [n % 10], n % 2 === 0 ? 'tenth' : undefined),
  )
  const answered = await Promise.allSettled(asked)
  for (const [n, one] of answered.entries()) {
    if (n % 10 === 0) assert.ok(one.status === 'rejected' && one.reason.sqlState === '22012', `${n}`)
    else assert.deepEqual(one, { status: 'fulfilled', value: [{ n: Math.trunc(10 / (n % 10)) }] }, `${n}`)
  }
})

test('they share a connection when they come together, and a crowd has several', async () => {
  const backends = async (count: number) => {
    const pid = () => quick<{ pid: number }>(database, 'select pg_backend_pid() as pid, $1::int', [1])
    const rows = await Promise.all(Array.from({ length: count }, pid))
    return new Set(rows.flat().map((row) => row.pid)).size
  }
  assert.equal(await backends(10), 1)
  assert.equal(await backends(40), 3)
})

test('a question sees what was written before it was asked, and within a transaction what that one has written', async () => {
  const find = (db: Db, text: string) => quick(db, 'select text from note where text = $1', [text])
  for (let n = 0; n < 20; n += 1) {
    const others = find(database, 'of somebody else')
    await database.query('insert into note values ($1)', [`note ${n}`])
    assert.equal((await find(database, `note ${n}`)).length, 1)
    await others
  }
  await database.transaction(async (db) => {
    await db.query('insert into note values ($1)', ['not yet'])
    assert.equal((await find(db, 'not yet')).length, 1)
    assert.equal((await find(database, 'not yet')).length, 0)
  })
  assert.equal((await find(database, 'not yet')).length, 1)
})

test('a connection that dies under them fails those that were on it, and the next ones are answered', async () => {
  const few = openDatabase({ url, max: 2 })
  const [{ pid } = { pid: 0 }] = await quick<{ pid: number }>(
    few,
    'select pg_backend_pid() as pid, $1::int',
    [1],
  )
  const asked = Promise.allSettled([
    quick(few, 'select pg_sleep($1)', [60]),
    quick(few, 'select $1::int as n', [1]),
  ])
  await new Promise((done) => setTimeout(done, 200))
  await database.query('select pg_terminate_backend($1)', [pid])
  assert.deepEqual(
    (await asked).map(({ status }) => status),
    ['rejected', 'rejected'],
  )
  assert.deepEqual(await quick(few, 'select $1::int as n', [1]), [{ n: 1 }])
  await few.close()
})

test('whoever asks next is not lent the connection that has just died', async () => {
  const one = openDatabase({ url, max: 1 })
  for (let round = 0; round < 5; round += 1) {
    const [{ pid } = { pid: 0 }] = await quick<{ pid: number }>(
      one,
      'select pg_backend_pid() as pid, $1::int',
      [1],
    )
    const asked = quick(one, 'select pg_sleep($1)', [60])
    await new Promise((done) => setTimeout(done, 50))
    const ended = database.query('select pg_terminate_backend($1)', [pid])
    await assert.rejects(asked, { kind: 'unavailable' })
    const next = await Promise.all([
      quick<{ n: number }>(one, 'select $1::int as n', [1]),
      one.query<{ n: number }>('select 1 as n'),
    ])
    assert.deepEqual(next, [[{ n: 1 }], [{ n: 1 }]])
    await ended
  }
  await one.close()
})

test('a database that is away is away for each of them', async () => {
  const nowhere = openDatabase({ url: 'postgres://nobody@127.0.0.1:1/nothing' })
  const asked = await Promise.allSettled([1, 2, 3].map((n) => quick(nowhere, 'select $1::int', [n])))
  for (const one of asked) assert.ok(one.status === 'rejected' && one.reason.kind === 'unavailable')
  await nowhere.close()
})
