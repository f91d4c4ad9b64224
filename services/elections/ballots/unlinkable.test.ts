import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ok, testBox, type TestBox } from '../../../tests/support/elections.ts'

type Dumped = Readonly<Record<string, string>>

/** Everything that a copy of the table tells, the system columns among it, as text. */
async function dump(box: TestBox, table: 'ballot_burn' | 'ballot_intake'): Promise<Dumped[]> {
  const columns = table === 'ballot_burn' ? ['burn'] : ['row', 'digest', 'sealed']
  const hidden = ['xmin', 'xmax', 'ctid']
  return box.service.kit.database.query<Dumped>(
    `select ${[...columns.map((name) => `encode(${name}, 'hex') as ${name}`), ...hidden.map((name) => `${name}::text as ${name}`)].join(', ')} from ${table}`,
  )
}

test('who votes again is not told by the tables: no two ballots have anything in common, and nothing is written anew', async () => {
  const box = await testBox()
  const { id } = await box.opened()
  const voters = await Promise.all(Array.from({ length: 5 }, () => box.voter(id)))
  const [again] = voters
  assert.ok(again !== undefined)
  const cast = async (voter: typeof again, seq: number) =>
    ok(box.cast(id, await voter.ballot({ q1: [`a${seq}`] }, seq)))
  for (const voter of voters) await cast(voter, 1)
  const burnsBefore = await dump(box, 'ballot_burn')
  const rowsBefore = await dump(box, 'ballot_intake')
  await cast(again, 2)
  await cast(again, 3)

  // Neither written nor locked: the same values, the same version, at the same place.
  assert.deepEqual(await dump(box, 'ballot_burn'), burnsBefore)
  const rows = await dump(box, 'ballot_intake')
  assert.deepEqual(rows.slice(0, 5), rowsBefore)
  assert.equal(rows.length, 7)

  for (const column of ['row', 'digest', 'sealed', 'xmin', 'ctid'])
    assert.equal(new Set(rows.map((row) => row[column])).size, 7, column)
  assert.equal(new Set(rows.map(({ sealed }) => sealed?.length)).size, 1)
  // Nothing of one table stands in the other, whole or in part.
  for (const { burn } of burnsBefore)
    assert.ok(rows.every((row) => !Object.values(row).some((value) => value.includes(burn ?? ''))))

  const known = await box.service.kit.database.query<{ name: string }>(
    `select attname as name from pg_attribute where attrelid = 'ballot_intake'::regclass and attnum > 0 order by attnum`,
  )
  assert.deepEqual(
    known.map(({ name }) => name),
    ['election', 'row', 'digest', 'sealed'],
  )
})

test('a key that two nodes burn at once has one place, and both see which', async () => {
  const box = await testBox()
  const { id } = await box.opened()
  const { createIntakeStore } = await import('./store.ts')
  const { database } = box.service.kit
  const one = (place: number, row: number) => ({
    burn: new Uint8Array(32).fill(1),
    place: Uint8Array.of(place),
    row: Uint8Array.of(row),
    digest: Uint8Array.of(row),
    sealed: Uint8Array.of(1),
  })
  // The first is stored and not yet durable when the others begin: they wait for it, and look again.
  const waited = await database.transaction(async (db) => {
    assert.deepEqual(await createIntakeStore(db).store(id, [one(1, 1)]), ['kept'])
    const store = createIntakeStore(database)
    const waiting = [store.store(id, [one(2, 2)]), store.store(id, [one(1, 3)]), store.store(id, [one(1, 1)])]
    await new Promise((resolve) => setTimeout(resolve, 200))
    return { others: waiting }
  })
  assert.deepEqual(await Promise.all(waited.others), [['other place'], ['kept'], ['same']])
})
