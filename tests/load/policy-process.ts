/** The decision point as a process of its own: what it spends is its own, and no client's. */
import { createLog } from '@althing/kernel/telemetry'
import { policy } from '../../services/policy/service.ts'
import { policyOffice } from '../support/policy-office.ts'
import { testService } from '../support/service.ts'
import { answerSpent } from './answer-spent.ts'

export interface PolicyGiven {
  readonly policies: string
  readonly env?: Readonly<Record<string, string>>
}

const { policies, env = {} } = JSON.parse(process.argv[2] ?? '{}') as PolicyGiven
const service = await testService(policy, { listen: true, env, log: createLog({ service: 'policy' }) })
await policyOffice(service).publish({ policies })
const machine = { kind: 'machine', scope: 'access.evaluate entities.write' }
answerSpent({
  origin: service.addresses.main,
  token: service.issuer.token({ subject: 'svc_bench' }, machine),
})
