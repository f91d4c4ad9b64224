import type { Db } from '@althing/kernel/db'
import { z } from 'zod'
import type { ElectionId } from '../contract.ts'

const Shown = z.object({ shown: z.int(), exact: z.boolean() })
export type Shown = z.output<typeof Shown>

/** Owns the table turnout. Whoever can write here can show a wrong number while voting goes on; the result does not depend on it. */
export function createTurnoutStore(db: Db) {
  return {
    async shown(election: ElectionId): Promise<Shown> {
      const [row] = await db.query('select shown, exact from turnout where election = $1', [election], {
        name: 'turnout-shown',
      })
      return row === undefined ? { shown: 0, exact: false } : Shown.parse(row)
    },

    async begin(election: ElectionId): Promise<void> {
      await db.query('insert into turnout (election) values ($1) on conflict do nothing', [election])
    },

    async unexact(): Promise<ElectionId[]> {
      return (await db.query<{ election: ElectionId }>('select election from turnout where not exact')).map(
        ({ election }) => election,
      )
    },

    /** A whole step lies between two changes, whatever node makes them; the count is not kept, only what is shown. */
    async grow(
      election: ElectionId,
      voted: number,
      { seconds, ballots }: { readonly seconds: number; readonly ballots: number },
    ): Promise<void> {
      await db.query(
        `update turnout set shown = $2, step = floor(extract(epoch from now()) / $3)::int
          where election = $1 and not exact and $2 >= shown + $4 and floor(extract(epoch from now()) / $3)::int >= step + 2`,
        [election, voted, seconds, ballots],
      )
    },

    async settle(election: ElectionId, voted: number): Promise<void> {
      await db.query('update turnout set shown = $2, exact = true, step = 0 where election = $1', [
        election,
        voted,
      ])
    },
  }
}
export type TurnoutStore = ReturnType<typeof createTurnoutStore>
