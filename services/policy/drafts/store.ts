import type { Db } from '@althing/kernel/db'
import { Draft, DraftHead } from './schema.ts'

const head = `id, title, version, state, based_on as "basedOn", made_by as "madeBy", made_at as "madeAt", changed_by as "changedBy",
  changed_at as "changedAt", proposed_by as "proposedBy", proposed_at as "proposedAt", revision, authors`
const whole = `${head}, note, compiled, compiled_from as "compiledFrom",
  json_build_object('policies', policies, 'schema', schema, 'links', links, 'tests', tests) as source`

/** Owns the table policy_draft. Whoever can write here can put another text under a draft that somebody is reading. */
export function createDraftStore(db: Db) {
  return {
    async add({ source, ...one }: Draft): Promise<void> {
      await db.query(
        `insert into policy_draft (id, title, note, policies, schema, links, tests, based_on, made_by, made_at, changed_by, changed_at, authors)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9, $10, array[$9])`,
        [
          one.id,
          one.title,
          one.note,
          source.policies,
          source.schema,
          source.links,
          source.tests,
          one.basedOn,
          one.madeBy,
          one.madeAt,
        ],
      )
    },

    async countOpen(): Promise<number> {
      const [row] = await db.query(`select count(*)::int as open from policy_draft where state = 'open'`)
      return Number(row?.['open'])
    },

    async read(id: string): Promise<Draft | null> {
      const [row] = await db.query(`select ${whole} from policy_draft where id = $1`, [id])
      return row === undefined ? null : Draft.parse(row)
    },

    async list(state: DraftHead['state']): Promise<DraftHead[]> {
      const rows = await db.query(
        `select ${head} from policy_draft where state = $1 order by changed_at desc, id limit 200`,
        [state],
      )
      return rows.map((row) => DraftHead.parse(row))
    },

    /** Of two who have read the same version one gets through. What was proposed is proposed no more. */
    async change({ source, ...one }: Draft, read: number): Promise<boolean> {
      const rows = await db.query(
        `update policy_draft set title = $3, note = $4, policies = $5, schema = $6, links = $7, tests = $8, based_on = $9, changed_by = $10,
           changed_at = $11, version = version + 1, proposed_by = null, proposed_at = null,
           authors = case when $10 = any(authors) then authors else authors || $10 end
          where id = $1 and version = $2 and state = 'open' returning id`,
        [
          one.id,
          read,
          one.title,
          one.note,
          source.policies,
          source.schema,
          source.links,
          source.tests,
          one.basedOn,
          one.changedBy,
          one.changedAt,
        ],
      )
      return rows.length === 1
    },

    /** What was made of its text, when it is still its text. */
    async keepCompiled(id: string, version: number, compiled: string, from: string): Promise<void> {
      await db.query(
        'update policy_draft set compiled = $3, compiled_from = $4 where id = $1 and version = $2',
        [id, version, compiled, from],
      )
    },

    async propose(id: string, version: number, by: string, at: Date): Promise<boolean> {
      const rows = await db.query(
        `update policy_draft set proposed_by = $3, proposed_at = $4 where id = $1 and version = $2 and state = 'open' returning id`,
        [id, version, by, at],
      )
      return rows.length === 1
    },

    async withdraw(id: string, version: number): Promise<boolean> {
      const rows = await db.query(
        `update policy_draft set state = 'withdrawn' where id = $1 and version = $2 and state = 'open' returning id`,
        [id, version],
      )
      return rows.length === 1
    },

    /** It is in force: in the transaction that made it so. */
    async close(id: string, version: number, revision: number): Promise<boolean> {
      const rows = await db.query(
        `update policy_draft set state = 'activated', revision = $3 where id = $1 and version = $2 and state = 'open' returning id`,
        [id, version, revision],
      )
      return rows.length === 1
    },
  }
}
export type DraftStore = ReturnType<typeof createDraftStore>
