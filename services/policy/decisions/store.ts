import { DatabaseError, type DatabaseErrorKind, type Db } from '@althing/kernel/db'
import { z } from 'zod'
import { Stored, type Filter, type Line } from './schema.ts'

/** Owns the table policy_decision. Whoever can write here can say that somebody asked what nobody asked, until the audit log is compared. */
export function createDecisionStore(db: Db) {
  return { ...writing(db), ...reading(db), ...comparing(db) }
}
export type DecisionStore = ReturnType<typeof createDecisionStore>

/** The text that was hashed is the text that is written: put before its first member is what it does not say itself. */
const rowOf = ({ text, seen, salt, hash }: Line, place: number): string =>
  `{"place":${place},"ground":${seen},"salt":"${salt}","hash":"${hash}",${text.slice(1)}`

function writing(db: Db) {
  return {
    async nextBatch(): Promise<number> {
      const [row] = await db.query(`select nextval('policy_decision_batch') as batch`)
      return z.coerce.number().parse(row?.['batch'])
    },

    async add(batch: number, lines: readonly Line[]): Promise<void> {
      await db.query(
        `insert into policy_decision (id, batch, place, at, caller, request, subject_type, subject_id, action, resource_type, resource_id,
           seen, decision, determining, errors, policies, world, digest, persons, seen_salt, seen_hash, hash, cached, microseconds, outside)
         select id, $1, place, at, caller, request, subject ->> 'type', subject ->> 'id', action, resource ->> 'type', resource ->> 'id',
           ground, decision, determining, errors, policies, world, digest, persons, decode(salt, 'hex'), decode(seen, 'hex'),
           decode(hash, 'hex'), cached, microseconds, outside
           from jsonb_to_recordset($2::jsonb) as one (place int, ground jsonb, salt text, hash text, id uuid, at timestamptz, caller text,
             request text, subject jsonb, action text, resource jsonb, seen text, decision boolean, determining text[], errors jsonb,
             policies int, world bigint, digest text, persons text[], cached boolean, microseconds int, outside jsonb)`,
        [batch, `[${lines.map(rowOf).join(',')}]`],
      )
    },

    async rowsOf(batch: number): Promise<number> {
      const [row] = await db.query('select count(*)::int as rows from policy_decision where batch = $1', [
        batch,
      ])
      return Swept.shape.rows.parse(row?.['rows'])
    },

    /** Which of these are there. */
    async known(ids: readonly string[]): Promise<string[]> {
      const rows = await db.query('select id from policy_decision where id = any($1::uuid[])', [ids])
      return rows.map((row) => Stored.shape.id.parse(row['id']))
    },

    /**
     * Whole batches from the oldest on, a few thousand rows at a time, up to the first that has something younger. Null when there is none:
     * only then is there nothing left to go.
     */
    async sweep(before: Date): Promise<{ readonly through: number; readonly rows: number } | null> {
      const [row] = await db.query(
        `with first as (select batch, at from policy_decision order by batch, place limit $2),
              each as (select batch, bool_or(at >= $1) as is_young from first group by batch),
              -- The last one may not be here whole.
              cut as (select max(batch) + case when (select count(*) from first) < $2 then 1 else 0 end as batch from each),
              bound as (select least((select min(batch) from each where is_young), cut.batch) as batch from cut),
              gone as (delete from policy_decision d using bound where d.batch < bound.batch returning d.batch)
         select max(batch) as through, count(*)::int as rows from gone`,
        [before, sweptAtOnce],
      )
      const { through, rows } = Swept.parse(row)
      return through === null ? null : { through, rows }
    },
  }
}

/** Rows in one statement: ten batches at least. */
const sweptAtOnce = 5000
const Swept = z.object({ through: z.coerce.number().int().nullable(), rows: z.int() })

const columns = `id, batch, place, at, caller, request, jsonb_build_object('type', subject_type, 'id', subject_id) as subject, action,
  jsonb_build_object('type', resource_type, 'id', resource_id) as resource, seen, decision, determining, errors, policies, world,
  digest, persons, seen_salt as "seenSalt", seen_hash as "seenHash", hash, cached, microseconds, outside`

