import type { Database } from '../db/index.ts'
import { kernelTables } from './kernel.ts'
import type { PersonData } from './shape.ts'

/** What a column may hold, as its comment in the migration says. */
const classes = ['contact', 'proof', 'secret', 'operational'] as const
/** These two are about a person wherever they stand in a person's row. */
const personal: readonly string[] = ['contact', 'proof']

interface Column {
  readonly table: string
  readonly column: string
  readonly said: string | null
}

/**
 * Compares what a service says of its tables with the tables that are really there.
 * @returns what is missing or contradicts, in words; nothing when all is well
 */
export async function uncovered(database: Database, { persons, others }: PersonData): Promise<string[]> {
  const columns = (await columnsOf(database)).filter(({ table }) => !kernelTables.includes(table))
  const named = new Set([...persons.map(({ table }) => table), ...Object.keys(others)])
  return [
    ...columns
      .filter(({ said }) => said === null || !(classes as readonly string[]).includes(said))
      .map(({ table, column }) => `${table}.${column} does not say what kind of data it holds`),
    ...[...new Set(columns.map(({ table }) => table))]
      .filter((table) => !named.has(table))
      .map((table) => `${table} is named nowhere`),
    ...[...named]
      .filter((table) => !columns.some((one) => one.table === table))
      .map((table) => `${table} is not there`),
    ...columns.flatMap((column) => contradictionOf(column, persons)),
  ]
}

function contradictionOf({ table, column, said }: Column, persons: PersonData['persons']): string[] {
  const entries = persons.filter((one) => one.table === table)
  if (entries.length === 0) return []
  const isGiven = entries.some(({ gives }) => gives.includes(column))
  const isWithheld = entries.some(({ withholds }) => withholds !== undefined && column in withholds)
  if (said === 'secret' && isGiven) return [`${table}.${column} is secret and is given away`]
  if (said !== null && personal.includes(said) && !isGiven && !isWithheld)
    return [`${table}.${column} is about a person and is neither given nor withheld`]
  return []
}

function columnsOf(database: Database): Promise<Column[]> {
  return database.query<Column>(
    `select c.relname as table, a.attname as column, col_description(c.oid, a.attnum) as said
       from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
        and a.attnum > 0 and not a.attisdropped
      order by 1, 2`,
  )
}
