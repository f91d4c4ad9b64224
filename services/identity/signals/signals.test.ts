import assert from 'node:assert/strict'
import { createHmac, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Registry } from '@althing/kernel/telemetry'
import { createTestClock, hours, minutes, until } from '@althing/kernel/testing'
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify, type JWTPayload } from 'jose'
import { counted } from '../../../tests/support/counted.ts'
import { addAccount, createBrowser, signIn, testIdentity } from '../../../tests/support/identity.ts'
import { accountParts, compose, type IdentityKit } from '../compose.ts'
import { addressTeller, tellingSignals } from '../compose-signals.ts'
import type { ClientWords } from '../clients/schema.ts'
import { createMetrics } from '../metrics.ts'
import { namesOf } from '../oidc/pairwise.ts'
import { createDelivering } from './delivery.ts'
import { createDeliveryStore, createStreamStore } from './store.ts'

const caep = 'https://schemas.openid.net/secevent/caep/event-type'
const risc = 'https://schemas.openid.net/secevent/risc/event-type'
const push = 'urn:ietf:rfc:8935'
const polled = 'urn:ietf:rfc:8936'

test('a receiver that knows only our address arranges a stream, verifies what it is pushed, and hears of its own people in order', async () => {
  const { house, receiver, client, account } = await setUp()
  const known = await house.json('/.well-known/ssf-configuration')
  assert.equal(known['issuer'], house.origin)
  const stream = await client.makeStream({ authorization_header: 'Bearer of-the-receiver' })
  assert.deepEqual([stream['iss'], stream['aud']], [house.origin, client.id])
  assert.equal(
    (await client.call('POST', '/ssf/verify', { stream_id: stream['stream_id'], state: 'a state' })).status,
    204,
  )
  const keys = createRemoteJWKSet(new URL(String(known['jwks_uri'])))
  const [first] = await receiver.got(1)
  assert.deepEqual(
    [first?.headers['content-type'], first?.headers.accept, first?.headers.authorization],
    ['application/secevent+jwt', 'application/json', 'Bearer of-the-receiver'],
  )
  const { payload } = await jwtVerify(first?.body ?? '', keys, {
    issuer: house.origin,
    audience: client.id,
    typ: 'secevent+jwt',
    algorithms: ['RS256'],
  })
  assert.deepEqual(payload['events'], {
    'https://schemas.openid.net/secevent/ssf/event-type/verification': { state: 'a state' },
  })
  assert.deepEqual(payload['sub_id'], { format: 'opaque', id: stream['stream_id'] })

  assert.equal((await client.addSubject(stream, account)).status, 200)
  const browser = createBrowser(house.origin)
  await signIn(browser)
  await house.parts.accounts.setStatus(account, 'suspended', 'operator:test')
  await house.parts.accounts.setStatus(account, 'active', 'operator:test')
  const told = (await receiver.got(4)).slice(1)
  assert.deepEqual(
    told.map(({ body }) => typeOf(body)),
    [`${risc}/account-disabled`, `${caep}/session-revoked`, `${risc}/account-enabled`],
  )
  for (const { body } of told) {
    const { payload: about } = await jwtVerify(body, keys, {
      issuer: house.origin,
      audience: client.id,
      typ: 'secevent+jwt',
    })
    assert.deepEqual(
      [about.sub, about.exp],
      [undefined, undefined],
      'RFC 8417, sections 2.2.1 and 4: nobody takes it for an ID token',
    )
    assert.ok(about.jti?.startsWith('sgd_'))
  }
  const subject = { format: 'iss_sub', iss: house.origin, sub: account }
  assert.deepEqual(decodeJwt(told[0]?.body ?? '')['sub_id'], subject)
  const ended = decodeJwt(told[1]?.body ?? '')['sub_id'] as Record<string, unknown>
  assert.deepEqual([ended['format'], ended['user']], ['complex', subject])
  assert.equal(
    (await client.call('POST', '/ssf/subjects/remove', { stream_id: stream['stream_id'], subject })).status,
    204,
  )
  await house.parts.accounts.setStatus(account, 'banned', 'operator:test')
  await pause(300)
  assert.equal(receiver.messages.length, 4)
  assert.equal(
    (await counted(house.service))['id_signal_deliveries_total{method="push",outcome="delivered"}'],
    4,
  )
})

