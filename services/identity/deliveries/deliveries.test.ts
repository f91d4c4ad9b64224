import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import { until } from '@althing/kernel/testing'
import { createBrowser, addAccount, signIn, testIdentity } from '../../../tests/support/identity.ts'
import { counted } from '../../../tests/support/counted.ts'
import { createDeliveries, isInForce } from './rules.ts'
import { holdDays, letterJobs } from './schema.ts'
import { createDeliveryStore } from './store.ts'

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

const first = <T>(look: () => Promise<T[]>, isThere: (found: T[]) => boolean): Promise<T[]> =>
  until(async () => {
    const found = await look()
    return isThere(found) && found
  })
const lineOf = (address: string, state: string) =>
  until(
    async () => (await lines()).find((one) => one.address === address && one.state === state),
    `the line of ${address}, ${state}`,
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
  const [letter] = await first(queue, (found) => found.some(({ state }) => state === 'failing'))
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
  const lifted = await post('/suppressions/lift', { address: 'gone@example.org' })
  assert.deepEqual(await lifted.json(), { done: true, carrier: 'without_lists' })
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
  const told = async () =>
    (await counted(service))['id_deliveries_total{channel="mail",state="delivered"}'] ?? 0
  const before = await told()
  await tell([event('delivered', now() - 1), event('bounce', now() - 60, { type: 'bounce' })])
  assert.equal((await lineOf('two@example.org', 'delivered'))?.state, 'delivered', 'an older word')
  assert.deepEqual([await held(), await told()], [[], before], 'changes nothing, and is not counted')
  await tell([event('bounce', now() + 1, { type: 'blocked', reason: 'Try later' })])
  assert.deepEqual(await held(), [])
  await tell([event('spamreport', now() + 2), event('spamreport', now() + 2)])
  assert.equal((await held())[0]?.reason, 'complained')
  assert.equal((await counted(service))['id_deliveries_total{channel="mail",state="complained"}'], 1)
})

test('what the carrier itself drops is held back where it is about the mailbox, and not where it is about us', async () => {
  const dropped = async (email: string, reason: string) => {
    await addAccount(service, { email })
    await letterTo(email)
    const letter = (await lineOf(email, 'sent'))?.id
    await tell([{ event: 'dropped', email, timestamp: now(), letter, reason }])
    return (await held()).find(({ address }) => address === email)?.reason
  }
  assert.equal(await dropped('x1@example.org', 'Bounced Address'), 'bounced')
  assert.equal(await dropped('x2@example.org', 'Invalid'), 'invalid')
  assert.equal(await dropped('x3@example.org', 'Recipient List over Package Quota'), undefined)
})

test('a word holds a mailbox back only when it is about a letter of ours that went there', async () => {
  await addAccount(service, { email: 'ours@example.org' })
  await letterTo('ours@example.org')
  const letter = (await lineOf('ours@example.org', 'sent'))?.id
  const bounce = { event: 'bounce', type: 'bounce', timestamp: now() }
  const none = [
    { ...bounce, email: 'ours@example.org' },
    { ...bounce, email: 'ours@example.org', letter: 'ltr_of-another-application' },
    { ...bounce, email: 'victim@example.org', letter },
    { ...bounce, event: 'spamreport', email: 'victim@example.org', letter },
  ]
  assert.equal((await tell(none)).status, 204)
  assert.deepEqual(
    (await held()).filter(({ address }) => /ours|victim/.test(address)),
    [],
  )
  assert.equal((await lineOf('ours@example.org', 'sent'))?.state, 'sent')
})

test('a late word from before the lift holds nothing back; one from after it does', async () => {
  await addAccount(service, { email: 'late@example.org' })
  const bounceOf = async (timestamp: number) => {
    const [line] = (await lines()).filter(({ address }) => address === 'late@example.org')
    return tell([{ event: 'bounce', type: 'bounce', email: 'late@example.org', timestamp, letter: line?.id }])
  }
  const isHeld = async () => (await held()).some(({ address }) => address === 'late@example.org')
  await letterTo('late@example.org')
  await lineOf('late@example.org', 'sent')
  await bounceOf(now() - 30)
  assert.ok(await isHeld())
  assert.equal((await post('/suppressions/lift', { address: 'late@example.org' })).status, 200)
  await bounceOf(now() - 20)
  assert.ok(!(await isHeld()))
  await bounceOf(now() + 5)
  assert.ok(await isHeld())
})

