import { sweepRows, type Db } from '@althing/kernel/db'
import {
  Crowded,
  GuessedAt,
  LoginEvent,
  ReasonCount,
  RecentPlace,
  TriedFrom,
  TriedOn,
  type EventFilter,
  type NewLoginEvent,
} from './schema.ts'

const columns = `id, at, account, method, result, reason, network, device, is_new as "isNew"`

/** Tried in vain: what was refused for another reason says nothing about who tried. */
const inVain = `result = 'refused' and reason in ('wrong', 'locked', 'inactive')`

/** Came in by a way of ours. A token of another issuer comes from wherever an application has its servers, and says nothing of the person. */
const cameIn = `result = 'in' and method not like 'outside:%'`

/** Each account that was seen at a network; those who came to no account of ours are one line, with as many tries. */
const seenAt = (where: string) => `
  select network, account, coalesce(bool_or(${cameIn}), false) as came, count(*) filter (where ${inVain}) as vain,
         max(at) filter (where ${inVain}) as latest
    from login_event where ${where} group by network, account`

/**
 * Whoever mistypes and then comes in was no attacker. Tries of addresses that are none of ours cannot be told apart: they may be one
 * person who mistypes their own again and again, so all together they are at most a third of what is many.
 */
const failing = (many: string) =>
  `coalesce(sum(case when account is null then least(vain, ${many}::int / 3) when vain > 0 and not came then 1 else 0 end), 0)::int`
const came = 'count(*) filter (where came)::int'

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

    async recentPlaces(since: Date): Promise<RecentPlace[]> {
      const rows = await db.query(
        `select account, network from login_event where at >= $1 group by account, network order by max(at) desc limit 2000`,
        [since],
      )
      return rows.map((row) => RecentPlace.parse(row))
    },

    /** Whether this person has ever come in before: the first time is new by itself and worth no notice. */
    async hasBeenIn(account: string): Promise<boolean> {
      const rows = await db.query(
        `select from login_event where account = $1 and ${cameIn} limit 1`,
        [account],
        { name: 'login-event-before' },
      )
      return rows.length > 0
    },

    async triedOn(account: string, since: Date): Promise<TriedOn> {
      const [row] = await db.query(
        `with last as (select at, network from login_event where account = $1 and ${cameIn} order by at desc limit 1)
         select count(*)::int as tries, count(distinct network)::int as networks,
                (select at from last) as "lastAt", (select network from last) as "lastNetwork"
           from login_event where account = $1 and at >= $2 and ${inVain}`,
        [account, since],
        { name: 'login-event-tried-on' },
      )
      return TriedOn.parse(row)
    },

    /** @param many how many accounts are many: what came to none adds a third of it at most */
    async triedFrom(network: string, since: Date, many: number): Promise<TriedFrom> {
      const [row] = await db.query(
        `select ${failing('$3')} as failing, ${came} as came from (${seenAt('network = $1 and at >= $2')}) as seen`,
        [network, since, many],
        { name: 'login-event-tried-from' },
      )
      return TriedFrom.parse(row)
    },

    /** Accounts that were tried in vain so often, the most first: by time, many small ones would hide the one that matters. */
    async guessedAt(since: Date, least: number): Promise<GuessedAt[]> {
      const rows = await db.query(
        `select account, max(at) as latest from login_event where at >= $1 and account is not null and ${inVain}
          group by account having count(*) >= $2 order by count(*) desc, latest desc limit 50`,
        [since, least],
      )
      return rows.map((row) => GuessedAt.parse(row))
    },

    /** Networks from which so many accounts were tried in vain, and more than came in; the most first. */
    async crowded(since: Date, least: number): Promise<Crowded[]> {
      const rows = await db.query(
        `select network, max(latest) as latest from (${seenAt('at >= $1')}) as seen group by network
         having ${failing('$2')} >= $2 and ${failing('$2')} > ${came} order by sum(vain) desc, latest desc limit 50`,
        [since, least],
      )
      return rows.map((row) => Crowded.parse(row))
    },

    async sweep(before: Date): Promise<void> {
      await sweepRows(db, 'login_event', 'at < $1', [before])
    },
  }
}
export type LoginEventStore = ReturnType<typeof createLoginEventStore>