test('who shows no secret, another’s, or was not allowed arranges nothing, and another’s stream is none', async () => {
  const { house, client, account } = await setUp()
  const other = await house.client('other', 'added')
  const stranger = await house.client('stranger', null)
  const stream = await client.makeStream({})
  const which = { stream_id: stream['stream_id'] }
  const subject = { format: 'iss_sub', iss: house.origin, sub: account }
  const asks: [string, string, unknown?][] = [
    ['GET', `/ssf/streams?stream_id=${String(which.stream_id)}`],
    ['PATCH', '/ssf/streams', which],
    ['PUT', '/ssf/streams', { ...which, delivery: { method: polled } }],
    ['GET', `/ssf/status?stream_id=${String(which.stream_id)}`],
    ['POST', '/ssf/status', { ...which, status: 'disabled' }],
    ['POST', '/ssf/subjects/add', { ...which, subject }],
    ['POST', '/ssf/subjects/remove', { ...which, subject }],
    ['POST', '/ssf/verify', which],
    ['POST', `/ssf/poll/${String(which.stream_id)}`, {}],
    ['DELETE', `/ssf/streams?stream_id=${String(which.stream_id)}`],
  ]
  for (const [method, path, body] of asks) {
    assert.equal((await other.call(method, path, body)).status, 404, `another’s: ${method} ${path}`)
    assert.equal((await stranger.call(method, path, body)).status, 403, `not allowed: ${method} ${path}`)
    for (const authorization of [
      undefined,
      'Basic',
      'Basic !',
      basic(client.id, 'wrong'),
      basic(client.id, ''),
      basic('nobody', client.secret),
      basic('other', client.secret),
      `Bearer ${client.secret}`,
    ])
      assert.equal(
        (await house.call(method, path, body, authorization)).status,
        401,
        `${authorization} ${method} ${path}`,
      )
  }
  assert.equal((await stranger.call('POST', '/ssf/streams', { delivery: { method: polled } })).status, 403)
  assert.deepEqual(await (await other.call('GET', '/ssf/streams')).json(), [])
})

test('a receiver hears of nobody who does not use it, and does not learn who there is', async () => {
  const { house, client, account } = await setUp()
  const stream = await client.makeStream({})
  const unknown = await addAccount(house.service, { email: 'bea@example.org' })
  const answers = []
  for (const sub of [unknown, 'acc_00000000-0000-7000-8000-000000000000', 'nonsense'])
    answers.push(await client.addSubject(stream, sub))
  assert.deepEqual(
    answers.map(({ status }) => status),
    [404, 404, 404],
  )
  const texts = await Promise.all(answers.map(async (one) => ((await one.json()) as { code: string }).code))
  assert.equal(new Set(texts).size, 1)
  const elsewhere = { format: 'iss_sub', iss: 'https://other.example.org', sub: account }
  assert.equal(
    (await client.call('POST', '/ssf/subjects/add', { stream_id: stream['stream_id'], subject: elsewhere }))
      .status,
    404,
  )
  await house.parts.accounts.setStatus(account, 'suspended', 'operator:test')
  const rows = await house.service.kit.database.query('select from signal_delivery')
  assert.equal(rows.length, 0, 'it named nobody')
})

test('either secret of an application opens its streams; one that is disabled opens none, and is told nothing', async () => {
  const { house, client, account } = await setUp({ subjects: 'all' })
  await client.makeStream({})
  const { clientOperations: operations, accounts } = house.parts
  const { secret } = await operations.addSecret(client.id, 'operator:test')
  const streams = (shown: string) => house.call('GET', '/ssf/streams', undefined, basic(client.id, shown))
  assert.deepEqual(
    [(await streams(client.secret)).status, (await streams(secret)).status, (await streams('wrong')).status],
    [200, 200, 401],
  )
  await operations.setDisabled(client.id, true, 'operator:test')
  assert.equal((await streams(client.secret)).status, 401)
  await accounts.setStatus(account, 'suspended', 'operator:test')
  assert.equal((await deliveriesOf(house)).length, 0)
  await operations.setDisabled(client.id, false, 'operator:test')
  await accounts.setStatus(account, 'active', 'operator:test')
  assert.equal((await deliveriesOf(house)).length, 1)
})

test('an address inside, in clear, or with a password in it is refused, when it is named and when it is called', async () => {
  const { house, client, receiver } = await setUp()
  for (const endpoint_url of [
    'http://receiver.example.org/',
    'https://10.0.0.1/',
    'https://[::1]/',
    'https://169.254.169.254/',
    'https://a:b@receiver.example.org/',
    'file:///etc/passwd',
    'x',
  ]) {
    const answer = await client.call('POST', '/ssf/streams', { delivery: { method: push, endpoint_url } })
    assert.equal(answer.status, 422, endpoint_url)
    await assert.rejects(house.parts.signalOperations.addWebhook(client.id, endpoint_url, 'operator:test'), {
      code: 'kernel.egress.address',
    })
  }
  // A name may point anywhere the next day: this one points here.
  const stream = await client.makeStream({ endpoint_url: 'https://localhost:9/' })
  await client.call('POST', '/ssf/verify', { stream_id: stream['stream_id'] })
  await until(async () => (await deliveriesOf(house))[0]?.reason !== null)
  assert.equal((await deliveriesOf(house))[0]?.reason, 'address')
  assert.equal(receiver.messages.length, 0)
})

