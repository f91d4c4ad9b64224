import assert from 'node:assert/strict'
import { test } from 'node:test'
import { race } from '@althing/kernel/testing'
import { Registry } from '@althing/kernel/telemetry'
import { addAccount, testIdentity } from '../../../tests/support/identity.ts'
import { compose, type IdentityKit } from '../compose.ts'
import type { SecurityAlert } from '../contract.ts'
import { createMetrics } from '../metrics.ts'
import type { NewAlert } from './schema.ts'

const service = await testIdentity()
const { alerts } = compose(service.kit as unknown as IdentityKit, createMetrics(new Registry()))
const officer = 'acc_00000000-0000-7000-8000-00000000aaaa'

test('the same thing seen again is the same line, counted, at its gravest and with all that speaks for it', async () => {
  const account = await addAccount(service, { email: 'same@example.org' })
  const seen: NewAlert = { ...sighting, account, network: '203.0.113.7', at: at(0) }
  await alerts.raise(seen)
  await alerts.raise({ ...seen, severity: 'high', signals: ['velocity'], network: '198.51.100.9', at: at(1) })
  await alerts.raise({ ...seen, severity: 'low', signals: [], at: at(2) })
  await alerts.raise({ ...seen, at: at(2) })
  const [alert, ...others] = await alerts.list({ account }, '', 10)
  assert.deepEqual(others, [])
  assert.deepEqual(
    [alert?.count, alert?.severity, alert?.signals, alert?.network, alert?.firstSeen, alert?.lastSeen],
    [3, 'high', ['new-device', 'velocity'], '203.0.113.0/24', at(0), at(2)],
  )
  await alerts.raise({ ...seen, kind: 'blocked-sign-in', at: at(3) })
  assert.equal((await alerts.list({ account }, '', 10)).length, 2, 'another kind is another line')
})

test('of thirty-two that see it at the same moment one makes the line', async () => {
  const seen = { ...sighting, kind: 'many-accounts', account: null, network: '2001:db8:1:2::/64' } as const
  const { lost } = await race(32, async (runner, ready) => {
    await ready()
    await alerts.raise({ ...seen, at: at(runner) })
  })
  assert.deepEqual(lost, [])
  const rows = await service.kit.database.query(
    `select network, count(*)::int as lines from security_alert where kind = 'many-accounts' group by network`,
  )
  assert.deepEqual(rows, [{ network: '2001:db8:1::/48', lines: 1 }])
})

test('what was resolved stays resolved when the same is looked at again; what comes later is a new alert', async () => {
  const seen: NewAlert = {
    ...sighting,
    kind: 'many-accounts',
    account: null,
    network: '192.0.2.7',
    at: at(0),
  }
  await alerts.raise(seen)
  const [first] = (await open()).filter(({ network }) => network === '192.0.2.0/24')
  await alerts.resolve(first?.id ?? '', 'Our own test of the network', 'person:x')
  await alerts.raise(seen)
  const lines = async () => (await open()).filter(({ network }) => network === '192.0.2.0/24')
  assert.deepEqual(await lines(), [])
  await alerts.raise({ ...seen, at: at(1) })
  assert.equal((await lines()).length, 1)
  assert.notEqual((await lines())[0]?.id, first?.id)
})

test('an alert is resolved with a reason, once, and it stands in the audit log who did', async () => {
  const account = await addAccount(service, { email: 'resolve@example.org' })
  await alerts.raise({ ...sighting, account, network: null, at: at(0) })
  const [alert] = await alerts.list({ account }, '', 1)
  const path = `/api/identity/alerts/${alert?.id}`
  for (const body of [{}, { reason: '' }, { reason: '  ' }, { reason: 'ok' }, { reason: 'x'.repeat(501) }])
    assert.ok(
      [400, 422].includes((await call('POST', `${path}/resolve`, { body })).status),
      JSON.stringify(body),
    )
  assert.equal((await alerts.show(alert?.id ?? '')).alert.state, 'open')

  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, n) => call('POST', `${path}/resolve`, { body: { reason: `Reason ${n}` } })),
  )
  const won = answers.filter(({ status }) => status === 200)
  assert.equal(won.length, 1)
  for (const { status, body } of answers.filter((one) => !won.includes(one)))
    assert.deepEqual([status, body['code']], [409, 'identity.alerts.resolved'])
  const { body } = await call('GET', path)
  assert.deepEqual(
    [body['state'], body['resolvedBy'], body['reason']],
    ['resolved', `person:${officer}`, won[0]?.body['reason']],
  )
  const audited = await service.kit.database.query(
    `select actor, target_id as id from audit_entry where action = 'alerts.resolved' and target_id = $1`,
    [alert?.id],
  )
  assert.deepEqual(audited, [{ actor: `person:${officer}`, id: alert?.id }])
})

