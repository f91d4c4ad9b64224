import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { leafHash } from '../merkle/index.ts'
import { createTestClock, testDatabase } from '../testing/index.ts'
import { entryBytes, type StoredEntry } from './entry.ts'
import { type Audit, auditMigrations, AuditInconsistent, createAudit } from './index.ts'

// Somebody who owns the tables: the triggers are off. What such a person can do must still be seen.
const entries = 10

const columns: Record<string, string> = {
  at: "at + interval '1 second'",
  action: "'members.other'",
  actor: "'acc_eve'",
  on_behalf_of: "'acc_eve'",
  target_type: "'Other'",
  target_id: "'mem_other'",
  reason: "'another reason'",
  outcome: "'denied'",
  fields: "array['name']",
  correlation: "'c-2'",
  personal_subject: "'per_other'",
  personal: "overlay(personal placing '\\x00'::bytea from 20)",
}

for (const [column, value] of Object.entries(columns)) {
  test(`a changed ${column} is found at its entry`, async () => {
    const { audit, tamper, idAt } = await setUp()
    await tamper(`update audit_entry set ${column} = ${value} where id = '${await idAt(6)}'`)
    assert.deepEqual(await audit.verify(), {
      ok: false,
      index: 6,
      problem: 'the entry is not the one that was hashed',
    })
  })
}

test('every column of an entry is under the hash', async () => {
  const { database } = await setUp()
  const rows = await database.query<{ name: string }>(
    "select column_name as name from information_schema.columns where table_name = 'audit_entry' and column_name <> 'id'",
  )
  assert.deepEqual(rows.map(({ name }) => name).sort(), Object.keys(columns).sort())
})

test('a changed entry with a matching leaf hash is found by the tiles', async () => {
  const { audit, tamper, rehash, idAt } = await setUp()
  await tamper(`update audit_entry set actor = 'acc_eve' where id = '${await idAt(6)}'`)
  await rehash(6)
  assert.deepEqual(await audit.verify(), {
    ok: false,
    index: 6,
    problem: 'the tiles hold another hash in this place',
  })
})

test('a changed entry with matching leaf and tiles is found by the signed heads, between which it lies', async () => {
  const { audit, tamper, rehash, idAt } = await setUp()
  await tamper(`update audit_entry set actor = 'acc_eve' where id = '${await idAt(6)}'`)
  const hash = await rehash(6)
  await tamper(
    `update audit_tile set hashes = overlay(hashes placing '\\x${hash}'::bytea from ${6 * 32 + 1}) where level = 0`,
  )
  const verdict = await audit.verify()
  assert.deepEqual(verdict, {
    ok: false,
    index: 5,
    problem: 'the entries from here to 10 are not those that were signed',
  })
})

test('two entries that changed places are found at the first of them', async () => {
  const { audit, tamper } = await setUp()
  await tamper(`update audit_leaf set index = -1 where index = 3; update audit_leaf set index = 3 where index = 7;
                update audit_leaf set index = 7 where index = -1`)
  assert.deepEqual(await audit.verify(), {
    ok: false,
    index: 3,
    problem: 'the tiles hold another hash in this place',
  })
})

test('a lost entry is found', async () => {
  const { audit, tamper } = await setUp()
  await tamper('delete from audit_entry e using audit_leaf l where l.entry = e.id and l.index = 4')
  assert.deepEqual(await audit.verify(), { ok: false, index: 4, problem: 'the entry of this leaf is gone' })
})

test('a lost leaf is found', async () => {
  const { audit, tamper } = await setUp()
  await tamper('delete from audit_leaf where index = 4')
  assert.deepEqual(await audit.verify(), {
    ok: false,
    index: 4,
    problem: 'an entry is missing: the indexes have a gap',
  })
})

test('a tail that was cut off is found, by the tiles, by the last signed head, and by a kept one', async () => {
  const { audit, tamper, database } = await setUp()
  const kept = (await audit.checkpoint()) ?? ''
  await tamper('delete from audit_leaf where index >= 8')
  await tamper('delete from audit_entry where id not in (select entry from audit_leaf)')
  assert.match(problem(await audit.verify()), /cut off: the tiles/)
  await tamper(`update audit_tile set hashes = substring(hashes for ${8 * 32}) where level = 0`)
  assert.match(problem(await audit.verify()), /cut off: a head of 10/)
  await tamper('delete from audit_checkpoint where size > 5')
  // Now the tables are those of an earlier day, and only who kept a checkpoint can tell.
  assert.equal((await audit.verify()).ok, true)
  assert.match(problem(await audit.verify([kept])), /cut off: a head of 10/)
  assert.equal((await database.query('select from audit_entry')).length, 8)
})

test('an earlier head in the place of the last is found by a kept one', async () => {
  const { audit, tamper } = await setUp()
  const kept = (await audit.checkpoint()) ?? ''
  await tamper('delete from audit_checkpoint where size = 10')
  assert.deepEqual(await audit.verify(), { ok: true, size: 10, signedSize: 5 })
  assert.match(problem(await audit.verify([kept])), /kept elsewhere/)
})

