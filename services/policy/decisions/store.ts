import type { Db } from '@althing/kernel/db'
import { z } from 'zod'
import { Decision } from './schema.ts'

/** Owns the table policy_decision. Whoever can write here can say that somebody asked what nobody asked, until the audit log is compared. */
export function createDecisionStore(db: Db) {
  return {
    async nextBatch(): Promise<number> {
      const [row] = await db.query(`select nextval('policy_decision_batch') as batch`)
      return z.coerce.number().parse(row?.['batch'])
    },

    async add(batch: number, decisions: readonly Decision[], hashes: readonly Uint8Array[]): Promise<void> {
      const rows = decisions.map(({ subject, resource, ...one }, place) => ({
        ...one,
        subject_type: subject.type,
        subject_id: subject.id,
        resource_type: resource.type,
        resource_id: resource.id,
        place,
        hash: Buffer.from(hashes[place] ?? []).toString('hex'),
      }))
      await db.query(
        `insert into policy_decision (id, batch, place, at, caller, request, subject_type, subject_id, action, resource_type, resource_id,
           seen, decision, determining, errors, policies, world, digest, hash, cached, microseconds)
         select id, $1, place, at, caller, request, subject_type, subject_id, action, resource_type, resource_id,
           seen, decision, determining, errors, policies, world, digest, decode(hash, 'hex'), cached, microseconds
           from jsonb_to_recordset($2::jsonb) as one (id uuid, place int, at timestamptz, caller text, request text, subject_type text,
             subject_id text, action text, resource_type text, resource_id text, seen jsonb, decision boolean, determining text[],
             errors jsonb, policies int, world bigint, digest text, hash text, cached boolean, microseconds int)`,
        [batch, JSON.stringify(rows)],
      )
    },

    /** The newest first, in pages: nobody holds all of them. */
    async *newest(last: number): AsyncGenerator<Decision[]> {
      let after: Decision | undefined
      for (let left = last; left > 0; left -= 1000) {
        const rows = await db.query(
          `select id, at, caller, request, json_build_object('type', subject_type, 'id', subject_id) as subject, action,
                  json_build_object('type', resource_type, 'id', resource_id) as resource, seen, decision, determining, errors,
                  policies, world, digest, cached, microseconds
             from policy_decision where $1::timestamptz is null or (at, id) < ($1, $2::uuid) order by at desc, id desc limit $3`,
          [after?.at ?? null, after?.id ?? null, Math.min(left, 1000)],
        )
        const page = rows.map((row) => Decision.parse(row))
        if (page.length > 0) yield page
        if (page.length < 1000) return
        after = page.at(-1)
      }
    },

    async sweep(days: number): Promise<void> {
      await db.query('delete from policy_decision where at < now() - make_interval(days => $1)', [days])
    },
  }
}
export type DecisionStore = ReturnType<typeof createDecisionStore>
