/** An application asks somebody who is elsewhere (OpenID CIBA Core 1.0), through a strict client of others. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { turnOnTwoStep } from '../../../../tests/support/factors.ts'
import { counted } from '../../../../tests/support/counted.ts'
import { Registry } from '@althing/kernel/telemetry'
import { until, untilBlocked } from '@althing/kernel/testing'
import { compose, type IdentityKit } from '../../compose.ts'
import { createMetrics } from '../../metrics.ts'
import { limitNamesOf } from '../../limit-names.ts'
import { addAccount, createBrowser, signIn, testIdentity } from '../../../../tests/support/identity.ts'
import { httpsServer } from '../../../../tests/support/https.ts'
import { linkIn, testMailbox } from '../../../../tests/support/mailbox.ts'
import {
  addClient,
  addResource,
  api,
  assertion,
  basic,
  keyPair,
  post,
  strict,
} from '../../../../tests/support/protocol.ts'
import { told } from '../../../../tests/support/told.ts'

const ciba = 'urn:openid:params:grant-type:ciba' as const
const heard: { authorization: string | undefined; body: string }[] = []
const answers: number[] = []
const { host, url: receiver } = await httpsServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => (body += String(chunk)))
  request.on('end', () => {
    heard.push({ authorization: request.headers.authorization, body })
    response.writeHead(answers.shift() ?? 204).end()
  })
})

const { url, mails, because } = await testMailbox()
const service = await testIdentity({
  env: {
    ALTHING_IDENTITY_MAIL_URL: url,
    ALTHING_IDENTITY_EGRESS_ALLOWED: host,
    ALTHING_IDENTITY_BACKCHANNEL_PER_PERSON: '100',
  },
})
const email = 'ada@example.org'
const ada = await addAccount(service, { email, nationalId: '0101302989' })
await addResource(service, { details: [{ type: 'payment', fields: ['amount'], required: [] }] })
const asking = {
  grant_types: [ciba, 'refresh_token' as const],
  scope: 'openid email phone offline_access',
  resources: { [api]: 'read write' },
  authorization_details_types: ['payment'],
}
const secret = await addClient(service, 'calls', { ...asking, backchannel_token_delivery_mode: 'poll' })
const pinging = await addClient(service, 'pinged', {
  ...asking,
  backchannel_token_delivery_mode: 'ping',
  backchannel_client_notification_endpoint: `${receiver}/told`,
})
const calls = await strict(service, 'calls', client.ClientSecretBasic(secret))
const own = await keyPair()

const browser = createBrowser(service.origin)
await signIn(browser)

/** Begins, and finds the page of it by the letter. */
async function ask(form: Record<string, string> = {}) {
  let waiting: client.BackchannelAuthenticationResponse | undefined
  const mail = await because(async () => {
    waiting = await client.initiateBackchannelAuthentication(calls, {
      scope: 'openid email',
      login_hint: email,
      binding_message: 'Table 7, 14:00',
      ...form,
    })
  }, email)
  if (waiting === undefined) throw new Error('Nothing waits.')
  return { waiting, mail, at: new URL(linkIn(mail)).pathname }
}

async function decide(at: string, decision: 'allow' | 'refuse', by = browser) {
  const page = await (await by.go(at)).text()
  return by.submit(page, 'request', { decision })
}

const poll = (id: string, as = basic('calls', secret)) =>
  post(service, '/oauth/token', { grant_type: ciba, auth_req_id: id }, as)
const said = ({ status, body }: { status: number; body: Record<string, unknown> }) =>
  `${status} ${String(body['error'] ?? 'done')}`
const request = (form: Record<string, string>, as = basic('calls', secret)) =>
  post(service, '/oauth/backchannel', { scope: 'openid', login_hint: email, ...form }, as)

