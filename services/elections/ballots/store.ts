import type { Db } from '@althing/kernel/db'
import { ElectionId } from '../contract.ts'
import { partition, Standing, Stored, Waiting, type Incoming, type Outcome } from './schema.ts'

/**
 * One statement for a whole batch: is the election open, is the place right, is the number free. What stands in ballot_burn is
 * read and never written again, not even locked: a re-vote would show in the row's xmin or xmax. Sorted by keyed hashes, so that
 * rows lie in no order of arrival.
 */
const storeBatch = `
  with box as materialized (select election_accepts($1) as open),
  incoming as materialized (
    select * from unnest($2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[]) with ordinality
      as i(burn, place, row, digest, sealed, ordinal)
    where (select open from box)),
  standing as materialized (
    select b.burn, b.place from ballot_burn b where b.election = $1 and b.burn in (select burn from incoming)),
  fresh as (
    insert into ballot_burn (election, burn, place)
    select $1, burn, place from (select distinct on (burn) burn, place from incoming order by burn, place) as one order by burn
    on conflict do nothing
    returning burn, place),
  placed as materialized (select burn, place from standing union all select burn, place from fresh),
  kept as (
    insert into ballot_intake (election, row, digest, sealed)
    select $1, i.row, i.digest, i.sealed from incoming i join placed p using (burn, place) order by i.row, i.digest
    on conflict do nothing
    returning row, digest)
  select i.ordinal, p.burn is not null as known, coalesce(p.place = i.place, false) as placed, k.row is not null as kept
    from incoming i left join placed p using (burn) left join kept k using (row, digest)`

/** How often a ballot whose key was burned by somebody else at this very moment is looked at anew. */
const looks = 5

/**
 * Owns the tables ballot_burn and ballot_intake. Whoever can write here can lose ballots (receipts prove it) but neither make
 * nor read one: both need keys that are not in this database.
 */
export function createIntakeStore(db: Db) {
  return {
    /** What became of each, in the order given. */
    async store(election: ElectionId, batch: readonly Incoming[]): Promise<Outcome[]> {
      const outcomes = await decide(db, election, batch)
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
      asked: readonly Pick<Incoming, 'row' | 'digest'>[],
    ): Promise<Set<string>> {
      const rows = await db.query(
        `select row, digest from ballot_intake where election = $1 and row = any($2::bytea[])`,
        [election, asked.map(({ row }) => row)],
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

    /** A part that chance picks: `row` is a keyed hash, so its order has nothing to do with who cast a ballot or when it came. */
    async waiting(election: ElectionId, most: number): Promise<Waiting[]> {
      const rows = await db.query(
        `select row, digest, sealed from ballot_intake where election = $1 and sealed is not null order by row limit $2 for update`,
        [election, most],
      )
      return rows.map((row) => Waiting.parse(row))
    },

    /** They stand on the board: what is left here serves to answer the same ballot with the same receipt. */
    async unseal(election: ElectionId, done: readonly Waiting[]): Promise<void> {
      await db.query(
        `update ballot_intake b set sealed = null from unnest($2::bytea[]) as i(row) where b.election = $1 and b.row = i.row`,
        [election, done.map(({ row }) => row)],
      )
    },

    /** Tables of its own for each election; rows stay in their page, since a ballot is larger than what is usually moved out. */
    async makeRoom(election: ElectionId): Promise<void> {
      // Taken at once and first: whoever held a part of it and waited for the rest would stand in the way of room-store.ts.
      await db.query('lock table ballot_burn, ballot_intake in share update exclusive mode')
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
  }
}
export type IntakeStore = ReturnType<typeof createIntakeStore>

async function decide(db: Db, election: ElectionId, batch: readonly Incoming[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = batch.map(() => 'not accepted')
  let open = [...batch.keys()]
  for (let look = 0; look < looks && open.length > 0; look++) {
    const answers = await storeOnce(
      db,
      election,
      open.map((index) => batch[index]).filter((one) => one !== undefined),
    )
    const unseen: number[] = []
    for (const { ordinal, known, placed, kept } of answers) {
      const index = open[ordinal - 1] ?? 0
      // Another node burned it after this statement began, and is durable by now: the next look sees it.
      if (!known) unseen.push(index)
      else outcomes[index] = kept ? 'kept' : placed ? 'conflict' : 'other place'
    }
    open = unseen
  }
  return outcomes
}

async function storeOnce(db: Db, election: ElectionId, batch: readonly Incoming[]) {
  const columns = (['burn', 'place', 'row', 'digest', 'sealed'] as const).map((name) =>
    batch.map((one) => one[name]),
  )
  const rows = await db.query(storeBatch, [election, ...columns], { name: 'intake-store' })
  return rows.map((row) => Stored.parse(row))
}

function nameOf(one: Pick<Incoming, 'row' | 'digest'> | undefined): string {
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
  return one === undefined ? '' : `${text(one.row)} ${text(one.digest)}`
}
