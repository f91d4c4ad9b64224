/** For each row of the table of checks a request that is good, so that what is refused is what the row has broken. */
import { createHash, randomUUID, type KeyObject } from 'node:crypto'
import { decodeJwt, SignJWT, UnsecuredJWT } from 'jose'
import type { At, Check, Signed, Value } from '../../services/identity/oidc/checks/check.ts'
import { addAccount, createBrowser, testIdentity, type Browser } from './identity.ts'
import {
  addClient,
  addResource,
  api,
  basic,
  callback,
  keyPair,
  post,
  registrationToken,
  through,
} from './protocol.ts'
import { programsOf } from './service-identities.ts'

const verifier = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const jwtType = 'urn:ietf:params:oauth:token-type:jwt'
const bye = 'https://shop.example/bye'
const ciba = 'urn:openid:params:grant-type:ciba' as const
/** Nobody's: so that no row sends a letter, and each is answered as if it did. */
const elsewhereHint = 'nobody@example.org'

type Form = Readonly<Record<string, Value>>
interface Good {
  readonly path: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Instead of a form. */
  readonly json?: Readonly<Record<string, unknown>>
  readonly form: Form
  readonly headers: Readonly<Record<string, Value>>
  /** How what is signed in it ought to be: the claims, the header, the key. */
  readonly sign?: {
    readonly claims: Record<string, unknown>
    readonly header: Record<string, unknown>
    readonly key: KeyObject
  }
}

