/**
 * Everything that somebody could have who took all of it: each table of each database with its system columns, the write-ahead
 * log in its order, every log and metric. What the attacker gets here is more than any one operator has.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'

export interface DumpedRow {
  /** `database.table` */
  readonly table: string
  /** All values as text, the system columns among them: ctid as a position in the heap, xmin as a number. */
  readonly values: Readonly<Record<string, string | null>>
}

/** @param urls of each database, by a role that may read it all */
export async function dumpDatabases(urls: Readonly<Record<string, string>>): Promise<DumpedRow[]> {
  const dumps = await Promise.all(Object.entries(urls).map(([name, url]) => dumpDatabase(name, url)))
  return dumps.flat()
}

async function dumpDatabase(name: string, url: string): Promise<DumpedRow[]> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows: tables } = await client.query<{ table: string }>(
      `select quote_ident(n.nspname) || '.' || quote_ident(c.relname) as table from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`,
    )
    const dumped: DumpedRow[] = []
    for (const { table } of tables) {
      const { rows } = await client.query<{ row: Record<string, unknown>; system: Record<string, string> }>(
        `select to_json(t) as row, json_build_object(
                'ctid', ((ctid::text::point)[0]::bigint * 100000 + (ctid::text::point)[1]::bigint)::text, 'xmin', xmin::text) as system
           from ${table} t`,
      )
      for (const one of rows) {
        const values = Object.fromEntries(
          Object.entries(one.row).map(([column, value]) => [
            column,
            value === null ? null : typeof value === 'string' ? value : JSON.stringify(value),
          ]),
        )
        dumped.push({ table: `${name}.${table}`, values: { ...values, ...one.system } })
      }
    }
    return dumped
  } finally {
    await client.end()
  }
}

/** The write-ahead log as it lies on disk, segment after segment: what was written first comes first. */
export function readWal(cluster: string): Buffer {
  const folder = join(cluster, 'pg_wal')
  const segments = readdirSync(folder)
    .filter((name) => /^[0-9A-F]{24}$/.test(name))
    .sort()
  return Buffer.concat(segments.map((name) => readFileSync(join(folder, name))))
}

/** Every file below a folder that is text of a log. */
export function readLogs(folder: string): string {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name))
  return files
    .filter((file) => /\.log(\.\d+)?$/.test(file) && statSync(file).isFile())
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n')
}
