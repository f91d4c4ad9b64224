import { sweepRows, type Db } from '@althing/kernel/db'
import {
  Delivery,
  Remembered,
  Suppression,
  type DeliveryFilter,
  type DeliveryState,
  type Held,
  type HoldDays,
  type Letter,
  type Word,
} from './schema.ts'

const columns = `id, channel, account, address, subject, state, reason, tries, began_at as "beganAt", changed_at as "changedAt"`
const heldColumns = `address, reason, detail, since, ends_at as "endsAt"`

/** What the carrier tells, the mildest first: of two words of one second the graver counts. What is ours alone is not put in its place. */
const rank = (state: string) =>
  `coalesce(array_position(array['deferred', 'failed', 'delivered', 'dropped', 'bounced', 'complained'], ${state}), 9)`

/** Owns the tables delivery and mail_suppression. Whoever can write here can hide that a letter did not arrive, or have none sent. */
export function createDeliveryStore(db: Db) {
  return {
    /**
     * A job that runs again finds the line of its letter; what no job sends has a line each time. What has gone out stays so: a second
     * letter after a crash is a second try of the same.
     * @returns the line
     */
    async begin(
      id: string,
      { channel, to, subject, job }: Letter,
      account: string | null,
      now: Date,
    ): Promise<string> {
      const [row] = await db.query<{ id: string }>(
        `insert into delivery as line (id, job, channel, account, address, subject, state, began_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, 'sending', $7, $7)
         on conflict (job, channel, address) do update set tries = line.tries + 1, changed_at = $7,
           state = case when line.state in ('failed', 'suppressed', 'refused') then 'sending' else line.state end
         returning id`,
        [id, job, channel, account, to, subject, now],
      )
      return row?.id ?? id
    },

    /** Unless the carrier has told more in the meantime. */
    async became(id: string, state: DeliveryState, reason: string | null, now: Date): Promise<void> {
      await db.query(
        `update delivery set state = $2, reason = $3, changed_at = $4 where id = $1 and state = 'sending'`,
        [id, state, reason, now],
      )
    },

    /**
     * What the carrier tells, in whichever order it arrives: the latest counts, and what has ended is not put off again.
     * @returns whose letter it was; null when there was none of ours to that address, or its word was told before or is out of date
     */
    async told(
      letter: string,
      address: string,
      { state, reason, at }: Word,
      now: Date,
    ): Promise<{ readonly account: string | null } | null> {
      const [row] = await db.query<{ account: string | null }>(
        `update delivery set state = $3, reason = $4, event_at = $5, changed_at = $6
          where id = $1 and address = $2 and channel = 'mail'
            and (event_at is null or event_at < $5 or (event_at = $5 and ${rank('state')} < ${rank('$3::text')}))
            and not ($3 = 'deferred' and state in ('delivered', 'bounced', 'dropped', 'complained'))
          returning account`,
        [letter, address, state, reason, at, now],
      )
      return row ?? null
    },

    /** The latest first; `before` is the id of the last one seen: ids rise with time. */
    async list({ account, state }: DeliveryFilter, before: string, most: number): Promise<Delivery[]> {
      const rows = await db.query(
        `select ${columns} from delivery
          where ($1::text is null or account = $1) and ($2::text is null or state = $2) and ($3 = '' or id < $3)
          order by id desc limit $4`,
        [account ?? null, state ?? null, before, most],
      )
      return rows.map((row) => Delivery.parse(row))
    },

    /** Also what is over, or was lifted. */
    async rememberedOf(address: string): Promise<Remembered | null> {
      const [row] = await db.query(
        `select ${heldColumns}, lifted_at as "liftedAt" from mail_suppression where address = $1`,
        [address],
        { name: 'mail-suppression-of' },
      )
      return row === undefined ? null : Remembered.parse(row)
    },

    async suppressions(most: number, now: Date): Promise<Suppression[]> {
      const rows = await db.query(
        `select ${heldColumns} from mail_suppression where lifted_at is null and ends_at > $2
          order by since desc, address limit $1`,
        [most, now],
      )
      return rows.map((row) => Suppression.parse(row))
    },

    /**
     * False when it is held back already, or was let go after this was seen. A complaint says that the mailbox works: it takes the
     * place of what came back, and not the other way round.
     */
    async suppress({ address, account, reason, detail, since }: Held, days: HoldDays): Promise<boolean> {
      const until = (times: string) =>
        `$5::timestamptz + case when $3 = 'complained' then make_interval(days => $6)
           else least(make_interval(days => $7) * power(4, ${times}), make_interval(days => $8)) end`
      const rows = await db.query(
        `insert into mail_suppression as held (address, account, reason, detail, since, ends_at)
         values ($1, $2, $3, $4, $5, ${until('0')})
         on conflict (address) do update set account = excluded.account, reason = excluded.reason, detail = excluded.detail,
           since = excluded.since, times = held.times + 1, ends_at = ${until('held.times')}, lifted_at = null
          where case when held.lifted_at is not null then excluded.since > held.lifted_at
                     when held.ends_at <= excluded.since then true
                     else excluded.reason = 'complained' and held.reason <> 'complained' end
         returning address`,
        [address, account, reason, detail, since, days.complained, days.first, days.most],
      )
      return rows.length === 1
    },

    /** Of two that lift it at once one is told that it was them. The next time is a first time. */
    async lift(address: string, now: Date): Promise<boolean> {
      const rows = await db.query(
        `update mail_suppression set lifted_at = $2, times = 0
          where address = $1 and lifted_at is null and ends_at > $2 returning address`,
        [address, now],
      )
      return rows.length === 1
    },

    async sweep(before: Date): Promise<void> {
      await sweepRows(db, 'delivery', 'began_at < $1', [before])
    },

    async sweepHeld(before: Date): Promise<void> {
      await db.query('delete from mail_suppression where coalesce(lifted_at, ends_at) < $1', [before])
    },
  }
}
export type DeliveryStore = ReturnType<typeof createDeliveryStore>
