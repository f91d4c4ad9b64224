/** Tokens that are of use to the holder of a key only: DPoP (RFC 9449), certificates (RFC 8705), and FAPI 2.0 with either. */
import assert from 'node:assert/strict'
import { createHash, X509Certificate, type KeyObject } from 'node:crypto'
import { test } from 'node:test'
import { calculateJwkThumbprint, decodeJwt, SignJWT, type JWTPayload } from 'jose'
import * as client from 'openid-client'
import { eveCertificate, shopCertificate } from '../../../../tests/support/certificates.ts'
import { addAccount, createBrowser, testIdentity } from '../../../../tests/support/identity.ts'
import {
  addClient,
  addResource,
  api,
  assertion,
  basic,
  callback,
  codeGrant,
  keyPair,
  post,
  strict,
  through,
} from '../../../../tests/support/protocol.ts'

const service = await testIdentity({ env: { ALTHING_IDENTITY_CERTIFICATE_PROXIES: '127.0.0.1,::1' } })
const alone = await testIdentity()
await addAccount(service)
await addResource(service)
const machine = { grant_types: ['client_credentials' as const], resources: { [api]: 'read' } }
const form = { grant_type: 'client_credentials', resource: api, scope: 'read' }

const webKey = (key: KeyObject) =>
  crypto.subtle.importKey(
    'jwk',
    key.export({ format: 'jwk' }),
    { name: 'ECDSA', namedCurve: 'P-256' },
    false,
    ['sign'],
  )

test('a token that is bound to a key is of no use without it', async () => {
  const secret = await addClient(service, 'bound', { scope: 'openid email', dpop_bound_access_tokens: true })
  const config = await strict(service, 'bound', client.ClientSecretBasic(secret))
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
  const { grant } = await codeGrant(
    config,
    createBrowser(service.origin),
    { scope: 'openid email' },
    { DPoP },
  )
  const tokens = await grant()
  assert.equal(tokens.token_type, 'dpop')
  const subject = tokens.claims()?.sub ?? ''
  const info = await client.fetchUserInfo(config, tokens.access_token, subject, { DPoP })
  assert.equal(info.email, 'ada@example.org')

  const other = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
  await assert.rejects(client.fetchUserInfo(config, tokens.access_token, subject, { DPoP: other }))
  const bare = await fetch(`${service.origin}/oauth/userinfo`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  })
  assert.equal(bare.status, 401)
})

/** A proof as it ought to be; a test breaks it. */
async function proofOf(
  { privateKey, jwk }: Awaited<ReturnType<typeof keyPair>>,
  claims: JWTPayload = {},
  header: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const { kid: _kid, alg: _alg, use: _use, ...bare } = jwk
  return new SignJWT({
    htm: 'POST',
    htu: `${service.origin}/oauth/token`,
    jti: crypto.randomUUID(),
    iat: Math.floor(Date.now() / 1000),
    ...claims,
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk: bare, ...header })
    .sign(privateKey)
}

test('a proof carries our word, is for this request, and is shown once', async () => {
  const secret = await addClient(service, 'proving', { ...machine, dpop_bound_access_tokens: true })
  const pair = await keyPair()
  const ask = (DPoP: string) => post(service, '/oauth/token', form, { ...basic('proving', secret), DPoP })
  const first = await ask(await proofOf(pair))
  assert.deepEqual([first.status, first.body['error']], [400, 'use_dpop_nonce'])
  const nonce = first.headers.get('dpop-nonce') ?? ''
  const good = await proofOf(pair, { nonce })
  const given = await ask(good)
  assert.equal(given.status, 200, JSON.stringify(given.body))
  const { cnf } = decodeJwt(String(given.body['access_token'])) as { cnf?: { jkt?: string } }
  assert.equal(cnf?.jkt, await calculateJwkThumbprint(pair.jwk))

  const foreign = await keyPair()
  const cases: [string, string, string][] = [
    ['shown before', good, 'invalid_grant'],
    ['a word that we did not give', await proofOf(pair, { nonce: 'x'.repeat(43) }), 'use_dpop_nonce'],
    ['for another method', await proofOf(pair, { nonce, htm: 'GET' }), 'invalid_dpop_proof'],
    [
      'for another address',
      await proofOf(pair, { nonce, htu: `${service.origin}/oauth/userinfo` }),
      'invalid_dpop_proof',
    ],
    [
      'without a name of its own',
      await proofOf(pair, { nonce, jti: undefined as never }),
      'invalid_dpop_proof',
    ],
    ['of another type', await proofOf(pair, { nonce }, { typ: 'jwt' }), 'invalid_dpop_proof'],
    [
      'signed by another than it names',
      await proofOf(pair, { nonce }, { jwk: foreign.jwk }),
      'invalid_dpop_proof',
    ],
    ['not a proof', 'x.y.z', 'invalid_dpop_proof'],
  ]
  for (const [what, proof, error] of cases) {
    const { status, body } = await ask(proof)
    assert.deepEqual([status, body['error']], [400, error], what)
  }
  const without = await post(service, '/oauth/token', form, basic('proving', secret))
  assert.deepEqual([without.status, without.body['error']], [400, 'invalid_grant'])
})

