import type { Db } from '@althing/kernel/db'
import { Notice } from './schema.ts'

/** Owns the table logout_notice, which the end of a session writes by itself. Whoever can write here can sign people out of applications. */
export function createLogoutStore(db: Db) {
  return {
    /** Of two nodes that work at once each gets its own; who stops in the middle leaves it for the next try. */
    async take(most: number): Promise<Notice[]> {
      const rows = await db.query(
        `update logout_notice set tries = tries + 1, due_at = now() + make_interval(secs => least(3600, 5 * 2 ^ tries))
          where id in (select id from logout_notice where due_at <= now() order by due_at limit $1 for update skip locked)
        returning id::text, account, client, sid, tries, ends_at < now() as "isLast"`,
        [most],
      )
      return rows.map((row) => Notice.parse(row))
    },

    async done(id: string): Promise<void> {
      await db.query('delete from logout_notice where id = $1', [id])
    },
  }
}
export type LogoutStore = ReturnType<typeof createLogoutStore>
