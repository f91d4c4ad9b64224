import type { Db } from '@althing/kernel/db'
import { Totp } from './schema.ts'

interface Begun {
  readonly account: string
  readonly session: string
  readonly sealed: Uint8Array
  readonly now: Date
  /** One of the same session that is older has waited for too long. */
  readonly since: Date
}

const columns = `account, sealed, last_step as "lastStep", session, created_at as "createdAt", confirmed_at as "confirmedAt"`

/** Owns the tables totp and recovery_code. Whoever can write here can turn somebody's second step off. */
export function createTwoStepStore(db: Db) {
  return {
    async totpOf(account: string): Promise<Totp | null> {
      const [row] = await db.query(`select ${columns} from totp where account = $1`, [account], {
        name: 'totp-of',
      })
      return row === undefined ? null : Totp.parse(row)
    },

    /**
     * Only in place of one that was never confirmed (one that is in use is removed first, knowingly), and that another session began, or
     * this one too long ago: of two pages that are loaded at one moment the second shows what the first one made.
     */
    async begin({ account, session, sealed, now, since }: Begun): Promise<void> {
      await db.query(
        `insert into totp (account, session, sealed, created_at) values ($1, $2, $3, $4)
         on conflict (account) do update
            set session = excluded.session, sealed = excluded.sealed, created_at = excluded.created_at, last_step = 0
          where totp.confirmed_at is null and (totp.session is distinct from excluded.session or totp.created_at <= $5)`,
        [account, session, sealed, now, since],
      )
    },

    /** Each step of time once: of two that show the same code at one moment one is let in. */
    async spend(account: string, step: number): Promise<boolean> {
      const rows = await db.query(
        'update totp set last_step = $2 where account = $1 and last_step < $2 returning account',
        [account, step],
        { name: 'totp-spend' },
      )
      return rows.length === 1
    },

    /** The very secret whose code was looked at: another session may have begun anew since. */
    async confirm({ account, sealed }: Pick<Totp, 'account' | 'sealed'>, now: Date): Promise<boolean> {
      const rows = await db.query(
        'update totp set confirmed_at = $3 where account = $1 and sealed = $2 and confirmed_at is null returning account',
        [account, sealed, now],
      )
      return rows.length === 1
    },

    async removeTotp(account: string): Promise<boolean> {
      const rows = await db.query<{ confirmed: boolean }>(
        'delete from totp where account = $1 returning confirmed_at is not null as confirmed',
        [account],
      )
      return rows[0]?.confirmed === true
    },

    /** All anew: the ones before are worth nothing. */
    async setCodes(account: string, hashes: readonly Uint8Array[]): Promise<void> {
      await db.query('delete from recovery_code where account = $1', [account])
      await db.query('insert into recovery_code (account, code_hash) select $1, unnest($2::bytea[])', [
        account,
        [...hashes],
      ])
    },

    async takeCode(account: string, hash: Uint8Array): Promise<boolean> {
      const rows = await db.query(
        'delete from recovery_code where account = $1 and code_hash = $2 returning account',
        [account, hash],
        { name: 'recovery-code-take' },
      )
      return rows.length === 1
    },

    async codesLeft(account: string): Promise<number> {
      const [row] = await db.query<{ count: number }>(
        'select count(*)::int as count from recovery_code where account = $1',
        [account],
        { name: 'recovery-code-count' },
      )
      return row?.count ?? 0
    },
  }
}
export type TwoStepStore = ReturnType<typeof createTwoStepStore>
