/** An application registers itself and looks after itself (RFC 7591, RFC 7592), through strict clients of others. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { race } from '@althing/kernel/testing'
import { Registry } from '@althing/kernel/telemetry'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { counted } from '../../../../tests/support/counted.ts'
import {
  addAccount,
  createBrowser,
  signIn,
  testIdentity,
  type TestIdentity,
} from '../../../../tests/support/identity.ts'
import { httpsServer } from '../../../../tests/support/https.ts'
import {
  addClient,
  addResource,
  api,
  basic,
  callback,
  codeGrant,
  post,
  through,
} from '../../../../tests/support/protocol.ts'
import { compose, type IdentityKit } from '../../compose.ts'
import { createMetrics } from '../../metrics.ts'

const listed: string[] = []
const { host, url } = await httpsServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(listed))
})
const env = {
  ALTHING_IDENTITY_CLIENT_REGISTRATION: 'token',
  ALTHING_IDENTITY_EGRESS_ALLOWED: host,
  ALTHING_IDENTITY_CLIENT_REGISTRATIONS_PER_NETWORK: '1000',
}
const service = await testIdentity({ env })
await addAccount(service)
await addResource(service)
const open = 'https://open.example/'
await addResource(service, { uri: open, scopes: ['read'], open: true })
const registrationOf = (of: TestIdentity) =>
  compose(of.kit as unknown as IdentityKit, createMetrics(new Registry())).selfRegistration
const registration = registrationOf(service)
const token = async (more: Partial<Parameters<typeof registration.createToken>[0]> = {}) =>
  registration.createToken(
    { note: 'test', policy: 'oauth-2.1', mostUses: 100, days: 7, ...more },
    'operator:test',
  )
const initial = (await token()).token
const good = { redirect_uris: [callback], client_name: 'The calendar', scope: 'openid email' }

type Body = Record<string, unknown>
async function ask(method: string, path: string, body?: unknown, bearer: string | null = initial) {
  const response = await fetch(path.startsWith('http') ? path : `${service.origin}${path}`, {
    method,
    headers: {
      ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: (text === '' ? {} : JSON.parse(text)) as Body,
  }
}
const register = (body: unknown, bearer: string | null = initial) =>
  ask('POST', '/oauth/register', body, bearer)
const said = ({ status, body }: { status: number; body: Body }) =>
  `${status} ${String(body['error'] ?? 'done')}`

test('off by default: nothing is announced, and nothing is there', async () => {
  const closed = await testIdentity()
  const metadata = (await (await fetch(`${closed.origin}/.well-known/openid-configuration`)).json()) as Body
  assert.equal(metadata['registration_endpoint'], undefined)
  const { token: shown } = await registrationOf(closed).createToken(
    { note: 'x', policy: 'oauth-2.1', mostUses: 1, days: 1 },
    'operator:test',
  )
  const nowhere = await fetch(`${closed.origin}/oauth/register`, {
    method: 'POST',
    headers: { authorization: `Bearer ${shown}`, 'content-type': 'application/json' },
    body: JSON.stringify(good),
  })
  assert.equal(nowhere.status, 404)
})

test('an application registers itself with openid-client, signs somebody in, and the person is told that nobody has looked at it', async () => {
  const own = { client_uri: 'https://shop.example/', policy_uri: 'https://law.example/?a=1&b="' }
  const config = await client.dynamicClientRegistration(
    new URL(service.origin),
    { ...good, ...own, id_token_signed_response_alg: 'ES256' },
    undefined,
    { initialAccessToken: initial, execute: [client.allowInsecureRequests] },
  )
  const browser = createBrowser(service.origin)
  await signIn(browser)
  const asked = new URLSearchParams({
    client_id: config.clientMetadata().client_id,
    response_type: 'code',
    redirect_uri: callback,
    scope: 'openid email',
    code_challenge: await client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier()),
    code_challenge_method: 'S256',
  })
  const { response } = await browser.follow(await browser.go(`/oauth/authorize?${asked.toString()}`))
  const question = await response.text()
  assert.match(question, /registered itself\. Nobody here has checked/)
  assert.match(question, /The calendar asks for access/)
  assert.match(question, /outside this site/)
  assert.match(
    question,
    /<a href="https:\/\/shop\.example\/" rel="external [^"]*"\s*>About the application \(shop\.example\)/,
  )
  assert.match(
    question,
    /<a href="https:\/\/law\.example\/\?a=1&amp;b=[^"<>]*" rel="external [^"]*"\s*>Its privacy policy \(law\.example\)/,
  )
  assert.doesNotMatch(question, /Its terms/, 'it has named none')
  const { grant } = await codeGrant(config, browser, { scope: 'openid email' })
  const tokens = await grant()
  assert.equal(
    (await client.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? '')).email,
    'ada@example.org',
  )
  // It keeps a secret, and has shown it: what was allowed counts in this session, also for who asks quietly (a client that renews).
  asked.set('prompt', 'none')
  const silent = await browser.go(`/oauth/authorize?${asked.toString()}`)
  assert.match(silent.headers.get('location') ?? '', /[?&]code=/)
  // In another session it does not: what is at that name now may be another.
  const elsewhere = createBrowser(service.origin)
  await signIn(elsewhere)
  const later = await elsewhere.go(`/oauth/authorize?${asked.toString()}`)
  assert.match(later.headers.get('location') ?? '', /error=consent_required/)
  asked.delete('prompt')
  const again = await elsewhere.follow(await elsewhere.go(`/oauth/authorize?${asked.toString()}`))
  assert.match(await again.response.text(), /asks for access/)
})

test('a program on a device that registered itself asks every time, whoever allowed it a moment ago', async () => {
  for (const [redirect, kind] of [
    ['http://127.0.0.1/callback', 'native'],
    ['org.example.app:/callback', 'native'],
    [callback, 'web'],
  ] as const) {
    const words = {
      ...good,
      redirect_uris: [redirect],
      application_type: kind,
      token_endpoint_auth_method: 'none',
    }
    const made = await register(words)
    assert.equal(said(made), '201 done', JSON.stringify(made.body))
    const asked = new URLSearchParams({
      client_id: String(made.body['client_id']),
      response_type: 'code',
      redirect_uri: redirect,
      scope: 'openid email',
      code_challenge: await client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier()),
      code_challenge_method: 'S256',
    })
    const at = () => `/oauth/authorize?${asked.toString()}`
    const browser = createBrowser(service.origin)
    await signIn(browser)
    assert.equal((await through(browser, at())).consents, 1)
    const isWeb = kind === 'web'
    assert.equal((await through(browser, at())).consents, isWeb ? 0 : 1, redirect)
    asked.set('prompt', 'none')
    const silent = (await browser.go(at())).headers.get('location') ?? ''
    assert.match(silent, isWeb ? /[?&]code=/ : /error=(consent|interaction)_required/)
  }
})

test('oauth4webapi reads the answer, which holds everything that was registered and nothing of ours', async () => {
  const issuer = new URL(service.origin)
  const as = await oauth.processDiscoveryResponse(
    issuer,
    await oauth.discoveryRequest(issuer, { [oauth.allowInsecureRequests]: true }),
  )
  const response = await oauth.dynamicClientRegistrationRequest(
    as,
    { ...good, scope: 'openid email roles magic', unknown_word: 1 },
    {
      initialAccessToken: initial,
      [oauth.allowInsecureRequests]: true,
    },
  )
  assert.deepEqual([response.status, response.headers.get('cache-control')], [201, 'no-store'])
  const made = await oauth.processDynamicClientRegistrationResponse(response)
  assert.deepEqual(
    Object.keys(made).toSorted((a, b) => a.localeCompare(b)),
    [
      'application_type',
      'client_id',
      'client_id_issued_at',
      'client_name',
      'client_secret',
      'client_secret_expires_at',
      'grant_types',
      'id_token_signed_response_alg',
      'post_logout_redirect_uris',
      'redirect_uris',
      'registration_access_token',
      'registration_client_uri',
      'response_types',
      'scope',
      'subject_type',
      'token_endpoint_auth_method',
    ],
  )
  assert.deepEqual([made['response_types'], made['subject_type']], [['code'], 'public'], 'what holds unsaid')
  assert.equal(made['scope'], 'openid email', 'neither roles nor what nobody knows')
})

test('without a word that an operator gave, or with one that is over, nobody registers', async () => {
  for (const bearer of [null, 'guess', 'x'.repeat(43)]) {
    const refused = await register(good, bearer)
    assert.equal(said(refused), '401 invalid_token')
    assert.equal(refused.headers.get('www-authenticate'), 'Bearer error="invalid_token"')
  }
  const deep = `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`
  assert.equal(said(await register(deep, null)), '401 invalid_token', 'a stranger has nothing read')
  assert.equal(said(await register(deep)), '400 invalid_request')
  const once = await token({ mostUses: 1 })
  assert.equal(
    said(await register({ redirect_uris: ['http://evil.example/'] }, once.token)),
    '400 invalid_redirect_uri',
  )
  assert.equal(said(await register(good, once.token)), '201 done', 'a refusal uses nothing up')
  assert.equal(said(await register(good, once.token)), '401 invalid_token')
  const revoked = await token()
  assert.equal(await registration.revokeToken(revoked.id, 'operator:test'), true)
  assert.equal(await registration.revokeToken(revoked.id, 'operator:test'), false)
  assert.equal(said(await register(good, revoked.token)), '401 invalid_token')
  const old = await token()
  await service.kit.database.query(`update registration_token set expires_at = now() where id = $1`, [old.id])
  assert.equal(said(await register(good, old.token)), '401 invalid_token')
  const rows = JSON.stringify(await service.kit.database.query('select t::text from registration_token t'))
  for (const one of [initial, once.token]) assert.equal(rows.includes(one), false)
})

test('of sixty-four that use the last use of a word at once, one is registered', async () => {
  const second = await testIdentity({ like: service, origin: service.origin, env })
  const { token: last } = await token({ mostUses: 1 })
  const { won } = await race(64, async (runner, ready) => {
    await ready()
    const answer = await ask(
      'POST',
      `${[service.origin, second.origin][runner % 2]}/oauth/register`,
      good,
      last,
    )
    if (answer.status !== 201) throw new Error(String(answer.status))
    return answer.body['client_id']
  })
  assert.equal(won.length, 1)
})

test('what a stranger may not be, it is not', async () => {
  const refused: readonly [Body, string][] = [
    [{ redirect_uris: [] }, 'invalid_redirect_uri'],
    [{}, 'invalid_redirect_uri'],
    [{ redirect_uris: ['https://shop.example/*'] }, 'invalid_redirect_uri'],
    [{ redirect_uris: ['https://shop.example/#x'] }, 'invalid_redirect_uri'],
    [{ redirect_uris: 'https://shop.example/' }, 'invalid_redirect_uri'],
    [{ ...good, grant_types: ['client_credentials'], redirect_uris: undefined }, 'invalid_client_metadata'],
    [
      { ...good, grant_types: ['authorization_code', 'urn:openid:params:grant-type:ciba'] },
      'invalid_client_metadata',
    ],
    [
      { ...good, grant_types: ['authorization_code', 'urn:ietf:params:oauth:grant-type:token-exchange'] },
      'invalid_client_metadata',
    ],
    [{ ...good, grant_types: ['implicit'] }, 'invalid_client_metadata'],
    [{ ...good, response_types: ['token'] }, 'invalid_client_metadata'],
    [{ ...good, token_endpoint_auth_method: 'client_secret_jwt' }, 'invalid_client_metadata'],
    [{ ...good, token_endpoint_auth_method: 'private_key_jwt' }, 'invalid_client_metadata'],
    [{ ...good, id_token_signed_response_alg: 'none' }, 'invalid_client_metadata'],
    [{ ...good, jwks_uri: 'http://10.0.0.1/keys' }, 'invalid_client_metadata'],
    [{ ...good, jwks_uri: 'https://10.0.0.1/keys' }, 'invalid_client_metadata'],
    [{ ...good, jwks: { keys: [{ kty: 'oct', k: 'x' }] } }, 'invalid_client_metadata'],
    [{ ...good, client_name: 'A\u202eB' }, 'invalid_client_metadata'],
    [{ ...good, software_statement: 'e30.e30.' }, 'unapproved_software_statement'],
  ]
  for (const [body, error] of refused)
    assert.equal(said(await register(body)), `400 ${error}`, JSON.stringify(body))
  for (const body of ['{', '[]', '"x"', '{"client_name":"\\u0000"}', '{"x":"\\ud800"}'])
    assert.equal(said(await register(body)), '400 invalid_request')
  const made = await register({
    ...good,
    policy: 'legacy',
    consent: 'skip',
    resources: { [api]: 'read' },
    access_token_seconds: 3600,
    token_exchange: ['impersonation'],
  })
  assert.equal(said(made), '201 done')
  const [row] = await service.kit.database.query('select metadata from oauth_client where id = $1', [
    made.body['client_id'],
  ])
  const {
    policy,
    consent,
    resources,
    registered_by: by,
    access_token_seconds: seconds,
  } = (row?.['metadata'] ?? {}) as Body
  assert.deepEqual(
    [policy, consent, resources, by, seconds],
    ['oauth-2.1', 'session', { [open]: 'read' }, 'itself', undefined],
  )
})

test('tokens are for servers that are open to strangers, and for no other', async () => {
  const { body } = await register(
    { ...good, token_endpoint_auth_method: 'none' },
    (await token({ policy: 'mcp' })).token,
  )
  const config = await client.discovery(
    new URL(service.origin),
    String(body['client_id']),
    { id_token_signed_response_alg: 'RS256' },
    client.None(),
    { execute: [client.allowInsecureRequests] },
  )
  const browser = createBrowser(service.origin)
  await signIn(browser)
  const { grant } = await codeGrant(config, browser, { scope: 'read', resource: open })
  const { access_token: given } = await grant()
  const claims = JSON.parse(Buffer.from(given.split('.')[1] ?? '', 'base64url').toString()) as Body
  assert.deepEqual([claims['aud'], claims['scope']], [open, 'read'])
  const closed = new URLSearchParams({
    client_id: String(body['client_id']),
    response_type: 'code',
    redirect_uri: callback,
    scope: 'read',
    resource: api,
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  })
  const { url: back } = await through(browser, `/oauth/authorize?${closed.toString()}`)
  assert.equal(back.searchParams.get('error'), 'invalid_target')
})

test('it looks after itself and nobody else: it reads, says everything anew, and goes', async () => {
  const made = (await register(good)).body
  const [uri, own] = [String(made['registration_client_uri']), String(made['registration_access_token'])]
  const read = await ask('GET', uri, undefined, own)
  assert.equal(said(read), '200 done')
  assert.deepEqual(
    [read.body['client_name'], read.body['client_secret'], read.body['registration_access_token']],
    ['The calendar', undefined, own],
  )

  const id = String(made['client_id'])
  const next = {
    client_id: id,
    client_name: 'The diary',
    redirect_uris: ['https://diary.example/back'],
    scope: 'openid',
  }
  const changed = await ask('PUT', uri, next, own)
  assert.deepEqual(
    [said(changed), changed.body['client_name'], changed.body['redirect_uris']],
    ['200 done', 'The diary', ['https://diary.example/back']],
  )
  for (const broken of [
    { client_id: 'portal' },
    { client_id: undefined },
    { client_secret: 'guess' },
    { registration_access_token: own },
    { registration_client_uri: uri },
    { client_secret_expires_at: 0 },
    { client_id_issued_at: 1 },
  ])
    assert.equal(said(await ask('PUT', uri, { ...next, ...broken }, own)), '400 invalid_request')
  assert.equal(
    said(await ask('PUT', uri, { ...next, client_secret: made['client_secret'] }, own)),
    '200 done',
  )
  assert.equal(
    said(await ask('PUT', uri, { ...next, redirect_uris: ['http://evil.example/'] }, own)),
    '400 invalid_redirect_uri',
  )

  const other = (await register(good)).body
  await addClient(service, 'made-by-hand')
  for (const [path, bearer] of [
    [uri, String(other['registration_access_token'])],
    [uri, initial],
    [uri, 'guess'],
    [`${service.origin}/oauth/register/made-by-hand`, own],
    [`${service.origin}/oauth/register/portal`, own],
  ] as const)
    for (const method of ['GET', 'DELETE'])
      assert.equal(said(await ask(method, path, undefined, bearer)), '401 invalid_token', `${method} ${path}`)
  assert.equal((await ask('PATCH', uri, next, own)).status, 405)
  assert.equal((await ask('GET', '/oauth/register')).status, 405)

  assert.equal((await ask('DELETE', uri, undefined, own)).status, 204)
  assert.equal(said(await ask('GET', uri, undefined, own)), '401 invalid_token')
  const gone = await post(service, '/oauth/par', { client_id: id }, basic(id, String(made['client_secret'])))
  assert.equal(gone.body['error'], 'invalid_client')
  const left = await service.kit.database.query(`select 1 from self_registration where client = $1`, [id])
  assert.equal(left.length, 0)
  const lines = await service.kit.database.query(
    `select action, actor from audit_entry where target_id = $1 order by at`,
    [id],
  )
  assert.deepEqual(
    lines.map(({ action }) => action),
    ['clients.registered', 'clients.changed', 'clients.removed'],
  )
  assert.match(String(lines[0]?.['actor']), /^registration:rgt_/)
  assert.equal(lines[1]?.['actor'], `client:${id}`)
  const all = await counted(service)
  for (const outcome of ['registered', 'changed', 'removed', 'refused'])
    assert.ok((all[`id_oidc_self_registrations_total{outcome="${outcome}"}`] ?? 0) > 0, outcome)
})

test('who shows no secret any more has none, and who shows one from now on gets it', async () => {
  const made = (await register({ ...good, token_endpoint_auth_method: 'none' })).body
  assert.equal(made['client_secret'], undefined)
  const [uri, own] = [String(made['registration_client_uri']), String(made['registration_access_token'])]
  const words = { ...good, client_id: made['client_id'] }
  const secret = (await ask('PUT', uri, words, own)).body['client_secret']
  assert.equal(typeof secret, 'string')
  const back = await ask('PUT', uri, { ...words, token_endpoint_auth_method: 'none' }, own)
  assert.equal(back.body['client_secret'], undefined)
})

test('a pairwise name is shared only with whom the list of the sector names', async () => {
  const words = { ...good, redirect_uris: [callback, 'https://other.example/back'], subject_type: 'pairwise' }
  assert.equal(said(await register(words)), '400 invalid_client_metadata')
  const sector = { ...words, sector_identifier_uri: `${url}/sector` }
  listed.splice(0, listed.length, callback)
  assert.equal(said(await register(sector)), '400 invalid_client_metadata')
  listed.push('https://other.example/back')
  assert.equal(said(await register(sector)), '201 done')
})

test('whoever registers again and again waits', async () => {
  const narrow = await testIdentity({
    env: { ...env, ALTHING_IDENTITY_CLIENT_REGISTRATIONS_PER_NETWORK: '2' },
  })
  const statuses: number[] = []
  for (let n = 0; n < 3; n += 1)
    statuses.push((await ask('POST', `${narrow.origin}/oauth/register`, good, 'guess')).status)
  assert.deepEqual(statuses, [401, 401, 429])
})

test('a page anywhere may register an application, and no cookie is ever asked for', async () => {
  const origin = 'https://inspector.example'
  const preflight = (path: string, method: string) =>
    fetch(`${service.origin}${path}`, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization',
      },
    })
  const asked = await preflight('/oauth/register', 'POST')
  const said = (name: string) => asked.headers.get(`access-control-${name}`)
  assert.deepEqual(
    [asked.status, said('allow-origin'), said('allow-methods'), said('allow-headers')],
    [204, '*', 'POST, OPTIONS', 'authorization, content-type'],
  )
  assert.equal(said('allow-credentials'), null)
  const own = await preflight('/oauth/register/dyn_x', 'PUT')
  assert.equal(own.headers.get('access-control-allow-methods'), 'GET, PUT, DELETE, OPTIONS')
  for (const bearer of [initial, 'wrong', null]) {
    const answer = await fetch(`${service.origin}/oauth/register`, {
      method: 'POST',
      headers: {
        origin,
        'content-type': 'application/json',
        ...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
      },
      body: JSON.stringify(good),
    })
    assert.equal(answer.status, bearer === initial ? 201 : 401)
    assert.equal(answer.headers.get('access-control-allow-origin'), '*')
    assert.match(answer.headers.get('access-control-expose-headers') ?? '', /WWW-Authenticate/)
  }
})
