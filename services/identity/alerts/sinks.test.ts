/** Where alerts are told: as a strict receiver sees it, once, and when nobody is there. */
import assert from 'node:assert/strict'
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { Secret } from '@althing/kernel/config'
import { queuedJobs } from '@althing/kernel/jobs'
import { createBreakers } from '@althing/kernel/resilience'
import { Registry } from '@althing/kernel/telemetry'
import { createTestClock, until } from '@althing/kernel/testing'
import { addAccount, testIdentity, type TestIdentity } from '../../../tests/support/identity.ts'
import { testMailbox } from '../../../tests/support/mailbox.ts'
import { compose, type IdentityKit } from '../compose.ts'
import { createMetrics } from '../metrics.ts'
import type { Alert, NewAlert } from './schema.ts'
import { signed } from './signature.ts'
import { createSinks } from './sinks.ts'

const secretOf = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString('base64')}`
const [ours, next, wrong] = [secretOf(1), secretOf(2), secretOf(3)]

test('a webhook is signed so that a strict receiver accepts it, and knows another secret, another body or another time', async () => {
  const hook = await receiver()
  await sinks({ webhook: hook.url, secret: ours }).get('webhook')?.send(alert)
  const [{ headers, body } = { headers: {}, body: '' }] = hook.got
  assert.equal(isSigned(headers, body, ours), true)
  assert.equal(isSigned(headers, body, wrong), false)
  assert.equal(isSigned(headers, body.replace('high', 'low'), ours), false)
  assert.equal(isSigned({ ...headers, 'webhook-timestamp': '1' }, body, ours), false)
  assert.equal(isSigned({ ...headers, 'webhook-id': 'alr_other' }, body, ours), false)
  assert.equal(headers['webhook-id'], alert.id)
  assert.equal(headers['webhook-timestamp'], String(Date.parse('2026-03-02T12:00:00Z') / 1000))
  const { type, data } = JSON.parse(body) as { type: string; data: Record<string, unknown> }
  assert.deepEqual(
    [type, data['kind'], data['network'], data['link']],
    [
      'security_alert.opened',
      'blocked-sign-in',
      '203.0.113.0/24',
      `https://vote.example/admin/alerts/${alert.id}`,
    ],
  )
})

