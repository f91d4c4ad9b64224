import type { Db } from '@althing/kernel/db'
import { Counted } from './schema.ts'

/** Owns the tables password and password_failure. Whoever can write here can sign in as anybody, or lock them out for a while. */
export function createPasswordStore(db: Db) {
  return {
    async phcOf(account: string): Promise<string | null> {
      const [row] = await db.query<{ phc: string }>(
        'select phc from password where account = $1',
        [account],
        { name: 'password-of' },
      )
      return row?.phc ?? null
    },

    async set(account: string, phc: string): Promise<void> {
      await db.query(
        `insert into password (account, phc) values ($1, $2)
         on conflict (account) do update set phc = excluded.phc, changed_at = now()`,
        [account, phc],
        { name: 'password-set' },
      )
    },

    /** Counts one attempt before it is checked, so that many at once are as many. The end is set by the first of a row. */
    async count(key: Uint8Array, now: Date, endsAt: Date): Promise<Counted> {
      const [row] = await db.query(
        `insert into password_failure as f (key, wrong, ends_at) values ($1, 1, $3)
         on conflict (key) do update
               set wrong = case when f.ends_at <= $2 then 1 else f.wrong + 1 end,
                   ends_at = case when f.ends_at <= $2 then excluded.ends_at else f.ends_at end
           returning wrong, ends_at as "endsAt"`,
        [key, now, endsAt],
        { name: 'password-failure-count' },
      )
      return Counted.parse(row)
    },

    /** Takes back one attempt that was counted and never checked. */
    async uncount(key: Uint8Array): Promise<void> {
      await db.query('update password_failure set wrong = wrong - 1 where key = $1 and wrong > 0', [key], {
        name: 'password-failure-uncount',
      })
    },

    async forget(key: Uint8Array): Promise<void> {
      await db.query('delete from password_failure where key = $1', [key], {
        name: 'password-failure-forget',
      })
    },

    async sweep(now: Date): Promise<void> {
      await db.query('delete from password_failure where ends_at <= $1', [now])
    },
  }
}
export type PasswordStore = ReturnType<typeof createPasswordStore>
