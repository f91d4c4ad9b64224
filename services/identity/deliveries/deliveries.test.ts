import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { createBrowser, addAccount, testIdentity } from '../../../tests/support/identity.ts'
import { counted } from '../../../tests/support/counted.ts'

/** A carrier as the mailbox of demonstrations, that can be away and can be strict. */
const carrier = { status: 202, got: [] as { to: string; subject: string }[] }
const server = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk: Buffer) => (body += chunk.toString()))
  request.on('end', () => {
    if (carrier.status === 202) carrier.got.push(JSON.parse(body) as { to: string; subject: string })
    response.writeHead(carrier.status).end()
  })
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
after(() => server.close())
const mailUrl = `http://127.0.0.1:${(server.address() as { port: number }).port}/outbox`

const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const key = publicKey.export({ type: 'spki', format: 'der' }).toString('base64')
const service = await testIdentity({
  env: { ALTHING_IDENTITY_MAIL_URL: mailUrl, ALTHING_IDENTITY_MAIL_EVENTS_KEY: key },
})
const admin = { subject: 'acc_00000000-0000-7000-8000-00000000000a', roles: ['administrator'] }
const member = { subject: 'acc_00000000-0000-7000-8000-00000000000b', roles: ['member'] }

const get = async <T>(path: string): Promise<T> =>
  (await (await service.asPerson(admin, 'GET', `/api/identity/mail${path}`)).json()) as T
