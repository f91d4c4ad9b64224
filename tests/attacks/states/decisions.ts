import type { TestService } from '../../support/service.ts'
import { until } from '@althing/kernel/testing'
import { askerAt, nobodys, right, type Thing, type Things } from './things.ts'

const path = '/api/policy/decisions'
const auditor = { kind: 'person', name: 'auditor', roles: ['auditor'] } as const

export function decisionsThings(service: TestService): Things {
  let asked = 0
  /** Somebody asks what nobody has asked before, and a moment later it is written down. */
  async function written(): Promise<Thing> {
    const id = `u${(asked += 1)}`
    await service.asService('portal', 'POST', '/access/v1/evaluation', {
      subject: { type: 'user', id },
      action: { name: 'read' },
      resource: { type: 'doc', id: 'd1' },
    })
    const look = async () =>
      right(await askerAt(service, auditor).send('GET', `${path}?subject=user::${id}`)) as unknown as {
        decisions: { id: string }[]
      }
    await until(async () => (await look()).decisions.length > 0)
    return { params: { id: (await look()).decisions[0]?.id ?? '' } }
  }
  return {
    name: 'decision',
    service,
    look: `${path}/:id`,
    make: { written, none: async () => ({ params: { id: nobodys } }) },
    sent: { [`POST ${path}/:id/replay`]: () => ({ body: { policies: 'then' } }) },
  }
}
