import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomBytes } from 'node:crypto'
import type { Database } from '../db/index.ts'
import { createTestClock, testDatabase } from '../testing/index.ts'
import { type Audit, type AuditEntry, auditMigrations, checkAuditProof, createAudit } from './index.ts'
import { createAuditStore } from './store.ts'

const ada = { action: 'members.rename', actor: 'acc_ada', outcome: 'done' } as const
const signingSeed = new Uint8Array(randomBytes(32))
const personKey = new Uint8Array(randomBytes(32))

test('an entry is there when its change is, and gone when the change is rolled back', async () => {
  const { database, audit } = await setUp()
  await database.transaction((db) => audit.record(db, ada))
  await assert.rejects(
    database.transaction(async (db) => {
      await audit.record(db, { ...ada, action: 'members.remove' })
      throw new Error('the change failed')
    }),
  )
  assert.deepEqual(
    (await audit.search({})).map(({ action }) => action),
    ['members.rename'],
  )
})

test('everything said about an entry is kept, and can be searched for', async () => {
  const { audit, database, clock } = await setUp()
  const target = { type: 'Member', id: 'mem_1' }
  const full: AuditEntry = {
    ...ada,
    onBehalfOf: 'acc_bea',
    target,
    reason: 'She asked.',
    fields: ['email', 'name'],
  }
  await audit.record(database, full)
  await audit.denied({
    caller: { kind: 'person', subject: 'acc_eve' },
    action: 'members.export',
    resource: target,
  })
  const [entry] = await audit.search({ actor: 'acc_ada' })
  const { id, ...rest } = entry!
  assert.match(id, /^[0-9a-f-]{36}$/)
  assert.deepEqual(rest, {
    at: clock.now(),
    action: 'members.rename',
    actor: 'acc_ada',
    onBehalfOf: 'acc_bea',
    targetType: 'Member',
    targetId: 'mem_1',
    reason: 'She asked.',
    outcome: 'done',
    fields: ['email', 'name'],
    correlation: null,
    personalSubject: null,
    personal: null,
  })
  assert.equal((await audit.search({ target })).length, 2)
  assert.deepEqual(
    (await audit.search({ action: 'members.export' })).map(({ actor, outcome }) => [actor, outcome]),
    [['person:acc_eve', 'denied']],
  )
  const first = await audit.search({ limit: 1 })
  assert.equal((await audit.search({ before: { at: first[0]!.at, id: first[0]!.id } })).length, 1)
})

test('committed entries get dense places in the order of their commit, whatever began first', async () => {
  const { database, audit } = await setUp()
  let commitSlow = () => {}
  const slow = database.transaction(async (db) => {
    await audit.record(db, { ...ada, action: 'slow' })
    await new Promise<void>((resolve) => (commitSlow = resolve))
  })
  await new Promise((resolve) => setTimeout(resolve, 50))
  await audit.record(database, { ...ada, action: 'quick' })
  assert.equal(await audit.integrate(), 1)
  commitSlow()
  await slow
  assert.equal(await audit.integrate(), 1)
  const rows = await database.query<{ action: string; index: number }>(
    'select l.index, e.action from audit_leaf l join audit_entry e on e.id = l.entry order by l.index',
  )
  assert.deepEqual(rows, [
    { index: 0, action: 'quick' },
    { index: 1, action: 'slow' },
  ])
  assert.deepEqual(await audit.verify(), { ok: true, size: 2, signedSize: 2 })
})

test('two integrators at once place every entry once', async () => {
  const { database, audit, another } = await setUp()
  await Promise.all(Array.from({ length: 40 }, (_, i) => audit.record(database, { ...ada, action: `a${i}` })))
  const placed = await Promise.all([audit.integrate(), another().integrate(), audit.integrate()])
  assert.equal(
    placed.reduce((a, b) => a + b),
    40,
  )
  assert.deepEqual(await audit.verify(), { ok: true, size: 40, signedSize: 40 })
  assert.equal(await audit.integrate(), 0)
})

test('an empty log verifies', async () => {
  const { audit } = await setUp()
  assert.equal(await audit.integrate(), 0)
  assert.deepEqual(await audit.verify(), { ok: true, size: 0, signedSize: 0 })
  assert.equal(await audit.checkpoint(), null)
})

test('more than one tile: 600 entries in uneven batches, every proof checks offline', async () => {
  const { database, audit } = await setUp()
  for (const count of [1, 254, 1, 1, 300, 43]) {
    await many(database, audit, count)
    await audit.integrate()
  }
  assert.deepEqual(await audit.verify(), { ok: true, size: 600, signedSize: 600 })
  const rows = await database.query<{ id: string; index: number }>(
    'select entry as id, index from audit_leaf order by index',
  )
  for (const index of [0, 1, 255, 256, 257, 511, 512, 598, 599]) {
    const { id } = rows[index]!
    const proof = await audit.prove(id)
    const proven = await checkAuditProof(proof ?? '', audit.key.name, [audit.key])
    assert.equal(proven?.index, index)
    assert.equal(proven?.entry['id'], id)
    assert.equal(
      await checkAuditProof((proof ?? '').replace(`index ${index}`, `index ${index + 1}`), audit.key.name, [
        audit.key,
      ]),
      null,
    )
  }
})

test('an entry that is not under a signed head has no proof yet', async () => {
  const { database, audit } = await setUp()
  await audit.record(database, ada)
  const [entry] = await audit.search({})
  assert.equal(await audit.prove(entry!.id), null)
  await audit.integrate()
  assert.ok(await audit.prove(entry!.id))
})

