import type { Db } from '@althing/kernel/db'
import { ElectionId } from '../contract.ts'
import { Standing, Stored, Waiting, type Incoming, type Outcome } from './schema.ts'

/** One statement for a whole batch: is the election open, is the place right, is the number free. Sorted, so that rows lie in no order of arrival. */
const storeBatch = `
  with box as materialized (select election_accepts($1) as open),
  incoming as materialized (
    select * from unnest($2::bytea[], $3::text[], $4::bytea[], $5::int[], $6::bytea[], $7::bytea[]) with ordinality
      as i(burn, slot, place, seq, digest, sealed, ordinal)
    where (select open from box)),
  placed as (
    insert into ballot_burn as b (election, burn, place)
    select $1, burn, place from (select distinct on (burn) burn, place from incoming order by burn, place) as one order by burn
    on conflict (election, burn) do update set place = b.place
    returning b.burn, b.place),
  kept as (
    insert into ballot_intake (election, slot, burn, seq, digest, sealed)
    select $1, i.slot, i.burn, i.seq, i.digest, i.sealed from incoming i join placed p using (burn, place) order by i.burn, i.seq, i.digest
    on conflict do nothing
    returning burn, seq, digest)
  select i.ordinal, p.burn is not null as placed, k.burn is not null as kept
    from incoming i left join placed p using (burn, place) left join kept k using (burn, seq, digest)`

const partition = (table: string, id: ElectionId) => `${table}_${ElectionId.parse(id).replaceAll('-', '')}`

/**
 * Owns the tables ballot_burn and ballot_intake. Whoever can write here can lose ballots (receipts prove it) but neither make
 * nor read one: both need keys that are not in this database.
 */
export function createIntakeStore(db: Db) {
  return {
    /** What became of each, in the order given. */
    async store(election: ElectionId, batch: readonly Incoming[]): Promise<Outcome[]> {
      const columns = (['burn', 'slot', 'place', 'seq', 'digest', 'sealed'] as const).map((name) =>
        batch.map((one) => one[name]),
      )
      const rows = (await db.query(storeBatch, [election, ...columns], { name: 'intake-store' })).map((row) =>
        Stored.parse(row),
      )
      const outcomes: Outcome[] = batch.map(() => 'not accepted')
      for (const { ordinal, placed, kept } of rows)
        outcomes[ordinal - 1] = kept ? 'kept' : placed ? 'conflict' : 'other place'
      // What was not kept may stand there already, as the very same bytes: then it is an answer that got lost, even after the end.
      const isOpenQuestion = (outcome: Outcome | undefined) =>
        outcome === 'conflict' || outcome === 'not accepted'
      const refused = batch.filter((_, index) => isOpenQuestion(outcomes[index]))
      if (refused.length === 0) return outcomes
      const standing = await this.standing(election, refused)
      return outcomes.map((outcome, index) =>
        isOpenQuestion(outcome) && standing.has(nameOf(batch[index])) ? 'same' : outcome,
      )
    },

    /** Which of these stand here with the very same bytes. */
    async standing(
      election: ElectionId,
      asked: readonly Pick<Incoming, 'burn' | 'seq' | 'digest'>[],
    ): Promise<Set<string>> {
      const rows = await db.query(
        `select burn, seq, digest from ballot_intake join unnest($2::bytea[], $3::int[]) as i(burn, seq) using (burn, seq) where election = $1`,
        [election, asked.map(({ burn }) => burn), asked.map(({ seq }) => seq)],
        { name: 'intake-standing' },
      )
      return new Set(rows.map((row) => nameOf(Standing.parse(row))))
    },

    /** How many have voted: each one-time key once, however often it voted again. */
    async voted(election: ElectionId): Promise<number> {
      const [row] = await db.query<{ count: number }>(
        'select count(*) as count from ballot_burn where election = $1',
        [election],
      )
      return row?.count ?? 0
    },

    /** Whether at least so many wait for the board; counts no further. */
    async isWaiting(election: ElectionId, most: number): Promise<boolean> {
      const [row] = await db.query<{ count: number }>(
        'select count(*) as count from (select 1 from ballot_intake where election = $1 and sealed is not null limit $2) as part',
        [election, most],
      )
      return (row?.count ?? 0) >= most
    },

    /** A part that chance picks: `burn` is a keyed hash, so its order has nothing to do with when a ballot came. */
    async waiting(election: ElectionId, most: number): Promise<Waiting[]> {
      const rows = await db.query(
        `select burn, seq, digest, sealed from ballot_intake where election = $1 and sealed is not null order by burn, seq limit $2 for update`,
        [election, most],
      )
      return rows.map((row) => Waiting.parse(row))
    },

    /** They stand on the board: what is left here serves to answer the same ballot with the same receipt. */
    async unseal(election: ElectionId, done: readonly Waiting[]): Promise<void> {
      await db.query(
        `update ballot_intake b set sealed = null from unnest($2::bytea[], $3::int[]) as i(burn, seq)
          where b.election = $1 and b.burn = i.burn and b.seq = i.seq`,
        [election, done.map(({ burn }) => burn), done.map(({ seq }) => seq)],
      )
    },

    /** Tables of its own for each election; rows stay in their page, since a ballot is larger than what is usually moved out. */
    async makeRoom(election: ElectionId): Promise<void> {
      for (const table of ['ballot_burn', 'ballot_intake']) {
        const name = partition(table, election)
        await db.query(
          `create table ${name} (like ${table} including all)${table === 'ballot_intake' ? ' with (toast_tuple_target = 8160)' : ''}`,
        )
        // Attached rather than made in place: that lock lets other elections go on.
        await db.query(
          `alter table ${table} attach partition ${name} for values in ('${ElectionId.parse(election)}')`,
        )
      }
    },

    /** Everything that was ever stored of the intake goes with its files. */
    async dropRoom(election: ElectionId): Promise<void> {
      await db.query(`set local lock_timeout = '2s'`)
      for (const table of ['ballot_intake', 'ballot_burn'])
        await db.query(`drop table if exists ${partition(table, election)}`)
    },
  }
}
export type IntakeStore = ReturnType<typeof createIntakeStore>

function nameOf(one: Pick<Incoming, 'burn' | 'seq' | 'digest'> | undefined): string {
  return one === undefined
    ? ''
    : `${Buffer.from(one.burn).toString('base64')} ${one.seq} ${Buffer.from(one.digest).toString('base64')}`
}
