import type { Db } from '@althing/kernel/db'
import { z } from 'zod'
import type { ElectionId } from '../contract.ts'

const Kept = z.object({ text: z.string(), etag: z.string() })
export type Kept = z.output<typeof Kept>

/** Owns the table board_bundle. Whoever can write here can publish a wrong proof, which no verifier accepts. */
export function createBundleStore(db: Db) {
  return {
    async read(election: ElectionId): Promise<Kept | null> {
      const [row] = await db.query('select text, etag from board_bundle where election = $1', [election], {
        name: 'bundle-read',
      })
      return row === undefined ? null : Kept.parse(row)
    },

    /** The first one stays. */
    async keep(election: ElectionId, { text, etag }: Kept): Promise<void> {
      await db.query(
        'insert into board_bundle (election, text, etag) values ($1, $2, $3) on conflict do nothing',
        [election, text, etag],
      )
    },
  }
}
export type BundleStore = ReturnType<typeof createBundleStore>