test('discovery says what we can, and nothing that we cannot', () => {
  const metadata = calls.serverMetadata()
  assert.equal(metadata.backchannel_authentication_endpoint, `${service.origin}/oauth/backchannel`)
  assert.deepEqual(metadata.backchannel_token_delivery_modes_supported, ['poll', 'ping'])
  assert.equal(metadata.backchannel_user_code_parameter_supported, false)
  assert.ok(metadata.grant_types_supported?.includes(ciba))
})

test('the person reads who asks, from where and for what, allows it, and the application knows them: once', async () => {
  const { waiting, mail, at } = await ask({ scope: 'openid email offline_access' })
  assert.deepEqual([waiting.expires_in, waiting.interval], [600, 5])
  assert.doesNotMatch(mail.text, /Table 7/)
  assert.equal(said(await poll(waiting.auth_req_id)), '400 authorization_pending')
  const account = await (await browser.go('/account')).text()
  assert.match(account, /1 request waits for your answer/)
  const page = await (await browser.go(at)).text()
  assert.match(page, /Table 7, 14:00/)
  assert.match(page, /The application calls asks you to confirm/)
  assert.match(page, /E-mail address/)
  const done = await (await browser.follow(await decide(at, 'allow'))).response.text()
  assert.match(done, /You have allowed it/)

  const tokens = await client.pollBackchannelAuthenticationGrant(calls, { ...waiting, interval: 0 })
  const claims = tokens.claims()
  assert.equal(claims?.sub, ada)
  assert.equal((await client.fetchUserInfo(calls, tokens.access_token, ada)).email, email)
  assert.ok(tokens.refresh_token)
  assert.equal(said(await poll(waiting.auth_req_id)), '400 invalid_grant')
  // A poll that came beside the one that was answered is no theft: what was given lasts.
  assert.equal((await client.fetchUserInfo(calls, tokens.access_token, ada)).sub, ada)
  await client.refreshTokenGrant(calls, tokens.refresh_token ?? '')
  assert.match(await (await browser.go('/account/connected')).text(), /The application calls/)
})

test('what is written is what was read, also when it changes while it is written', async () => {
  const { database } = service.kit
  const { waiting, at } = await ask()
  const page = await (await browser.go(at)).text()
  let answered: Promise<Response> | undefined
  await database.transaction(async (db) => {
    await db.query('select from backchannel_request where id = $1 for update', [at.split('/').at(-1)])
    answered = browser.submit(page, 'request', { decision: 'allow' })
    await untilBlocked(database)
    await database.query(`insert into sharing (account, scope, choice) values ($1, 'email', 'deny')`, [ada])
  })
  assert.equal((await answered)?.headers.get('location'), at, 'it is to be read again')
  assert.equal(said(await poll(waiting.auth_req_id)), '400 authorization_pending')
  assert.equal((await browser.submit(page, 'request', { decision: 'allow' })).headers.get('location'), at)
  await database.query('delete from sharing where account = $1', [ada])
  assert.equal(await told(browser, await decide(at, 'allow')), '/account/requests: done.allowed')
})

test('what a kennitala is for is read where it is asked for, and another purpose ends the question', async () => {
  const purpose = { is: 'Til að senda reikninga', en: 'To send invoices' }
  const key = await addClient(service, 'bills', {
    ...asking,
    scope: 'openid national_id',
    national_id_purpose: purpose,
    backchannel_token_delivery_mode: 'poll',
  })
  const bills = await strict(service, 'bills', client.ClientSecretBasic(key))
  const begin = async () => {
    let waiting: client.BackchannelAuthenticationResponse | undefined
    const mail = await because(async () => {
      const wish = { scope: 'openid national_id', login_hint: email }
      waiting = await client.initiateBackchannelAuthentication(bills, wish)
    }, email)
    return { waiting: waiting ?? assert.fail(), at: new URL(linkIn(mail)).pathname }
  }
  const first = await begin()
  const page = await (await browser.go(first.at)).text()
  assert.match(page, /Kennitala/)
  assert.match(page, /The kennitala is for: To send invoices/)
  await browser.submit(page, 'request', { decision: 'allow' })
  const tokens = await client.pollBackchannelAuthenticationGrant(bills, { ...first.waiting, interval: 0 })
  assert.equal((await client.fetchUserInfo(bills, tokens.access_token, ada))['national_id'], '0101302989')

  const second = await begin()
  const before = await (await browser.go(second.at)).text()
  const { clientOperations } = compose(service.kit as unknown as IdentityKit, createMetrics(new Registry()))
  const changed = { national_id_purpose: { is: 'Til að auglýsa', en: 'To advertise' } }
  await clientOperations.change('bills', { metadata: changed }, 'operator:test')
  await browser.submit(before, 'request', { decision: 'allow' })
  assert.equal(said(await poll(second.waiting.auth_req_id, basic('bills', key))), '400 invalid_grant')
  await assert.rejects(client.fetchUserInfo(bills, tokens.access_token, ada))
})

