import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createKeyFiles, signingKey, utf8 } from '@althing/kernel/crypto'
import { systemChance } from '@althing/kernel/context'
import {
  decodeEntries,
  leafHash,
  openCheckpoint,
  rootOfLeaves,
  verifyConsistency,
} from '@althing/kernel/merkle'
import { until } from '@althing/kernel/testing'
import { json, testBox, type TestBox } from '../../../tests/support/elections.ts'
import { openEntry } from '../ballots/entry.ts'
import { createRooms } from '../ballots/room-store.ts'
import { createIntakeStore } from '../ballots/store.ts'
import { Receipt, type ElectionId } from '../contract.ts'
import { createIntegrator } from './integrate.ts'
import { createBoardStore } from './store.ts'

test('cut off before or after any step of the end, the board is completed exactly once', async () => {
  for (const fails of ['before', 'after'] as const) {
    const box = await testBox()
    const { id } = await box.opened()
    const leaves = await castMany(box, id, 7)
    let steps = 0
    // Each attempt gets one step further than the one before it.
    for (let patience = 0; ; patience++) {
      const attempt = integratorOf(box, { fails, at: patience })
      const outcome = await attempt.integrator.advance(id).then(
        () => 'done',
        () => 'cut off',
      )
      steps = Math.max(steps, attempt.steps())
      if (outcome === 'done' && attempt.steps() <= patience) break
      assert.ok(patience < 60)
    }
    assert.ok(steps > 0)
    await checkBoard(box, id, leaves)
  }
})

test('ballots go to the board in mixed batches, and as many stay behind', async () => {
  const box = await testBox({ env: { ALTHING_ELECTIONS_MIX_BATCH: '4' } })
  const { id } = await box.opened()
  const first = await (await box.quiet('GET', `/board/${id}/checkpoint`)).text().catch(() => '')
  await castMany(box, id, 21)
  const size = await until(async () => {
    const head = await createBoardStore(box.service.kit.database).head(id)
    return head !== null && head.signedSize === 1 + 16 ? head.signedSize : 0
  })
  assert.equal(size, 17)
  const before = await (await box.quiet('GET', `/board/${id}/checkpoint`)).text()
  const [small] = [await leavesUpTo(box, id, 17)]
  await box.close(id)
  const signed = await box.manifestOf(id)
  const key = {
    name: `localhost:8081/board/${id}`,
    publicKey: Buffer.from(signed.manifest.log_key, 'base64url'),
  }
  const [from, to] = [
    await openCheckpoint(before, key.name, [key]),
    await openCheckpoint(await (await box.quiet('GET', `/board/${id}/checkpoint`)).text(), key.name, [key]),
  ]
  assert.ok(from !== null && to !== null && first !== undefined)
  const all = await leavesUpTo(box, id, 23)
  assert.deepEqual(all.slice(0, 17), small)
  assert.deepEqual([from.size, to.size], [17, 23])
  assert.deepEqual(Buffer.from(from.root), Buffer.from(await rootOfLeaves(small)))
  assert.deepEqual(Buffer.from(to.root), Buffer.from(await rootOfLeaves(all)))
  const { createMemoryTree } = await import('@althing/kernel/merkle')
  const proof = createMemoryTree(all).consistency(17, 23)
  assert.ok(await verifyConsistency({ from, to, proof }))
})

test('a board that somebody changed is not signed again', async () => {
  const box = await testBox()
  const { id } = await box.opened()
  await castMany(box, id, 3)
  await box.service.kit.database.query(
    `update board_leaf set leaf = sha256('x') where election = $1 and index = 0`,
    [id],
  )
  const { integrator } = integratorOf(box, { fails: 'before', at: 1_000 })
  await assert.rejects(integrator.finish(id), { name: 'BoardInconsistent' })
  const head = await createBoardStore(box.service.kit.database).head(id)
  assert.deepEqual([head?.signedSize, head?.finished], [1, false])
  // Its key is kept: as long as the board is not whole, nothing is thrown away.
  assert.ok((await createKeyFiles(box.folder, systemChance).read(id)) !== null)
})

async function castMany(box: TestBox, id: string, many: number): Promise<string[]> {
  const voters = await Promise.all(Array.from({ length: many }, () => box.voter(id)))
  return Promise.all(
    voters.map(
      async ({ ballot }) => Receipt.parse(await json(await box.cast(id, await ballot({ q1: ['a1'] })))).leaf,
    ),
  )
}

/** The integrator over the same tables, whose every port fails once, at the step given. */
function integratorOf(box: TestBox, { fails, at }: { fails: 'before' | 'after'; at: number }) {
  let step = 0
  const breaking = <T extends object>(port: T): T =>
    new Proxy(port, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return async (...args: unknown[]) => {
          const isMine = step++ === at
          if (isMine && fails === 'before') throw new Error('It did not happen.')
          const result: unknown = await (value as (...args: unknown[]) => unknown).apply(target, args)
          if (isMine) throw new Error('It happened, and nobody told us.')
          return result
        }
      },
    })
  const { database, atomic, derivedKey } = box.service.kit
  const keys = breaking(createKeyFiles(box.folder, systemChance))
  const integrator = createIntegrator({
    board: breaking(createBoardStore(database)),
    mixBatch: 3,
    signer: (id) => ({ name: `localhost:8081/board/${id}`, ...signingKey(derivedKey(`board:${id}`)) }),
    readKey: (id) => keys.read(id),
    destroyKey: async (id) => void (await keys.destroy(id)),
    dropRoom: breaking(createRooms(database)).drop,
    open: openEntry,
    isOver: async () => true,
    atomically: atomic((db) => ({
      board: breaking(createBoardStore(db)),
      intake: breaking(createIntakeStore(db)),
      counted: async () => {},
    })),
  })
  return { integrator, steps: () => step }
}

async function checkBoard(box: TestBox, id: ElectionId, leaves: readonly string[]): Promise<void> {
  const { database } = box.service.kit
  const head = await createBoardStore(database).head(id)
  assert.deepEqual([head?.size, head?.signedSize, head?.closed, head?.finished], [9, 9, true, true])
  const all = (await leavesUpTo(box, id, 9)).map((leaf) => Buffer.from(leaf).toString('base64url'))
  assert.deepEqual(all.slice(1, 8).sort(), [...leaves].sort())
  assert.equal(await createKeyFiles(box.folder, systemChance).read(id), null)
  assert.deepEqual(await database.query('select count(*) as n from ballot_intake'), [{ n: 0 }])
}

async function leavesUpTo(box: TestBox, id: string, size: number): Promise<Uint8Array[]> {
  const answer = await box.quiet('GET', `/board/${id}/tile/entries/000.p/${size}`)
  const entries = decodeEntries(new Uint8Array(await answer.arrayBuffer())) ?? []
  assert.ok(entries.every((entry) => utf8('{').at(0) === entry[0]))
  return entries.map(leafHash)
}