export async function createGoods() {
  const service = await testIdentity({
    env: {
      ALTHING_IDENTITY_BACKCHANNEL_PER_PERSON: '10000',
      ALTHING_IDENTITY_CLIENT_REGISTRATION: 'token',
      ALTHING_IDENTITY_CLIENT_REGISTRATIONS_PER_NETWORK: '10000',
    },
  })
  const account = await addAccount(service)
  const own = await keyPair()
  const foreign = await keyPair()
  const second = 'https://second.example/'
  const payment = { type: 'payment', fields: ['amount'], required: ['amount'], actions: ['pay'] }
  await addResource(service, { details: [payment], introspector: 'server' })
  await addResource(service, { uri: second })
  await addResource(service, { uri: 'https://other.example/' })
  const grants = {
    grant_types: [
      'authorization_code' as const,
      'refresh_token' as const,
      'client_credentials' as const,
      'urn:ietf:params:oauth:grant-type:device_code' as const,
      ciba,
    ],
    backchannel_token_delivery_mode: 'poll' as const,
    scope: 'openid email offline_access',
    resources: { [api]: 'read write', [second]: 'read' },
    authorization_details_types: ['payment'],
  }
  const everything = {
    ...grants,
    post_logout_redirect_uris: [bye],
    redirect_uris: [callback, 'https://shop.example/other'],
  }
  const secrets: Record<string, string> = {
    shop: await addClient(service, 'shop', everything),
    // Registered for the same, so that what it is refused is refused for whose it is.
    other: await addClient(service, 'other', everything),
    simple: await addClient(service, 'simple', { scope: 'openid', resources: { [api]: 'read' } }),
    bound: await addClient(service, 'bound', { ...grants, dpop_bound_access_tokens: true }),
    signing: await addClient(service, 'signing', {
      ...grants,
      jwks: own.jwks,
      require_signed_request_object: true,
    }),
    pinged: await addClient(service, 'pinged', {
      ...grants,
      backchannel_token_delivery_mode: 'ping',
      backchannel_client_notification_endpoint: 'https://shop.example/told',
    }),
    server: await addClient(service, 'server', {
      grant_types: [
        'urn:ietf:params:oauth:grant-type:token-exchange',
        'urn:ietf:params:oauth:grant-type:jwt-bearer',
        'authorization_code',
      ],
      scope: 'openid',
      jwks: own.jwks,
      resources: { [api]: 'read write', [second]: 'read' },
      token_exchange: ['delegation'],
    }),
  }
  await addClient(service, 'keyed', {
    ...grants,
    token_endpoint_auth_method: 'private_key_jwt',
    jwks: own.jwks,
  })
  const program = await programsOf(service).program({ resources: { [api]: 'read' } })
  const browser = createBrowser(service.origin)
  const as = (id: string) => basic(id, secrets[id] ?? '')
  const request = (id: string) => ({
    client_id: id,
    response_type: 'code',
    redirect_uri: callback,
    scope: 'openid',
    state: 'a state',
    nonce: 'a nonce',
    code_challenge: challenge,
    code_challenge_method: 'S256',
  })

  async function codeFor(id: string, more: Record<string, string> = {}): Promise<string> {
    const asked = new URLSearchParams({ ...request(id), ...more }).toString()
    const { url } = await through(browser, `/oauth/authorize?${asked}`)
    const code = url.searchParams.get('code')
    if (code === null) throw new Error(`No code for ${id}: ${url.href}`)
    return code
  }
  const codeForm = (code: string) => ({
    grant_type: 'authorization_code',
    code,
    redirect_uri: callback,
    code_verifier: verifier,
  })
  async function tokensFor(more: Record<string, string> = {}, form: Record<string, string> = {}) {
    const { body } = await post(
      service,
      '/oauth/token',
      { ...codeForm(await codeFor('shop', more)), ...form },
      as('shop'),
    )
    return body as Record<string, string>
  }
  const offline = { scope: 'openid offline_access', prompt: 'consent' }

  // What rows name instead of making it: each is good for any number of refusals.
  const person = await tokensFor(offline)
  const elsewhere = await tokensFor({ scope: 'read', resource: api, nonce: '' }, { resource: api })
  const narrow = await tokensFor({ scope: 'email', nonce: '' })
  const machine = (await post(service, '/oauth/token', { grant_type: 'client_credentials' }, as('shop')))
    .body as Record<string, string>
  await codeFor('server', { scope: 'openid read', resource: api })
  const bound = await boundTokens()
  const words = { redirect_uris: [callback], client_name: 'One that registers itself' }
  const initial = `Bearer ${await registrationToken(service)}`
  const registered = await register()
  const named: Readonly<Record<string, string>> = {
    initial,
    registered: registered.authorization,
    other: as('other').authorization,
    simple: as('simple').authorization,
    elsewhere: `Bearer ${elsewhere['access_token']}`,
    narrow: `Bearer ${narrow['access_token']}`,
    machine: `Bearer ${machine['access_token']}`,
    refresh: `Bearer ${person['refresh_token']}`,
    access: person['access_token'] ?? '',
    jwt: elsewhere['access_token'] ?? '',
  }

  async function boundTokens() {
    const code = await codeFor('bound')
    const htu = `${service.origin}/oauth/token`
    const ask = async (nonce: string | undefined) =>
      post(service, '/oauth/token', codeForm(code), {
        ...as('bound'),
        dpop: await signed({}, proof('POST', htu, nonce === undefined ? {} : { nonce })),
      })
    const nonce = (await ask(undefined)).headers.get('dpop-nonce') ?? ''
    const { body } = await ask(nonce)
    return { nonce, token: String(body['access_token']) }
  }

  async function register() {
    const response = await fetch(`${service.origin}/oauth/register`, {
      method: 'POST',
      headers: { authorization: initial, 'content-type': 'application/json' },
      body: JSON.stringify(words),
    })
    const made = (await response.json()) as Record<string, string>
    return {
      id: made['client_id'] ?? '',
      path: new URL(made['registration_client_uri'] ?? '').pathname,
      authorization: `Bearer ${made['registration_access_token'] ?? ''}`,
    }
  }
  async function managed(method: 'GET' | 'PUT' | 'DELETE'): Promise<Good> {
    const { id, path, authorization } = await register()
    const json = method === 'PUT' ? { json: { ...words, client_id: id } } : {}
    return { path, method, form: {}, headers: { authorization }, ...json }
  }

  function proof(htm: string, htu: string, claims: Record<string, unknown>) {
    const { kid: _kid, alg: _alg, use: _use, ...jwk } = own.jwk
    return {
      claims: { htm, htu, jti: randomUUID(), iat: 0, ...claims },
      header: { typ: 'dpop+jwt', jwk },
      key: own.privateKey,
    }
  }

  const proven = (id: string) => ({
    claims: { iss: id, sub: id, aud: service.origin, jti: randomUUID(), exp: 60 },
    header: {},
    key: own.privateKey,
  })
  const token = (form: Form, headers: Record<string, Value> = as('shop'), sign?: Good['sign']): Good => ({
    path: '/oauth/token',
    method: 'POST',
    form,
    headers,
    ...(sign === undefined ? {} : { sign }),
  })
  const keyed = (path: string, form: Form): Good => ({
    path,
    method: 'POST',
    form: { ...form, client_assertion: {}, client_assertion_type: assertionType },
    headers: {},
    sign: proven('keyed'),
  })
  const signedRequest = (path: string, method: 'GET' | 'POST', headers: Record<string, Value>): Good => ({
    path,
    method,
    // Outside stands only where an error may go back to; what is asked for is within.
    form: { client_id: 'signing', redirect_uri: callback, request: {} },
    headers,
    sign: {
      claims: { ...request('signing'), iss: 'signing', aud: service.origin, exp: 60, jti: randomUUID() },
      header: {},
      key: own.privateKey,
    },
  })

  const goods: Readonly<Record<At, () => Promise<Good> | Good>> = {
    authorize: () => ({ path: '/oauth/authorize', method: 'GET', form: request('shop'), headers: {} }),
    par: () => ({ path: '/oauth/par', method: 'POST', form: request('shop'), headers: as('shop') }),
    'authorize: request': () => signedRequest('/oauth/authorize', 'GET', {}),
    'par: request': () => signedRequest('/oauth/par', 'POST', as('signing')),
    'token: authorization_code': async () => token(codeForm(await codeFor('shop'))),
    'token: refresh_token': async () =>
      token({
        grant_type: 'refresh_token',
        refresh_token: (await tokensFor(offline))['refresh_token'] ?? '',
      }),
    'token: client_credentials': () =>
      token({ grant_type: 'client_credentials', resource: api, scope: 'read' }),
    'token: device_code': async () => {
      const { body } = await post(service, '/oauth/device', { scope: 'openid' }, as('shop'))
      return token({
        grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
        device_code: String(body['device_code']),
      })
    },
    'token: api-key': () =>
      token(
        {
          grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
          client_id: 'service-identities',
          subject_token: program.key,
          subject_token_type: 'urn:althing:token-type:api-key',
          purpose: 'The bills of November',
          resource: api,
          scope: 'read',
        },
        {},
      ),
    'token: token-exchange': () =>
      token(
        {
          grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
          subject_token: elsewhere['access_token'] ?? '',
          subject_token_type: jwtType,
          resource: second,
          scope: 'read',
        },
        as('server'),
        {
          claims: { ...decodeJwt(elsewhere['access_token'] ?? ''), exp: 600 },
          header: { typ: 'at+jwt' },
          key: own.privateKey,
        },
      ),
    'token: jwt-bearer': () =>
      token(
        {
          grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
          assertion: {},
          resource: api,
          scope: 'read',
        },
        as('server'),
        {
          claims: { iss: 'server', sub: account, aud: service.origin, jti: randomUUID(), exp: 60 },
          header: {},
          key: own.privateKey,
        },
      ),
    'token: private_key_jwt': () =>
      keyed('/oauth/token', { grant_type: 'client_credentials', resource: api }),
    'par: private_key_jwt': () => keyed('/oauth/par', request('keyed')),
    'introspect: private_key_jwt': () => keyed('/oauth/introspect', { token: 'x'.repeat(43) }),
    'revoke: private_key_jwt': () => keyed('/oauth/revoke', { token: 'x'.repeat(43) }),
    'device: private_key_jwt': () => keyed('/oauth/device', { scope: 'openid' }),
    'token: DPoP': () =>
      token(
        { grant_type: 'client_credentials', resource: api },
        { ...as('bound'), dpop: {} },
        proof('POST', `${service.origin}/oauth/token`, { nonce: bound.nonce }),
      ),
    'userinfo: DPoP': () => ({
      path: '/oauth/userinfo',
      method: 'GET',
      form: {},
      headers: { authorization: `DPoP ${bound.token}`, dpop: {} },
      sign: proof('GET', `${service.origin}/oauth/userinfo`, {
        nonce: bound.nonce,
        ath: createHash('sha256').update(bound.token).digest('base64url'),
      }),
    }),
    backchannel: () => ({
      path: '/oauth/backchannel',
      method: 'POST',
      form: { scope: 'openid', login_hint: elsewhereHint },
      headers: as('shop'),
      sign: { claims: { ...decodeJwt(person['id_token'] ?? '') }, header: {}, key: own.privateKey },
    }),
    'backchannel: private_key_jwt': () =>
      keyed('/oauth/backchannel', { scope: 'openid', login_hint: elsewhereHint }),
    'backchannel: ping': () => ({
      path: '/oauth/backchannel',
      method: 'POST',
      form: { scope: 'openid', login_hint: elsewhereHint, client_notification_token: 'a-word' },
      headers: as('pinged'),
    }),
    'backchannel: request': () => ({
      path: '/oauth/backchannel',
      method: 'POST',
      form: { request: {} },
      headers: as('signing'),
      sign: {
        claims: {
          scope: 'openid',
          login_hint: elsewhereHint,
          iss: 'signing',
          aud: service.origin,
          jti: randomUUID(),
          exp: 60,
          iat: 0,
          nbf: 0,
        },
        header: {},
        key: own.privateKey,
      },
    }),
    'token: ciba': async () => {
      const form = { scope: 'openid', login_hint: elsewhereHint }
      const { body } = await post(service, '/oauth/backchannel', form, as('shop'))
      return token({ grant_type: ciba, auth_req_id: String(body['auth_req_id']) })
    },
    register: () => ({
      path: '/oauth/register',
      method: 'POST',
      form: {},
      json: words,
      headers: { authorization: initial },
    }),
    'registration: GET': () => managed('GET'),
    'registration: PUT': () => managed('PUT'),
    'registration: DELETE': () => managed('DELETE'),
    introspect: () => ({
      path: '/oauth/introspect',
      method: 'POST',
      form: { token: person['access_token'] ?? '' },
      headers: as('shop'),
    }),
    revoke: async () => {
      const { body } = await post(service, '/oauth/token', { grant_type: 'client_credentials' }, as('shop'))
      return {
        path: '/oauth/revoke',
        method: 'POST',
        form: { token: String(body['access_token']) },
        headers: as('shop'),
      }
    },
    device: () => ({ path: '/oauth/device', method: 'POST', form: { scope: 'openid' }, headers: as('shop') }),
    userinfo: () => ({
      path: '/oauth/userinfo',
      method: 'GET',
      form: {},
      headers: { authorization: `Bearer ${person['access_token'] ?? ''}` },
    }),
    logout: () => ({
      path: '/oauth/logout',
      method: 'GET',
      form: { id_token_hint: person['id_token'] ?? '', post_logout_redirect_uri: bye },
      headers: {},
      sign: { claims: { ...decodeJwt(person['id_token'] ?? '') }, header: {}, key: own.privateKey },
    }),
  }

  async function signed(how: Signed, { claims, header, key }: NonNullable<Good['sign']>): Promise<string> {
    const now = Math.floor(Date.now() / 1000)
    const all = Object.entries({ ...claims, ...how.claims }).flatMap(([name, value]): [string, unknown][] => {
      if (value === null || value === undefined) return []
      const isTime = ['exp', 'nbf', 'iat'].includes(name) && Math.abs(Number(value)) < 1_000_000
      return [[name, isTime ? now + Number(value) : value]]
    })
    const payload = Object.fromEntries(all)
    if (how.bare === true) return new UnsecuredJWT(payload).encode()
    const head = Object.entries({ alg: 'ES256', ...header, ...how.header }).filter(
      ([, value]) => value !== null,
    )
    return new SignJWT(payload)
      .setProtectedHeader(Object.fromEntries(head) as { alg: string })
      .sign(how.foreign === true ? foreign.privateKey : key)
  }

  async function text(value: Value, good: Good): Promise<string> {
    if (typeof value === 'string') return named[value] ?? value
    return signed(value, good.sign ?? proven('shop'))
  }

  /** What the row says, or would say: in the same words. */
  async function seen({
    at,
    form = {},
    json = {},
    headers = {},
    method,
  }: Pick<Check, 'at' | 'form' | 'json' | 'headers' | 'method'>) {
    const good = await goods[at]()
    const pairs: [string, string][] = []
    for (const [name, value] of Object.entries({ ...good.form, ...form }))
      if (value !== null)
        for (const one of Array.isArray(value) ? value : [value as Value])
          pairs.push([name, await text(one as Value, good)])
    const sent: Record<string, string> = {}
    for (const [name, value] of Object.entries({ ...good.headers, ...headers }))
      if (value !== null) sent[name] = await text(value, good)
    if (good.json !== undefined && (method ?? good.method) !== 'GET')
      return answerOfJson(
        `${service.origin}${good.path}`,
        method ?? good.method,
        { ...good.json, ...json },
        sent,
      )
    return answerOf(browserFor(at), good.path, method ?? good.method, pairs, sent)
  }

  /** Nobody is signed in where a request for authorization is refused: a row must not depend on who looks at it. */
  const browserFor = (at: At): Browser => (at === 'logout' ? browser : createBrowser(service.origin))

  return { seen, ats: Object.keys(goods) as At[] }
}

