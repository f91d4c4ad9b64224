import type { Db } from '@althing/kernel/db'
import { Otherwise, Running } from './schema.ts'

/**
 * Owns policy_shadow and policy_difference. Whoever can write here can make a draft look harmless that is not, or have it tried; what is decided
 * they cannot change.
 */
export function createShadowStore(db: Db) {
  return {
    async running(): Promise<Running | null> {
      const [row] = await db.query(
        `select draft, version, share, started_by as "startedBy", started_at as "startedAt", compared, differed from policy_shadow`,
      )
      return row === undefined ? null : Running.parse(row)
    },

    /** One at a time: of two that begin at once one does. */
    async start({
      draft,
      version,
      share,
      startedBy,
      startedAt,
    }: Omit<Running, 'compared' | 'differed'>): Promise<boolean> {
      const rows = await db.query(
        `insert into policy_shadow (draft, version, share, started_by, started_at) values ($1, $2, $3, $4, $5)
         on conflict do nothing returning draft`,
        [draft, version, share, startedBy, startedAt],
      )
      return rows.length === 1
    },

    async end(draft: string): Promise<boolean> {
      return (
        (await db.query('delete from policy_shadow where draft = $1 returning draft', [draft])).length === 1
      )
    },

    async count(draft: string, compared: number, differed: number): Promise<void> {
      await db.query(
        'update policy_shadow set compared = compared + $2, differed = differed + $3 where draft = $1',
        [draft, compared, differed],
      )
    },

    /** The newest thousand stay. */
    async keep(differences: readonly Otherwise[]): Promise<void> {
      const rows = differences.map(({ subject, resource, ...one }) => ({
        ...one,
        subject_type: subject.type,
        subject_id: subject.id,
        resource_type: resource.type,
        resource_id: resource.id,
        would_be: one.wouldBe,
        would_by: one.wouldBy,
      }))
      await db.query(
        `insert into policy_difference (at, draft, version, subject_type, subject_id, action, resource_type, resource_id, decision,
           determining, would_be, would_by, errors)
         select * from jsonb_to_recordset($1::jsonb) as one (at timestamptz, draft text, version int, subject_type text, subject_id text,
           action text, resource_type text, resource_id text, decision boolean, determining text[], would_be boolean, would_by text[],
           errors text[])`,
        [JSON.stringify(rows)],
      )
      await db.query(
        `delete from policy_difference where id <= (select id from policy_difference order by id desc offset 1000 limit 1)`,
      )
    },

    async differences(draft: string, limit: number): Promise<Otherwise[]> {
      const rows = await db.query(
        `select at, draft, version, json_build_object('type', subject_type, 'id', subject_id) as subject, action,
                json_build_object('type', resource_type, 'id', resource_id) as resource, decision, determining,
                would_be as "wouldBe", would_by as "wouldBy", errors
           from policy_difference where draft = $1 order by id desc limit $2`,
        [draft, limit],
      )
      return rows.map((row) => Otherwise.parse(row))
    },
  }
}
export type ShadowStore = ReturnType<typeof createShadowStore>