test('a person can be erased, and every proof stays valid', async () => {
  const { database, audit } = await setUp()
  const personal = { subject: 'per_1', values: { email: 'ada@example.org' } }
  await audit.record(database, { ...ada, personal })
  await audit.integrate()
  const [entry] = await audit.search({})
  const proof = await audit.prove(entry!.id)
  assert.deepEqual(await audit.personal(entry!.id), { email: 'ada@example.org' })
  assert.doesNotMatch(proof ?? '', /ada@example/)

  assert.equal(await database.transaction((db) => audit.forget(db, 'per_1')), true)
  assert.equal(await audit.personal(entry!.id), null)
  assert.equal((await audit.verify()).ok, true)
  assert.equal(await audit.prove(entry!.id), proof)
  assert.ok(await checkAuditProof(proof ?? '', audit.key.name, [audit.key]))

  // What is written about the person afterwards has no values any more.
  await audit.record(database, { ...ada, action: 'members.erased', personal })
  const [later] = await audit.search({ action: 'members.erased' })
  assert.equal(later?.personal, null)
  await assert.rejects(database.query('delete from person_key'))
  await assert.rejects(database.query("update person_key set wrapped = 'x'"))
})

test('a changed service key still reads and continues the old log', async () => {
  const { database, audit, another } = await setUp()
  await audit.record(database, { ...ada, personal: { subject: 'per_1', values: { a: 1 } } })
  await audit.integrate()
  const renewed = another({
    signingSeed: new Uint8Array(randomBytes(32)),
    personKey: new Uint8Array(randomBytes(32)),
    previousKeys: [audit.key.publicKey],
    previousPersonKeys: [personKey],
  })
  await renewed.record(database, ada)
  assert.equal(await renewed.integrate(), 1)
  assert.deepEqual(await renewed.verify(), { ok: true, size: 2, signedSize: 2 })
  const [entry] = await audit.search({
    limit: 1,
    before: { at: new Date(8.64e15), id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' },
  })
  assert.ok(entry)
  const values = await Promise.all((await audit.search({})).map(({ id }) => renewed.personal(id)))
  assert.deepEqual(
    values.filter((value) => value !== null),
    [{ a: 1 }],
  )
})

test('the tables refuse to change or lose an entry', async () => {
  const { database, audit } = await setUp()
  await audit.record(database, ada)
  await audit.integrate()
  const attempts = [
    ...['audit_entry', 'audit_leaf', 'audit_checkpoint', 'audit_tile'].flatMap((table) => [
      `delete from ${table}`,
      `truncate ${table} cascade`,
    ]),
    "update audit_entry set actor = 'acc_eve'",
    'update audit_leaf set index = 7',
    "update audit_checkpoint set note = ''",
    "update audit_tile set hashes = repeat('x', 32)::bytea",
    'update audit_tile set index = 7',
  ]
  for (const attempt of attempts) await assert.rejects(database.query(attempt))
  assert.equal((await audit.verify()).ok, true)
})

async function many(database: Database, audit: Audit, count: number): Promise<void> {
  await database.transaction(async (db) => {
    for (let i = 0; i < count; i++) await audit.record(db, { ...ada, action: `a${i}` })
  })
}

test('what happened to one thing is found without reading the log: of fifty thousand entries those of it', async () => {
  const { database } = await setUp()
  await database.query(
    `insert into audit_entry (id, at, action, actor, target_type, target_id, outcome)
     select gen_random_uuid(), now() - n * interval '1 minute', 'x.y', 'person:' || n % 500, 'Account', 'acc_' || n % 500, 'done'
       from generate_series(1, 50000) n`,
  )
  await database.query('analyze audit_entry')
  const plans: string[] = []
  const explaining = createAuditStore({
    query: async <R>(text: string, params?: readonly unknown[]) => {
      plans.push(JSON.stringify(await database.query(`explain (format json) ${text}`, params)))
      return [] as R[]
    },
  })
  const [one, two] = ['acc_7', 'acc_nobody'].map((id) => ({ type: 'Account', id }))
  const before = { at: new Date(), id: '00000000-0000-7000-8000-000000000000' }
  const without = { prefixes: ['sign-in.'], outcome: 'failed' as const }
  for (const filter of [
    { target: one! },
    { targets: [one!, two!], without },
    { targets: [one!], without, before },
  ])
    await explaining.search(filter)
  for (const plan of plans) {
    assert.match(plan, /audit_entry_target/)
    assert.doesNotMatch(plan, /Seq Scan|"audit_entry_at"/)
  }
  await explaining.search({ actor: 'person:7', before })
  assert.match(plans.at(-1) ?? '', /audit_entry_actor/)
  const found = await createAuditStore(database).search({ targets: [two!, one!, one!], limit: 60 })
  assert.deepEqual(
    [
      found.length,
      new Set(found.map(({ id }) => id)).size,
      found.every(({ targetId }) => targetId === 'acc_7'),
    ],
    [60, 60, true],
  )
  const times = found.map(({ at }) => at.getTime())
  assert.deepEqual(
    times,
    times.toSorted((a, b) => b - a),
  )
})

async function setUp() {
  const { database } = await testDatabase({ migrations: [auditMigrations], name: 'audit' })
  const clock = createTestClock()
  const needs = { service: 'members', clock, database, signingSeed, personKey }
  const another = (other: Partial<Parameters<typeof createAudit>[0]> = {}) =>
    createAudit({ ...needs, ...other })
  return { database, clock, audit: createAudit(needs), another }
}