test('who refuses is not known; who does nothing is not either, and it is over', async () => {
  const { waiting, at } = await ask()
  assert.match(
    await (await browser.follow(await decide(at, 'refuse'))).response.text(),
    /You have refused it/,
  )
  assert.equal(said(await poll(waiting.auth_req_id)), '400 access_denied')
  assert.equal(said(await poll(waiting.auth_req_id)), '400 invalid_grant')
  const short = await ask({ requested_expiry: '1' })
  await pause(1_500)
  assert.equal(said(await poll(short.waiting.auth_req_id)), '400 expired_token')
  const late = await browser.follow(await browser.go(short.at))
  assert.match(await late.response.text(), /its time is over/)
})

test('an answer counts once, and only of whom was asked', async () => {
  await addAccount(service, { email: 'eva@example.org', name: 'Eva' })
  const eva = createBrowser(service.origin)
  await signIn(eva, { identifier: 'eva@example.org' })
  const { waiting, at } = await ask()
  const page = await (await browser.go(at)).text()
  const foreign = await eva.follow(await eva.go(at))
  assert.match(await foreign.response.text(), /its time is over/)
  const forged = await eva.submit(page, 'request', { decision: 'allow' })
  assert.equal(forged.status, 403)
  assert.equal(said(await poll(waiting.auth_req_id)), '400 authorization_pending')
  const twice = await Promise.all([1, 2].map(() => browser.submit(page, 'request', { decision: 'allow' })))
  assert.deepEqual(
    new Set([await told(browser, twice[0] as Response), await told(browser, twice[1] as Response)]),
    new Set(['/account/requests: done.allowed', '/account/requests: done.gone']),
  )
  const after = await browser.submit(page, 'request', { decision: 'refuse' })
  assert.equal(await told(browser, after), '/account/requests: done.gone')
  assert.equal(said(await poll(waiting.auth_req_id)), '200 done')
})

test('a proof of some minutes ago allows nothing, but may refuse', async () => {
  const { waiting, at } = await ask()
  const page = await (await browser.go(at)).text()
  await service.kit.database.query(`update session set auth_time = auth_time - interval '3 minutes'`)
  const stale = await browser.submit(page, 'request', { decision: 'allow' })
  assert.equal(stale.headers.get('location'), `/sign-in/again?return=${encodeURIComponent(at)}`)
  assert.equal(said(await poll(waiting.auth_req_id)), '400 authorization_pending')
  const refused = await browser.submit(page, 'request', { decision: 'refuse' })
  assert.equal(await told(browser, refused), '/account/requests: done.refused')
  await service.kit.database.query(`update session set auth_time = now()`)
})

test('who asks too often is told to slow down, for good', async () => {
  const { waiting } = await ask()
  assert.equal(said(await poll(waiting.auth_req_id)), '400 authorization_pending')
  assert.equal(said(await poll(waiting.auth_req_id)), '400 slow_down')
  const waits = async () =>
    (
      await service.kit.database.query(
        'select wait_seconds as s from backchannel_request order by asked_at desc limit 1',
      )
    )[0]?.['s']
  assert.equal(await waits(), 10)
  assert.equal(said(await poll(waiting.auth_req_id)), '400 slow_down')
  assert.equal(await waits(), 15)
  // Another application learns nothing, and its questions count for nobody.
  assert.equal(said(await poll(waiting.auth_req_id, basic('pinged', pinging))), '400 invalid_grant')
  assert.equal(await waits(), 15)
})

