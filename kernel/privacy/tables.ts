import type { Db } from '../db/index.ts'
import { kernelPersons } from './kernel.ts'
import type { PersonData, Section } from './shape.ts'

/** More than anybody has; an answer is bounded all the same. */
const mostRows = 20_000

export async function collect(db: Db, { persons }: PersonData, person: string): Promise<Section[]> {
  const sections = new Map<string, Section['rows']>()
  for (const { table, of, gives } of [...persons, ...kernelPersons]) {
    if (gives.length === 0) continue
    const rows = await db.query<Record<string, unknown>>(
      `select ${gives.map((column) => `"${column}"`).join(', ')} from ${table} where ${of} limit ${mostRows}`,
      [person],
    )
    // Whoever has more is told that there is more.
    const name = rows.length < mostRows ? table : `${table}_first_${mostRows}`
    sections.set(name, [...(sections.get(name) ?? []), ...rows])
  }
  return [...sections].map(([name, rows]) => ({ name, rows }))
}

/** In the caller's transaction. Twice is once. */
export async function erase(db: Db, { persons }: PersonData, person: string): Promise<void> {
  for (const { table, of, erasure } of persons) {
    if (erasure === 'rows') await db.query(`delete from ${table} where ${of}`, [person])
    else if ('empties' in erasure)
      await db.query(
        `update ${table} set ${erasure.empties.map((column) => `"${column}" = null`).join(', ')} where ${of}`,
        [person],
      )
  }
}
