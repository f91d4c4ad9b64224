import type { Db } from '@althing/kernel/db'

/** Owns the tables password and password_before. Whoever can write here can sign in as anybody who has a password. */
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

    async changedAt(account: string): Promise<Date | null> {
      const [row] = await db.query<{ changed_at: Date }>(
        'select changed_at from password where account = $1',
        [account],
        { name: 'password-changed-at' },
      )
      return row?.changed_at ?? null
    },

    /** @param keep how many of the ones before a preset refuses; none are kept that none asks for */
    async set(account: string, phc: string, keep: number): Promise<void> {
      if (keep > 0)
        await db.query(
          `insert into password_before (account, phc, changed_at)
             select account, phc, changed_at from password where account = $1`,
          [account],
        )
      await db.query(
        `delete from password_before where account = $1 and changed_at not in
           (select changed_at from password_before where account = $1 order by changed_at desc limit $2)`,
        [account, keep],
        { name: 'password-before-keep' },
      )
      await db.query(
        `insert into password (account, phc) values ($1, $2)
         on conflict (account) do update set phc = excluded.phc, changed_at = now()`,
        [account, phc],
        { name: 'password-set' },
      )
    },

    /** The same password under a new hash; not when it was changed meanwhile. */
    async replace(account: string, from: string, to: string): Promise<void> {
      await db.query('update password set phc = $3 where account = $1 and phc = $2', [account, from, to], {
        name: 'password-rehash',
      })
    },

    /** The present one and those before it, the latest first. */
    async historyOf(account: string, most: number): Promise<string[]> {
      const rows = await db.query<{ phc: string }>(
        `select phc from (select phc, changed_at from password where account = $1
                          union all select phc, changed_at from password_before where account = $1) as every
          order by changed_at desc limit $2`,
        [account, most],
      )
      return rows.map(({ phc }) => phc)
    },

    /** How many passwords lie under each kind of hash: what is left of an import. */
    async kinds(): Promise<{ kind: string; count: number }[]> {
      return db.query<{ kind: string; count: number }>(
        `select coalesce(substring(phc from '^\\$(argon2id\\$v=19\\$m=[0-9]+,t=[0-9]+,p=[0-9]+)\\$'),
                         substring(phc from '^\\$?([a-z0-9_-]+)\\$'), '?') as kind, count(*)::int as count
           from password group by 1 order by 2 desc, 1`,
      )
    },
  }
}
export type PasswordStore = ReturnType<typeof createPasswordStore>