const stored = (rows: readonly unknown[]): Stored[] => rows.map((row) => Stored.parse(row))

/** A place in the order of time: the last row that was seen. */
export interface Place {
  readonly at: Date
  readonly id: string
}

function reading(db: Db) {
  /** The latest first. */
  async function list(filter: Filter, before: Place | null, most: number): Promise<Stored[]> {
    const { conditions, values } = conditionsOf(filter, before)
    const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`
    return stored(
      await db.query(
        `select ${columns} from policy_decision ${where} order by at desc, id desc limit $${values.length + 1}`,
        [...values, most],
      ),
    )
  }

  return {
    list,

    /** The latest first, in pages: nobody holds all of them. */
    async *newest(last: number): AsyncGenerator<Stored[]> {
      let before: Stored | null = null
      for (let left = last; left > 0; left -= 1000) {
        const page: Stored[] = await list({}, before, Math.min(left, 1000))
        if (page.length > 0) yield page
        if (page.length < 1000) return
        before = page.at(-1) ?? null
      }
    },

    async one(id: string): Promise<Stored | null> {
      const rows = await db.query(`select ${columns} from policy_decision where id = $1`, [id])
      return stored(rows)[0] ?? null
    },
  }
}

/** Of what was not said nothing is in the question, so that the index of what was said serves. */
function conditionsOf(filter: Filter, before: Place | null) {
  const values: unknown[] = []
  const given = (value: unknown) => `$${values.push(value)}`
  const conditions: string[] = []
  for (const part of ['subject', 'resource'] as const) {
    const ref = filter[part]
    if (ref !== undefined)
      conditions.push(`${part}_type = ${given(ref.type)}`, `${part}_id = ${given(ref.id)}`)
  }
  if (filter.action !== undefined) conditions.push(`action = ${given(filter.action)}`)
  if (filter.caller !== undefined) conditions.push(`caller = ${given(filter.caller)}`)
  if (filter.decision !== undefined) conditions.push(`decision = ${given(filter.decision === 'allow')}`)
  if (filter.policy !== undefined) conditions.push(`determining @> array[${given(filter.policy)}::text]`)
  if (filter.from !== undefined) conditions.push(`at >= ${given(filter.from)}`)
  if (filter.to !== undefined) conditions.push(`at < ${given(filter.to)}`)
  if (before !== null) conditions.push(`(at, id) < (${given(before.at)}, ${given(before.id)}::uuid)`)
  return { conditions, values }
}

function comparing(db: Db) {
  return {
    async ofBatches(first: number, last: number): Promise<Stored[]> {
      return stored(
        await db.query(
          `select ${columns} from policy_decision where batch between $1 and $2 order by batch, place`,
          [first, last],
        ),
      )
    },

    /** Rows that say they are of a batch of which nothing can be told: below the first, or above the last. */
    async outside(last: number, most: number): Promise<Stored[]> {
      return stored(
        await db.query(
          `select ${columns} from policy_decision where batch < 1 or batch > $1 order by batch, place limit $2`,
          [last, most],
        ),
      )
    },
  }
}

/**
 * Whose trouble it is that a batch was not written decides what becomes of it: the database is away for everybody; somebody else was in the way
 * of this batch; or the batch itself is not taken.
 */
type Trouble = 'away' | 'clash' | 'batch'

const ofKinds: Partial<Record<DatabaseErrorKind, Trouble>> = {
  unavailable: 'away',
  deadlock: 'clash',
  serialization: 'clash',
}

/**
 * A disk that is full, a standby that only reads, a table of another version, a broken file: classes of SQLSTATE in which the database speaks of
 * itself. Taken for what it says of lines, all that wait would be given up one after the other.
 */
const ofItself = /^(?:08|25|28|42|53|55|57|58|F0|XX)/

/** What is not of the database at all says nothing of these lines either. */
export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof DatabaseError)) return 'away'
  const isOfItself = error.sqlState === '' || ofItself.test(error.sqlState)
  return ofKinds[error.kind] ?? (isOfItself ? 'away' : 'batch')
}
