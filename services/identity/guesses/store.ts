import { sweepRows, type Db } from '@althing/kernel/db'
import { Counted, type Guessable } from './schema.ts'

/** Owns the tables guess, factor_failure and account_pause. Whoever can write here can lock people out for a while, guess on, or keep it from its owner. */
export function createGuessStore(db: Db) {
  return {
    /** Counts one try before it is checked, so that many at once are as many. The end is set by the first of a row. */
    async count(key: Uint8Array, now: Date, endsAt: Date): Promise<Counted> {
      const [row] = await db.query(
        `insert into guess as g (key, wrong, ends_at) values ($1, 1, $3)
         on conflict (key) do update
               set wrong = case when g.ends_at <= $2 then 1 else g.wrong + 1 end,
                   ends_at = case when g.ends_at <= $2 then excluded.ends_at else g.ends_at end
           returning wrong, ends_at as "endsAt"`,
        [key, now, endsAt],
        { name: 'guess-count' },
      )
      return Counted.parse(row)
    },

    /** Takes back one try that was counted and was right, or was never checked. */
    async uncount(key: Uint8Array): Promise<void> {
      await db.query('update guess set wrong = wrong - 1 where key = $1 and wrong > 0', [key], {
        name: 'guess-uncount',
      })
    },

    async sweep(now: Date): Promise<void> {
      await sweepRows(db, 'guess', 'ends_at <= $1', [now])
    },

    /** @returns whether its owner is to be told this time: of many at one moment one hears so, and the next one after `quietMs` */
    async pause(account: string, at: Date, quietMs: number): Promise<boolean> {
      const [row] = await db.query<{ told_at: Date }>(
        `insert into account_pause as p (account, paused_at, told_at) values ($1, $2, $2)
         on conflict (account) do update
               set paused_at = greatest(p.paused_at, excluded.paused_at),
                   told_at = case when p.told_at <= $3 then excluded.told_at else p.told_at end
           returning told_at`,
        [account, at, new Date(at.getTime() - quietMs)],
      )
      return row?.told_at.getTime() === at.getTime()
    },

    async pausedAt(account: string): Promise<Date | null> {
      const [row] = await db.query<{ paused_at: Date }>(
        'select paused_at from account_pause where account = $1',
        [account],
      )
      return row?.paused_at ?? null
    },

    async inARow(account: string, factor: Guessable): Promise<number> {
      const [row] = await db.query<{ in_a_row: number }>(
        'select in_a_row from factor_failure where account = $1 and factor = $2',
        [account, factor],
        { name: 'factor-failures' },
      )
      return row?.in_a_row ?? 0
    },

    /** @returns how many are wrong in a row by now: of many at once each hears another number */
    async failed(account: string, factor: Guessable): Promise<number> {
      const [row] = await db.query<{ in_a_row: number }>(
        `insert into factor_failure as f (account, factor, in_a_row) values ($1, $2, 1)
         on conflict (account, factor) do update set in_a_row = f.in_a_row + 1
           returning in_a_row`,
        [account, factor],
        { name: 'factor-failed' },
      )
      return row?.in_a_row ?? 0
    },

    /** The owner was here: every row begins anew. @returns whether one of them had come to `shutAfter`, which is left to be opened */
    async settle(account: string, keys: readonly Uint8Array[], shutAfter: number): Promise<boolean> {
      const rows = await db.query(
        `with forgotten as (delete from guess where key = any($2)),
              begun as (delete from factor_failure where account = $1 and in_a_row < $3)
         select from factor_failure where account = $1 and in_a_row >= $3`,
        [account, [...keys], shutAfter],
        { name: 'guess-settle' },
      )
      return rows.length > 0
    },

    /** @returns what was shut and is open again: of two that open it one hears of it */
    async open(account: string): Promise<Guessable[]> {
      const rows = await db.query<{ factor: Guessable }>(
        'delete from factor_failure where account = $1 returning factor',
        [account],
      )
      return rows.map(({ factor }) => factor)
    },
  }
}
export type GuessStore = ReturnType<typeof createGuessStore>
