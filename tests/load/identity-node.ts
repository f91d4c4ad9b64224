/** One more node of an identity that runs elsewhere, as a process of its own: it ends as a deployment ends it, by SIGTERM and in order. */
import type { TestIdentity } from '../support/identity.ts'
import { testIdentity } from '../support/identity.ts'

const { like, issuer } = JSON.parse(process.argv[2] ?? '{}') as { like: TestIdentity; issuer: string }
const node = await testIdentity({ like: { ...like, nodes: [] }, origin: issuer, jwksFromSelf: true })

process.once('SIGTERM', () => void node.close().then(() => process.exit(0)))
process.once('disconnect', () => process.exit(0))
process.send?.({ origin: node.origin })