test('a receiver that fails is tried again, of each person in order; others do not wait; after a day it is given up and can be sent again', async () => {
  const clock = createTestClock()
  clock.set(new Date())
  const { house, client, receiver, account } = await setUp({ clock, subjects: 'all' })
  const bea = await addAccount(house.service, { email: 'bea@example.org', status: 'active' })
  await client.makeStream({})
  receiver.answers((body) => ((decodeJwt(body)['sub_id'] as { sub?: string }).sub === account ? 503 : 202))
  await house.parts.accounts.setStatus(account, 'suspended', 'operator:test')
  await house.parts.accounts.setStatus(account, 'active', 'operator:test')
  await house.parts.accounts.setStatus(bea, 'suspended', 'operator:test')
  await until(
    async () =>
      (await deliveriesOf(house)).some(({ state }) => state === 'delivered') &&
      (await deliveriesOf(house)).some(({ reason }) => reason !== null),
  )
  const states = () =>
    deliveriesOf(house).then((rows) =>
      rows.map(({ type, account: who, state }) => [type.split('/').at(-1), who, state]),
    )
  assert.deepEqual(await states(), [
    ['account-disabled', account, 'waiting'],
    ['account-enabled', account, 'waiting'],
    ['account-disabled', bea, 'delivered'],
  ])
  assert.ok(
    receiver.messages.every(({ body }) => typeOf(body) !== `${risc}/account-enabled`),
    'nothing overtakes',
  )
  const officer = { subject: 'acc_00000000-0000-7000-8000-00000000aaaa', roles: ['administrator'] }
  const [waits] = await deliveriesOf(house)
  const early = await house.as(officer, 'POST', `/api/identity/signals/${waits?.id}/replay`)
  assert.deepEqual(
    [early.status, ((await early.json()) as { code: string }).code],
    [409, 'identity.signals.waiting'],
  )
  clock.tick(hours(24) + minutes(1))
  await until(async () => (await states())[0]?.[2] === 'dead')
  receiver.answers(() => 202)
  await until(async () => {
    clock.tick(minutes(2))
    return (await states())[1]?.[2] === 'delivered'
  })
  const [dead] = await deliveriesOf(house)
  assert.equal(dead?.reason, 'answered 503')
  // Back to when the officer's token is good.
  clock.set(new Date())
  const listed = (await (await house.as(officer, 'GET', '/api/identity/signals?state=dead')).json()) as {
    deliveries: { id: string }[]
  }
  assert.deepEqual(
    listed.deliveries.map(({ id }) => id),
    [dead?.id],
  )
  for (const roles of [[], ['member'], ['election-manager']]) {
    assert.equal((await house.as({ ...officer, roles }, 'GET', '/api/identity/signals')).status, 403)
    assert.equal(
      (await house.as({ ...officer, roles }, 'POST', `/api/identity/signals/${dead?.id}/replay`)).status,
      403,
    )
  }
  assert.equal((await house.as(officer, 'POST', `/api/identity/signals/${dead?.id}/replay`)).status, 200)
  await until(async () => (await states())[0]?.[2] === 'delivered')
  assert.equal(decodeJwt(receiver.messages.at(-1)?.body ?? '').jti, dead?.id, 'under the same id')
  assert.equal(
    (await house.as(officer, 'POST', '/api/identity/signals/sgd_00000000-0000-7000-8000-000000000000/replay'))
      .status,
    404,
  )
})

test('what a receiver refuses for good is given up at once; who we are may be settled later; who says nothing is left within the deadline', async () => {
  const { house, client, receiver, account } = await setUp({ subjects: 'all' })
  await client.makeStream({})
  receiver.answers(() => [400, { err: 'invalid_audience', description: 'Not for us.' }])
  await house.parts.accounts.setStatus(account, 'suspended', 'operator:test')
  await until(async () => (await deliveriesOf(house))[0]?.state === 'dead')
  assert.equal((await deliveriesOf(house))[0]?.reason, 'refused invalid_audience')
  receiver.answers(() => [400, { err: 'authentication_failed' }])
  await house.parts.accounts.setStatus(account, 'active', 'operator:test')
  await until(async () => (await deliveriesOf(house))[1]?.reason === 'answered 400')
  assert.equal((await deliveriesOf(house))[1]?.state, 'waiting')
  receiver.answers(() => null)
  const bea = await addAccount(house.service, { email: 'bea@example.org' })
  await house.parts.accounts.setStatus(bea, 'banned', 'operator:test')
  await until(async () => (await deliveriesOf(house))[2]?.reason === 'silent')
  assert.equal((await deliveriesOf(house))[2]?.state, 'waiting')
})

