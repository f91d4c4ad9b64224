import type { Db } from '@althing/kernel/db'
import { Consent, type ConsentKind } from './schema.ts'

/** Owns the table consent. Whoever can write here can say that somebody agreed. */
export function createConsentStore(db: Db) {
  return {
    /** What stands in the same version already is not said twice, also not by two at once: the table itself says so. */
    async give(account: string, kind: ConsentKind, version: string, now: Date): Promise<boolean> {
      const rows = await db.query(
        `insert into consent (account, kind, version, given_at) values ($1, $2, $3, $4)
         on conflict do nothing returning account`,
        [account, kind, version, now],
      )
      return rows.length === 1
    },

    async withdraw(account: string, kind: ConsentKind, now: Date): Promise<boolean> {
      const rows = await db.query(
        `update consent set withdrawn_at = $3 where account = $1 and kind = $2 and withdrawn_at is null returning account`,
        [account, kind, now],
      )
      return rows.length > 0
    },

    /** The latest first. */
    async historyOf(account: string): Promise<Consent[]> {
      const rows = await db.query(
        `select kind, version, given_at as "givenAt", withdrawn_at as "withdrawnAt"
           from consent where account = $1 order by given_at desc, kind`,
        [account],
      )
      return rows.map((row) => Consent.parse(row))
    },
  }
}
export type ConsentStore = ReturnType<typeof createConsentStore>