test('a hint that is nobody’s waits like one that nobody answers, and nobody is written to', async () => {
  const before = mails.length
  const nobody = await request({ login_hint: 'nobody@example.org' })
  const somebody = await request({ login_hint: '010130-2989' })
  assert.deepEqual(Object.keys(nobody.body).toSorted(), Object.keys(somebody.body).toSorted())
  for (const { body } of [nobody, somebody]) {
    assert.equal(said(await poll(String(body['auth_req_id']))), '400 authorization_pending')
    assert.equal(said(await poll(String(body['auth_req_id']))), '400 slow_down')
  }
  await until(() => mails.length > before)
  await pause(200)
  assert.deepEqual(
    mails.slice(before).map(({ to }) => to),
    [email],
  )
  for (const login_hint of ['something', 'a\0b@example.org', 'ada@exa\0mple.org'])
    assert.equal(said(await request({ login_hint })), '400 unknown_user_id')
  const rows = JSON.stringify(await service.kit.database.query('select r::text from oidc_record r'))
  assert.equal(rows.includes('nobody@example.org'), false)
})

test('an application is told with the word that it gave, again when it does not answer, and may then fetch', async () => {
  answers.push(503)
  const token = 'A-token-of-the-application_'.repeat(4)
  const as = basic('pinged', pinging)
  const { body } = await request({ client_notification_token: token }, as)
  const [row] = await service.kit.database.query(
    `select id from backchannel_request where client = 'pinged' order by asked_at desc limit 1`,
  )
  await decide(`/account/requests/${String(row?.['id'])}`, 'allow')
  await until(() => heard.length >= 2)
  assert.equal(heard.length, 2)
  for (const { authorization, body: told } of heard)
    assert.deepEqual(
      [authorization, JSON.parse(told)],
      [`Bearer ${token}`, { auth_req_id: body['auth_req_id'] }],
    )
  assert.equal(said(await poll(String(body['auth_req_id']), as)), '200 done')
  const jobs = JSON.stringify(
    await service.kit.database.query('select j::text from graphile_worker._private_jobs j'),
  )
  assert.equal(jobs.includes(token), false)
  assert.equal(said(await request({}, as)), '400 invalid_request')
  assert.equal(said(await request({ client_notification_token: 'two words' }, as)), '400 invalid_request')
})

test('an application that asks again and again is refused, before anybody is bothered', async () => {
  const narrow = await testIdentity({ env: { ALTHING_IDENTITY_BACKCHANNEL_PER_PERSON: '2' } })
  await addAccount(narrow, { email })
  const shown = await addClient(narrow, 'calls', {
    grant_types: [ciba],
    backchannel_token_delivery_mode: 'poll',
  })
  const once = (login_hint: string) =>
    post(narrow, '/oauth/backchannel', { scope: 'openid', login_hint }, basic('calls', shown))
  for (const hint of [email, 'nobody@example.org']) {
    assert.equal(said(await once(hint)), '200 done')
    assert.equal(said(await once(hint)), '200 done')
    const refused = await once(hint)
    assert.equal(said(refused), '403 access_denied')
    assert.ok(Number(refused.headers.get('retry-after')) > 0)
  }
  const [row] = await narrow.kit.database.query('select count(*)::int as n from backchannel_request')
  assert.equal(row?.['n'], 4)
})

