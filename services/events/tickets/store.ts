import type { Db } from '@althing/kernel/db'
import type { Issued } from './schema.ts'

/** Owns issuance and issuance_log. Whoever can write here lets a member fetch a second ticket, or none. */
export function createTicketStore(db: Db) {
  return {
    /**
     * The database decides who is first: a row that is there already stays. Answers the hashes that stand now; of two requests at
     * once the second waits here for the first.
     */
    async issue(
      election: string,
      wishes: readonly Issued[],
    ): Promise<{ slot: string; blindedHash: Uint8Array }[]> {
      const slots = wishes.map(({ slot }) => slot)
      const member = wishes[0]?.member
      const fresh = await db.query<{ slot: string }>(
        `insert into issuance (election, slot, class, member, blinded_hash, day)
         select $1, slot, class, $2, hash, (now() at time zone 'UTC')::date
           from unnest($3::text[], $4::text[], $5::bytea[]) as w (slot, class, hash)
         on conflict do nothing returning slot`,
        [
          election,
          member,
          slots,
          wishes.map((wish) => wish.class),
          wishes.map(({ blindedHash }) => Buffer.from(blindedHash)),
        ],
        { name: 'ticket-issue' },
      )
      const isFresh = (slot: string) => fresh.some((one) => one.slot === slot)
      const leaves = wishes.filter(({ slot }) => isFresh(slot)).map(({ leaf }) => Buffer.from(leaf))
      if (leaves.length > 0)
        await db.query(
          'insert into issuance_log (election, leaf) select $1, unnest($2::bytea[])',
          [election, leaves],
          { name: 'ticket-log' },
        )
      if (leaves.length === wishes.length)
        return wishes.map(({ slot, blindedHash }) => ({ slot, blindedHash }))
      return db.query(
        `select slot, blinded_hash as "blindedHash" from issuance
          where election = $1 and member = $2 and slot = any($3)`,
        [election, member, slots],
        { name: 'ticket-known' },
      )
    },

    /** Which of these were fetched, as "election slot class". */
    async fetched(members: readonly string[], elections: readonly string[]): Promise<ReadonlySet<string>> {
      const rows = await db.query<{ place: string }>(
        `select election || ' ' || slot || ' ' || class as place from issuance
          where member = any($1) and election = any($2::uuid[])`,
        [members, elections],
        { name: 'ticket-fetched' },
      )
      return new Set(rows.map(({ place }) => place))
    },

    /** How many were issued, by "slot class". */
    async counts(election: string): Promise<ReadonlyMap<string, number>> {
      const rows = await db.query<{ place: string; count: number }>(
        `select slot || ' ' || class as place, count(*) as count from issuance where election = $1 group by slot, class`,
        [election],
      )
      return new Map(rows.map(({ place, count }) => [place, count]))
    },

    async leaves(election: string): Promise<Uint8Array[]> {
      const rows = await db.query<{ leaf: Uint8Array }>('select leaf from issuance_log where election = $1', [
        election,
      ])
      return rows.map(({ leaf }) => leaf)
    },
  }
}
export type TicketStore = ReturnType<typeof createTicketStore>