test('a SET for one receiver is no SET for another', async () => {
  const { house, client, receiver, account } = await setUp({ subjects: 'all' })
  const other = await house.client('other', 'all')
  await client.makeStream({})
  await other.makeStream({ endpoint_url: `${receiver.url}/other` })
  await house.parts.accounts.setStatus(account, 'suspended', 'operator:test')
  const messages = await receiver.got(2)
  const keys = createRemoteJWKSet(new URL(`${house.origin}/.well-known/jwks.json`))
  for (const { body, path } of messages) {
    const [own, foreign] = path === '/other' ? ['other', client.id] : [client.id, 'other']
    await jwtVerify(body, keys, { issuer: house.origin, audience: own })
    await assert.rejects(jwtVerify(body, keys, { issuer: house.origin, audience: foreign }), {
      code: 'ERR_JWT_CLAIM_VALIDATION_FAILED',
    })
    // Nor is it an access token.
    assert.equal(
      (await fetch(`${house.origin}/api/identity/me`, { headers: { authorization: `Bearer ${body}` } }))
        .status,
      401,
    )
  }
  assert.notEqual(decodeJwt(messages[0]?.body ?? '').jti, decodeJwt(messages[1]?.body ?? '').jti)
})

test('who fetches gets what waits in order until it is confirmed; what is refused is given up', async () => {
  const { house, client, account } = await setUp({ subjects: 'all' })
  const stream = await client.makeStream({}, polled)
  assert.equal(
    (stream['delivery'] as Record<string, string>)['endpoint_url'],
    `${house.origin}/ssf/poll/${String(stream['stream_id'])}`,
  )
  for (const status of ['suspended', 'active', 'banned'] as const)
    await house.parts.accounts.setStatus(account, status, 'operator:test')
  const poll = async (body: unknown) =>
    (await (await client.call('POST', `/ssf/poll/${String(stream['stream_id'])}`, body)).json()) as {
      sets: Record<string, string>
      moreAvailable: boolean
    }
  const first = await poll({ maxEvents: 2, returnImmediately: true })
  const ids = Object.keys(first.sets)
  assert.deepEqual(
    [Object.values(first.sets).map(typeOf), first.moreAvailable],
    [[`${risc}/account-disabled`, `${risc}/account-enabled`], true],
  )
  for (const [jti, set] of Object.entries(first.sets)) assert.equal(decodeJwt(set).jti, jti)
  assert.deepEqual(Object.keys((await poll({ maxEvents: 2 })).sets), ids, 'until it is confirmed')
  const rest = await poll({
    ack: [ids[0]],
    setErrs: { [ids[1] ?? '']: { err: 'invalid_key', description: 'No.' } },
  })
  assert.deepEqual(
    [Object.values(rest.sets).map(typeOf), rest.moreAvailable],
    [[`${risc}/account-disabled`], false],
  )
  assert.deepEqual(
    (await deliveriesOf(house)).map(({ state }) => state),
    ['delivered', 'dead', 'waiting'],
  )
  // Another's confirmation confirms nothing.
  const other = await house.client('other', 'all')
  const foreign = await other.makeStream({}, polled)
  await other.call('POST', `/ssf/poll/${String(foreign['stream_id'])}`, { ack: Object.keys(rest.sets) })
  assert.equal((await deliveriesOf(house))[2]?.state, 'waiting')
  assert.deepEqual((await poll({ ack: Object.keys(rest.sets), maxEvents: 0 })).sets, {})
  const pushed = await client.makeStream({})
  assert.equal((await client.call('POST', `/ssf/poll/${String(pushed['stream_id'])}`, {})).status, 409)
})