const post = (path: string, body: unknown = {}, person: typeof admin = admin) => {
  const token = service.issuer.token(person, { iss: service.origin, aud: `${service.origin}/api` })
  return fetch(`${service.origin}/api/identity/mail${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
  })
}
type Line = {
  id: string
  state: string
  address: string
  account: string | null
  tries: number
  subject: string
}
const lines = async (of = '') => (await get<{ deliveries: Line[] }>(`/deliveries${of}`)).deliveries
const held = async () =>
  (await get<{ suppressions: { address: string; reason: string }[] }>('/suppressions')).suppressions

/** A letter goes out because somebody has forgotten their password. */
async function letterTo(email: string): Promise<void> {
  const browser = createBrowser(service.origin)
  await browser.submit(await (await browser.go('/recover')).text(), 'recover', { email })
}

async function until<T>(look: () => Promise<T>, isThere: (found: T) => boolean): Promise<T> {
  for (let n = 0; n < 250; n += 1) {
    const found = await look()
    if (isThere(found)) return found
    await pause(20)
  }
  return look()
}
const lineOf = async (address: string, state: string) =>
  (await until(lines, (found) => found.some((one) => one.address === address && one.state === state))).find(
    (one) => one.address === address,
  )

interface Sending {
  readonly at?: number
  readonly signedBy?: typeof privateKey
  readonly altered?: string
}
function tell(
  events: unknown,
  { at = Math.floor(Date.now() / 1000), signedBy = privateKey, altered = '' }: Sending = {},
) {
  const body = JSON.stringify(events)
  const signature = sign('sha256', Buffer.from(`${at}${body}`), signedBy).toString('base64')
  return fetch(`${service.origin}/api/identity/mail/events`, {
    method: 'POST',
    body: `${body}${altered}`,
    headers: {
      'content-type': 'application/json',
      'x-twilio-email-event-webhook-signature': signature,
      'x-twilio-email-event-webhook-timestamp': String(at),
    },
  })
}
const now = () => Math.floor(Date.now() / 1000)

test('a letter leaves a line: to whom, about what, and that the carrier took it; its words are nowhere', async () => {
  const account = await addAccount(service, { email: 'one@example.org' })
  await letterTo('one@example.org')
  const line = await lineOf('one@example.org', 'sent')
  assert.deepEqual([line?.account, line?.tries], [account, 1])
  assert.ok((line?.subject ?? '').length > 0)
  const [row] = await service.kit.database.query<{ text: string }>(
    `select string_agg(row_to_json(d)::text, ' ') as text from delivery d where address = 'one@example.org'`,
  )
  assert.doesNotMatch(row?.text ?? '', /https?:|recover\?/)
  assert.equal((await lines(`?account=${account}`)).length, 1)
  assert.equal((await lines('?state=bounced')).length, 0)
})

test('a carrier that is away leaves one line for all tries, and a letter in the queue that can be sent again', async () => {
  const account = await addAccount(service, { email: 'away@example.org' })
  carrier.status = 503
  await letterTo('away@example.org')
  await lineOf('away@example.org', 'failed')
  type Queued = { id: string; job: string; state: string; account: string | null }
  const queue = async () => (await get<{ letters: Queued[] }>('/queue')).letters
  const [letter] = await until(queue, (found) => found.some(({ state }) => state === 'failing'))
  assert.deepEqual([letter?.job, letter?.account], ['identity.recover', account])
  carrier.status = 202
  assert.equal((await post(`/queue/${letter?.id}/retry`)).status, 200)
  const line = await lineOf('away@example.org', 'sent')
  assert.equal(line?.tries, 2, 'the same line')
  assert.equal((await post(`/queue/${letter?.id}/retry`)).status, 404, 'it has gone out')
  const audit = await service.kit.database.query(
    `select actor from audit_entry where action = 'jobs.retried' and target_id = $1`,
    [letter?.id],
  )
  assert.deepEqual(audit, [{ actor: `person:${admin.subject}` }])
})

test('what came back for good is not sent to again, until the office lets letters go', async () => {
  const account = await addAccount(service, { email: 'gone@example.org' })
  await letterTo('gone@example.org')
  const line = await lineOf('gone@example.org', 'sent')
  const bounce = {
    event: 'bounce',
    type: 'bounce',
    email: 'Gone@example.org',
    timestamp: now(),
    reason: '550 5.1.1 No such user',
    letter: line?.id,
    sg_event_id: 'e1',
  }
  for (let n = 0; n < 2; n += 1)
    assert.equal((await tell([bounce])).status, 204, 'telling it twice is telling it once')
  assert.equal((await lineOf('gone@example.org', 'bounced'))?.id, line?.id)
  assert.deepEqual(
    (await held()).map(({ address, reason }) => [address, reason]),
    [['gone@example.org', 'bounced']],
  )
  const before = carrier.got.length
  await letterTo('gone@example.org')
  await lineOf('gone@example.org', 'suppressed')
  assert.equal(carrier.got.length, before, 'nothing went out')
  assert.equal((await post('/suppressions/lift', { address: 'gone@example.org' })).status, 200)
  assert.equal((await post('/suppressions/lift', { address: 'gone@example.org' })).status, 404)
  await letterTo('gone@example.org')
  await lineOf('gone@example.org', 'sent')
  const audit = await service.kit.database.query(
    `select action, actor, target_id from audit_entry where action like 'mail.%' order by at`,
  )
  assert.deepEqual(audit, [
    { action: 'mail.suppressed', actor: 'carrier', target_id: line?.id },
    { action: 'mail.suppression-lifted', actor: `person:${admin.subject}`, target_id: account },
  ])
})

test('what the carrier tells counts by its time: delivered is not put off again, a complaint holds back, a blocked one does not', async () => {
  await addAccount(service, { email: 'two@example.org' })
  await letterTo('two@example.org')
  const letter = (await lineOf('two@example.org', 'sent'))?.id
  const event = (name: string, timestamp: number, more = {}) => ({
    event: name,
    email: 'two@example.org',
    timestamp,
    letter,
    ...more,
  })
  await tell([
    event('processed', now()),
    event('delivered', now()),
    event('deferred', now()),
    event('open', now()),
  ])
  assert.equal((await lineOf('two@example.org', 'delivered'))?.state, 'delivered')
  await tell([event('bounce', now() - 60, { type: 'bounce' })])
  assert.equal(
    (await lineOf('two@example.org', 'delivered'))?.state,
    'delivered',
    'an older word changes nothing',
  )
  await service.kit.database.query(`delete from mail_suppression`)
  await tell([event('bounce', now() + 1, { type: 'blocked', reason: 'Try later' })])
  assert.deepEqual(await held(), [])
  await tell([event('spamreport', now() + 2)])
  assert.equal((await held())[0]?.reason, 'complained')
  await service.kit.database.query(`delete from mail_suppression`)
  await tell([
    event('dropped', now() + 3, { reason: 'Bounced Address' }),
    { ...event('dropped', now() + 3, { reason: 'Invalid' }), email: 'x@example.org' },
    {
      ...event('dropped', now() + 3, { reason: 'Recipient List over Package Quota' }),
      email: 'y@example.org',
    },
  ])
  assert.deepEqual((await held()).map(({ address, reason }) => `${address} ${reason}`).toSorted(), [
    'two@example.org bounced',
    'x@example.org invalid',
  ])
})

test('whoever is not the carrier is not heard: unsigned, altered, old, by another key, or of another form', async () => {
  const event = [{ event: 'bounce', type: 'bounce', email: 'victim@example.org', timestamp: now() }]
  const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const refused: [what: string, answer: Promise<Response>, status: number][] = [
    ['by another key', tell(event, { signedBy: stranger }), 403],
    ['altered', tell(event, { altered: ' ' }), 403],
    ['old', tell(event, { at: now() - 3600 }), 403],
    ['from the future', tell(event, { at: now() + 3600 }), 403],
    [
      'unsigned',
      fetch(`${service.origin}/api/identity/mail/events`, {
        method: 'POST',
        body: JSON.stringify(event),
        headers: { 'content-type': 'application/json' },
      }),
      403,
    ],
    [
      'a form',
      fetch(`${service.origin}/api/identity/mail/events`, {
        method: 'POST',
        body: new URLSearchParams({ a: 'b' }),
      }),
      415,
    ],
    ['of another form', tell({ event: 'bounce' }), 400],
    ['too large', tell([{ ...event[0], padding: 'x'.repeat(1_100_000) }]), 413],
  ]
  for (const [what, answer, status] of refused) assert.equal((await answer).status, status, what)
  assert.ok((await held()).every(({ address }) => address !== 'victim@example.org'))
  const deaf = await testIdentity({ env: { ALTHING_IDENTITY_MAIL_URL: mailUrl } })
  const answer = await fetch(`${deaf.origin}/api/identity/mail/events`, {
    method: 'POST',
    body: '[]',
    headers: { 'content-type': 'application/json' },
  })
  assert.equal(answer.status, 404)
})

test('letters are for administrators to see; members and officers of elections are refused', async () => {
  for (const person of [member, { ...member, roles: ['election-manager'] }]) {
    for (const path of ['/queue', '/deliveries', '/suppressions'])
      assert.equal((await service.asPerson(person, 'GET', `/api/identity/mail${path}`)).status, 403, path)
    assert.equal((await post('/queue/1/retry', {}, person)).status, 403)
    assert.equal((await post('/suppressions/lift', { address: 'a@example.org' }, person)).status, 403)
  }
  assert.equal((await post('/queue/no-number/retry')).status, 400)
  assert.equal((await post('/suppressions/lift', { address: 'no address' })).status, 400)
})

test('a letter of another kind than those of mail cannot be begun anew here, and what is old is forgotten', async () => {
  const [job] = await service.kit.database.query<{ id: string }>(
    `select (graphile_worker.add_job('identity.look-up-password', '{}'::json, run_at => now() + interval '1 day')).id::text as id`,
  )
  assert.equal((await post(`/queue/${job?.id}/retry`)).status, 404)
  const before = (await counted(service))['id_deliveries_total{channel="mail",state="sent"}'] ?? 0
  assert.ok(before > 0)
  await service.kit.database.query(`update delivery set began_at = now() - interval '31 days'`)
  const { createDeliveryStore } = await import('./store.ts')
  await createDeliveryStore(service.kit.database).sweep(new Date(Date.now() - 30 * 86_400_000))
  assert.deepEqual(await lines(), [])
})