test('an earlier head passed off as the last is found', async () => {
  const { audit, tamper } = await setUp()
  await tamper(
    'update audit_checkpoint set note = (select note from audit_checkpoint where size = 5) where size = 10',
  )
  assert.match(problem(await audit.verify()), /stands under another size/)
})

test('a head signed by a stranger, or altered, is found', async () => {
  const { audit, tamper, stranger } = await setUp()
  assert.match(problem(await stranger.verify()), /not signed by a known key/)
  await tamper("update audit_checkpoint set note = replace(note, E'\\n10\\n', E'\\n11\\n') where size = 10")
  assert.match(problem(await audit.verify()), /not signed by a known key/)
})

test('an entry smuggled past the queue is found', async () => {
  const { audit, tamper, database } = await setUp()
  await audit.record(database, { action: 'x', actor: 'acc_eve', outcome: 'done' })
  await tamper('delete from audit_pending')
  assert.match(problem(await audit.verify()), /neither in the tree nor waiting/)
})

test('a lost or altered upper tile is found', async () => {
  const { audit, tamper } = await setUp(300)
  await tamper('delete from audit_tile where level = 1')
  assert.match(problem(await audit.verify()), /tiles of level 1 are not complete/)
})

test('the integrator never signs a head that does not continue the last one', async () => {
  const { audit, another, tamper, database } = await setUp()
  await audit.record(database, { action: 'x', actor: 'acc_ada', outcome: 'done' })
  await tamper(
    `update audit_tile set hashes = overlay(hashes placing '\\x0000'::bytea from 40) where level = 0`,
  )
  await assert.rejects(audit.integrate(), AuditInconsistent)
  await assert.rejects(another().integrate(), AuditInconsistent)
  assert.equal((await database.query('select from audit_checkpoint where size > 10')).length, 0)
})

test('tables put back to an earlier day make a running integrator stop', async () => {
  const { audit, tamper, database } = await setUp()
  await tamper('delete from audit_checkpoint where size = 10')
  await tamper('delete from audit_leaf where index >= 5')
  await tamper('delete from audit_entry where id not in (select entry from audit_leaf)')
  await tamper(`update audit_tile set hashes = substring(hashes for ${5 * 32}) where level = 0`)
  await audit.record(database, { action: 'another history', actor: 'acc_eve', outcome: 'done' })
  await assert.rejects(audit.integrate(), AuditInconsistent)
})

test('a crash between placing and signing leaves a tail that the next turn signs', async () => {
  const { audit, tamper, another } = await setUp()
  await tamper('delete from audit_checkpoint where size = 10')
  assert.equal(await another().integrate(), 0)
  assert.deepEqual(await audit.verify(), { ok: true, size: 10, signedSize: 10 })
})

const problem = (verdict: Awaited<ReturnType<Audit['verify']>>) =>
  verdict.ok ? 'nothing found' : verdict.problem

/** Two signed batches of equal size, with every column filled. */
async function setUp(count = entries) {
  const { database } = await testDatabase({ migrations: [auditMigrations], name: 'tamper' })
  const clock = createTestClock()
  const random = () => new Uint8Array(randomBytes(32))
  const needs = { service: 'members', clock, database, signingSeed: random(), personKey: random() }
  const audit = createAudit(needs)
  for (let i = 0; i < count; i++) {
    await audit.record(database, {
      action: 'members.rename',
      actor: 'acc_ada',
      target: { type: 'Member', id: `mem_${i}` },
      outcome: 'done',
      fields: ['email'],
      personal: { subject: 'per_1', values: { email: `ada${i}@example.org` } },
    })
    clock.tick(1000)
    if (i + 1 === count / 2 || i + 1 === count) await audit.integrate()
  }

  async function tamper(sql: string): Promise<void> {
    await database.transaction(async (db) => {
      await db.query('alter table audit_leaf drop constraint if exists audit_leaf_entry_fkey')
      for (const table of ['audit_entry', 'audit_leaf', 'audit_tile', 'audit_checkpoint']) {
        await db.query(`alter table ${table} disable trigger user`)
      }
      await db.query(sql)
    })
  }

  async function idAt(index: number): Promise<string> {
    const [row] = await database.query<{ entry: string }>('select entry from audit_leaf where index = $1', [
      index,
    ])
    return row?.entry ?? ''
  }

  /** Makes the leaf hash fit the entry again. */
  async function rehash(index: number): Promise<string> {
    const id = await idAt(index)
    const entry = (await audit.search({ limit: count })).find((each) => each.id === id) as StoredEntry
    const hash = Buffer.from(leafHash(entryBytes(entry))).toString('hex')
    await tamper(`update audit_leaf set hash = '\\x${hash}' where index = ${index}`)
    return hash
  }

  const stranger = createAudit({ ...needs, signingSeed: random() })
  return { database, audit, another: () => createAudit(needs), stranger, tamper, idAt, rehash }
}
