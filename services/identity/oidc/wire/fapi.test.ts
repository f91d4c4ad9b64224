/**
 * FAPI 2.0 Security Profile and Message Signing: each way of proving who asks, with each way of binding tokens, signed by curves and
 * by RSA with PSS, through strict client libraries of others; and what the profile forbids.
 */
import assert from 'node:assert/strict'
import { createHash, X509Certificate } from 'node:crypto'
import { mock, test } from 'node:test'
import { decodeJwt, generateKeyPair, SignJWT, type CryptoKey } from 'jose'
import * as oauth from 'oauth4webapi'
import { eveCertificate, shopCertificate } from '../../../../tests/support/certificates.ts'
import { addAccount, createBrowser, signIn, testIdentity } from '../../../../tests/support/identity.ts'
import { addClient, callback, post, through } from '../../../../tests/support/protocol.ts'
import {
  keyOf,
  libraries,
  type Library,
  type Proof,
  type Stranger,
  type Tokens,
} from '../../../../tests/support/strangers.ts'
import type { ClientWords } from '../../clients/schema.ts'

const service = await testIdentity({ env: { ALTHING_IDENTITY_CERTIFICATE_PROXIES: '127.0.0.1,::1' } })
await addAccount(service)
const browser = createBrowser(service.origin)
await signIn(browser)

const shown = (pem: string, verified = 'SUCCESS') => ({
  'x-althing-certificate': encodeURIComponent(pem),
  'x-althing-certificate-verified': verified,
})
const thumbprint = createHash('sha256').update(new X509Certificate(shopCertificate).raw).digest('base64url')
const subjectOf = ({ id_token: token = '' }: Tokens) => decodeJwt(token).sub ?? ''

const proofs = ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'] as const
const bindings = ['dpop', 'mtls'] as const
const algorithms = ['ES256', 'PS256', 'EdDSA'] as const

interface Combination {
  readonly method: (typeof proofs)[number]
  readonly bound: (typeof bindings)[number]
  readonly alg: (typeof algorithms)[number]
}
const combinations: readonly Combination[] = proofs.flatMap((method) =>
  bindings.flatMap((bound) => algorithms.map((alg) => ({ method, bound, alg }))),
)

function wordsOf({ method, bound, alg }: Combination, jwk: object): ClientWords {
  const certificate = new X509Certificate(shopCertificate)
  const shop = {
    ...certificate.publicKey.export({ format: 'jwk' }),
    x5c: [certificate.raw.toString('base64')],
  }
  return {
    policy: 'fapi-2.0',
    grant_types: ['authorization_code', 'refresh_token'],
    scope: 'openid email offline_access',
    token_endpoint_auth_method: method,
    ...(method === 'tls_client_auth' ? { tls_client_auth_san_dns: 'shop.example' } : {}),
    ...(bound === 'dpop'
      ? { dpop_bound_access_tokens: true }
      : { tls_client_certificate_bound_access_tokens: true }),
    require_pushed_authorization_requests: true,
    require_signed_request_object: true,
    request_object_signing_alg: alg === 'EdDSA' ? 'Ed25519' : alg,
    authorization_signed_response_alg: alg,
    id_token_signed_response_alg: alg,
    introspection_signed_response_alg: alg,
    userinfo_signed_response_alg: alg,
    jwks: { keys: [jwk, ...(method === 'self_signed_tls_client_auth' ? [shop] : [])] as never[] },
  }
}

let count = 0
async function bank(library: Library, one: Combination) {
  count += 1
  const id = `bank-${count}`
  const { key, jwk } = await keyOf(one.alg)
  const words = wordsOf(one, jwk)
  await addClient(service, id, words)
  const proof: Proof = one.method === 'private_key_jwt' ? { by: 'key', key } : { by: 'certificate' }
  const verified = one.method === 'self_signed_tls_client_auth' ? 'NONE' : 'SUCCESS'
  const usesCertificate = one.bound === 'mtls' || one.method !== 'private_key_jwt'
  const stranger = await library.meet({
    origin: service.origin,
    id,
    proof,
    registered: {
      id_token_signed_response_alg: one.alg,
      authorization_signed_response_alg: one.alg,
      introspection_signed_response_alg: one.alg,
      userinfo_signed_response_alg: one.alg,
    },
    ...(one.bound === 'dpop' ? { dpop: await oauth.generateKeyPair(one.alg) } : {}),
    ...(usesCertificate ? { headers: shown(shopCertificate, verified) } : {}),
  })
  return { id, key, stranger }
}