test('one event that is none costs no other, and is counted', async () => {
  await addAccount(service, { email: 'batch@example.org' })
  await letterTo('batch@example.org')
  const letter = (await lineOf('batch@example.org', 'sent'))?.id
  const right = { event: 'delivered', email: 'batch@example.org', timestamp: now(), letter }
  const wrong = [
    null,
    { event: 'delivered' },
    { ...right, timestamp: 'yesterday' },
    { ...right, timestamp: 9e15 },
    { ...right, email: 'a\u0000b@example.org' },
    { ...right, letter: 17 },
  ]
  assert.equal((await tell([...wrong, { ...right, reason: 'a\u0000b' }])).status, 204)
  assert.equal((await lineOf('batch@example.org', 'delivered'))?.state, 'delivered')
  assert.equal((await counted(service))['id_mail_events_skipped_total'], wrong.length)
})

test('who called our letters unwanted gets what they ask for and what is about their safety, and nothing of our own accord', async () => {
  const email = 'unwanted@example.org'
  const account = await addAccount(service, { email })
  await letterTo(email)
  const letter = (await lineOf(email, 'sent'))?.id
  await tell([{ event: 'spamreport', email, timestamp: now(), letter }])
  const add = (job: string, payload: object) =>
    service.kit.database.query('select graphile_worker.add_job($1, $2::json)', [job, JSON.stringify(payload)])
  const becomes = (status: string) =>
    service.kit.database.query('update account set status = $2 where id = $1', [account, status])
  await becomes('pending')
  await add('identity.invite', { account })
  assert.equal((await lineOf(email, 'suppressed'))?.account, account)
  await becomes('active')
  const before = carrier.got.length
  await letterTo(email)
  await add('identity.notice', {
    account,
    kind: 'password-changed',
    detail: '',
    at: new Date().toISOString(),
  })
  await until(() => carrier.got.slice(before).filter(({ to }) => to === email).length === 2)
  assert.match(await accountPageOf(email), /marked as unwanted in your mailbox/)
})

test('somebody whose letters come back learns it on their page, and who looks after the house in the feed', async () => {
  const email = 'unreached@example.org'
  const account = await addAccount(service, { email })
  assert.doesNotMatch(await accountPageOf(email), /come back/)
  await letterTo(email)
  const letter = (await lineOf(email, 'sent'))?.id
  const bounce = { event: 'bounce', type: 'bounce', email, timestamp: now(), letter }
  await tell([bounce, bounce])
  assert.match(await accountPageOf(email), /Our letters to you come back[^]*We try again on/)
  const alerts = () =>
    service.kit.database.query(
      `select kind, severity, count from security_alert where account = $1 and kind = 'mail-held-back'`,
      [account],
    )
  assert.deepEqual(await first(alerts, (found) => found.length > 0), [
    { kind: 'mail-held-back', severity: 'low', count: 1 },
  ])
  const [told] = await service.kit.database.query<{ n: number }>(
    `select count(*)::int as n from security_alert_delivery`,
  )
  assert.equal(told?.n, 0, 'a list of old addresses that comes back buries nothing that is told')
})

async function accountPageOf(identifier: string): Promise<string> {
  const browser = createBrowser(service.origin)
  await signIn(browser, { identifier })
  return (await browser.go('/account?lang=en')).text()
}

test('what came back is tried again after a day, and each time after longer; what is over is forgotten in the end', async () => {
  const store = createDeliveryStore(service.kit.database)
  const [address, start] = ['again@example.org', Date.UTC(2026, 0, 1)]
  const at = (days: number) => new Date(start + days * 86_400_000)
  const held = { address, account: null, reason: 'bounced', detail: null } as const
  const inForce = async (now: Date) => {
    const remembered = await store.rememberedOf(address)
    return remembered !== null && isInForce(remembered, now) ? remembered : null
  }
  const endOf = async (since: Date) =>
    ((await inForce(since))?.endsAt.getTime() ?? Number.NaN) / 86_400_000 - start / 86_400_000
  const all = Array.from({ length: 8 }, () => store.suppress({ ...held, since: at(0) }, holdDays))
  assert.deepEqual((await Promise.all(all)).filter(Boolean), [true], 'of eight at once one')
  assert.equal(await endOf(at(0.9)), 1)
  assert.equal(await inForce(at(1)), null)
  for (const [since, ends] of [
    [1, 5],
    [5, 21],
    [30, 60],
    [60, 90],
  ] as const) {
    assert.ok(await store.suppress({ ...held, since: at(since) }, holdDays))
    assert.ok(!(await store.suppress({ ...held, since: at(ends - 0.1) }, holdDays)), 'held already')
    assert.equal(await endOf(at(since)), ends)
  }
  const complained = { ...held, reason: 'complained', since: at(61) } as const
  assert.ok(await store.suppress(complained, holdDays), 'the mailbox works after all')
  assert.ok(!(await store.suppress({ ...held, since: at(62) }, holdDays)), 'and that stays known')
  assert.equal(await endOf(at(62)), 61 + 365)
  assert.ok(await store.lift(address, at(70)))
  assert.ok(!(await store.lift(address, at(70))))
  assert.ok(await store.suppress({ ...held, since: at(71) }, holdDays))
  assert.equal(await endOf(at(71)), 72, 'after the office has let it go the next time is a first time')
  await store.sweepHeld(at(71))
  assert.equal(await endOf(at(71)), 72)
  await store.sweepHeld(at(73))
  assert.equal(await endOf(at(71)), Number.NaN)
})