// https://github.com/standard-webhooks/standard-webhooks, the test vector that its libraries share.
test('the published vector of Standard Webhooks has the published signature', () => {
  const secret = new Secret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
  const at = new Date(1_614_265_330_000)
  const headers = signed('msg_p5jXN8AQM9LWM0D4loKWxJek', at, '{"test": 2432232314}', secret)
  assert.equal(headers['webhook-signature'], 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=')
})

test('while one secret takes the place of another both sign, and a receiver that knows either accepts it', async () => {
  const hook = await receiver()
  await sinks({ webhook: hook.url, secret: `${next} ${ours}` })
    .get('webhook')
    ?.send(alert)
  const [{ headers, body } = { headers: {}, body: '' }] = hook.got
  assert.deepEqual(
    [ours, next, wrong].map((secret) => isSigned(headers, body, secret)),
    [true, true, false],
  )
})

test('a chat is told in one line what and where, and never whose account it is or what is secret', async () => {
  const hook = await receiver()
  await sinks({ chat: hook.url }).get('chat')?.send(alert)
  const said = JSON.parse(hook.got[0]?.body ?? '{}') as Record<string, string>
  assert.deepEqual(Object.keys(said), ['text'])
  assert.equal(
    said['text'],
    `Félagið: A sign-in was refused because it looked dangerous (203.0.113.0/24), severity high. https://vote.example/admin/alerts/${alert.id}`,
  )
  assert.equal(hook.got[0]?.headers['webhook-signature'], undefined)
  assert.doesNotMatch(said['text'] ?? '', /acc_|@|whsec/)
})

test('a place that refuses, leads elsewhere or says nothing is a failure that names no address, and its breaker opens', async () => {
  const hook = await receiver()
  for (const status of [500, 404, 302]) {
    hook.status = status
    await assert.rejects(
      Promise.resolve(sinks({ chat: hook.url }).get('chat')?.send(alert)),
      (error: Error) => {
        assert.doesNotMatch(String(error.stack), /127\.0\.0\.1/)
        return true
      },
    )
  }
  const guarded = sinks({ chat: 'http://127.0.0.1:1/hook' }).get('chat')
  for (let n = 0; n < 5; n += 1) await assert.rejects(Promise.resolve(guarded?.send(alert)))
  await assert.rejects(Promise.resolve(guarded?.send(alert)), { code: 'kernel.resilience.broken' })
})

test('an alert is told once in every place; one that was away is told when it is back, and mail goes to each address', async () => {
  const [hook, chat, box] = [await receiver(), await receiver(), await testMailbox()]
  hook.status = 503
  const { service, alerts } = await running({
    ALTHING_IDENTITY_ALERT_WEBHOOK_URL: hook.url,
    ALTHING_IDENTITY_ALERT_WEBHOOK_SECRET: ours,
    ALTHING_IDENTITY_ALERT_CHAT_URL: chat.url,
    ALTHING_IDENTITY_ALERT_MAIL: 'one@example.org, two@example.org',
    ALTHING_IDENTITY_ALERT_LOCALE: 'en',
    ALTHING_IDENTITY_MAIL_URL: box.url,
  })
  const account = await addAccount(service)
  const seen = {
    kind: 'blocked-sign-in',
    severity: 'high',
    account,
    network: '203.0.113.7',
    signals: [],
  } as const
  await alerts.raise({ ...seen, at: new Date(1) })
  await alerts.raise({ ...seen, at: new Date(2) })
  await alerts.raise({ ...seen, kind: 'breached-password', severity: 'low', at: new Date(2) })
  await until(() => hook.got.length > 0)
  hook.status = 200
  const [{ id } = { id: '' }] = await alerts.list({ severity: 'high' }, '', 1)
  await until(async () => (await alerts.show(id)).deliveries.every(({ deliveredAt }) => deliveredAt !== null))
  assert.deepEqual((await alerts.show(id)).deliveries.map(({ sink }) => sink).sort(), [
    'chat',
    'mail',
    'mail',
    'webhook',
  ])
  assert.deepEqual(new Set(hook.got.map(({ headers }) => headers['webhook-id'])), new Set([id]))
  assert.equal(chat.got.length, 1, 'what is mild is told nobody, and what is seen again is not told again')
  assert.deepEqual(box.mails.map(({ to }) => to).sort(), ['one@example.org', 'two@example.org'])
  assert.match(box.mails[0]?.subject ?? '', /A sign-in was refused/)
  assert.doesNotMatch(box.mails[0]?.text ?? '', /acc_|ada@/)
  await alerts.tell({ alert: id, sink: 'chat' })
  assert.equal(chat.got.length, 1, 'a job that runs again finds it told')
})

test('a sending of which we did not hear is repeated under the same id, so that a receiver knows it', async () => {
  const hook = await receiver()
  const { service, alerts } = await running({
    ALTHING_IDENTITY_ALERT_WEBHOOK_URL: hook.url,
    ALTHING_IDENTITY_ALERT_WEBHOOK_SECRET: ours,
  })
  const account = await addAccount(service)
  await alerts.raise({
    kind: 'refresh-reuse',
    severity: 'high',
    account,
    network: null,
    signals: [],
    at: new Date(1),
  })
  const [{ id } = { id: '' }] = await alerts.list({}, '', 1)
  await until(async () => (await alerts.show(id)).deliveries[0]?.deliveredAt != null)
  await service.kit.database.query('update security_alert_delivery set delivered_at = null')
  await alerts.tell({ alert: id, sink: 'webhook' })
  assert.deepEqual(
    hook.got.map(({ headers, body }) => [headers['webhook-id'], isSigned(headers, body, ours)]),
    [
      [id, true],
      [id, true],
    ],
  )
})

test('a place that was away for longer than a job tries is told after all', async () => {
  const chat = await receiver()
  const { service, alerts } = await running({ ALTHING_IDENTITY_ALERT_CHAT_URL: chat.url })
  const account = await addAccount(service)
  chat.status = 500
  await alerts.raise({
    kind: 'refresh-reuse',
    severity: 'high',
    account,
    network: null,
    signals: [],
    at: new Date(1),
  })
  await until(() => chat.got.length === 1)
  chat.status = 200
  // As if the last of its tries had failed: nothing is in the queue any more.
  await service.kit.database.query(
    `select graphile_worker.complete_jobs(array_agg(id)) from graphile_worker._private_jobs`,
  )
  await alerts.sweep()
  assert.equal(chat.got.length, 1)
  await service.kit.database.query(`update security_alert_delivery set asked_at = now() - interval '4 days'`)
  await alerts.sweep()
  await until(() => chat.got.length === 2)
})

test('of more alerts in an hour than a place is told, one line says how many there are, and all stand in the feed', async () => {
  const [hook, chat, box] = [await receiver(), await receiver(), await testMailbox()]
  const { service, alerts } = await running({
    ALTHING_IDENTITY_ALERT_PER_HOUR: '3',
    ALTHING_IDENTITY_ALERT_WEBHOOK_URL: hook.url,
    ALTHING_IDENTITY_ALERT_WEBHOOK_SECRET: ours,
    ALTHING_IDENTITY_ALERT_CHAT_URL: chat.url,
    ALTHING_IDENTITY_ALERT_MAIL: 'one@example.org',
    ALTHING_IDENTITY_ALERT_LOCALE: 'en',
    ALTHING_IDENTITY_MAIL_URL: box.url,
  })
  const at = new Date()
  for (let n = 0; n < 10; n += 1) await alerts.raise(fromNetwork(`203.0.${n}.7`, at))
  await alerts.raise({ ...fromNetwork('198.51.100.7', at), severity: 'low' })
  await until(() => [hook.got, chat.got, box.mails].every(({ length }) => length === 3))
  assert.equal((await alerts.list({ severity: 'high' }, '', 50)).length, 10)

  const digests = await digestsOf(service)
  assert.equal(digests.length, 3, 'one for each place, at the end of the hour')
  assert.ok(digests.every(({ nextAt }) => nextAt > at && nextAt.getTime() % 3_600_000 === 0))
  const since = new Date(Math.floor(at.getTime() / 3_600_000) * 3_600_000).toISOString()
  const [{ sink } = { sink: '' }] = await service.kit.database.query<{ sink: string }>(
    `select distinct sink from security_alert_delivery where sink like 'mail %'`,
  )
  for (const name of ['webhook', 'chat', sink]) await alerts.tellUntold({ sink: name, since })
  const line =
    /: Security alerts that were not told here, because there were too many within an hour: 7\. http/
  assert.match(chat.got[3]?.body ?? '', line)
  assert.match(box.mails[3]?.text ?? '', line)
  const { type, data } = JSON.parse(hook.got[3]?.body ?? '{}') as Record<string, Record<string, unknown>>
  assert.deepEqual([type, data?.['count']], ['security_alert.untold', 7])
  assert.equal(isSigned(hook.got[3]?.headers ?? {}, hook.got[3]?.body ?? '', ours), true)
})

test('when the hour is over there is room again, and of what was settled or told meanwhile nobody says that it was not', async () => {
  const chat = await receiver()
  const { service, alerts } = await running({
    ALTHING_IDENTITY_ALERT_PER_HOUR: '1',
    ALTHING_IDENTITY_ALERT_CHAT_URL: chat.url,
  })
  const at = new Date()
  for (const n of [1, 2, 3]) await alerts.raise(fromNetwork(`203.0.${n}.7`, at))
  await until(() => chat.got.length === 1)
  await service.kit.database.query(
    `update security_alert_delivery set asked_at = now() - interval '61 minutes'`,
  )
  await alerts.raise(fromNetwork('203.0.2.7', new Date(at.getTime() + 1)))
  await until(() => chat.got.length === 2)
  const left = (await alerts.list({}, '', 10)).find(({ network }) => network === '203.0.3.0/24')
  await alerts.resolve(left?.id ?? '', 'Our own test', 'person:x')
  const since = new Date(Math.floor(at.getTime() / 3_600_000) * 3_600_000).toISOString()
  await alerts.tellUntold({ sink: 'chat', since })
  assert.equal(chat.got.length, 2)
})

test('a place that comes back after days is told what waited little by little', async () => {
  const { service, alerts } = await running({
    ALTHING_IDENTITY_ALERT_PER_HOUR: '2',
    ALTHING_IDENTITY_ALERT_CHAT_URL: (await receiver()).url,
  })
  for (const n of [1, 2]) await alerts.raise(fromNetwork(`203.0.${n}.7`, new Date()))
  await service.kit.database.query(
    `update security_alert_delivery set asked_at = now() - interval '61 minutes'`,
  )
  for (const n of [3, 4]) await alerts.raise(fromNetwork(`203.0.${n}.7`, new Date()))
  await service.kit.database.query(
    `update security_alert_delivery set asked_at = now() - interval '4 days', delivered_at = null`,
  )
  await alerts.sweep()
  await alerts.sweep()
  const [row] = await service.kit.database.query<{ again: number }>(
    `select count(*)::int as again from security_alert_delivery where asked_at > now() - interval '1 hour'`,
  )
  assert.equal(row?.again, 2)
})

test('settings that would tell alerts in the open, or unsigned, are refused at the start', async () => {
  const bad = [
    {
      ALTHING_IDENTITY_ALERT_WEBHOOK_URL: 'http://hooks.example/x',
      ALTHING_IDENTITY_ALERT_WEBHOOK_SECRET: ours,
    },
    {
      ALTHING_IDENTITY_ALERT_WEBHOOK_URL: 'https://hooks.example/x',
      ALTHING_IDENTITY_ALERT_WEBHOOK_SECRET: 'short',
    },
    { ALTHING_IDENTITY_ALERT_WEBHOOK_URL: 'https://hooks.example/x' },
    { ALTHING_IDENTITY_ALERT_CHAT_URL: 'ftp://chat.example/x' },
    { ALTHING_IDENTITY_ALERT_MAIL: 'not an address' },
  ]
  for (const env of bad) await assert.rejects(testIdentity({ env }), JSON.stringify(env))
})

const alert: Alert = {
  id: 'alr_00000000-0000-7000-8000-000000000001',
  kind: 'blocked-sign-in',
  severity: 'high',
  account: 'acc_00000000-0000-7000-8000-000000000002',
  network: '203.0.113.0/24',
  signals: ['new-device', 'velocity'],
  firstSeen: new Date('2026-03-02T11:59:00Z'),
  lastSeen: new Date('2026-03-02T11:59:30Z'),
  count: 2,
  state: 'open',
  resolvedAt: null,
  resolvedBy: null,
  reason: null,
}

/** As Standard Webhooks tells receivers to check: the id, the time and the body under the shared secret. */
function isSigned(headers: IncomingHttpHeaders, body: string, secret: string): boolean {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const expected = createHmac('sha256', key)
    .update(`${String(headers['webhook-id'])}.${String(headers['webhook-timestamp'])}.${body}`)
    .digest()
  return String(headers['webhook-signature'])
    .split(' ')
    .some((one) => {
      const [version, signature = ''] = one.split(',')
      const given = Buffer.from(signature, 'base64')
      return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected)
    })
}

