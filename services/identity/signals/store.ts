import { sweepRows, type Db } from '@althing/kernel/db'
import { Due, Listed, Receiver, Stream, type DeliveryFilter, type Signal } from './schema.ts'

const columns = 'id, client, method, endpoint, sealed, events, description, status, reason'

/**
 * Owns signal_receiver, signal_stream and signal_subject. Whoever can write here can have an application told what happens to people, but not
 * what they are called.
 */
export function createStreamStore(db: Db) {
  return {
    async allow({ client, subjects }: Receiver): Promise<void> {
      await db.query(
        `insert into signal_receiver (client, subjects) values ($1, $2) on conflict (client) do update set subjects = $2`,
        [client, subjects],
      )
    },

    /** With its streams, and everything that was to be told in them. */
    async forbid(client: string): Promise<boolean> {
      return (
        (await db.query('delete from signal_receiver where client = $1 returning client', [client]))
          .length === 1
      )
    },

    async receiver(client: string): Promise<Receiver | null> {
      const [row] = await db.query('select client, subjects from signal_receiver where client = $1', [client])
      return row === undefined ? null : Receiver.parse(row)
    },

    async receivers(): Promise<Receiver[]> {
      const rows = await db.query('select client, subjects from signal_receiver order by client')
      return rows.map((row) => Receiver.parse(row))
    },

    /** Of many that ask at once, no more than may be: the receiver's row is held meanwhile. */
    async add(stream: Stream, most: number): Promise<boolean> {
      await db.query('select from signal_receiver where client = $1 for update', [stream.client])
      const { id, client, method, endpoint, sealed, events, description } = stream
      const rows = await db.query(
        `insert into signal_stream (id, client, method, endpoint, sealed, events, description)
         select $1, $2, $3, $4, $5, $6, $7 where (select count(*) from signal_stream where client = $2) < $8 returning id`,
        [id, client, method, endpoint, sealed, events, description, most],
      )
      return rows.length === 1
    },

    async update({ id, method, endpoint, sealed, events, description }: Stream): Promise<void> {
      await db.query(
        `update signal_stream set method = $2, endpoint = $3, sealed = $4, events = $5, description = $6 where id = $1`,
        [id, method, endpoint, sealed, events, description],
      )
    },

    async remove(id: string, client: string): Promise<boolean> {
      const rows = await db.query('delete from signal_stream where id = $1 and client = $2 returning id', [
        id,
        client,
      ])
      return rows.length === 1
    },

    async setStatus(id: string, status: Stream['status'], reason: string | null): Promise<void> {
      await db.query('update signal_stream set status = $2, reason = $3 where id = $1', [id, status, reason])
      await db.query(`select pg_notify('identity_signals', '')`)
    },

    async byId(id: string): Promise<Stream | null> {
      const [row] = await db.query(`select ${columns} from signal_stream where id = $1`, [id])
      return row === undefined ? null : Stream.parse(row)
    },

    async list(client?: string): Promise<Stream[]> {
      const rows = await db.query(
        `select ${columns} from signal_stream where $1::text is null or client = $1 order by id`,
        [client ?? null],
      )
      return rows.map((row) => Stream.parse(row))
    },

    async addSubject(stream: string, account: string): Promise<void> {
      await db.query('insert into signal_subject (stream, account) values ($1, $2) on conflict do nothing', [
        stream,
        account,
      ])
    },

    async subjectsOf(stream: string): Promise<string[]> {
      const rows = await db.query<{ account: string }>(
        'select account from signal_subject where stream = $1',
        [stream],
      )
      return rows.map(({ account }) => account)
    },

    async removeSubject(stream: string, account: string): Promise<void> {
      await db.query('delete from signal_subject where stream = $1 and account = $2', [stream, account])
    },

    /** The last word about somebody has been written: nobody hears of them again. */
    async forgetSubject(account: string): Promise<void> {
      await db.query('delete from signal_subject where account = $1', [account])
    },

    /** One verification in so many seconds. */
    async mayVerify(id: string, before: Date, now: Date): Promise<boolean> {
      const rows = await db.query(
        `update signal_stream set asked_at = $3 where id = $1 and (asked_at is null or asked_at < $2) returning id`,
        [id, before, now],
      )
      return rows.length === 1
    },

    /** The streams in which a thing is to be told. Disabled ones keep nothing; paused ones keep it for later. */
    async concerned({ account, type }: Signal): Promise<Concerned[]> {
      return db.query<Concerned>(
        `select s.id, s.client, r.subjects from signal_stream s join signal_receiver r using (client)
          where s.status <> 'disabled' and $2 = any(s.events)
            and (r.subjects = 'all' or exists (select from signal_subject u where u.stream = s.id and u.account = $1))`,
        [account, type],
        { name: 'signal-concerned' },
      )
    },
  }
}
export type StreamStore = ReturnType<typeof createStreamStore>

interface Concerned extends Receiver {
  readonly id: string
}

interface NewDelivery {
  readonly id: string
  readonly stream: string
  readonly account: string | null
  readonly type: string
  readonly details: Readonly<Record<string, unknown>>
  readonly at: Date
}