test('details are shown and given; a token is for the server that was named', async () => {
  const details = JSON.stringify([{ type: 'payment', amount: '4.200 kr.' }])
  const { waiting, at } = await ask({ scope: 'openid read', resource: api, authorization_details: details })
  const page = await (await browser.go(at)).text()
  assert.match(page, /4\.200 kr\./)
  assert.match(page, /At the service The calendar:[^]*https:\/\/api\.example\/[^]*What it calls “read”/)
  await decide(at, 'allow')
  const { body } = await poll(waiting.auth_req_id)
  const claims = JSON.parse(
    Buffer.from(String(body['access_token']).split('.')[1] ?? '', 'base64url').toString(),
  ) as Record<string, unknown>
  assert.deepEqual(
    [claims['aud'], claims['scope'], claims['authorization_details']],
    [api, 'read', JSON.parse(details)],
  )
})

test('an application that must sign its requests does, each of them once', async () => {
  const words = { ...asking, jwks: own.jwks, backchannel_token_delivery_mode: 'poll' as const }
  const key = await addClient(service, 'signed', {
    ...words,
    backchannel_authentication_request_signing_alg: 'ES256',
  })
  const as = basic('signed', key)
  const now = Math.floor(Date.now() / 1000)
  const whole = { scope: 'openid', login_hint: email, nbf: now }
  const send = (jwt: string) => post(service, '/oauth/backchannel', { request: jwt }, as)
  const good = await assertion(service, 'signed', own.privateKey, whole)
  assert.equal(said(await send(good)), '200 done')
  assert.equal(said(await send(good)), '400 invalid_request', 'a copy asks nobody')
  const late = await assertion(service, 'signed', own.privateKey, { ...whole, nbf: now - 60, exp: now - 4 })
  assert.equal(said(await send(late)), '200 done', 'within what clocks may differ by')
  await new Promise((done) => setTimeout(done, 1300))
  assert.equal(said(await send(late)), '400 invalid_request', 'and a copy of that neither')
  assert.equal(said(await request({}, as)), '400 invalid_request', 'nor does one that nobody signed')
  for (const broken of [
    { nbf: undefined },
    { jti: undefined },
    { iat: undefined },
    { exp: now + 86_400 },
    { aud: 'https://other.example' },
  ])
    assert.equal(
      said(await send(await assertion(service, 'signed', own.privateKey, { ...whole, ...broken } as never))),
      '400 invalid_request',
    )
  const foreign = await keyPair()
  assert.equal(
    said(await send(await assertion(service, 'signed', foreign.privateKey, whole))),
    '400 invalid_request',
  )
})

test('under FAPI every request is signed, says what stands on both screens, and its tokens are bound', async () => {
  const words = {
    ...asking,
    policy: 'fapi-2.0' as const,
    token_endpoint_auth_method: 'private_key_jwt' as const,
    dpop_bound_access_tokens: true,
    backchannel_token_delivery_mode: 'poll' as const,
    backchannel_authentication_request_signing_alg: 'ES256' as const,
    jwks: own.jwks,
  }
  await addClient(service, 'bank', words)
  const key = await crypto.subtle.importKey(
    'pkcs8',
    Uint8Array.from(own.privateKey.export({ type: 'pkcs8', format: 'der' })),
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['sign'],
  )
  const bank = await strict(service, 'bank', client.PrivateKeyJwt(key))
  const now = Math.floor(Date.now() / 1000)
  const within = { scope: 'openid', login_hint: email, nbf: now }
  const sign = (more: Record<string, string>) =>
    assertion(service, 'bank', own.privateKey, { ...within, ...more })
  await assert.rejects(
    client.initiateBackchannelAuthentication(bank, { request: await sign({}) }),
    { error: 'invalid_request' },
    'without a message nobody knows which request it is',
  )
  let waiting: client.BackchannelAuthenticationResponse | undefined
  const request = await sign({ binding_message: 'Pay 4.200' })
  const mail = await because(async () => {
    waiting = await client.initiateBackchannelAuthentication(bank, { request })
  }, email)
  await decide(new URL(linkIn(mail)).pathname, 'allow')
  assert.ok(waiting)
  const DPoP = client.getDPoPHandle(bank, await client.randomDPoPKeyPair('ES256'))
  const tokens = await client.pollBackchannelAuthenticationGrant(
    bank,
    { ...waiting, interval: 0 },
    undefined,
    { DPoP },
  )
  assert.equal(tokens.token_type, 'dpop')
})

