import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testService } from '../../tests/support/service.ts'
import { policy } from './service.ts'

const question = (subject: string, action: string, resource: string) => ({
  subject: { type: 'Person', id: subject },
  action: { name: action },
  resource: { type: 'Election', id: resource },
})

test('an officer may open elections because identity said so, and a member may not whatever the asker claims', async () => {
  const service = await testService(policy)
  const roles = { person: 'acc_00000000-0000-7000-8000-000000000001', roles: ['election-manager'], stamp: 1 }
  const told = await service.asService('identity', 'POST', '/internal/messages', {
    id: crypto.randomUUID(),
    topic: 'identity.roles_changed',
    payload: roles,
  })
  assert.equal(told.status, 200)

  const asked = await service.asService(
    'portal',
    'POST',
    '/access/v1/evaluation',
    question(roles.person, 'elections.open', 'e1'),
  )
  assert.deepEqual(await asked.json(), {
    decision: true,
    context: { policies: ['election-managers-run-elections'], revision: '1.1' },
  })

  const claimed = { ...question('acc_00000000-0000-7000-8000-000000000002', 'elections.open', 'e1') }
  claimed.subject = { ...claimed.subject, properties: { roles: ['superadmin'] } } as never
  const refused = await service.asService('portal', 'POST', '/access/v1/evaluation', claimed)
  assert.deepEqual(await refused.json(), { decision: false, context: { policies: [], revision: '1.1' } })
})

test('nobody asks without saying who they are, and a stranger’s signature is worth nothing', async () => {
  const service = await testService(policy)
  const unsigned = await service.fetch(
    new Request('http://localhost:8080/access/v1/evaluation', {
      method: 'POST',
      body: JSON.stringify(question('a', 'b', 'c')),
      headers: { 'content-type': 'application/json' },
    }),
  )
  assert.equal(unsigned.status, 401)
  const person = await service.asPerson(
    { subject: 'acc_00000000-0000-7000-8000-000000000003', roles: ['member'] },
    'POST',
    '/access/v1/evaluation',
    question('a', 'b', 'c'),
  )
  assert.equal(person.status, 403)
})

test('a question that is none is answered with the fields that are not right', async () => {
  const service = await testService(policy)
  const answer = await service.asService('portal', 'POST', '/access/v1/evaluation', {
    subject: { type: 'Person' },
    action: 'open',
  })
  assert.equal(answer.status, 400)
  const told = await answer.text()
  assert.deepEqual(
    [...told.matchAll(/^(\/[^:]+):/gm)].map(([, pointer]) => pointer),
    ['/subject/id', '/action', '/resource'],
  )
})

test('only identity speaks about roles', async () => {
  const service = await testService(policy)
  const payload = { person: 'acc_00000000-0000-7000-8000-000000000001', roles: ['superadmin'], stamp: 9 }
  const answer = await service.asService('members', 'POST', '/internal/messages', {
    id: crypto.randomUUID(),
    topic: 'identity.roles_changed',
    payload,
  })
  assert.equal(answer.status, 422)
})

test('a service is given the bundle, and waits when there is nothing newer', async () => {
  const service = await testService(policy, { env: { ALTHING_POLICY_FEED_WAIT_MS: '20' } })
  const first = (await (
    await service.asService('events', 'GET', '/internal/policy/bundle?revision=0')
  ).json()) as { bundle: string }
  const { revision } = JSON.parse(first.bundle) as { revision: number }
  assert.equal(revision, 1)
  const again = await service.asService('events', 'GET', '/internal/policy/bundle?revision=1')
  assert.deepEqual(await again.json(), { unchanged: true })
})

test('a repeated signed call is refused', async () => {
  const service = await testService(policy)
  const { createSigner, signingKey } = await import('@althing/kernel/http')
  const { systemChance, systemClock } = await import('@althing/kernel/context')
  const signer = createSigner({
    service: 'events',
    key: signingKey(service.seeds['events'] ?? ''),
    clock: systemClock,
    chance: systemChance,
  })
  const path = '/internal/policy/bundle?revision=0'
  const headers = signer.headers({ method: 'GET', target: path, body: '' }, 'policy')
  const send = (target: string) => service.fetch(new Request(`http://localhost:8080${target}`, { headers }))
  assert.equal((await send(path)).status, 200)
  assert.equal((await send(path)).status, 401)
  assert.equal((await send('/internal/policy/bundle?revision=1')).status, 401)
})
