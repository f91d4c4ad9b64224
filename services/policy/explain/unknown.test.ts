/** Who was meant by an id that nobody has: one letter is soon another, and most ids that were made together are alike at their beginning. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { test } from 'node:test'
import { uuidv7 } from '@althing/kernel/context'
import type { Snapshot } from '../deciding.ts'
import { unknownIn } from './unknown.ts'

const begun = Date.parse('2026-11-01T12:00:00Z')
const idsOf = (count: number, apartMs: number) =>
  Array.from({ length: count }, (_, n) => `acc_${uuidv7(begun + n * apartMs, randomBytes(10))}`)
const others = (id: string, place: number) =>
  id.slice(0, place) + (id[place] === '0' ? '1' : '0') + id.slice(place + 1)

async function meantBy(id: string, ids: readonly string[]): Promise<string | null | undefined> {
  const snapshot = { knows: () => false, idsOf: () => ids } as unknown as Snapshot
  const question = {
    principal: { type: 'Person', id, attributes: new Map() },
    action: 'members.list',
    resource: { type: 'Person', id, attributes: new Map() },
    context: new Map(),
  }
  const [one] = await unknownIn(question, snapshot)
  return one?.meant
}

test('of a thousand people who came within seconds, the one is found of whose id one letter is another, wherever it stands', async () => {
  for (const apartMs of [5, 3_600_000]) {
    const ids = idsOf(1000, apartMs)
    const real = ids[900] ?? ''
    for (const place of [real.length - 1, 24, 11, 4])
      assert.equal(await meantBy(others(real, place), ids), real, `${apartMs} ms apart, letter ${place}`)
    assert.equal(await meantBy(real.slice(0, -1), ids), real, 'or is missing')
    assert.equal(await meantBy(`acc_${uuidv7(begun, randomBytes(10))}`, ids), null)
  }
})

test('others are served while a hundred thousand are looked through', async () => {
  const ids = idsOf(100_000, 5)
  const real = ids[90_000] ?? ''
  const waits = monitorEventLoopDelay({ resolution: 1 })
  waits.enable()
  assert.equal(await meantBy(others(real, real.length - 1), ids), real)
  waits.disable()
  // Of a slow machine: what is done in one turn is five milliseconds, and all of it a hundred.
  assert.ok(waits.percentile(90) < 40e6, `${waits.percentile(90) / 1e6} ms`)
})
