/**
 * Gives committed entries their place in the tree, and signs its head. Two transactions, in this order: leaves are durable
 * before a head speaks of them, and a crash in between leaves an unsigned tail that the next turn signs.
 */
import { equal } from '../crypto/bytes.ts'
import type { Database } from '../db/index.ts'
import { openCheckpoint, signCheckpoint } from '../merkle/checkpoints.ts'
import type { NoteKey, NoteSigner } from '../merkle/notes.ts'
import { edgeTiles, extendTiles, pathTiles, subtreeFromTiles } from '../merkle/tilestore.ts'
import { leafHash, rootAt } from '../merkle/tree.ts'
import { entryBytes } from './entry.ts'
import { createAuditStore } from './store.ts'

/** The tables do not continue what was signed. Signing on would put our name under a second history. */
export class AuditInconsistent extends Error {
  override readonly name = 'AuditInconsistent'
}

export interface IntegratorNeeds {
  readonly database: Database
  readonly signer: NoteSigner
  /** Keys whose earlier signatures count: the signer's, and those it replaced. */
  readonly trusted: readonly NoteKey[]
  readonly batchSize?: number
}

/** @returns how many entries were given a place. */
export type Integrate = () => Promise<number>

export function createIntegrator({
  database,
  signer,
  trusted,
  batchSize = 1000,
}: IntegratorNeeds): Integrate {
  // What this process signed last: a table that was put back to an earlier state cannot make it sign again.
  let signedBefore: { size: number; root: Uint8Array } | null = null

  const place = () =>
    database.transaction(async (db) => {
      const store = createAuditStore(db)
      await store.lock()
      const entries = await store.takePending(batchSize)
      if (entries.length === 0) return 0
      const size = await store.size()
      const leaves = entries.map((entry, i) => ({
        index: size + i,
        entry: entry.id,
        hash: leafHash(entryBytes(entry)),
      }))
      await store.insertLeaves(leaves)
      const edge = await store.tiles(edgeTiles(size))
      await store.putTiles(
        extendTiles(
          edge,
          size,
          leaves.map(({ hash }) => hash),
        ),
      )
      return entries.length
    })

  const sign = () =>
    database.transaction(async (db) => {
      const store = createAuditStore(db)
      await store.lock()
      const size = await store.size()
      const last = await lastSigned(await store.lastCheckpoint())
      const older = [last, signedBefore].filter((head) => head !== null)
      const behind = older.map((head) => head.size - 1).filter((leaf) => leaf >= 0)
      const places = [
        ...edgeTiles(size),
        ...older.flatMap((head) => edgeTiles(head.size)),
        ...behind.flatMap((leaf) => pathTiles(leaf, size)),
      ]
      const subtree = subtreeFromTiles(await store.tiles(places))
      for (const head of older) {
        if (head.size > size || !equal(rootAt(subtree, head.size), head.root)) {
          throw new AuditInconsistent(
            `The audit log does not continue its signed head of ${head.size} entries.`,
          )
        }
      }
      if (size === 0 || size === last?.size) return null
      const root = rootAt(subtree, size)
      await store.insertCheckpoint({
        size,
        note: await signCheckpoint({ origin: signer.name, size, root }, signer),
      })
      return { size, root }
    })

  async function lastSigned(checkpoint: { size: number; note: string } | null) {
    if (checkpoint === null) return null
    const opened = await openCheckpoint(checkpoint.note, signer.name, trusted)
    if (opened === null || opened.size !== checkpoint.size) {
      throw new AuditInconsistent('The last checkpoint of the audit log is not signed by us.')
    }
    return opened
  }

  let looked = false

  return async function integrate() {
    // The first turn always compares tables and signature; an idle turn afterwards is one statement.
    if (looked && !(await createAuditStore(database).isBehind())) return 0
    let placed = 0
    for (let batch = await place(); batch > 0; batch = await place()) placed += batch
    signedBefore = (await sign()) ?? signedBefore
    looked = true
    return placed
  }
}
