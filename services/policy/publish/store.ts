import type { Db } from '@althing/kernel/db'
import { z } from 'zod'
import { Published } from './schema.ts'

/** Owns the table policy_bundle. Whoever can write here can give anybody anything at the next start. */
export function createBundleStore(db: Db) {
  return {
    async latest(): Promise<Published | null> {
      const [row] = await db.query(
        `select revision, source_hash as "sourceHash", bundle, signature from policy_bundle order by revision desc limit 1`,
      )
      return row === undefined ? null : Published.parse(row)
    },

    async bundleOf(revision: number): Promise<string | null> {
      const [row] = await db.query('select bundle from policy_bundle where revision = $1', [revision])
      return row === undefined ? null : z.object({ bundle: z.string() }).parse(row).bundle
    },

    /** Of two nodes publishing at once one gets the revision; the other is told so. */
    async add(published: Published, source: string, by: string): Promise<boolean> {
      const rows = await db.query(
        `insert into policy_bundle (revision, source, source_hash, bundle, signature, published_by)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing returning revision`,
        [published.revision, source, published.sourceHash, published.bundle, published.signature, by],
      )
      return rows.length === 1
    },
  }
}
export type BundleStore = ReturnType<typeof createBundleStore>