const offline = { scope: 'openid email offline_access', prompt: 'consent' }
const everySigned = (key: oauth.PrivateKey) => ({ isPushed: true, signWith: key, isAnswerSigned: true })

/** @returns how to finish, so that a test can come late */
async function begun(stranger: Stranger, key: oauth.PrivateKey) {
  const asked = await stranger.begin(offline, everySigned(key))
  const { url } = await through(browser, asked.url.href)
  assert.deepEqual([...url.searchParams.keys()], ['response'])
  return () => stranger.finish(url, asked)
}

for (const library of libraries)
  for (const one of combinations)
    test(`${library.name}: ${one.method}, bound by ${one.bound}, all signed with ${one.alg}`, async () => {
      const { stranger, key } = await bank(library, one)
      const tokens = await (await begun(stranger, key))()
      assert.equal(tokens.token_type, one.bound === 'dpop' ? 'dpop' : 'bearer')
      const later = await stranger.refresh(tokens.refresh_token ?? '')
      assert.ok(later.refresh_token === undefined || later.refresh_token === tokens.refresh_token)
      const info = await stranger.userinfo(later.access_token, subjectOf(tokens))
      assert.equal(info.email, 'ada@example.org')
      const { active, cnf } = await stranger.introspect(later.access_token)
      assert.equal(active, true)
      assert.equal(cnf?.['x5t#S256'], one.bound === 'mtls' ? thumbprint : undefined)
      assert.equal(typeof cnf?.jkt, one.bound === 'dpop' ? 'string' : 'undefined')

      // Whoever finds the token has nothing.
      const found = [{}, shown(eveCertificate), { authorization: `DPoP ${later.access_token}` }]
      for (const headers of found) {
        const answer = await fetch(`${service.origin}/oauth/userinfo`, {
          headers: { authorization: `Bearer ${later.access_token}`, ...headers },
        })
        assert.ok([400, 401].includes(answer.status), String(answer.status))
      }
      const owner = await fetch(`${service.origin}/oauth/userinfo`, {
        headers: { authorization: `Bearer ${later.access_token}`, ...shown(shopCertificate) },
      })
      assert.equal(owner.status, one.bound === 'mtls' ? 200 : 401)
    })

const keyed: Combination = { method: 'private_key_jwt', bound: 'dpop', alg: 'PS256' }
const [first] = libraries
assert.ok(first)

test('a code is good for a minute, and not for a second more', async () => {
  const { stranger, key } = await bank(first, keyed)
  const finish = await begun(stranger, key)
  mock.timers.enable({ apis: ['Date'], now: Date.now() + 61_000 })
  try {
    await assert.rejects(finish(), { error: 'invalid_grant' })
  } finally {
    mock.timers.reset()
  }
  assert.ok((await (await begun(stranger, key))()).access_token)
})

/** A request as it ought to be pushed; a case breaks it. */
async function pushing(id: string, key: CryptoKey, kid: string) {
  const now = Math.floor(Date.now() / 1000)
  const signed = (payload: Record<string, unknown>, alg = 'PS256', by: CryptoKey = key) =>
    new SignJWT(payload).setProtectedHeader({ alg, kid }).sign(by)
  const request = {
    iss: id,
    client_id: id,
    aud: service.origin,
    iat: now,
    nbf: now,
    exp: now + 60,
    response_type: 'code',
    redirect_uri: callback,
    scope: 'openid',
    response_mode: 'jwt',
    code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
    code_challenge_method: 'S256',
  }
  const assertion = () => ({
    iss: id,
    sub: id,
    aud: service.origin,
    jti: crypto.randomUUID(),
    iat: now,
    exp: now + 60,
  })
  const push = async (proof: string, object: string, more = {}) => {
    const { status, body } = await post(service, '/oauth/par', {
      client_id: id,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: proof,
      ...(object === '' ? {} : { request: object }),
      ...more,
    })
    return [status, body['error']]
  }
  return { signed, request, assertion, push }
}