test('a pause keeps what happens, an end does not; both are said in the stream, and verifications are rare', async () => {
  const { house, client, receiver, account } = await setUp({ subjects: 'all' })
  const stream = await client.makeStream({})
  const which = { stream_id: stream['stream_id'] }
  assert.equal((await client.call('POST', '/ssf/verify', which)).status, 204)
  assert.equal((await client.call('POST', '/ssf/verify', which)).status, 429)
  await receiver.got(1)
  const set = async (status: string) =>
    assert.equal(
      (await client.call('POST', '/ssf/status', { ...which, status, reason: 'A test.' })).status,
      200,
    )
  await set('paused')
  await house.parts.accounts.setStatus(account, 'suspended', 'operator:test')
  await pause(300)
  assert.equal(receiver.messages.length, 1)
  await set('enabled')
  const types = (await receiver.got(4))
    .map(({ body }) => typeOf(body).split('/').at(-1))
    .toSorted((a = '', b = '') => a.localeCompare(b))
  assert.deepEqual(types, ['account-disabled', 'stream-updated', 'stream-updated', 'verification'])
  await set('disabled')
  await house.parts.accounts.setStatus(account, 'active', 'operator:test')
  await pause(300)
  assert.equal(receiver.messages.length, 4)
  assert.deepEqual(
    await (await client.call('GET', `/ssf/status?stream_id=${String(which.stream_id)}`)).json(),
    { ...which, status: 'disabled', reason: 'A test.' },
  )
  for (let n = 0; n < 4; n += 1) await client.makeStream({}, polled)
  assert.equal((await client.call('POST', '/ssf/streams', { delivery: { method: polled } })).status, 409)
  assert.equal((await client.call('DELETE', `/ssf/streams?stream_id=${String(which.stream_id)}`)).status, 204)
  assert.equal((await client.call('GET', `/ssf/streams?stream_id=${String(which.stream_id)}`)).status, 404)
})

test('a webhook is signed by each secret that is live, and a rotation leaves no time without one', async () => {
  const { house, client, receiver, account } = await setUp({ subjects: 'all' })
  const made = await house.parts.signalOperations.addWebhook(
    client.id,
    `${receiver.url}/hook`,
    'operator:test',
  )
  await house.parts.accounts.setStatus(account, 'suspended', 'operator:test')
  const [first] = await receiver.got(1)
  assert.deepEqual(signers(first, made.secret), [true])
  const body = JSON.parse(first?.body ?? '{}') as { type: string; data: Record<string, unknown> }
  assert.deepEqual(
    [body.type, body.data['sub'], body.data['iss']],
    ['account.disabled', account, house.origin],
  )
  const second = await house.parts.signalOperations.rotateSecret(made.id, 'operator:test')
  await house.parts.accounts.setStatus(account, 'active', 'operator:test')
  const [, after_] = await receiver.got(2)
  assert.deepEqual(
    [signers(after_, made.secret), signers(after_, second)],
    [
      [false, true],
      [true, false],
    ],
  )
  await house.parts.signalOperations.rotateSecret(made.id, 'operator:test')
  await house.parts.accounts.setStatus(account, 'banned', 'operator:test')
  const third = (await receiver.got(3))[2]
  assert.deepEqual(signers(third, made.secret), [false, false], 'the oldest is gone')
  assert.deepEqual(
    signers({ ...third, body: `${third?.body} ` } as Message, second),
    [false, false],
    'and nothing may be changed',
  )
  const dump = JSON.stringify(await house.service.kit.database.query('select * from signal_stream'))
  assert.equal(dump.includes(second.slice(6)), false)
})

test('what was not done is not told, and what is told was done', async () => {
  const { house, client, account } = await setUp({ subjects: 'all' })
  await client.makeStream({}, polled)
  const kit = tellingSignals(house.service.kit as unknown as IdentityKit)
  await assert.rejects(
    kit.atomic((db, tx) => accountParts(kit, db, tx))(async ({ store, record }) => {
      await store.shut(account, 'banned')
      await record({
        action: 'accounts.banned',
        actor: 'operator:test',
        target: { type: 'Account', id: account },
        outcome: 'done',
      })
      throw new Error('The disk is full.')
    }),
  )
  assert.deepEqual(await deliveriesOf(house), [])
  const changes: [string, Record<string, unknown>][] = []
  for (const [action, actor] of [
    ['passwords.changed', `person:${account}`],
    ['passkeys.added', `person:${account}`],
    ['passkeys.removed', 'person:officer'],
    ['two-step.on', `person:${account}`],
    ['two-step.off', `person:${account}`],
    ['passwords.recovered', `person:${account}`],
  ] as const)
    await kit.atomic((_db, tx) => tx)((tx) =>
      tx.record({ action, actor, target: { type: 'Account', id: account }, outcome: 'done' }),
    )
  await kit.atomic((_db, tx) => tx)((tx) =>
    tx.record({
      action: 'passwords.changed',
      actor: 'person:x',
      target: { type: 'Account', id: account },
      outcome: 'denied',
    }),
  )
  for (const { type, details } of await deliveriesOf(house)) changes.push([type, details])
  assert.deepEqual(
    changes.map(([type, { credential_type: what, change_type: how, initiating_entity: who }]) => [
      type === `${caep}/credential-change`,
      what,
      how,
      who,
    ]),
    [
      [true, 'password', 'update', 'user'],
      [true, 'fido2-platform', 'create', 'user'],
      [true, 'fido2-platform', 'delete', 'admin'],
      [true, 'app', 'create', 'user'],
      [true, 'app', 'delete', 'user'],
      [true, 'password', 'update', 'user'],
    ],
  )
})

