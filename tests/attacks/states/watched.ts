/** What somebody of the office looks at and settles at identity. */
import assert from 'node:assert/strict'
import { Registry } from '@althing/kernel/telemetry'
import { compose, type IdentityKit } from '../../../services/identity/compose.ts'
import { createMetrics } from '../../../services/identity/metrics.ts'
import type { TestIdentity } from '../../support/identity.ts'
import { askerAt, nobodys, right, type Thing, type Things } from './things.ts'

const base = '/api/identity'
const chief = { kind: 'person', name: 'superadmin', roles: ['superadmin'] } as const

export function alertsThings(service: TestIdentity): Things {
  const { alerts } = compose(service.kit as unknown as IdentityKit, createMetrics(new Registry()))
  let networks = 0
  /** No route makes an alert: whatever sees something raises it so. */
  async function raised(): Promise<Thing> {
    networks += 1
    const network = `198.51.${networks}.7`
    await alerts.raise({
      kind: 'many-accounts',
      severity: 'medium',
      signals: ['velocity'],
      account: null,
      network,
      at: service.kit.clock.now(),
    })
    const found = (await alerts.list({ state: 'open' }, '', 200)).find(
      (one) => one.network === `198.51.${networks}.0/24`,
    )
    return { params: { id: found?.id ?? assert.fail('Nothing was raised.') } }
  }
  return {
    name: 'alert',
    service,
    look: `${base}/alerts/:id`,
    make: {
      open: raised,
      resolved: async () => {
        const one = await raised()
        const path = `${base}/alerts/${one.params['id']}/resolve`
        right(await askerAt(service, chief).send('POST', path, { reason: 'It was us.' }))
        return one
      },
      none: async () => ({ params: { id: `alr_${nobodys}` } }),
    },
    sent: { [`POST ${base}/alerts/:id/resolve`]: () => ({ body: { reason: 'It was us.' } }) },
  }
}
