/** How applications ask: pushed, signed, in detail, for a server, for claims; and how they are answered. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRemoteJWKSet, decodeJwt, jwtVerify, SignJWT } from 'jose'
import * as client from 'openid-client'
import { addAccount, createBrowser, testIdentity } from '../../../../tests/support/identity.ts'
import {
  addClient,
  addResource,
  api,
  basic,
  callback,
  codeGrant,
  keyPair,
  post,
  strict,
  through,
} from '../../../../tests/support/protocol.ts'

const service = await testIdentity()
await addAccount(service)
const payment = { type: 'payment', fields: ['amount'], required: ['amount'], actions: ['pay'] }
await addResource(service, { details: [payment] })
const secret = await addClient(service, 'shop', {
  scope: 'openid profile email',
  resources: { [api]: 'read' },
  authorization_details_types: ['payment'],
})
const shop = await strict(service, 'shop', client.ClientSecretBasic(secret))
const keys = createRemoteJWKSet(new URL(`${service.origin}/.well-known/jwks.json`))
const good = {
  client_id: 'shop',
  response_type: 'code',
  scope: 'openid',
  redirect_uri: callback,
  state: 'a state',
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
}
const authorizeAt = (parameters: Readonly<Record<string, string>>) =>
  `/oauth/authorize?${new URLSearchParams(parameters).toString()}`
/** Where a request without a question ends: the error, and who it is of. */
async function refusal(parameters: Readonly<Record<string, string>>) {
  const answer = await createBrowser(service.origin).go(authorizeAt(parameters))
  const to = URL.parse(answer.headers.get('location') ?? '')
  return to?.searchParams.get('error') ?? `page ${answer.status}`
}

test('a request that was pushed is used once, by who pushed it', async () => {
  const browser = createBrowser(service.origin)
  const verifier = client.randomPKCECodeVerifier()
  const start = await client.buildAuthorizationUrlWithPAR(shop, {
    redirect_uri: callback,
    scope: 'openid',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  })
  assert.deepEqual([...start.searchParams.keys()].toSorted(), ['client_id', 'request_uri'])
  const { url } = await through(browser, start.href)
  const tokens = await client.authorizationCodeGrant(shop, url, { pkceCodeVerifier: verifier })
  assert.ok(tokens.id_token)
  const request = start.searchParams.get('request_uri') ?? ''
  assert.equal(await refusal({ client_id: 'shop', request_uri: request }), 'page 400', 'a second time')
  const push = (form: Record<string, string>, key = secret) =>
    post(service, '/oauth/par', form, basic('shop', key))
  const { body } = await push(good)
  assert.match(String(body['request_uri']), /^urn:ietf:params:oauth:request_uri:/)
  assert.equal(body['expires_in'], 60)
  await addClient(service, 'thief')
  assert.equal(
    await refusal({ client_id: 'thief', request_uri: String(body['request_uri']) }),
    'page 400',
    'by another',
  )
  const cases: [Record<string, string>, string][] = [
    [{ ...good, redirect_uri: 'https://evil.example/' }, 'invalid_request'],
    [{ ...good, request_uri: String(body['request_uri']) }, 'request_uri_not_supported'],
    [{ ...good, code_challenge_method: 'plain' }, 'invalid_request'],
    [{ ...good, response_type: 'token' }, 'unsupported_response_type'],
    [{ ...good, scope: 'openid phone' }, 'invalid_scope'],
  ]
  for (const [form, error] of cases) {
    const answer = await push(form)
    assert.deepEqual([answer.status, answer.body['error']], [400, error], JSON.stringify(form))
  }
  assert.equal((await push(good, 'guess')).status, 401)
})

test('who registered that requests are pushed is heard in no other way', async () => {
  const key = await addClient(service, 'pushing', { require_pushed_authorization_requests: true })
  assert.equal(await refusal({ ...good, client_id: 'pushing' }), 'invalid_request')
  const pushed = await post(service, '/oauth/par', { ...good, client_id: 'pushing' }, basic('pushing', key))
  assert.equal(pushed.status, 201)
})

