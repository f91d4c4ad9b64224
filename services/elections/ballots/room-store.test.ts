import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openDatabase } from '@althing/kernel/db'
import { ok, testBox } from '../../../tests/support/elections.ts'
import { createRooms } from './room-store.ts'

test('the tables of one election go while another one votes, also when a long reader holds them and the first attempt is cut off', async () => {
  const box = await testBox()
  const { database } = box.service.kit
  const [over, going] = [await box.opened(), await box.opened()]
  const papers = await Promise.all(
    Array.from({ length: 4 }, async () => (await box.voter(going.id)).ballot({ q1: ['a1'] })),
  )
  const impatient = openDatabase({ url: box.service.url, statementTimeoutMs: 4_000, max: 2 })
  const names = async () =>
    (
      await database.query<{ name: string }>(
        `select relname as name from pg_class where relkind = 'r' and relname like $1`,
        [`ballot\\_%${over.id.replaceAll('-', '')}`],
      )
    ).map(({ name }) => name)

  await database.transaction(async (reader) => {
    await reader.query('select count(*) from ballot_intake')
    const dropping = createRooms(impatient).drop(over.id)
    let hasGivenUp = false
    dropping.catch(() => (hasGivenUp = true))
    await new Promise((resolve) => setTimeout(resolve, 200))
    await ok(box.cast(going.id, papers[0]))
    await ok(box.cast(going.id, papers[1]))
    assert.equal(hasGivenUp, false, 'no cast waited for the drop')
    await assert.rejects(dropping)
    // Half detached by now, and the reader is still there.
    await ok(box.cast(going.id, papers[2]))
  })
  assert.equal((await names()).length, 2)
  await createRooms(impatient).drop(over.id)
  await createRooms(impatient).drop(over.id)
  assert.deepEqual(await names(), [])
  await ok(box.cast(going.id, papers[3]))
  await box.opened() // Room for a new one can still be made.
  await impatient.close()
})
