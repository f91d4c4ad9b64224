import { sha256, toBase64url } from '@althing/kernel/crypto'
import { issuing, ok, sealing, testBox } from '../../support/elections.ts'
import { nobodys, type Thing, type Things } from './things.ts'

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString()

export async function electionsThings(): Promise<Things> {
  const box = await testBox()
  const { admin, draft, opened, tally } = box
  const step = (id: string, verb: string, body?: unknown) => ok(admin('POST', `/${id}/${verb}`, body))
  const at = (id: string): Thing => ({ params: { id } })

  async function moved(begin: () => Promise<{ readonly id: string }>, ...verbs: readonly string[]) {
    const { id } = await begin()
    for (const verb of verbs) await step(id, verb)
    return at(id)
  }
  const publishing = async () => {
    const { id } = await draft()
    await step(id, 'open', {})
    return { id }
  }
  const tallied = async () => {
    const { params } = await moved(opened, 'close')
    await ok(tally(params['id'] ?? ''))
    return { id: params['id'] ?? '' }
  }
  const { publicKey } = await issuing
  const { privateKey } = await sealing
  const issuance = {
    kind: 'ready',
    // Another roll than the one that elections are published with here.
    roll_root: toBase64url(sha256(new Uint8Array(1))),
    slots: [{ id: '1', classes: [{ id: 'full', weight: 1, entitled: 20, issuing_key: publicKey }] }],
  }

  return {
    name: 'election',
    service: box.service,
    look: '/api/admin/elections/:id',
    make: {
      draft: () => moved(draft),
      'hidden draft': () => moved(draft, 'hide'),
      publishing: () => moved(publishing),
      refused: async () => {
        const { id } = await publishing()
        const said = { kind: 'refused', code: 'events.rolls.nobody' }
        await ok(box.service.asService('events', 'PUT', `/internal/elections/${id}/issuance`, said))
        return at(id)
      },
      published: () => moved(() => opened({ scheduled_start: inAnHour() })),
      open: () => moved(opened),
      'hidden open': () => moved(opened, 'hide'),
      paused: () => moved(opened, 'pause'),
      closed: () => moved(opened, 'close'),
      tallied: () => moved(tallied),
      archived: () => moved(tallied, 'archive'),
      cancelled: () => moved(opened, 'cancel'),
      'cancelled draft': () => moved(draft, 'cancel'),
      none: async () => at(nobodys),
    },
    sent: {
      'PATCH /api/admin/elections/:id': () => ({ body: { title: 'Ritarakjör' } }),
      'PATCH /api/admin/elections/:id with a description': () => ({ body: { description: 'Á aðalfundi' } }),
      'POST /api/admin/elections/:id/open': () => ({ body: {} }),
      'POST /api/admin/elections/:id/tally': () => ({ body: { private_key: toBase64url(privateKey) } }),
      'PUT /internal/elections/:id/issuance': () => ({ body: issuance }),
      'PUT /internal/elections/:id/issued': () => ({
        body: { issued: [{ slot: '1', class: 'full', issued: 3 }] },
      }),
    },
  }
}