test('oauth4webapi asks and fetches too', async () => {
  const issuer = new URL(service.origin)
  const plain = { [oauth.allowInsecureRequests]: true }
  const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, plain))
  const it = { client_id: 'calls', id_token_signed_response_alg: 'ES256' }
  const proof = oauth.ClientSecretBasic(secret)
  const form = { scope: 'openid', login_hint: email, binding_message: 'Jónína 7' }
  let begun: oauth.BackchannelAuthenticationResponse | undefined
  const mail = await because(async () => {
    const answer = await oauth.backchannelAuthenticationRequest(as, it, proof, form, plain)
    begun = await oauth.processBackchannelAuthenticationResponse(as, it, answer)
  }, email)
  await decide(new URL(linkIn(mail)).pathname, 'allow')
  const id = begun?.auth_req_id ?? ''
  const answer = await oauth.backchannelAuthenticationGrantRequest(as, it, proof, id, plain)
  const tokens = await oauth.processBackchannelAuthenticationGrantResponse(as, it, answer)
  assert.equal(oauth.getValidatedIdTokenClaims(tokens)?.sub, ada)
})

test('a level that is asked for is reached by who answers, or nobody is let in', async () => {
  const { waiting, at } = await ask({ acr_values: 'urn:althing:acr:mfa' })
  const weak = await (await browser.go(at)).text()
  assert.match(weak, /wants a stronger proof/)
  const forced = await browser.submit(weak, 'request', { decision: 'allow' })
  assert.equal(forced.headers.get('location'), at)
  assert.equal(said(await poll(waiting.auth_req_id)), '400 authorization_pending')
  await turnOnTwoStep(browser)
  await service.kit.database.query(
    `update session set acr = 'urn:althing:acr:mfa', amr = '{pwd,otp,mfa}', auth_time = now() where account = $1`,
    [ada],
  )
  await decide(at, 'allow')
  await pause(4_500)
  const tokens = await client.pollBackchannelAuthenticationGrant(calls, { ...waiting, interval: 0 })
  assert.equal(tokens.claims()?.['acr'], 'urn:althing:acr:mfa')
})

test('a level that we do not know is a wish and no more: the request is asked and answered, and it is told what was reached', async () => {
  const { waiting, at } = await ask({ acr_values: 'urn:example:gold' })
  assert.doesNotMatch(await (await browser.go(at)).text(), /wants a stronger proof/)
  await decide(at, 'allow')
  await pause(4_500)
  const tokens = await client.pollBackchannelAuthenticationGrant(calls, { ...waiting, interval: 0 })
  assert.match(String(tokens.claims()?.['acr']), /^urn:althing:acr:/)
})

test('what is asked and answered is recorded and counted, and an operator finds who was asked too often', async () => {
  const actions = await service.kit.database.query(
    `select distinct action from audit_entry where action like 'backchannel.%' order by 1`,
  )
  assert.deepEqual(
    actions.map(({ action }) => action),
    ['backchannel.allowed', 'backchannel.asked', 'backchannel.refused'],
  )
  const all = await counted(service)
  for (const outcome of ['asked', 'allowed', 'refused', 'told', 'not_told'])
    assert.ok((all[`id_oidc_backchannel_total{outcome="${outcome}"}`] ?? 0) > 0, outcome)
  assert.ok((all['id_oidc_token_requests_total{grant="ciba",result="done"}'] ?? 0) > 0)
  const person = { id: ada, email: null, phone: null, nationalId: null }
  const shown = await service.kit.limits.show({ who: limitNamesOf(person, ada, [], ['calls']) })
  const names = new Set(shown.map(({ name }) => name).filter((name) => name.startsWith('backchannel-')))
  assert.deepEqual(
    [...names].toSorted((a, b) => a.localeCompare(b)),
    ['backchannel-pair', 'backchannel-person'],
  )
})
