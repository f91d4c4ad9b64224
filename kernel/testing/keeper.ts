import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'
import { FolderInUse, startEmbedded } from '../db/embedded.ts'

/** The process behind `testServer`: keeps a throw-away server for the test files of one checkout, and ends when nobody uses it. */
const folder = process.argv[2] ?? ''
const idleSeconds = 120

try {
  await keep()
} catch (error) {
  if (!(error instanceof FolderInUse)) throw error
}

async function keep() {
  const server = await startEmbedded({ folder, durability: 'none', onExit: () => process.exit(1) })
  const announcement = join(folder, 'url')
  writeFileSync(announcement, server.superuserUrl(), { mode: 0o600 })
  try {
    await untilUnused(server.superuserUrl())
  } finally {
    rmSync(announcement, { force: true })
    await server.stop()
  }
}

async function untilUnused(url: string) {
  const client = new Client({ connectionString: url })
  await client.connect()
  for (let idle = 0; idle < idleSeconds;) {
    await pause(5_000)
    const { rowCount } = await client.query(
      `select from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    )
    idle = rowCount === 0 ? idle + 5 : 0
  }
  await sweep(client)
  await client.end()
}

/** What killed test files left behind; templates stay. */
async function sweep(client: Client) {
  const { rows } = await client.query<{ datname: string }>(
    `select datname from pg_database where datname like 'test\\_%'`,
  )
  for (const { datname } of rows) await client.query(`drop database "${datname}" with (force)`)
}
