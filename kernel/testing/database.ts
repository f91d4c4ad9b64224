import { createHash, randomBytes } from 'node:crypto'
import { after } from 'node:test'
import { Client, escapeIdentifier } from 'pg'
import {
  migrate,
  openDatabase,
  outboxMigrations,
  readMigrations,
  type Database,
  type MigrationFolder,
} from '../db/index.ts'
import { testServer } from './server.ts'

export interface TestDatabaseOptions {
  /** What the schema is made of; the outbox's tables when nothing is said. */
  migrations?: readonly MigrationFolder[]
  /** Appears in the database's name, for who looks at a server full of them. */
  name?: string
  max?: number
}

export interface TestDatabase {
  database: Database
  /** For a second pool or another process: the same database, the same ordinary role. */
  url: string
  close(): Promise<void>
}

const role = 'tester'

/**
 * A fresh database with its schema, some 20 ms away: a clone of a template, which is made once per content of the
 * migrations. It belongs to an ordinary role, as in earnest. It is gone after the test (or file) that asked for it.
 */
export async function testDatabase({
  migrations = [outboxMigrations],
  name = 'db',
  max = 10,
}: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const server = await testServer()
  const template = await ensureTemplate(server, migrations)
  const unique = `test_${name.replaceAll(/[^a-z0-9]/g, '_').slice(0, 24)}_${randomBytes(6).toString('hex')}`
  await administer(server, async (admin) => {
    await admin.query(`create database ${unique} template ${template} owner ${role}`)
  })
  const url = urlFor(server, unique)
  const database = openDatabase({ url, max, applicationName: unique })

  let open = true
  async function close() {
    if (!open) return
    open = false
    await database.close()
    await administer(server, async (admin) => {
      await admin.query(`drop database if exists ${unique} with (force)`)
    })
  }
  after(close)
  return { database, url, close }
}

async function ensureTemplate(server: string, migrations: readonly MigrationFolder[]) {
  const all = await readMigrations(migrations)
  const hash = createHash('sha256')
    .update(JSON.stringify(all.map(({ name, sha256 }) => [name, sha256])))
    .digest('hex')
  const template = `template_${hash.slice(0, 16)}`
  await administer(server, async (admin) => {
    if (await exists(admin, template)) return
    // Of several files that need it at once, one makes it and the others wait here.
    await admin.query('select pg_advisory_lock(2584465)')
    if (!(await exists(admin, template))) await makeTemplate(admin, server, template, migrations)
    await admin.query('select pg_advisory_unlock(2584465)')
  })
  return template
}

async function exists(admin: Client, database: string) {
  const { rowCount } = await admin.query('select from pg_database where datname = $1', [database])
  return rowCount === 1
}

/** Made under another name and renamed when whole, so that a template that is there is ready. */
async function makeTemplate(
  admin: Client,
  server: string,
  template: string,
  migrations: readonly MigrationFolder[],
) {
  const draft = `draft_${randomBytes(6).toString('hex')}`
  const { rowCount } = await admin.query('select from pg_roles where rolname = $1', [role])
  // The role has the superuser's password: everybody who may know the one may know the other, and nothing here is kept.
  if (rowCount === 0) await admin.query(`create role ${role} login password '${passwordOf(server)}'`)
  await admin.query(`create database ${draft} owner ${role}`)
  const database = openDatabase({ url: urlFor(server, draft), max: 1 })
  try {
    await migrate(database, migrations)
  } finally {
    await database.close()
  }
  await admin.query(`alter database ${draft} rename to ${escapeIdentifier(template)}`)
}

async function administer(server: string, work: (admin: Client) => Promise<void>) {
  const admin = new Client({ connectionString: server })
  await admin.connect()
  try {
    await work(admin)
  } finally {
    await admin.end()
  }
}

const passwordOf = (server: string) => decodeURIComponent(new URL(server).password)

function urlFor(server: string, database: string) {
  const url = new URL(server)
  url.username = role
  url.pathname = `/${database}`
  return url.href
}
