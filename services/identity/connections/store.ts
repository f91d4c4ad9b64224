import type { Db } from '@althing/kernel/db'
import { Shared, type Choice, type Shareable } from './schema.ts'

/** Owns the table sharing. Whoever can write here decides what others' applications are told without a question. */
export function createSharingStore(db: Db) {
  return {
    async of(account: string): Promise<readonly { readonly scope: Shareable; readonly choice: Choice }[]> {
      const rows = await db.query('select scope, choice from sharing where account = $1', [account])
      return rows.map((row) => Shared.parse(row))
    },

    async put(account: string, scope: Shareable, choice: Choice): Promise<void> {
      if (choice === 'ask')
        await db.query('delete from sharing where account = $1 and scope = $2', [account, scope])
      else
        await db.query(
          `insert into sharing (account, scope, choice) values ($1, $2, $3)
           on conflict (account, scope) do update set choice = excluded.choice`,
          [account, scope, choice],
        )
    },
  }
}
export type SharingStore = ReturnType<typeof createSharingStore>
