import type { Db } from './database.ts'

/**
 * Takes away what is over: a few rows at a time, each few in a transaction of their own, and none that somebody else has in hand. Nobody waits
 * for a sweep, and a sweep waits for nobody.
 * @param condition which rows of the table are over, with $1, $2 … for the values; it and the table are written by us, never by a stranger
 * @param most rows in one statement
 * @returns how many went
 */
export async function sweepRows(
  db: Db,
  table: string,
  condition: string,
  values: readonly unknown[] = [],
  most = 500,
): Promise<number> {
  for (let swept = 0; ;) {
    const rows = await db.query(
      `delete from ${table} where ctid = any (array(
         select ctid from ${table} where ${condition} limit ${most} for update skip locked))
       returning 1`,
      [...values],
    )
    swept += rows.length
    if (rows.length < most) return swept
  }
}
