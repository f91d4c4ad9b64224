import type { Db } from '@althing/kernel/db'
import { z } from 'zod'
import { Override, Standing } from './schema.ts'

/** As the clock makes it, whether anybody has written that down yet or not. `$1` is now. */
const state = `case when state = 'asked' and decide_by <= $1 then 'lapsed' when state = 'in-force' and until <= $1 then 'expired' else state end`
const row = `id, kind, jsonb_build_object('type', subject_type, 'id', subject_id) as subject, actions,
  case when resource_type is not null then jsonb_build_object('type', resource_type, 'id', resource_id) end as resource,
  role, reason, asked_by as "askedBy", asked_at as "askedAt", asked_under as "askedUnder", asked_with as "askedWith", lasts_seconds as "lastsSeconds", until, decide_by as "decideBy",
  ${state} as state, decided_by as "decidedBy", decided_at as "decidedAt", decided_why as "decidedWhy", is_alone as "isAlone",
  ended_by as "endedBy", ended_at as "endedAt", ended_why as "endedWhy"`

/** What is lent to `$2` and opens the door where overrides are asked for: an override for another thing opens another one. */
const letsAsk = `subject_type = 'Person' and subject_id = $2 and state = 'in-force' and until > $1
  and (role = 'administrator' or kind = 'allow' and 'overrides.ask' = any(actions) and ${isOn(`'overrides'`)})`
/** A wish that waits, or a denial that stands. What was agreed to hangs on nothing any more. */
const hangs = `(state = 'asked' or kind = 'deny' and state = 'in-force' and until > $1)`
const fell = `update policy_override set state = case when state = 'asked' then 'lapsed' else 'ended' end, decide_by = least(decide_by, $1),
  ended_by = $2, ended_why = $3, ended_at = $1`

function isOn(service: string): string {
  return `(resource_type is null or resource_type = 'Service' and resource_id = ${service})`
}

export interface Filter {
  readonly kind?: Override['kind'] | undefined
  readonly subject?: string | undefined
  readonly state?: Override['state'] | undefined
  readonly before?: string | undefined
}

/** A door of Althing's own, as its policies name it. */
interface Door {
  readonly action: string
  /** The id of the service that it belongs to, as `may` says it (kernel/http). */
  readonly on: string
}

/** Who ended what something hung on, why and when. */
export interface Fallen {
  readonly by: string
  readonly why: string | null
  readonly at: Date
}

interface Waiting {
  /** As the audit log names them. */
  readonly askedBy?: string
  readonly before?: Date
}

interface Decided {
  readonly state: 'in-force' | 'refused'
  readonly by: string
  readonly why: string | null
  readonly at: Date
  readonly until: Date | null
}

/** Owns the table policy_override. Whoever can write here gives anybody anything with the next version of the policies. */
export function createOverrideStore(db: Db) {
  return { ...reading(db), ...writing(db), ...hanging(db) }
}
export type OverrideStore = ReturnType<typeof createOverrideStore>

function reading(db: Db) {
  return {
    async read(id: string, now: Date): Promise<Override | null> {
      const [found] = await db.query(`select ${row} from policy_override where id = $2`, [now, id])
      return found === undefined ? null : Override.parse(found)
    },

    async some(ids: readonly string[], now: Date): Promise<Override[]> {
      const found = await db.query(`select ${row} from policy_override where id = any($2)`, [now, ids])
      return found.map((one) => Override.parse(one))
    },

    /** The newest first: an id says when it was made. */
    async list({ kind, subject, state: is, before }: Filter, limit: number, now: Date): Promise<Override[]> {
      const found = await db.query(
        `select ${row} from policy_override
          where ($2::text is null or kind = $2) and ($3::text is null or subject_id = $3) and ($4::text is null or ${state} = $4)
            and ($5::text is null or id < $5)
          order by id desc limit $6`,
        [now, kind ?? null, subject ?? null, is ?? null, before ?? null, limit],
      )
      return found.map((one) => Override.parse(one))
    },

    /** In the order in which they were made: the same overrides make the same policies. */
    async standing(now: Date): Promise<Standing[]> {
      const found = await db.query(
        `select ${row} from policy_override where state = 'in-force' and until > $1 order by id`,
        [now],
      )
      return found.map((one) => Standing.parse(one))
    },

    /** What is about somebody; what ends first comes first. */
    async standingOf(person: string, now: Date): Promise<Standing[]> {
      const found = await db.query(
        `select ${row} from policy_override
          where subject_type = 'Person' and subject_id = $2 and state = 'in-force' and until > $1 order by until, id`,
        [now, person],
      )
      return found.map((one) => Standing.parse(one))
    },

    /** Of what is lent to somebody and lets them ask for overrides, what lasts longest. */
    async asksBy(person: string, now: Date): Promise<Standing | null> {
      const [found] = await db.query(
        `select ${row} from policy_override where ${letsAsk} order by until desc, id limit 1`,
        [now, person],
      )
      return found === undefined ? null : Standing.parse(found)
    },

    /** Whether this door is closed to somebody in particular. */
    async isDenied(person: string, { action, on }: Door, now: Date): Promise<boolean> {
      const rows = await db.query(
        `select id from policy_override
          where subject_type = 'Person' and subject_id = $2 and kind = 'deny' and state = 'in-force' and until > $1
            and $3 = any(actions) and ${isOn('$4')} limit 1`,
        [now, person, action, on],
      )
      return rows.length > 0
    },

    /** What people asked for with a right of their own before then, and waits; of one of them, or of all. */
    async waiting(now: Date, { askedBy, before }: Waiting): Promise<Override[]> {
      const found = await db.query(
        `select ${row} from policy_override
          where state = 'asked' and decide_by > $1 and asked_under is null and asked_by like 'person:%'
            and ($2::text is null or asked_by = $2) and asked_at <= $3 order by id`,
        [now, askedBy ?? null, before ?? now],
      )
      return found.map((one) => Override.parse(one))
    },

    async countOpen(now: Date): Promise<number> {
      const [found] = await db.query(
        `select count(*)::int as open from policy_override
          where (state = 'asked' and decide_by > $1) or (state = 'in-force' and until > $1)`,
        [now],
      )
      return z.int().parse(found?.['open'])
    },
  }
}