test('a changed address is named to who was given it; who is forgotten is named a last time, and then nowhere', async () => {
  const { house, client, account } = await setUp()
  const stream = await client.makeStream({}, polled)
  await client.addSubject(stream, account)
  const kit = house.service.kit as unknown as IdentityKit
  const tell = () =>
    kit.atomic((db) => addressTeller(kit, db))((say) => say(account, 'ada@before.example.org'))
  await tell()
  assert.equal((await deliveriesOf(house)).length, 0, 'this one was not given the address')
  await kit.database.query(`update oidc_record set scopes = '{openid,email}' where kind = 'Grant'`)
  await tell()
  const poll = async () =>
    Object.values(
      (
        (await (await client.call('POST', `/ssf/poll/${String(stream['stream_id'])}`, {})).json()) as {
          sets: Record<string, string>
        }
      ).sets,
    )
  const [moved] = await poll()
  assert.deepEqual(decodeJwt(moved ?? '')['sub_id'], {
    format: 'aliases',
    identifiers: [
      { format: 'iss_sub', iss: house.origin, sub: account },
      { format: 'email', email: 'ada@before.example.org' },
    ],
  })
  await house.parts.erasures.ask(account, { actor: 'operator:test', atOnce: true })
  await house.parts.erasures.work()
  const sets = await poll()
  assert.equal(typeOf(sets.at(-1) ?? ''), `${risc}/account-purged`)
  assert.ok(sets.every((set) => !JSON.stringify(decodeJwt(set)).includes('before.example.org')))
  assert.deepEqual(await kit.database.query('select from signal_subject'), [])
})

test('a token for this door does what it says, for its own application, and nobody else’s token does anything', async () => {
  const { house, client, account } = await setUp()
  const door = `${house.origin}/ssf`
  const machine = async (id: string, scope: string) => {
    const { secret } = await house.client(id, 'added', {
      redirect_uris: [],
      grant_types: ['client_credentials'],
      resources: { [door]: scope },
      access_token_format: 'opaque',
    })
    return async (asked: Record<string, string> = {}) => {
      const answer = await fetch(`${house.origin}/oauth/token`, {
        method: 'POST',
        headers: { authorization: basic(id, secret) },
        body: new URLSearchParams({ grant_type: 'client_credentials', scope, ...asked }),
      })
      return `Bearer ${((await answer.json()) as { access_token: string }).access_token}`
    }
  }
  const [manages, reads] = [
    await machine('manager', 'ssf.read ssf.manage'),
    await machine('reader', 'ssf.read'),
  ]
  const whole = await manages()
  assert.deepEqual(
    [decodeJwt(whole.slice(7)).aud, decodeJwt(whole.slice(7))['scope']],
    [door, 'ssf.read ssf.manage'],
  )
  const made = await house.call('POST', '/ssf/streams', { delivery: { method: polled } }, whole)
  assert.equal(made.status, 201, await made.clone().text())
  const { stream_id: id, aud } = (await made.json()) as Record<string, string>
  assert.equal(aud, 'manager')
  const statusOf = async (method: string, path: string, authorization: string, body?: unknown) =>
    (await house.call(method, path, body, authorization)).status

  const narrow = await manages({ scope: 'ssf.read', resource: door })
  assert.equal(await statusOf('GET', `/ssf/streams?stream_id=${id}`, narrow), 200)
  assert.equal(await statusOf('GET', `/ssf/status?stream_id=${id}`, narrow), 200)
  assert.equal(await statusOf('POST', `/ssf/poll/${id}`, narrow, {}), 200)
  assert.equal(await statusOf('POST', '/ssf/status', narrow, { stream_id: id, status: 'disabled' }), 403)
  assert.equal(await statusOf('POST', '/ssf/verify', narrow, { stream_id: id }), 403)
  assert.equal(await statusOf('DELETE', `/ssf/streams?stream_id=${id}`, narrow), 403)
  const other = await reads()
  assert.equal(await statusOf('GET', `/ssf/streams?stream_id=${id}`, other), 404, 'another’s stream')
  assert.equal(await statusOf('POST', '/ssf/streams', other, { delivery: { method: polled } }), 403)

  const person = house.service.issuer.token({ subject: account, roles: [] }, { iss: house.origin, aud: door })
  for (const [what, shown] of [
    ['a person’s', `Bearer ${person}`],
    ['changed', `${whole.slice(0, -4)}AAAA`],
    ['an ID token’s form', `Bearer ${whole.slice(7).split('.').slice(1).join('.')}`],
    ['in another scheme', whole.replace('Bearer', 'DPoP')],
    ['nothing', 'Bearer '],
  ] as const)
    assert.equal(await statusOf('GET', `/ssf/streams?stream_id=${id}`, shown), 401, what)
  await house.service.kit.database.query(`update oauth_client set disabled_at = now() where id = 'manager'`)
  assert.equal(
    await statusOf('GET', `/ssf/streams?stream_id=${id}`, whole),
    401,
    'of one that is disabled since',
  )
  assert.equal((await client.call('GET', '/ssf/streams')).status, 200)
})