test('a signed request is what its signature covers, and is answered with a signature when it asks for one', async () => {
  const { privateKey, jwks } = await keyPair()
  const key = await addClient(service, 'signing', {
    jwks,
    require_signed_request_object: true,
    authorization_signed_response_alg: 'ES256',
  })
  const config = await strict(service, 'signing', client.ClientSecretBasic(key), {
    authorization_signed_response_alg: 'ES256',
  })
  client.useJwtResponseMode(config)
  const verifier = client.randomPKCECodeVerifier()
  const start = await client.buildAuthorizationUrlWithJAR(
    config,
    {
      redirect_uri: callback,
      scope: 'openid',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state: 'a state',
    },
    await crypto.subtle.importKey(
      'jwk',
      privateKey.export({ format: 'jwk' }),
      { name: 'ECDSA', namedCurve: 'P-256' },
      false,
      ['sign'],
    ),
  )
  const { url } = await through(createBrowser(service.origin), start.href)
  assert.deepEqual([...url.searchParams.keys()], ['response'])
  const answer = await jwtVerify(url.searchParams.get('response') ?? '', keys, {
    issuer: service.origin,
    audience: 'signing',
  })
  assert.equal(answer.payload['state'], 'a state')
  await client.authorizationCodeGrant(config, url, { pkceCodeVerifier: verifier, expectedState: 'a state' })

  const signed = (payload: Record<string, unknown>, by = privateKey) =>
    new SignJWT({ ...good, client_id: 'signing', iss: 'signing', aud: service.origin, ...payload })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuedAt()
      .setExpirationTime('1m')
      .sign(by)
  const { privateKey: foreign } = await keyPair()
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const cases: [string, string, string][] = [
    ['no signature', '', 'invalid_request'],
    ['another key', await signed({}, foreign), 'invalid_request_object'],
    ['for another', await signed({ aud: 'https://other.example' }), 'invalid_request_object'],
    ['of another', await signed({ iss: 'shop' }), 'invalid_request_object'],
    [
      'signed by nobody',
      `${encode({ alg: 'none' })}.${encode({ ...good, client_id: 'signing' })}.`,
      'invalid_request_object',
    ],
    ['a request within', await signed({ request: 'x' }), 'invalid_request_object'],
  ]
  for (const [what, request, error] of cases) {
    const parameters = { ...good, client_id: 'signing', ...(request === '' ? {} : { request }) }
    const answered = await createBrowser(service.origin).go(authorizeAt(parameters))
    const to = URL.parse(answered.headers.get('location') ?? '')
    const said = to?.searchParams.get('response')
    const seen = said
      ? decodeJwt(said)['error']
      : (to?.searchParams.get('error') ?? `page ${answered.status}`)
    assert.ok(seen === error || seen === 'page 400', `${what}: ${String(seen)}`)
  }
})

test('what is asked for in detail is shown, allowed, and stands in the token for its server alone', async () => {
  const details = [{ type: 'payment', amount: '100 kr.', actions: ['pay'] }]
  const browser = createBrowser(service.origin)
  const asked = { scope: 'read', resource: api, authorization_details: JSON.stringify(details) }
  const { url, checks } = await codeGrant(shop, browser, asked)
  const tokens = await client.authorizationCodeGrant(shop, url, checks, { resource: api })
  const claims = decodeJwt(tokens.access_token)
  assert.deepEqual([claims['authorization_details'], claims.aud, claims['scope']], [details, api, 'read'])
  assert.deepEqual([claims['sid'], claims['stamp'], claims['roles']], [undefined, undefined, undefined])
  assert.equal(typeof claims['auth_time'], 'number')

  const refused = async (authorization_details: string, more = {}) =>
    refusal({ ...good, scope: 'read', resource: api, authorization_details, ...more })
  for (const wrong of [
    'not json',
    '{}',
    '[{"amount":"1"}]',
    '[{"type":"unknown"}]',
    '[{"type":"payment"}]',
    '[{"type":"payment","amount":"1","other":"x"}]',
    '[{"type":"payment","amount":"1","actions":["steal"]}]',
  ])
    assert.equal(await refused(wrong), 'invalid_authorization_details', wrong)
  await addClient(service, 'plain', { resources: { [api]: 'read' }, authorization_details_types: [] })
  assert.equal(
    await refused(JSON.stringify(details), { client_id: 'plain' }),
    'invalid_authorization_details',
  )
  assert.equal(
    await refused(JSON.stringify(details), { resource: 'https://evil.example/' }),
    'invalid_target',
  )
})

test('the person reads what is asked for in detail before anything is given', async () => {
  const details = JSON.stringify([{ type: 'payment', amount: '<b>100</b> kr.' }])
  const browser = createBrowser(service.origin)
  const { url } = await through(browser, authorizeAt({ ...good, prompt: 'login' }))
  assert.equal(url.origin, 'https://shop.example')
  const { url: asked } = await browser.follow(
    await browser.go(authorizeAt({ ...good, scope: 'read', resource: api, authorization_details: details })),
    (there) => there.pathname === '/sign-in/consent',
  )
  const page = await (await browser.go(asked.href)).text()
  assert.match(page, /In detail: payment/)
  assert.match(page, /&lt;b&gt;100&lt;\/b&gt; kr\./)
})