test('what the profile forbids is refused where it is asked', async () => {
  const { id, key } = await bank(first, keyed)
  const { signed, request, assertion, push } = await pushing(id, key.key as CryptoKey, key.kid)
  const good = () => signed(assertion())
  const rsa = await crypto.subtle.importKey(
    'pkcs8',
    await crypto.subtle.exportKey('pkcs8', key.key as CryptoKey),
    { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' },
    false,
    ['sign'],
  )
  const { privateKey: foreign } = await generateKeyPair('PS256')
  assert.deepEqual(await push(await good(), await signed(request)), [201, undefined])

  const proofsOfOthers: [string, string][] = [
    ['signed by RSA as it was', await signed(assertion(), 'RS256', rsa)],
    ['by another key', await signed(assertion(), 'PS256', foreign)],
    ['for two', await signed({ ...assertion(), aud: [service.origin, `${service.origin}/oauth/token`] })],
    ['for an endpoint', await signed({ ...assertion(), aud: `${service.origin}/oauth/par` })],
    ['in a list of one', await signed({ ...assertion(), aud: [service.origin] })],
  ]
  for (const [what, proof] of proofsOfOthers)
    assert.deepEqual(await push(proof, await signed(request)), [401, 'invalid_client'], what)

  const objects: [string, string][] = [
    ['signed by RSA as it was', await signed(request, 'RS256', rsa)],
    ['by another key', await signed(request, 'PS256', foreign)],
    ['for another', await signed({ ...request, aud: 'https://other.example' })],
    ['without a beginning', await signed({ ...request, nbf: undefined })],
    ['good for more than an hour', await signed({ ...request, exp: request.exp + 4000 })],
    ['too old', await signed({ ...request, nbf: request.nbf - 7200, exp: request.exp - 7000 })],
    [
      'without a challenge',
      await signed({ ...request, code_challenge: undefined, code_challenge_method: undefined }),
    ],
  ]
  for (const [what, object] of objects) {
    const [status, error] = await push(await good(), object)
    assert.equal(status, 400, what)
    assert.match(String(error), /^invalid_request(_object)?$/, what)
  }
  const { iss: _iss, aud: _aud, iat: _iat, nbf: _nbf, exp: _exp, ...plain } = request
  assert.deepEqual(await push(await good(), '', plain), [400, 'invalid_request'], 'not signed')

  const direct = await browser.go(
    `/oauth/authorize?${new URLSearchParams({ client_id: id, request: await signed(request) }).toString()}`,
  )
  const answer = new URL(direct.headers.get('location') ?? 'about:blank').searchParams
  const said = answer.has('response') ? decodeJwt(answer.get('response') ?? '')['error'] : answer.get('error')
  assert.ok(said === 'invalid_request' || direct.status === 400, 'not pushed')
})

test('a certificate that is another’s proves nothing, and a code is not given to who shows it', async () => {
  for (const method of ['tls_client_auth', 'self_signed_tls_client_auth'] as const) {
    const { id, key, stranger } = await bank(first, { method, bound: 'mtls', alg: 'PS256' })
    const as = (headers: Record<string, string>) =>
      first.meet({
        origin: service.origin,
        id,
        proof: { by: 'certificate' },
        registered: { id_token_signed_response_alg: 'PS256', authorization_signed_response_alg: 'PS256' },
        headers,
      })
    for (const headers of [{}, shown(eveCertificate), shown(eveCertificate, 'NONE')])
      await assert.rejects((await as(headers)).begin(offline, everySigned(key)), { error: 'invalid_client' })
    const asked = await stranger.begin(offline, everySigned(key))
    const { url } = await through(browser, asked.url.href)
    await assert.rejects((await as(shown(eveCertificate))).finish(url, asked), { error: 'invalid_client' })
  }
})

test('a bound token is not given without what it is bound to', async () => {
  const { id, key, stranger } = await bank(first, { method: 'private_key_jwt', bound: 'mtls', alg: 'ES256' })
  const bare = await first.meet({
    origin: service.origin,
    id,
    proof: { by: 'key', key },
    registered: { authorization_signed_response_alg: 'ES256' },
  })
  const asked = await stranger.begin(offline, everySigned(key))
  const { url } = await through(browser, asked.url.href)
  await assert.rejects(bare.finish(url, asked), { error: 'invalid_grant' })
})

test('nothing weaker is registered under the profile', async () => {
  const { jwk } = await keyOf('PS256')
  const good = wordsOf(keyed, jwk)
  const weaker: [string, ClientWords][] = [
    ['a secret', { ...good, token_endpoint_auth_method: 'client_secret_basic' }],
    ['RSA as it was', { ...good, id_token_signed_response_alg: 'RS256' }],
    ['requests by RSA as it was', { ...good, request_object_signing_alg: 'RS256' }],
    ['tokens for whoever finds them', { ...good, dpop_bound_access_tokens: false }],
    ['requests that are not pushed', { ...good, require_pushed_authorization_requests: false }],
    ['an hour of access', { ...good, access_token_seconds: 3600 }],
  ]
  for (const [what, words] of weaker)
    await assert.rejects(addClient(service, 'weak', words), { code: 'identity.clients.metadata' }, what)
})