test('an application that has a name of its own for everybody hears that name, and no other', async () => {
  const { house, account } = await setUp()
  const apart = await house.client('apart', 'added', { subject_type: 'pairwise' })
  const eve = await addAccount(house.service, { email: 'eve@example.org' })
  for (const who of [account, eve]) await house.uses(who, 'apart')
  const nameOf = (who: string) =>
    namesOf(house.service.kit.derivedKey('pairwise'), {
      ...metadata,
      subject_type: 'pairwise',
    }).of(who)
  const stream = await apart.makeStream({}, polled)
  for (const sub of [account, eve, nameOf('acc_nobody')])
    assert.equal((await apart.addSubject(stream, sub)).status, 404, 'our own name says nothing there')
  assert.equal((await apart.addSubject(stream, nameOf(account))).status, 200)
  await signIn(createBrowser(house.origin))
  await house.parts.accounts.setStatus(account, 'suspended', 'operator:test')
  const poll = async () => {
    const answer = await apart.call('POST', `/ssf/poll/${String(stream['stream_id'])}`, {})
    return Object.values(((await answer.json()) as { sets: Record<string, string> }).sets)
  }
  const sets = await poll()
  assert.deepEqual(sets.map(typeOf), [`${risc}/account-disabled`, `${caep}/session-revoked`])
  const [about] = sets.map((set) => decodeJwt(set)['sub_id'])
  assert.deepEqual(about, { format: 'iss_sub', iss: house.origin, sub: nameOf(account) })
  const text = JSON.stringify(sets.map((set) => decodeJwt(set)))
  assert.doesNotMatch(text, /acc_|ses_/)
  const subject = { format: 'iss_sub', iss: house.origin, sub: nameOf(account) }
  await apart.call('POST', '/ssf/subjects/remove', { stream_id: stream['stream_id'], subject })
  await house.parts.accounts.setStatus(account, 'active', 'operator:test')
  assert.equal((await poll()).length, 2)
})

test('two nodes tell each thing once, and of one person in order', async () => {
  const { house, client, receiver, account } = await setUp({ subjects: 'all' })
  const { service } = house
  await testIdentity({
    like: service,
    origin: service.origin,
    env: { ALTHING_IDENTITY_EGRESS_ALLOWED: receiver.host },
  })
  await client.makeStream({})
  for (let n = 0; n < 10; n += 1)
    await house.parts.accounts.setStatus(account, n % 2 === 0 ? 'suspended' : 'active', 'operator:test')
  await until(async () => (await deliveriesOf(house)).every(({ state }) => state === 'delivered'))
  const told = receiver.messages.map(({ body }) => decodeJwt(body).jti)
  assert.deepEqual(
    told,
    (await deliveriesOf(house)).map(({ id }) => id),
  )
})

test('what a receiver took and we could not note is told once more under the same id', async () => {
  const clock = createTestClock()
  const { house, client, receiver, account } = await setUp({ subjects: 'all' })
  await client.makeStream({}, polled)
  await house.parts.accounts.setStatus(account, 'suspended', 'operator:test')
  const { database, log } = house.service.kit as unknown as IdentityKit
  const [streams, store] = [createStreamStore(database), createDeliveryStore(database)]
  const sent: string[] = []
  let isLost = true
  const delivering = createDelivering({
    clock,
    log,
    // To the service itself it is one that is fetched, so that only this story pushes.
    streams: {
      ...streams,
      byId: async (id) => {
        const stream = await streams.byId(id)
        return stream === null ? null : { ...stream, method: 'push' }
      },
    },
    deliveries: {
      ...store,
      settle: (...given) =>
        isLost ? Promise.reject(new Error('The database is away.')) : store.settle(...given),
    },
    send: async ({ id }) => (sent.push(id), { kind: 'taken' }),
    onOutcome: () => {},
  })
  clock.set(new Date())
  await delivering.drain()
  await delivering.drain()
  assert.equal(sent.length, 1, 'nobody takes it while the claim lasts')
  isLost = false
  clock.tick(minutes(1))
  await delivering.drain()
  assert.deepEqual([sent.length, new Set(sent).size], [2, 1])
  assert.equal(receiver.messages.length, 0)
})

// --- a house, a receiver, and the client that it is ---

interface Message {
  readonly path: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}
type Said = number | readonly [number, unknown] | null

