import type { Db } from '@althing/kernel/db'
import { Mark } from './schema.ts'

/** Owns the table risk_mark. Whoever can write here can make sign-ins look more or less dangerous than they are. */
export function createRiskStore(db: Db) {
  return {
    async marksOf(account: string): Promise<Mark[]> {
      const rows = await db.query('select kind, at from risk_mark where account = $1', [account], {
        name: 'risk-marks',
      })
      return rows.map((row) => Mark.parse(row))
    },

    async mark(account: string, kind: Mark['kind'], at: Date): Promise<void> {
      await db.query(
        `insert into risk_mark as m (account, kind, at) values ($1, $2, $3)
         on conflict (account, kind) do update set at = greatest(m.at, excluded.at)`,
        [account, kind, at],
      )
    },
  }
}
export type RiskStore = ReturnType<typeof createRiskStore>