test('64 that show one proof at the same moment: one gets a token', async () => {
  const secret = await addClient(service, 'crowd', { ...machine, dpop_bound_access_tokens: true })
  const pair = await keyPair()
  const ask = (DPoP: string) => post(service, '/oauth/token', form, { ...basic('crowd', secret), DPoP })
  const nonce = (await ask(await proofOf(pair))).headers.get('dpop-nonce') ?? ''
  const proof = await proofOf(pair, { nonce })
  const answers = await Promise.all(Array.from({ length: 64 }, () => ask(proof)))
  assert.equal(answers.filter(({ status }) => status === 200).length, 1)
})

const shown = (pem: string, verified = 'SUCCESS') => ({
  'x-althing-certificate': encodeURIComponent(pem),
  'x-althing-certificate-verified': verified,
})

test('who proves itself by a certificate is who the proxy saw', async () => {
  const named = { ...machine, token_endpoint_auth_method: 'tls_client_auth' as const }
  await addClient(service, 'named', {
    ...named,
    tls_client_auth_san_dns: 'shop.example',
    tls_client_certificate_bound_access_tokens: true,
  })
  const ask = (headers: Record<string, string>) =>
    post(service, '/oauth/token', { ...form, client_id: 'named' }, headers)
  const given = await ask(shown(shopCertificate))
  assert.equal(given.status, 200, JSON.stringify(given.body))
  const { cnf } = decodeJwt(String(given.body['access_token'])) as { cnf?: Record<string, string> }
  const der = new X509Certificate(shopCertificate).raw
  assert.equal(cnf?.['x5t#S256'], createHash('sha256').update(der).digest('base64url'))
  for (const headers of [
    {},
    shown(eveCertificate),
    shown(shopCertificate, 'NONE'),
    { 'x-althing-certificate': encodeURIComponent(shopCertificate) },
    { 'x-althing-certificate': 'nonsense', 'x-althing-certificate-verified': 'SUCCESS' },
  ]) {
    const { status, body } = await ask(headers)
    assert.deepEqual([status, body['error']], [401, 'invalid_client'])
  }
})

test('a certificate that nobody has signed is known by its key', async () => {
  const jwk = new X509Certificate(shopCertificate).publicKey.export({ format: 'jwk' })
  const x5c = [new X509Certificate(shopCertificate).raw.toString('base64')]
  await addClient(service, 'self-signed', {
    ...machine,
    token_endpoint_auth_method: 'self_signed_tls_client_auth',
    jwks: { keys: [{ ...jwk, x5c } as never] },
  })
  const ask = (headers: Record<string, string>) =>
    post(service, '/oauth/token', { ...form, client_id: 'self-signed' }, headers)
  assert.equal((await ask(shown(shopCertificate, 'NONE'))).status, 200)
  for (const headers of [{}, shown(eveCertificate), shown(eveCertificate, 'NONE')])
    assert.equal((await ask(headers)).status, 401)
})

test('where no proxy is named nobody can show a certificate, and we do not say that anybody could', async () => {
  await addClient(alone, 'named', {
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'tls_client_auth',
    tls_client_auth_san_dns: 'shop.example',
  })
  const { status } = await post(
    alone,
    '/oauth/token',
    { grant_type: 'client_credentials', client_id: 'named' },
    shown(shopCertificate),
  )
  assert.ok(status >= 400)
  const found = (await (await fetch(`${alone.origin}/.well-known/openid-configuration`)).json()) as Record<
    string,
    unknown
  >
  assert.equal(JSON.stringify(found['token_endpoint_auth_methods_supported']).includes('tls'), false)
})

