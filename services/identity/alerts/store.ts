import type { Db } from '@althing/kernel/db'
import { Alert, Delivery, Telling, type AlertFilter, type NewAlert } from './schema.ts'

const columns = `id, kind, severity, account, network, signals, first_seen as "firstSeen", last_seen as "lastSeen", count, state,
                 resolved_at as "resolvedAt", resolved_by as "resolvedBy", reason`

/** How much one place is told since a time. */
export interface Ceiling {
  readonly most: number
  readonly since: Date
}

/** Owns the tables security_alert and security_alert_delivery. Whoever can write here can hide an attack, or keep it from being told. */
export function createAlertStore(db: Db) {
  const one = (row: unknown): Alert | null => (row === undefined ? null : Alert.parse(row))
  return {
    /**
     * A new line, or the open one of the same kind and person (or network) seen once more: of any number at once, one line. Null when
     * this very thing has been seen before, open or resolved.
     */
    async raise(
      id: string,
      { kind, severity, account, network, signals, at }: NewAlert,
    ): Promise<Alert | null> {
      const [row] = await db.query(
        `insert into security_alert as a (id, kind, severity, account, network, signals, first_seen, last_seen)
         select $1, $2, $3, $4::text, $5::text, $6::text[], $7::timestamptz, $7::timestamptz
          where not exists (select from security_alert r where r.kind = $2 and coalesce(r.account, r.network) = coalesce($4::text, $5::text)
                               and r.state = 'resolved' and r.last_seen >= $7::timestamptz)
         on conflict (kind, (coalesce(account, network))) where state = 'open' do update
            set count = a.count + 1, last_seen = excluded.last_seen, network = coalesce(excluded.network, a.network),
                severity = case when 'high' in (a.severity, excluded.severity) then 'high'
                                when 'medium' in (a.severity, excluded.severity) then 'medium' else 'low' end,
                signals = array(select distinct s from unnest(a.signals || excluded.signals) s order by s)
          where a.last_seen < excluded.last_seen
         returning ${columns}`,
        [id, kind, severity, account, network, [...signals], at],
        { name: 'alert-raise' },
      )
      return one(row)
    },

    async byId(id: string): Promise<Alert | null> {
      const [row] = await db.query(`select ${columns} from security_alert where id = $1`, [id])
      return one(row)
    },

    /** The latest first; `before` is the id of the last one seen: ids rise with time. */
    async list({ state, severity, account }: AlertFilter, before: string, most: number): Promise<Alert[]> {
      const rows = await db.query(
        `select ${columns} from security_alert
          where ($1::text is null or state = $1) and ($2::text is null or severity = $2) and ($3::text is null or account = $3)
            and ($4 = '' or id < $4)
          order by id desc limit $5`,
        [state ?? null, severity ?? null, account ?? null, before, most],
      )
      return rows.map((row) => Alert.parse(row))
    },

    /** Of two that resolve it at once one does. */
    async resolve(id: string, by: string, reason: string, now: Date): Promise<Alert | null> {
      const [row] = await db.query(
        `update security_alert set state = 'resolved', resolved_at = $4, resolved_by = $2, reason = $3
          where id = $1 and state = 'open' returning ${columns}`,
        [id, by, reason, now],
      )
      return one(row)
    },

    /**
     * Each sink is asked for once in the life of an alert, unless it was told too much lately: those at the very same moment may be
     * a few too many, for no alert waits for another. @returns those that had not been
     */
    async ask(
      alert: string,
      sinks: readonly string[],
      now: Date,
      { most, since }: Ceiling,
    ): Promise<string[]> {
      const rows = await db.query<{ sink: string }>(
        `insert into security_alert_delivery (alert, sink, asked_at)
         select $1, s.sink, $3 from unnest($2::text[]) as s (sink)
          where (select count(*) from security_alert_delivery d where d.sink = s.sink and d.asked_at > $4) < $5
         on conflict do nothing returning sink`,
        [alert, [...sinks], now, since, most],
        { name: 'alert-ask' },
      )
      return rows.map(({ sink }) => sink)
    },

    /** Those of these sinks that are not asked for yet. */
    async unasked(alert: string, sinks: readonly string[]): Promise<string[]> {
      const rows = await db.query<{ sink: string }>(
        `select s.sink from unnest($2::text[]) as s (sink)
          where not exists (select from security_alert_delivery d where d.alert = $1 and d.sink = s.sink)`,
        [alert, [...sinks]],
        { name: 'alert-unasked' },
      )
      return rows.map(({ sink }) => sink)
    },

    /** Of the alerts that were last seen in a time and are open, how many one sink was never asked to tell. */
    async countUntold(sink: string, severities: readonly string[], from: Date, to: Date): Promise<number> {
      const [row] = await db.query<{ count: number }>(
        `select count(*)::int as count from security_alert a
          where state = 'open' and severity = any($2) and last_seen >= $3 and last_seen < $4
            and not exists (select from security_alert_delivery d where d.alert = a.id and d.sink = $1)`,
        [sink, [...severities], from, to],
      )
      return row?.count ?? 0
    },

    async deliveriesOf(alert: string): Promise<Delivery[]> {
      const rows = await db.query(
        `select alert, sink, delivered_at as "deliveredAt" from security_alert_delivery where alert = $1 order by sink`,
        [alert],
      )
      return rows.map((row) => Delivery.parse(row))
    },

    async delivered({ alert, sink }: Telling, now: Date): Promise<void> {
      await db.query(
        'update security_alert_delivery set delivered_at = $3 where alert = $1 and sink = $2 and delivered_at is null',
        [alert, sink, now],
      )
    },

    /** What was asked for so long ago that its job has given up: it is asked for anew, the longest first, under the same ceiling. */
    async askAgain(before: Date, now: Date, { most, since }: Ceiling): Promise<Telling[]> {
      const rows = await db.query(
        `update security_alert_delivery d set asked_at = $2
           from (select alert, sink, row_number() over (partition by sink order by asked_at) as place
                   from security_alert_delivery where delivered_at is null and asked_at < $1) late
          where d.alert = late.alert and d.sink = late.sink
            and late.place <= $4 - (select count(*) from security_alert_delivery r where r.sink = late.sink and r.asked_at > $3)
         returning d.alert, d.sink`,
        [before, now, since, most],
      )
      return rows.map((row) => Telling.parse(row))
    },

    /** Open ones that were not seen again since. @returns their ids, so many at once that a sweep stays short */
    async closeUnseen(before: Date, by: string, reason: string, now: Date): Promise<string[]> {
      const rows = await db.query<{ id: string }>(
        `update security_alert set state = 'resolved', resolved_at = $4, resolved_by = $2, reason = $3
          where state = 'open' and id in (select id from security_alert where state = 'open' and last_seen < $1 order by last_seen limit 500)
         returning id`,
        [before, by, reason, now],
      )
      return rows.map(({ id }) => id)
    },

    async sweep(before: Date): Promise<void> {
      await db.query(`delete from security_alert where state = 'resolved' and resolved_at < $1`, [before])
    },
  }
}
export type AlertStore = ReturnType<typeof createAlertStore>