async function answerOfJson(
  url: string,
  method: string,
  json: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  const body = Object.fromEntries(Object.entries(json).filter(([, value]) => value !== null))
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  if (text === '') return String(response.status)
  const { error } = JSON.parse(text) as { error?: string }
  return `${response.status} ${error ?? 'done'}`
}

async function answerOf(
  browser: Browser,
  path: string,
  method: string,
  pairs: [string, string][],
  headers: Record<string, string>,
): Promise<string> {
  const query = new URLSearchParams(pairs)
  const isPage = path === '/oauth/authorize' || path === '/oauth/logout'
  const response =
    method === 'GET' && pairs.length > 0
      ? await browser.go(`${path}?${query.toString()}`, {
          headers: { accept: isPage ? 'text/html' : '*/*', ...headers },
        })
      : await browser.go(path, {
          method,
          headers: {
            accept: isPage ? 'text/html' : '*/*',
            ...(method === 'GET' ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
            ...headers,
          },
          ...(method === 'GET' ? {} : { body: query.toString() }),
        })
  const location = URL.parse(
    response.headers.get('location') ?? '',
    response.headers.has('location') ? 'http://localhost' : '',
  )
  if (location !== null) {
    // What was asked for from the front is answered in front: in the fragment.
    const error =
      location.searchParams.get('error') ?? new URLSearchParams(location.hash.slice(1)).get('error')
    return error === null ? `on to ${location.pathname}` : `back ${error}`
  }
  const body = await response.text()
  const type = response.headers.get('content-type') ?? ''
  if (type.includes('html')) return `page ${response.status}`
  if (!type.includes('json'))
    return response.status < 400 ? `${response.status} done` : String(response.status)
  const { error, active } = JSON.parse(body) as { error?: string; active?: boolean }
  if (error !== undefined) return `${response.status} ${error}`
  return active === undefined
    ? `${response.status} done`
    : `${response.status} ${active ? 'active' : 'inactive'}`
}