function writing(db: Db) {
  return {
    /** False when somebody has this emergency access already, or has asked for it. */
    async add({ subject, resource, ...one }: Override): Promise<boolean> {
      const rows = await db.query(
        `insert into policy_override (id, kind, subject_type, subject_id, actions, resource_type, resource_id, role, reason, asked_by, asked_at,
           lasts_seconds, until, decide_by, state, decided_by, decided_at, is_alone, asked_under, asked_with)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20) on conflict do nothing returning id`,
        [
          one.id,
          one.kind,
          subject.type,
          subject.id,
          one.actions,
          resource?.type ?? null,
          resource?.id ?? null,
          one.role,
          one.reason,
          one.askedBy,
          one.askedAt,
          one.lastsSeconds,
          one.until,
          one.decideBy,
          one.state,
          one.decidedBy,
          one.decidedAt,
          one.isAlone,
          one.askedUnder,
          one.askedWith,
        ],
      )
      return rows.length === 1
    },

    /** Of two who decide one does; nobody does about what was ended, or too late. */
    async decide(id: string, decided: Decided): Promise<boolean> {
      const rows = await db.query(
        `update policy_override set state = $3, decided_by = $4, decided_why = $5, decided_at = $2, until = coalesce($6, until)
          where id = $1 and state = 'asked' and decide_by > $2 returning id`,
        [id, decided.at, decided.state, decided.by, decided.why, decided.until],
      )
      return rows.length === 1
    },

    /** Only what is still as it was when it was looked at. */
    async end(id: string, was: 'asked' | 'in-force', by: string, why: string, at: Date): Promise<boolean> {
      const rows = await db.query(
        `update policy_override set state = 'ended', ended_by = $4, ended_why = $5, ended_at = $3
          where id = $1 and state = $2 and case when state = 'asked' then decide_by else until end > $3 returning id`,
        [id, was, at, by, why],
      )
      return rows.length === 1
    },

    /** Writes down what the clock has made of them. @returns those about which nobody decided in time */
    async settle(now: Date): Promise<Override[]> {
      const rows = await db.query(
        `update policy_override set state = ${state}
          where (state = 'asked' and decide_by <= $1) or (state = 'in-force' and until <= $1) returning ${row}`,
        [now],
      )
      return rows.map((one) => Override.parse(one)).filter((one) => one.state === 'lapsed')
    },
  }
}

function hanging(db: Db) {
  async function fall(
    where: string,
    { by, why, at }: Fallen,
    params: readonly string[],
  ): Promise<Override[]> {
    const rows = await db.query(`${fell} where ${where} returning ${row}`, [at, by, why, ...params])
    return rows.map((one) => Override.parse(one))
  }

  return {
    /** Whether it stands, and nobody ends it before this transaction is over. */
    async isHeld(id: string, now: Date): Promise<boolean> {
      const rows = await db.query(
        `select id from policy_override where id = $1 and state = 'in-force' and until > $2 for share`,
        [id, now],
      )
      return rows.length === 1
    },

    /** Somebody has two loans, and two people end one each in the same moment: the second sees what the first has done. */
    async holdLoans(person: string, now: Date): Promise<void> {
      await db.query(`select id from policy_override where ${letsAsk} order by id for update`, [now, person])
    },

    /** It hangs on another loan from now on, and lasts no longer than that either. */
    async rehang(id: string, to: Standing, at: Date): Promise<Override[]> {
      const rows = await db.query(
        `update policy_override set asked_under = $3, decide_by = least(decide_by, $4), until = case when kind = 'deny' then least(until, $4) else until end
          where asked_under = $2 and ${hangs} returning ${row}`,
        [at, id, to.id, to.until],
      )
      return rows.map((one) => Override.parse(one))
    },

    /** What hangs on this loan waits no longer, and holds no longer. @returns each as it is now */
    fall: (loan: string, fallen: Fallen) => fall(`asked_under = $4 and ${hangs}`, fallen, [loan]),

    /** The same of what hangs on a loan that is over, or was erased with whoever had it. */
    fallUnheld: (was: 'asked' | 'in-force', fallen: Fallen) =>
      fall(
        `state = $4 and ${hangs} and asked_under is not null and not exists
          (select from policy_override loan where loan.id = policy_override.asked_under and loan.state = 'in-force' and loan.until > $1)`,
        fallen,
        [was],
      ),

    /** One wish waits no longer, though nobody has decided about it. */
    lapse: (id: string, fallen: Fallen) => fall(`id = $4 and state = 'asked'`, fallen, [id]),
    /** What is in force is over before its time. */
    endStanding: (id: string, fallen: Fallen) =>
      fall(`id = $4 and state = 'in-force' and until > $1`, fallen, [id]),
  }
}