async function setUp({
  clock,
  subjects = 'added',
}: { clock?: ReturnType<typeof createTestClock>; subjects?: 'all' | 'added' } = {}) {
  const receiver = await createReceiver()
  const service = await testIdentity({
    env: { ALTHING_IDENTITY_EGRESS_ALLOWED: receiver.host },
    ...(clock === undefined ? {} : { clock }),
  })
  const parts = compose(service.kit as unknown as IdentityKit, createMetrics(new Registry()))
  const account = await addAccount(service)
  const call = (method: string, path: string, body: unknown, authorization: string | undefined) =>
    fetch(`${service.origin}${path}`, {
      method,
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })

  async function client(id: string, may: 'all' | 'added' | null, words: ClientWords = {}) {
    const { secret } =
      (await parts.clients.register(id, `Of ${id}`, { ...metadata, ...words }, 'operator:test')) ??
      assert.fail()
    if (may !== null) await parts.signalOperations.allow({ client: id, subjects: may }, 'operator:test')
    const own = (method: string, path: string, body?: unknown) =>
      call(method, path, body, basic(id, secret ?? ''))
    return {
      id,
      secret: secret ?? '',
      call: own,
      async makeStream(delivery: Record<string, string>, method = push) {
        const way =
          method === push ? { method, endpoint_url: `${receiver.url}/events`, ...delivery } : { method }
        const made = await own('POST', '/ssf/streams', { delivery: way })
        assert.equal(made.status, 201, await made.clone().text())
        return (await made.json()) as Record<string, unknown>
      },
      addSubject: (stream: Record<string, unknown>, sub: string) =>
        own('POST', '/ssf/subjects/add', {
          stream_id: stream['stream_id'],
          subject: { format: 'iss_sub', iss: service.origin, sub },
        }),
    }
  }
  const house = {
    service,
    parts,
    origin: service.origin,
    client,
    call,
    as: service.asPerson,
    uses: (who: string, of: string) =>
      service.kit.database.query(
        `insert into oidc_record (kind, id_hash, sealed, account, client, scopes, started_at, expires_at)
         values ('Grant', $1, '', $2, $3, '{openid}', now(), now() + interval '30 days')`,
        [randomBytes(32), who, of],
      ),
    json: async (path: string) =>
      (await (await fetch(`${service.origin}${path}`)).json()) as Record<string, unknown>,
  }
  const first = await client('receiver', subjects)
  await house.uses(account, 'receiver')
  return { house, receiver, account, client: first }
}
type House = Awaited<ReturnType<typeof setUp>>['house']

const metadata = {
  redirect_uris: ['https://receiver.example.org/callback'],
  post_logout_redirect_uris: [],
  grant_types: ['authorization_code' as const],
  token_endpoint_auth_method: 'client_secret_basic' as const,
  id_token_signed_response_alg: 'RS256' as const,
  scope: 'openid email',
}

async function createReceiver() {
  const messages: Message[] = []
  let answer: (body: string) => Said = () => 202
  async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = Buffer.concat(chunks).toString('utf8')
    messages.push({ path: request.url ?? '', headers: request.headers as Message['headers'], body })
    const said = answer(body)
    if (said === null) return // It never answers.
    const [status, error] = typeof said === 'number' ? [said, undefined] : said
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(error === undefined ? '' : JSON.stringify(error))
  }
  const server = createServer((request, response) => void receive(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => (server.closeAllConnections(), server.close()))
  const host = `127.0.0.1:${(server.address() as { port: number }).port}`
  return {
    host,
    url: `http://${host}`,
    messages,
    answers: (next: (body: string) => Said) => void (answer = next),
    async got(count: number): Promise<Message[]> {
      await until(async () => messages.length >= count)
      return messages
    },
  }
}

const deliveriesOf = ({ service }: House) =>
  service.kit.database.query<{
    id: string
    type: string
    account: string
    state: string
    reason: string | null
    details: Record<string, unknown>
  }>('select id, type, account, state, reason, details from signal_delivery order by seq')

const basic = (id: string, secret: string) =>
  `Basic ${Buffer.from(`${id}:${encodeURIComponent(secret)}`).toString('base64')}`

function typeOf(set: string): string {
  assert.equal(decodeProtectedHeader(set).typ, 'secevent+jwt')
  const [type = ''] = Object.keys((decodeJwt(set) as JWTPayload & { events: object }).events)
  return type
}

/** Which of the signatures this secret made. */
function signers(message: Message | undefined, secret: string): boolean[] {
  const { headers, body } = message ?? assert.fail()
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`
  const own = `v1,${createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
    .update(signed)
    .digest('base64')}`
  return (headers['webhook-signature'] ?? '').split(' ').map((one) => one === own)
}
