import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { Client } from 'pg'
import { startEmbedded } from '@althing/kernel/db/embedded.ts'
import { serviceNames } from '../../run/settings.ts'

/** The wall between the databases: one database and one role per service, and no way from one to another. */
test('a service reaches its own database and no other, in both directions and from every side', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'althing-walls-'))
  const server = await startEmbedded({ folder, roles: serviceNames, durability: 'none' })
  after(async () => {
    await server.stop()
    rmSync(folder, { recursive: true, force: true })
  })
  for (const role of serviceNames) {
    for (const database of [...serviceNames, 'postgres', 'template1']) {
      const outcome = await tryConnect(server.tcpUrlFor(role), database)
      assert.equal(outcome, role === database ? 'in' : '42501', `${role} at the database ${database}`)
    }
  }
})

/** @returns 'in', or the SQLSTATE of the refusal (42501: permission denied) */
async function tryConnect(url: string, database: string): Promise<string> {
  const target = new URL(url)
  target.pathname = `/${database}`
  const client = new Client({ connectionString: target.href })
  try {
    await client.connect()
    await client.end()
    return 'in'
  } catch (error) {
    return (error as { code?: string }).code ?? 'unknown'
  }
}
