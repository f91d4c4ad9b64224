import type { Db } from '@althing/kernel/db'
import { ElectionId } from '../contract.ts'
import { Head, type Leaf } from './schema.ts'

const columns = `size, frontier, root, signed_size as "signedSize", signed_root as "signedRoot", checkpoint, closed, finished`

export interface Grown {
  readonly size: number
  readonly frontier: readonly Uint8Array[]
  readonly root: Uint8Array
}

/**
 * Owns the tables board and board_leaf. Whoever can write here can change the public record of an election; it is found by
 * everybody who kept a checkpoint, and by us before the next one is signed.
 */
export function createBoardStore(db: Db) {
  return {
    async create(election: ElectionId, { size, frontier, root }: Grown): Promise<void> {
      await db.query('insert into board (election, size, frontier, root) values ($1, $2, $3, $4)', [
        election,
        size,
        frontier,
        root,
      ])
    },

    async head(election: ElectionId): Promise<Head | null> {
      const [row] = await db.query(`select ${columns} from board where election = $1`, [election], {
        name: 'board-head',
      })
      return row === undefined ? null : Head.parse(row)
    },

    /** One at a time grows a board: the lock is the row itself, and ends with the transaction. */
    async hold(election: ElectionId): Promise<Head | null> {
      const [row] = await db.query(`select ${columns} from board where election = $1 for update`, [election])
      return row === undefined ? null : Head.parse(row)
    },

    async append(
      election: ElectionId,
      from: number,
      leaves: readonly Leaf[],
      { size, frontier, root }: Grown,
    ): Promise<void> {
      await db.query(
        `insert into board_leaf (election, index, leaf, entry)
         select $1, $2 + ordinal - 1, leaf, entry from unnest($3::bytea[], $4::text[]) with ordinality as l(leaf, entry, ordinal) order by ordinal`,
        [election, from, leaves.map(({ leaf }) => leaf), leaves.map(({ entry }) => entry)],
      )
      await db.query('update board set size = $2, frontier = $3, root = $4 where election = $1', [
        election,
        size,
        frontier,
        root,
      ])
    },

    /** A head is replaced only by a larger one that was made on top of it. */
    async sign(
      election: ElectionId,
      before: number,
      { size, root, checkpoint }: { size: number; root: Uint8Array; checkpoint: string },
    ): Promise<boolean> {
      const rows = await db.query(
        `update board set signed_size = $3, signed_root = $4, checkpoint = $5 where election = $1 and signed_size = $2 and size >= $3 returning election`,
        [election, before, size, root, checkpoint],
      )
      return rows.length === 1
    },

    async close(election: ElectionId): Promise<void> {
      await db.query('update board set closed = true where election = $1', [election])
    },

    async finish(election: ElectionId): Promise<void> {
      await db.query('update board set finished = true where election = $1 and closed', [election])
    },

    async unfinished(): Promise<ElectionId[]> {
      const rows = await db.query<{ election: unknown }>(
        'select election from board where not finished or signed_size < size',
      )
      return rows.map((row) => ElectionId.parse(row.election))
    },

    async leaves(election: ElectionId, from: number, to: number): Promise<Uint8Array[]> {
      const rows = await db.query<{ leaf: Uint8Array }>(
        'select leaf from board_leaf where election = $1 and index >= $2 and index < $3 order by index',
        [election, from, to],
      )
      return rows.map(({ leaf }) => leaf)
    },

    async entries(election: ElectionId, from: number, to: number): Promise<string[]> {
      const rows = await db.query<{ entry: string }>(
        'select entry from board_leaf where election = $1 and index >= $2 and index < $3 order by index',
        [election, from, to],
      )
      return rows.map(({ entry }) => entry)
    },

    async indexOf(election: ElectionId, leaf: Uint8Array): Promise<number | null> {
      const [row] = await db.query<{ index: number }>(
        'select index from board_leaf where election = $1 and leaf = $2',
        [election, leaf],
        { name: 'board-index' },
      )
      return row?.index ?? null
    },
  }
}
export type BoardStore = ReturnType<typeof createBoardStore>
