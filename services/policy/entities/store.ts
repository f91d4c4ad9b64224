import type { Db } from '@althing/kernel/db'
import { z } from 'zod'

const Row = z.object({ roles: z.array(z.string()) })

/** Owns the table policy_subject. Whoever can write here decides what applications are told about a person. */
export function createSubjectStore(db: Db) {
  return {
    async rolesOf(subject: string): Promise<readonly string[] | null> {
      const [row] = await db.query('select roles from policy_subject where subject = $1', [subject], {
        name: 'subject-roles',
      })
      return row === undefined ? null : Row.parse(row).roles
    },

    /** Messages may arrive out of order; the higher stamp is the later truth. */
    async put(subject: string, roles: readonly string[], stamp: number): Promise<void> {
      await db.query(
        `insert into policy_subject as s (subject, roles, stamp) values ($1, $2, $3)
         on conflict (subject) do update set roles = excluded.roles, stamp = excluded.stamp, changed_at = now()
          where s.stamp <= excluded.stamp`,
        [subject, roles, stamp],
      )
    },
  }
}
export type SubjectStore = ReturnType<typeof createSubjectStore>
