import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import type { Database, Db } from './database.ts'

/** A folder of `0001-what.sql` files. The name keeps the numbers of several folders apart: 'kernel.db', 'members'. */
export interface MigrationFolder {
  name: string
  folder: URL
}

export interface Migration {
  name: string
  sql: string
  sha256: string
}

/**
 * Brings the schema forward and answers the names it applied. Never backward: what went wrong is put right by the next file.
 * Any number of processes may start at once: each file is one transaction under one lock, and whoever comes second finds it done.
 */
export async function migrate(database: Database, folders: readonly MigrationFolder[]): Promise<string[]> {
  const migrations = await readMigrations(folders)
  await database.transaction(async (db) => {
    await lock(db)
    await db.query(
      `create table if not exists schema_migration
         (name text primary key, sha256 text not null, applied_at timestamptz not null default now())`,
    )
  })
  const known = await applied(database)
  const done: string[] = []
  for (const migration of migrations) {
    if (isApplied(migration, known)) continue
    if (await database.transaction((db) => apply(db, migration))) done.push(migration.name)
  }
  return done
}

async function apply(db: Db, migration: Migration) {
  await lock(db)
  if (isApplied(migration, await applied(db))) return false
  // A big table takes its time; waiting for a lock that a busy table does not give would stop every other reader behind us.
  await db.query(`set local statement_timeout = 0; set local lock_timeout = '10s'`)
  await db.query(migration.sql)
  await db.query('insert into schema_migration (name, sha256) values ($1, $2)', [
    migration.name,
    migration.sha256,
  ])
  return true
}

function isApplied({ name, sha256 }: Migration, known: ReadonlyMap<string, string>) {
  const before = known.get(name)
  if (before !== undefined && before !== sha256) {
    throw new Error(
      `The migration ${name} was altered after it had been applied. Put it back and write a new one.`,
    )
  }
  return before !== undefined
}

async function applied(db: Db) {
  const rows = await db.query<{ name: string; sha256: string }>('select name, sha256 from schema_migration')
  return new Map(rows.map(({ name, sha256 }) => [name, sha256]))
}

/** The number is ours and means nothing: 'Althing' as digits of a telephone. */
const lock = (db: Db) => db.query(`set local lock_timeout = 0; select pg_advisory_xact_lock(2584464)`)

/** In the order given, each folder by number. */
export async function readMigrations(folders: readonly MigrationFolder[]): Promise<Migration[]> {
  const all: Migration[] = []
  for (const { name, folder } of folders) {
    const files = (await readdir(folder)).filter((file) => file.endsWith('.sql')).sort()
    refuseBadNames(name, files)
    for (const file of files) {
      const sql = await readFile(new URL(file, slashed(folder)), 'utf8')
      all.push({ name: `${name}/${file}`, sql, sha256: createHash('sha256').update(sql).digest('hex') })
    }
  }
  return all
}

const slashed = (folder: URL) => new URL(folder.href.endsWith('/') ? folder.href : `${folder.href}/`)

function refuseBadNames(folder: string, files: readonly string[]) {
  const numbers = new Set<string>()
  for (const file of files) {
    if (!/^\d{4}-[a-z0-9-]+\.sql$/.test(file))
      throw new Error(`${folder}/${file} is not named like 0001-what.sql.`)
    const number = file.slice(0, 4)
    if (numbers.has(number)) throw new Error(`Two migrations of ${folder} have the number ${number}.`)
    numbers.add(number)
  }
}
