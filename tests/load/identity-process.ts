/**
 * Identity as a process of its own, as it is in production: what it spends is its own, and no client's. Whoever starts it hears where it is,
 * and may ask what it has spent so far.
 */
import { Client } from 'pg'
import { createLog } from '@althing/kernel/telemetry'
import { testIdentity } from '../support/identity.ts'

let statements = 0
countStatements()

const env = JSON.parse(process.argv[2] ?? '{}') as Record<string, string>
const { origin, url } = await testIdentity({ env, log: createLog({ service: 'identity' }) })

process.on('message', () => {
  const { user, system } = process.cpuUsage()
  process.send?.({ cpuMs: (user + system) / 1000, statements })
})
process.once('disconnect', () => process.exit(0))
process.send?.({ origin, databaseUrl: url })

/** Where all of them come by, those of a transaction's beginning and end included. */
function countStatements(): void {
  const client = Client.prototype as unknown as { query: (...given: unknown[]) => unknown }
  const { query } = client
  client.query = function (...given: unknown[]) {
    statements += 1
    return query.apply(this, given)
  }
}
