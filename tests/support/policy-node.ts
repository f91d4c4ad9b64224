/** One more node of a decision point that runs elsewhere, as a process of its own, so that it can be killed. */
import { policy } from '../../services/policy/service.ts'
import { testService, type TestService } from './service.ts'

const { like, env } = JSON.parse(process.argv[2] ?? '{}') as {
  like: TestService
  env: Record<string, string>
}
const node = await testService(policy, { like: { ...like, nodes: [] }, listen: true, env })
process.once('disconnect', () => process.exit(0))
process.send?.({ origin: node.addresses.main })
