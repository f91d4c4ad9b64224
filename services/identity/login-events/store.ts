import type { Db } from '@althing/kernel/db'
import { LoginEvent, ReasonCount, type EventFilter, type NewLoginEvent } from './schema.ts'

const columns = `id, at, account, method, result, reason, network, device, is_new as "isNew"`

/** Owns the table login_event. Whoever can write here can hide that somebody was here. */
export function createLoginEventStore(db: Db) {
  return {
    async add(id: string, at: Date, event: NewLoginEvent): Promise<void> {
      await db.query(
        `insert into login_event (id, at, account, method, result, reason, network, device, is_new)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
        [
          id,
          at,
          event.account,
          event.method,
          event.result,
          event.reason ?? null,
          event.network,
          event.device,
          event.isNew ?? false,
        ],
        { name: 'login-event-add' },
      )
    },

    /** The latest first; `before` is the id of the last one seen: ids rise with time. */
    async list({ account, result, since }: EventFilter, before: string, most: number): Promise<LoginEvent[]> {
      const rows = await db.query(
        `select ${columns} from login_event
          where ($1::text is null or account = $1) and ($2::text is null or result = $2)
            and ($3::timestamptz is null or at >= $3) and ($4 = '' or id < $4)
          order by id desc limit $5`,
        [account ?? null, result ?? null, since ?? null, before, most],
      )
      return rows.map((row) => LoginEvent.parse(row))
    },

    async reasons(since: Date): Promise<ReasonCount[]> {
      const rows = await db.query(
        `select method, coalesce(reason, '?') as reason, count(*)::int as count, count(distinct account)::int as accounts,
                count(distinct network)::int as networks, max(at) as latest
           from login_event where result = 'refused' and at >= $1
          group by method, reason order by count desc, method, reason`,
        [since],
      )
      return rows.map((row) => ReasonCount.parse(row))
    },

    /** Whether this person has ever come in before: the first time is new by itself and worth no notice. */
    async hasBeenIn(account: string): Promise<boolean> {
      const rows = await db.query(
        `select from login_event where account = $1 and result = 'in' limit 1`,
        [account],
        { name: 'login-event-before' },
      )
      return rows.length > 0
    },

    async sweep(before: Date): Promise<void> {
      await db.query('delete from login_event where at < $1', [before])
    },
  }
}
export type LoginEventStore = ReturnType<typeof createLoginEventStore>
