/**
 * Identity as a process of its own, as it is in production: what it spends is its own, and no client's. Whoever starts it hears where it is,
 * and may ask what it has spent so far.
 */
import { Client } from 'pg'
import { createLog } from '@althing/kernel/telemetry'
import type { ClientWords } from '../../services/identity/clients/schema.ts'
import { testIdentity } from '../support/identity.ts'
import { addClient, addResource } from '../support/protocol.ts'
import { answerSpent } from './answer-spent.ts'

export interface IdentityGiven {
  readonly env: Readonly<Record<string, string>>
  readonly applications?: Readonly<Record<string, ClientWords>>
}

let statements = 0
countStatements()

const { env, applications = {} } = JSON.parse(process.argv[2] ?? '{}') as IdentityGiven
const service = await testIdentity({ env, log: createLog({ service: 'identity' }) })
if (Object.keys(applications).length > 0) await addResource(service)
const secrets: Record<string, string> = {}
for (const [id, words] of Object.entries(applications)) secrets[id] = await addClient(service, id, words)
answerSpent({ origin: service.origin, databaseUrl: service.url, secrets }, () => statements)

/** Where all of them come by, those of a transaction's beginning and end included. */
function countStatements(): void {
  const client = Client.prototype as unknown as { query: (...given: unknown[]) => unknown }
  const { query } = client
  client.query = function (...given: unknown[]) {
    statements += 1
    return query.apply(this, given)
  }
}