/** Owns the table signal_delivery. Whoever can write here can have applications told what did not happen, in our name. */
export function createDeliveryStore(db: Db) {
  return {
    /** With the change that it speaks of: there is never one without the other. */
    async add({ id, stream, account, type, details, at }: NewDelivery): Promise<void> {
      await db.query(
        `with written as (
           insert into signal_delivery (id, stream, account, type, details, at, next_at) values ($1, $2, $3, $4, $5, $6, $6) returning 1)
         select pg_notify('identity_signals', '') from written`,
        [id, stream, account, type, JSON.stringify(details), at],
      )
    },

    /** Streams in which something is due. */
    async dueStreams(now: Date): Promise<string[]> {
      const rows = await db.query<{ stream: string }>(
        `select distinct stream from signal_delivery where state = 'waiting' and next_at <= $1`,
        [now],
        { name: 'signal-due-streams' },
      )
      return rows.map(({ stream }) => stream)
    },

    /**
     * What may be told now: of each person only what nothing waits before. A claim is a lease, so that a node that dies in between holds
     * nobody up for longer; and what is claimed still waits, so that nothing of that person overtakes it.
     */
    async claim(stream: string, now: Date, leaseSeconds: number, most: number): Promise<Due[]> {
      const rows = await db.query(
        `update signal_delivery set attempts = attempts + 1, tried_from = coalesce(tried_from, $2), next_at = $2 + make_interval(secs => $3)
          where id in (
            select d.id from signal_delivery d
             where d.stream = $1 and d.state = 'waiting' and d.next_at <= $2
               and not exists (select from signal_delivery b
                                where b.stream = d.stream and b.account = d.account and b.state = 'waiting' and b.seq < d.seq)
             order by d.seq limit $4 for update skip locked)
         returning id, account, type, details, at, attempts`,
        [stream, now, leaseSeconds, most],
        { name: 'signal-claim' },
      )
      return rows.map((row) => Due.parse(row))
    },

    /** For who fetches: what waits, in order, as often as asked for, until it is confirmed. */
    async waiting(stream: string, most: number, now: Date): Promise<Due[]> {
      const rows = await db.query(
        `update signal_delivery set attempts = attempts + 1, tried_from = coalesce(tried_from, $3)
          where id in (select id from signal_delivery where stream = $1 and state = 'waiting' order by seq limit $2)
         returning id, account, type, details, at, attempts, seq`,
        [stream, most, now],
      )
      return rows.toSorted((a, b) => Number(a['seq']) - Number(b['seq'])).map((row) => Due.parse(row))
    },

    async countWaiting(stream: string): Promise<number> {
      const [row] = await db.query<{ count: number }>(
        `select count(*)::int as count from signal_delivery where stream = $1 and state = 'waiting'`,
        [stream],
      )
      return row?.count ?? 0
    },

    /** Of its own stream only. */
    async settle(
      stream: string,
      ids: readonly string[],
      state: 'delivered' | 'dead',
      reason: string | null,
      now: Date,
    ): Promise<number> {
      const rows = await db.query(
        `update signal_delivery set state = $3, reason = $4, done_at = $5
          where stream = $1 and id = any($2) and state = 'waiting' returning id`,
        [stream, [...ids], state, reason, now],
      )
      return rows.length
    },

    /** Later; or given up, when it has been tried for so long. @returns which */
    async putOff(
      id: string,
      nextAt: Date,
      deadBefore: Date,
      reason: string,
      now: Date,
    ): Promise<'waiting' | 'dead'> {
      const [row] = await db.query<{ state: 'waiting' | 'dead' }>(
        `update signal_delivery
            set next_at = $2, reason = $4, state = case when tried_from <= $3 then 'dead' else 'waiting' end,
                done_at = case when tried_from <= $3 then $5::timestamptz end
          where id = $1 and state = 'waiting' returning state`,
        [id, nextAt, deadBefore, reason, now],
      )
      return row?.state ?? 'dead'
    },

    async list({ state, stream }: DeliveryFilter, before: string, most: number): Promise<Listed[]> {
      const rows = await db.query(
        `select d.id, d.stream, s.client, s.method, d.type, d.account, d.at, d.state, d.attempts, d.next_at as "nextAt", d.done_at as "doneAt",
                d.reason
           from signal_delivery d join signal_stream s on s.id = d.stream
          where ($1::text is null or d.state = $1) and ($2::text is null or d.stream = $2)
            and ($3 = '' or d.seq < (select seq from signal_delivery where id = $3))
          order by d.seq desc limit $4`,
        [state ?? null, stream ?? null, before, most],
      )
      return rows.map((row) => Listed.parse(row))
    },

    /** Once more, after everything that waits: under the same id, so that a receiver that has it knows. @returns null when there is none */
    async replay(id: string, now: Date): Promise<'again' | 'waiting' | null> {
      const [row] = await db.query<{ state: string }>(
        `with again as (
           update signal_delivery set state = 'waiting', attempts = 0, tried_from = null, next_at = $2, reason = null, done_at = null
            where id = $1 and state <> 'waiting' returning id)
         select case when exists (select from again) then 'again' else 'waiting' end as state
           from signal_delivery where id = $1`,
        [id, now],
      )
      if (row === undefined) return null
      await db.query(`select pg_notify('identity_signals', '')`)
      return row.state === 'again' ? 'again' : 'waiting'
    },

    async replayDead(stream: string | null, now: Date): Promise<number> {
      const rows = await db.query(
        `update signal_delivery set state = 'waiting', attempts = 0, tried_from = null, next_at = $2, reason = null, done_at = null
          where state = 'dead' and ($1::text is null or stream = $1) returning id`,
        [stream, now],
      )
      await db.query(`select pg_notify('identity_signals', '')`)
      return rows.length
    },

    /** What nobody fetched, or a pause outlasted. */
    async giveUp(before: Date, now: Date): Promise<void> {
      await db.query(
        `update signal_delivery set state = 'dead', reason = 'waited', done_at = $2 where state = 'waiting' and at < $1`,
        [before, now],
      )
    },

    async sweep(before: Date): Promise<void> {
      await sweepRows(db, 'signal_delivery', `state <> 'waiting' and done_at < $1`, [before])
    },
  }
}
export type DeliveryStore = ReturnType<typeof createDeliveryStore>
