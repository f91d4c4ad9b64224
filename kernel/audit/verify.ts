/**
 * Recomputes the whole log from its rows and compares it with what was signed: entries, their hashes, their order, the
 * tiles, every checkpoint. What the tables alone cannot show is a log put back whole to an earlier state; for that, give the
 * checkpoints that were kept elsewhere (`kept`).
 */
import { equal } from '../crypto/bytes.ts'
import type { Database } from '../db/index.ts'
import { openCheckpoint } from '../merkle/checkpoints.ts'
import type { NoteKey } from '../merkle/notes.ts'
import { tileBytes } from '../merkle/tiles.ts'
import { createMemoryTree, leafHash, type MemoryTree } from '../merkle/tree.ts'
import { entryBytes } from './entry.ts'
import { createAuditStore } from './store.ts'

export type AuditVerdict =
  | { readonly ok: true; readonly size: number; readonly signedSize: number }
  /** `index` is the first entry known to be wrong; null when it is not about one entry. */
  | { readonly ok: false; readonly index: number | null; readonly problem: string }

export interface VerifyOptions {
  readonly origin: string
  readonly keys: readonly NoteKey[]
  /** Signed notes from outside this database: an auditor's, a backup's, the last one printed. */
  readonly kept?: readonly string[]
}

export async function verifyAudit(database: Database, options: VerifyOptions): Promise<AuditVerdict> {
  // One snapshot: an integrator at work meanwhile must not look like tampering.
  return database.transaction(
    async (db) => {
      try {
        return await verifyAll(createAuditStore(db), options)
      } catch (error) {
        if (error instanceof Wrong) return { ok: false, index: error.index, problem: error.message }
        throw error
      }
    },
    { isolation: 'repeatable read', readOnly: true },
  )
}

type Store = ReturnType<typeof createAuditStore>

class Wrong extends Error {
  readonly index: number | null
  constructor(index: number | null, problem: string) {
    super(problem)
    this.index = index
  }
}

async function verifyAll(store: Store, { origin, keys, kept = [] }: VerifyOptions): Promise<AuditVerdict> {
  const tree = await rebuild(store)
  await verifyTiles(store, tree)
  const checkpoints = await store.checkpoints()
  let signedSize = 0
  for (const { size, note } of checkpoints) {
    if ((await headIn(note, tree, origin, keys, signedSize)) !== size) {
      throw new Wrong(null, `the checkpoint of ${size} entries stands under another size`)
    }
    signedSize = size
  }
  for (const note of kept) {
    const size = await headIn(note, tree, origin, keys, 0)
    if (size > signedSize)
      throw new Wrong(null, `a checkpoint of ${size} entries was kept elsewhere, and is gone here`)
  }
  const [stray] = await store.strays()
  if (stray !== undefined)
    throw new Wrong(null, `the entry ${stray} is neither in the tree nor waiting for it`)
  return { ok: true, size: tree.size, signedSize }
}

/** Every entry hashed from its columns, in the order of the indexes, without a gap. */
async function rebuild(store: Store): Promise<MemoryTree> {
  const tree = createMemoryTree()
  for (
    let page = await store.leavesFrom(0, 1000);
    page.length > 0;
    page = await store.leavesFrom(tree.size, 1000)
  ) {
    for (const { index, hash, entry } of page) {
      if (index !== tree.size) throw new Wrong(tree.size, 'an entry is missing: the indexes have a gap')
      if (entry === null) throw new Wrong(index, 'the entry of this leaf is gone')
      const expected = leafHash(entryBytes(entry))
      if (!equal(expected, hash)) throw new Wrong(index, 'the entry is not the one that was hashed')
      tree.append(expected)
    }
  }
  return tree
}

/** The tiles remember the order, so an exchange of two entries shows at the first of them. */
async function verifyTiles(store: Store, tree: MemoryTree): Promise<void> {
  const levels = new Map<number, number>()
  for (const { level, index, hashes } of await store.allTiles()) {
    const width = hashes.length / 32
    const first = index * 256
    const held = Math.floor(tree.size / 256 ** level)
    if (first !== (levels.get(level) ?? 0)) throw new Wrong(null, `a tile of level ${level} is missing`)
    if (!Number.isInteger(width) || first + width > held)
      throw new Wrong(tree.size, 'entries were cut off: the tiles know more of them')
    const expected = tileBytes(tree.subtree, { level, index, width })
    if (!equal(expected, hashes))
      throw new Wrong(
        level === 0 ? first + firstDifference(expected, hashes) : null,
        'the tiles hold another hash in this place',
      )
    levels.set(level, first + width)
  }
  for (let level = 0, count = tree.size; count > 0; level++, count = Math.floor(count / 256)) {
    if (levels.get(level) !== count) throw new Wrong(null, `the tiles of level ${level} are not complete`)
  }
}

/** The size of a signed head that this tree continues. `from` is where the last good head ended. */
async function headIn(
  note: string,
  tree: MemoryTree,
  origin: string,
  keys: readonly NoteKey[],
  from: number,
): Promise<number> {
  const head = await openCheckpoint(note, origin, keys)
  if (head === null) throw new Wrong(null, 'a checkpoint is not signed by a known key of this log')
  if (head.size > tree.size)
    throw new Wrong(tree.size, `entries were cut off: a head of ${head.size} was signed`)
  if (!equal(tree.root(head.size), head.root)) {
    throw new Wrong(from, `the entries from here to ${head.size} are not those that were signed`)
  }
  return head.size
}

function firstDifference(a: Uint8Array, b: Uint8Array): number {
  const at = a.findIndex((byte, i) => byte !== b[i])
  return Math.floor(at / 32)
}