test('FAPI 2.0: pushed, bound, proven by a key, and nothing less', async () => {
  const { privateKey, jwks } = await keyPair()
  const fapi = {
    policy: 'fapi-2.0' as const,
    grant_types: ['authorization_code' as const, 'refresh_token' as const],
    scope: 'openid offline_access',
    token_endpoint_auth_method: 'private_key_jwt' as const,
    require_pushed_authorization_requests: true,
    dpop_bound_access_tokens: true,
    jwks,
  }
  await addClient(service, 'bank', fapi)
  const config = await strict(service, 'bank', client.PrivateKeyJwt(await webKey(privateKey)))
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
  const verifier = client.randomPKCECodeVerifier()
  const parameters = {
    redirect_uri: callback,
    scope: 'openid offline_access',
    prompt: 'consent',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }
  const start = await client.buildAuthorizationUrlWithPAR(config, parameters, { DPoP })
  const { url } = await through(createBrowser(service.origin), start.href)
  const tokens = await client.authorizationCodeGrant(config, url, { pkceCodeVerifier: verifier }, undefined, {
    DPoP,
  })
  assert.equal(tokens.token_type, 'dpop')
  const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '', undefined, { DPoP })
  assert.ok(
    refreshed.refresh_token === undefined || refreshed.refresh_token === tokens.refresh_token,
    'not rotated',
  )

  const direct = await createBrowser(service.origin).go(
    `/oauth/authorize?${new URLSearchParams({ ...parameters, client_id: 'bank', response_type: 'code' }).toString()}`,
  )
  assert.match(direct.headers.get('location') ?? '', /error=invalid_request/)
  const push = async (broken: Record<string, string>, claims = {}) =>
    post(service, '/oauth/par', {
      ...parameters,
      client_id: 'bank',
      response_type: 'code',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await assertion(service, 'bank', privateKey, claims),
      ...broken,
    })
  assert.equal((await push({})).status, 201)
  assert.equal((await push({ code_challenge: '', code_challenge_method: '' })).status, 400)
  assert.equal(
    (await push({}, { aud: `${service.origin}/oauth/par` })).status,
    401,
    'not for the issuer alone',
  )
  assert.equal((await push({}, { aud: [service.origin, 'https://other.example'] })).status, 401)
})

test('a request that was bound to a key gives nothing to another', async () => {
  const secret = await addClient(service, 'early', { scope: 'openid', dpop_bound_access_tokens: true })
  const config = await strict(service, 'early', client.ClientSecretBasic(secret))
  const mine = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
  const other = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
  const bound = { dpop_jkt: await mine.calculateThumbprint() }
  const stolen = await codeGrant(config, createBrowser(service.origin), bound, { DPoP: other })
  await assert.rejects(stolen.grant(), { error: 'invalid_grant' })
  const kept = await codeGrant(config, createBrowser(service.origin), bound, { DPoP: mine })
  assert.ok((await kept.grant()).access_token)
})

test('tokens of an exchange and of a signed wish are bound to the certificate that the proxy saw, and are not given without one', async () => {
  const [exchange, bearer] = [
    'urn:ietf:params:oauth:grant-type:token-exchange',
    'urn:ietf:params:oauth:grant-type:jwt-bearer',
  ] as const
  const own = 'https://own.example/'
  await addResource(service, { uri: own, introspector: 'holder' })
  const { privateKey, jwks } = await keyPair()
  const secret = await addClient(service, 'holder', {
    grant_types: ['authorization_code', exchange, bearer],
    scope: 'openid',
    resources: { [own]: 'read', [api]: 'read' },
    token_exchange: ['delegation'],
    jwks,
    tls_client_certificate_bound_access_tokens: true,
  })
  const asking = await addClient(service, 'asking', { scope: 'openid', resources: { [own]: 'read' } })
  const grantTo = async (id: string, key: string, resource: string, headers: Record<string, string> = {}) => {
    const config = await strict(service, id, client.ClientSecretBasic(key))
    if (headers['x-althing-certificate'] !== undefined)
      config[client.customFetch] = (url, { headers: given, ...rest }) =>
        fetch(url, { ...rest, headers: { ...given, ...headers } } as RequestInit)
    const { grant } = await codeGrant(config, createBrowser(service.origin), {
      scope: 'openid read',
      resource,
    })
    return grant()
  }
  const { access_token: token } = await grantTo('asking', asking, own)
  const mine = await grantTo('holder', secret, api, shown(shopCertificate))
  const forms = {
    exchange: () => ({
      grant_type: exchange,
      subject_token: token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      resource: api,
    }),
    wish: async () => ({
      grant_type: bearer,
      assertion: await assertion(service, 'holder', privateKey, { sub: mine.claims()?.sub ?? '' }),
      resource: api,
    }),
  }
  const der = new X509Certificate(shopCertificate).raw
  for (const [name, form] of Object.entries(forms)) {
    const ask = async (headers: Record<string, string>) =>
      post(service, '/oauth/token', await form(), { ...basic('holder', secret), ...headers })
    const given = await ask(shown(shopCertificate))
    assert.equal(given.status, 200, `${name}: ${JSON.stringify(given.body)}`)
    const { cnf } = decodeJwt(String(given.body['access_token'])) as { cnf?: Record<string, string> }
    assert.deepEqual(cnf, { 'x5t#S256': createHash('sha256').update(der).digest('base64url') }, name)
    const without = await ask({})
    assert.deepEqual([without.status, without.body['error']], [400, 'invalid_grant'], name)
  }
})