function sinks({ webhook, secret = '', chat = '' }: { webhook?: string; secret?: string; chat?: string }) {
  const clock = createTestClock()
  const breakers = createBreakers(clock)
  return createSinks({
    clock,
    mail: { send: async () => {} },
    mailTo: [],
    webhook: webhook === undefined ? null : { url: webhook, secret: new Secret(secret) },
    chatUrl: new Secret(chat),
    breaker: (name) => breakers.breaker(name),
    locale: 'en',
    organisation: 'Félagið',
    url: 'https://vote.example',
  })
}

async function receiver() {
  const hook = { url: '', status: 200, got: [] as { headers: IncomingHttpHeaders; body: string }[] }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      hook.got.push({ headers: request.headers, body })
      response.writeHead(hook.status, { location: 'http://127.0.0.1:1/elsewhere' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => server.close())
  server.unref()
  hook.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`
  return hook
}

const fromNetwork = (network: string, at: Date): NewAlert => ({
  kind: 'many-accounts',
  severity: 'high',
  account: null,
  network,
  signals: [],
  at,
})

const digestsOf = async (service: TestIdentity) =>
  (await queuedJobs(service.kit.database)).filter(({ job }) => job === 'identity.alert-digest')

async function running(env: Readonly<Record<string, string>>) {
  const service = await testIdentity({ env })
  return { service, ...compose(service.kit as unknown as IdentityKit, createMetrics(new Registry())) }
}