test('a carrier with lists of its own passes over them where we let a mailbox go, and the office hears when it did not', async () => {
  const { database, clock, ids, atomic } = service.kit
  const store = createDeliveryStore(database)
  const account = await addAccount(service, { email: 'listed@example.org' })
  const asked: string[] = []
  const deliveries = createDeliveries({
    clock,
    ids,
    store,
    accountOf: async () => account,
    jobUnderWay: () => null,
    refuse: () => new Error('held') as never,
    async release(address) {
      asked.push(address)
      return 'kept'
    },
    queued: async () => [],
    keepDays: 30,
    counted: () => {},
    atomically: atomic((db, tx) => ({
      store: createDeliveryStore(db),
      record: (entry) => tx.record(entry),
      retry: async () => 0,
      enqueueHeld: async () => {},
    })),
  })
  const despiteOf = async (why: 'asked' | 'safety' | 'ours') => {
    const letter = { channel: 'mail', to: 'listed@example.org', subject: 'Hi', account, why } as const
    let despite: string | null = 'not sent'
    await deliveries
      .send(letter, async (_id, list) => void (despite = list ?? null))
      .catch((error: Error) => assert.equal(error.message, 'held'))
    return despite
  }
  const hold = async (reason: 'bounced' | 'complained', daysAgo: number) => {
    await database.query(`delete from mail_suppression where address = 'listed@example.org'`)
    const since = new Date(clock.now().getTime() - daysAgo * 86_400_000)
    await store.suppress({ address: 'listed@example.org', account, reason, detail: null, since }, holdDays)
  }
  assert.equal(
    await despiteOf('asked'),
    null,
    'who was never held back is on no list that we know better than',
  )
  await hold('bounced', 0)
  assert.equal(await despiteOf('safety'), 'not sent')
  await hold('bounced', 2)
  assert.equal(await despiteOf('ours'), 'bounces')
  await hold('complained', 0)
  assert.deepEqual(
    [await despiteOf('asked'), await despiteOf('safety'), await despiteOf('ours')],
    ['complaints', 'complaints', 'not sent'],
  )
  assert.equal(await deliveries.lift(' Listed@example.org', 'person:office'), 'kept')
  assert.deepEqual(asked, ['listed@example.org'])
  assert.equal(await despiteOf('ours'), 'complaints')
  await assert.rejects(deliveries.lift('listed@example.org', 'person:office'), { status: 404 })
  await assert.rejects(deliveries.lift('nobody@example.org', 'person:office'), { status: 404 })
  assert.equal(asked.length, 1, 'the carrier is not asked about what is not held back')
  await hold('complained', 366)
  assert.equal(await despiteOf('ours'), null, 'after a year it is the carrier that decides')
})

test('two letters that say the same are two, however often each is tried', async () => {
  const email = 'twice@example.org'
  await addAccount(service, { email })
  carrier.status = 503
  await letterTo(email)
  await letterTo(email)
  const failed = async () =>
    (await lines()).filter((line) => line.address === email && line.state === 'failed')
  assert.deepEqual(
    (await first(failed, (found) => found.length === 2)).map(({ tries }) => tries),
    [1, 1],
  )
  carrier.status = 202
  type Queued = { id: string; state: string }
  for (const { id, state } of (await get<{ letters: Queued[] }>('/queue')).letters)
    if (state === 'failing') assert.equal((await post(`/queue/${id}/retry`)).status, 200)
  const sent = async () => (await lines()).filter((line) => line.address === email && line.state === 'sent')
  assert.deepEqual(
    (await first(sent, (found) => found.length === 2)).map(({ tries }) => tries),
    [2, 2],
  )
})

test('every job is known as one whose work is a letter, or as another', () => {
  const jobs = (service.assembled.jobs ?? []).map(({ name }) => name)
  const others = [
    'identity.backchannel-ping',
    'identity.data-export',
    'identity.emergency-access',
    'identity.look-up-password',
    'identity.mail-held-back',
    // Their letters are notices.
    'identity.pause',
    'identity.token-reused',
  ]
  assert.deepEqual(jobs.toSorted(), [...letterJobs, ...others].toSorted())
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
  // Letters of the stories before may still be on their way.
  const old = (await lines()).map(({ id }) => id)
  await service.kit.database.query(
    `update delivery set began_at = now() - interval '31 days' where id = any($1)`,
    [old],
  )
  await createDeliveryStore(service.kit.database).sweep(new Date(Date.now() - 30 * 86_400_000))
  assert.deepEqual(
    (await lines()).filter(({ id }) => old.includes(id)),
    [],
  )
})
