import type { Db } from '@althing/kernel/db'
import { Delivery, Suppression, type DeliveryFilter, type DeliveryState, type Letter } from './schema.ts'

const columns = `id, channel, account, address, subject, state, reason, tries, began_at as "beganAt", changed_at as "changedAt"`

/** It did not go out, and the same letter is tried again under the same line. */
const untaken = `state in ('failed', 'suppressed', 'refused')`

/** Owns the tables delivery and mail_suppression. Whoever can write here can hide that a letter did not arrive, or have none sent. */
export function createDeliveryStore(db: Db) {
  return {
    /** @returns the line of this letter: a new one, or that of the try before within a day */
    async begin(
      id: string,
      { channel, to, subject }: Letter,
      account: string | null,
      now: Date,
    ): Promise<string> {
      const [row] = await db.query<{ id: string }>(
        `with again as (
           update delivery set state = 'sending', tries = tries + 1, changed_at = $6
            where id = (select id from delivery
                         where address = $4 and channel = $2 and subject is not distinct from $5 and ${untaken}
                           and began_at > $6::timestamptz - interval '1 day'
                         order by began_at desc limit 1 for update skip locked)
            returning id),
         fresh as (
           insert into delivery (id, channel, account, address, subject, state, began_at, changed_at)
           select $1, $2, $3, $4, $5, 'sending', $6, $6 where not exists (select from again) returning id)
         select id from again union all select id from fresh`,
        [id, channel, account, to, subject, now],
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

    /** What the carrier tells, in whichever order it arrives: the latest counts, and what has ended is not put off again. */
    async told(
      id: string,
      state: DeliveryState,
      reason: string | null,
      at: Date,
      now: Date,
    ): Promise<boolean> {
      const rows = await db.query(
        `update delivery set state = $2, reason = $3, event_at = $4, changed_at = $5
          where id = $1 and (event_at is null or event_at <= $4)
            and not ($2 = 'deferred' and state in ('delivered', 'bounced', 'dropped', 'complained'))
          returning id`,
        [id, state, reason, at, now],
      )
      return rows.length === 1
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

    async suppressionOf(address: string): Promise<Suppression | null> {
      const [row] = await db.query(
        'select address, reason, detail, since from mail_suppression where address = $1',
        [address],
        { name: 'mail-suppression-of' },
      )
      return row === undefined ? null : Suppression.parse(row)
    },

    async suppressions(most: number): Promise<Suppression[]> {
      const rows = await db.query(
        'select address, reason, detail, since from mail_suppression order by since desc, address limit $1',
        [most],
      )
      return rows.map((row) => Suppression.parse(row))
    },

    /** False when it is held back already. */
    async suppress({ address, reason, detail, since }: Suppression): Promise<boolean> {
      const rows = await db.query(
        `insert into mail_suppression (address, reason, detail, since) values ($1, $2, $3, $4)
         on conflict do nothing returning address`,
        [address, reason, detail, since],
      )
      return rows.length === 1
    },

    /** Of two that lift it at once one is told that it was them. */
    async lift(address: string): Promise<boolean> {
      const rows = await db.query('delete from mail_suppression where address = $1 returning address', [
        address,
      ])
      return rows.length === 1
    },

    async sweep(before: Date): Promise<void> {
      await db.query('delete from delivery where began_at < $1', [before])
    },
  }
}
export type DeliveryStore = ReturnType<typeof createDeliveryStore>