test('claims can be asked for one by one, and are told when they were allowed', async () => {
  const claims = JSON.stringify({ userinfo: { email: null }, id_token: { name: null } })
  const { grant } = await codeGrant(shop, createBrowser(service.origin), { claims })
  const tokens = await grant()
  assert.equal(tokens.claims()?.['name'], 'Ada Jónsdóttir')
  const info = await client.fetchUserInfo(shop, tokens.access_token, tokens.claims()?.sub ?? '')
  assert.equal(info.email, 'ada@example.org')
  for (const wrong of ['no json', '[]', '{"userinfo":"x"}'])
    assert.equal(await refusal({ ...good, claims: wrong }), 'invalid_request', wrong)
})

test('what is known of a person can be had with a signature', async () => {
  const key = await addClient(service, 'careful', {
    userinfo_signed_response_alg: 'ES256',
    scope: 'openid email',
  })
  const config = await strict(service, 'careful', client.ClientSecretBasic(key), {
    userinfo_signed_response_alg: 'ES256',
  })
  const { grant } = await codeGrant(config, createBrowser(service.origin), { scope: 'openid email' })
  const tokens = await grant()
  const info = await client.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? '')
  assert.deepEqual([info['aud'], info['iss'], info.email], ['careful', service.origin, 'ada@example.org'])
})

test('an answer can come in a form that the browser posts, and always says whose it is', async () => {
  const { grant, url } = await codeGrant(shop, createBrowser(service.origin))
  assert.equal(url.searchParams.get('iss'), service.origin)
  await grant()
  const browser = createBrowser(service.origin)
  const { page } = await through(browser, authorizeAt({ ...good, response_mode: 'form_post' }))
  assert.match(page, /<form method="post" action="https:\/\/shop\.example\/callback"/)
  assert.match(page, /name="code"/)
  for (const [mode, error] of [
    ['web_message', 'page 400'],
    ['unknown', 'page 400'],
  ] as const) {
    const seen = await refusal({ ...good, response_mode: mode })
    assert.notEqual(seen, 'login', mode)
    assert.ok(['unsupported_response_mode', 'invalid_request', error].includes(seen), `${mode}: ${seen}`)
  }
})

test('whether to ask, and how lately somebody must have shown who they are, is for the application to say', async () => {
  assert.equal(await refusal({ ...good, prompt: 'none' }), 'login_required')
  assert.equal(await refusal({ ...good, prompt: 'none login' }), 'invalid_request')
  assert.equal(await refusal({ ...good, prompt: 'whatever' }), 'invalid_request')
  assert.equal(await refusal({ ...good, max_age: '-1' }), 'invalid_request')
  assert.equal(await refusal({ ...good, max_age: 'soon' }), 'invalid_request')
  const browser = createBrowser(service.origin)
  const { grant } = await codeGrant(shop, browser)
  const first = (await grant()).claims()
  const again = await codeGrant(shop, browser, { prompt: 'none' })
  assert.equal((await again.grant()).claims()?.sub, first?.sub, 'no question')
  const asked = await browser.follow(await browser.go(authorizeAt({ ...good, prompt: 'login' })))
  assert.match(await asked.response.text(), /id="sign-in"/)
  const old = await browser.follow(await browser.go(authorizeAt({ ...good, max_age: '0' })))
  assert.match(await old.response.text(), /id="sign-in"/)
})

test('in one sector a person has one name, in another another', async () => {
  const pairwise = { subject_type: 'pairwise' as const, scope: 'openid email' }
  const browser = createBrowser(service.origin)
  const subjectOf = async (id: string, redirect: string) => {
    const key = await addClient(service, id, { ...pairwise, redirect_uris: [redirect] })
    const config = await strict(service, id, client.ClientSecretBasic(key))
    const { grant } = await codeGrant(config, browser, { redirect_uri: redirect, scope: 'openid email' })
    const tokens = await grant()
    const info = await client.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? '')
    assert.equal(info.sub, tokens.claims()?.sub)
    return info.sub
  }
  const one = await subjectOf('one', 'https://one.example/callback')
  const sister = await subjectOf('sister', 'https://one.example/other')
  const two = await subjectOf('two', 'https://two.example/callback')
  const { grant } = await codeGrant(shop, browser)
  const known = (await grant()).claims()?.sub
  assert.equal(one, sister)
  assert.equal(new Set([one, two, known]).size, 3)
})