test('members, election managers and strangers read no alert and resolve none; what is not there is not there', async () => {
  const account = await addAccount(service, { email: 'private@example.org' })
  await alerts.raise({ ...sighting, account, network: null, at: at(0) })
  const [alert] = await alerts.list({ account }, '', 1)
  const path = `/api/identity/alerts/${alert?.id}`
  for (const roles of [[], ['member'], ['election-manager']])
    for (const [method, at_, body] of [
      ['GET', '/api/identity/alerts', undefined],
      ['GET', path, undefined],
      ['POST', `${path}/resolve`, { reason: 'A reason' }],
    ] as const)
      assert.equal((await call(method, at_, { roles, body })).status, 403, `${roles.join()} ${at_}`)
  assert.equal((await fetch(`${service.origin}/api/identity/alerts`)).status, 401)
  const nowhere = '/api/identity/alerts/alr_00000000-0000-7000-8000-000000000000'
  assert.equal((await call('GET', nowhere)).status, 404)
  assert.equal((await call('POST', `${nowhere}/resolve`, { body: { reason: 'A reason' } })).status, 404)
  assert.ok((await call('GET', '/api/identity/alerts/nonsense')).status >= 400)
})

test('a list is turned page by page, the latest first, and shows only what is asked for', async () => {
  const made: string[] = []
  for (let n = 0; n < 5; n += 1) {
    const account = await addAccount(service, { email: `page${n}@example.org` })
    await alerts.raise({
      ...sighting,
      severity: 'low',
      kind: 'refresh-reuse',
      account,
      network: null,
      at: at(n),
    })
    made.unshift(account)
  }
  const seen: (string | null)[] = []
  let before: string | null = ''
  while (before !== null) {
    const query = new URLSearchParams({ state: 'open', severity: 'low', limit: '2', before }).toString()
    const { body } = await call('GET', `/api/identity/alerts?${query}`)
    seen.push(...(body['alerts'] as SecurityAlert[]).map(({ account }) => account))
    before = body['next'] as string | null
  }
  assert.deepEqual(seen, made)
  assert.ok((await call('GET', '/api/identity/alerts?state=hidden')).status >= 400)
})

test('an account that is erased takes its alerts with it, and a resolved one goes after its time', async () => {
  const account = await addAccount(service, { email: 'gone@example.org' })
  await alerts.raise({ ...sighting, account, network: null, at: at(0) })
  await service.kit.database.query('delete from account where id = $1', [account])
  assert.deepEqual(await alerts.list({ account }, '', 10), [])
  const count = async () =>
    (await service.kit.database.query(`select from security_alert where state = 'resolved'`)).length
  assert.ok((await count()) > 0)
  await service.kit.database.query(
    `update security_alert set resolved_at = now() - interval '366 days' where state = 'resolved'`,
  )
  await alerts.sweep()
  assert.equal(await count(), 0)
})

test('an open alert that nobody saw again for so long is resolved by the service, with the reason, and stands in the audit log', async () => {
  const [old, young] = [
    await addAccount(service, { email: 'old@example.org' }),
    await addAccount(service, { email: 'young@example.org' }),
  ]
  const days = (count: number) => new Date(Date.now() - count * 86_400_000)
  await alerts.raise({ ...sighting, account: old, network: null, at: days(366) })
  await alerts.raise({ ...sighting, account: young, network: null, at: days(366) })
  await alerts.raise({ ...sighting, account: young, network: null, at: days(364) })
  await alerts.sweep()
  const [closed] = await alerts.list({ account: old }, '', 10)
  assert.deepEqual(
    [closed?.state, closed?.resolvedBy, closed?.reason],
    ['resolved', 'service:identity', 'Not seen again for 365 days'],
  )
  assert.equal((await alerts.list({ account: young }, '', 10))[0]?.state, 'open')
  const audited = await service.kit.database.query(
    `select actor from audit_entry where action = 'alerts.resolved' and target_id = $1`,
    [closed?.id],
  )
  assert.deepEqual(audited, [{ actor: 'service:identity' }])
})

const sighting: Omit<NewAlert, 'at' | 'account' | 'network'> = {
  kind: 'unusual-sign-in',
  severity: 'medium',
  signals: ['new-device'],
}
const at = (second: number) => new Date(Date.UTC(2026, 2, 2, 12, 0, second))
const open = () => alerts.list({ state: 'open' }, '', 200)

async function call(
  method: string,
  path: string,
  { roles = ['administrator'], body }: { roles?: readonly string[]; body?: unknown } = {},
) {
  const token = service.issuer.token(
    { subject: officer, roles },
    { iss: service.origin, aud: `${service.origin}/api` },
  )
  const answer = await fetch(`${service.origin}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}
