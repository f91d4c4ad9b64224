/** Applications without a person: client credentials, keys instead of secrets, resources, introspection, revocation. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import * as oauth from 'oauth4webapi'
import * as client from 'openid-client'
import { testIdentity } from '../../../../tests/support/identity.ts'
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

const service = await testIdentity()
await addResource(service, { introspector: 'server' })
await addResource(service, { uri: 'https://other.example/', scopes: ['read'] })
const machine = { grant_types: ['client_credentials' as const], resources: { [api]: 'read' } }
const secret = await addClient(service, 'machine', machine)
const opaqueSecret = await addClient(service, 'opaque', { ...machine, access_token_format: 'opaque' })
const serverSecret = await addClient(service, 'server', {
  ...machine,
  introspection_signed_response_alg: 'ES256',
})
const form = { grant_type: 'client_credentials', resource: api, scope: 'read' }

test('a machine gets a token that the server it is for can check by itself', async () => {
  const config = await strict(service, 'machine', client.ClientSecretBasic(secret))
  const tokens = await client.clientCredentialsGrant(config, { resource: api, scope: 'read' })
  const keys = createRemoteJWKSet(new URL(`${service.origin}/.well-known/jwks.json`))
  const { payload, protectedHeader } = await jwtVerify(tokens.access_token, keys, {
    issuer: service.origin,
    audience: api,
    typ: 'at+jwt',
  })
  assert.deepEqual(
    [payload.sub, payload['client_id'], payload['scope'], payload['roles'], protectedHeader.alg],
    ['machine', 'machine', 'read', undefined, 'ES256'],
  )
  assert.ok((payload.exp ?? 0) - (payload.iat ?? 0) <= 900)
  const answer = await fetch(`${service.origin}/api/identity/me`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  })
  assert.equal(answer.status, 401, 'it opens no door of ours')
})

test('a second strict client of others agrees with the first', async () => {
  const issuer = new URL(service.origin)
  const insecure = { [oauth.allowInsecureRequests]: true }
  const as = await oauth.processDiscoveryResponse(
    issuer,
    await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...insecure }),
  )
  const answer = await oauth.clientCredentialsGrantRequest(
    as,
    { client_id: 'machine' },
    oauth.ClientSecretBasic(secret),
    { resource: api, scope: 'read' },
    insecure,
  )
  const tokens = await oauth.processClientCredentialsResponse(as, { client_id: 'machine' }, answer)
  assert.equal(tokens.scope, 'read')
})

test('an opaque token says nothing by itself; the server that it is for may ask, and nobody else', async () => {
  const config = await strict(service, 'opaque', client.ClientSecretBasic(opaqueSecret))
  const { access_token: token } = await client.clientCredentialsGrant(config, {
    resource: api,
    scope: 'read',
  })
  assert.equal(token.split('.').length, 1)
  const ask = async (id: string, key: string) =>
    (await post(service, '/oauth/introspect', { token }, basic(id, key))).body
  const known = await ask('server', serverSecret)
  assert.deepEqual(
    [known['active'], known['aud'], known['scope'], known['client_id'], known['iss']],
    [true, api, 'read', 'opaque', service.origin],
  )
  assert.equal((await ask('opaque', opaqueSecret))['active'], true)
  assert.deepEqual(await ask('machine', secret), { active: false })
  const wrong = await post(service, '/oauth/introspect', { token }, basic('server', 'guess'))
  assert.deepEqual([wrong.status, wrong.body['error']], [401, 'invalid_client'])
  const unknown = await post(
    service,
    '/oauth/introspect',
    { token: 'x'.repeat(43) },
    basic('server', serverSecret),
  )
  assert.deepEqual(unknown.body, { active: false })

  await client.tokenRevocation(config, token)
  assert.deepEqual(await ask('server', serverSecret), { active: false })
})

test('what a token is worth can be had with a signature (RFC 9701)', async () => {
  const config = await strict(service, 'opaque', client.ClientSecretBasic(opaqueSecret))
  const { access_token: token } = await client.clientCredentialsGrant(config, {
    resource: api,
    scope: 'read',
  })
  const accept = { accept: 'application/token-introspection+jwt' }
  const { headers, body } = await post(
    service,
    '/oauth/introspect',
    { token },
    { ...basic('server', serverSecret), ...accept },
  )
  assert.match(headers.get('content-type') ?? '', /^application\/token-introspection\+jwt/)
  const jwt = String(body['text'])
  assert.equal(decodeProtectedHeader(jwt).typ, 'token-introspection+jwt')
  const keys = createRemoteJWKSet(new URL(`${service.origin}/.well-known/jwks.json`))
  const { payload } = await jwtVerify(jwt, keys, { issuer: service.origin })
  assert.equal((payload['token_introspection'] as { active: boolean }).active, true)
})

test('nobody takes back what was given to another', async () => {
  const config = await strict(service, 'opaque', client.ClientSecretBasic(opaqueSecret))
  const { access_token: token } = await client.clientCredentialsGrant(config, {
    resource: api,
    scope: 'read',
  })
  const foreign = await post(service, '/oauth/revoke', { token }, basic('machine', secret))
  assert.equal(foreign.status, 400)
  const { body } = await post(service, '/oauth/introspect', { token }, basic('opaque', opaqueSecret))
  assert.equal(body['active'], true)
})

test('a key instead of a secret: each proof once, by its own key, for us, and not for long', async () => {
  const { privateKey, jwks } = await keyPair()
  await addClient(service, 'keyed', { ...machine, token_endpoint_auth_method: 'private_key_jwt', jwks })
  const ask = (proof: string) =>
    post(service, '/oauth/token', {
      ...form,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: proof,
    })
  const good = await assertion(service, 'keyed', privateKey)
  assert.equal((await ask(good)).status, 200)
  const { privateKey: foreign } = await keyPair()
  const now = Math.floor(Date.now() / 1000)
  const cases: [string, string][] = [
    ['shown before', good],
    ['another key', await assertion(service, 'keyed', foreign)],
    ['for another issuer', await assertion(service, 'keyed', privateKey, { aud: 'https://other.example' })],
    ['too old', await assertion(service, 'keyed', privateKey, { exp: now - 60 })],
    ['good for a day', await assertion(service, 'keyed', privateKey, { exp: now + 86_400 })],
    ['without a name of its own', await assertion(service, 'keyed', privateKey, { jti: undefined as never })],
    ['of another issuer', await assertion(service, 'keyed', privateKey, { iss: 'machine' })],
    ['about another', await assertion(service, 'keyed', privateKey, { sub: 'machine' })],
  ]
  for (const [what, proof] of cases) {
    const { status, body } = await ask(proof)
    assert.deepEqual([status, body['error']], [401, 'invalid_client'], what)
  }
})

test('64 that show one assertion at the same moment: one is believed', async () => {
  const { privateKey, jwks } = await keyPair()
  await addClient(service, 'hurried', { ...machine, token_endpoint_auth_method: 'private_key_jwt', jwks })
  const proof = await assertion(service, 'hurried', privateKey)
  const answers = await Promise.all(
    Array.from({ length: 64 }, () =>
      post(service, '/oauth/token', {
        ...form,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: proof,
      }),
    ),
  )
  assert.equal(answers.filter(({ status }) => status === 200).length, 1)
})

test('what was not registered is not given', async () => {
  const cases: [string, Record<string, string>, string][] = [
    [
      'a server that it has nothing to do with',
      { ...form, resource: 'https://other.example/' },
      'invalid_target',
    ],
    ['a server that nobody knows', { ...form, resource: 'https://evil.example/' }, 'invalid_target'],
    ['our own doors', { ...form, resource: `${service.origin}/api` }, 'invalid_target'],
    ['no address at all', { ...form, resource: 'calendar' }, 'invalid_target'],
    ['an address with a part', { ...form, resource: `${api}#part` }, 'invalid_target'],
    ['another grant', { grant_type: 'authorization_code', code: 'x' }, 'unauthorized_client'],
    ['a password', { grant_type: 'password', username: 'a', password: 'b' }, 'unsupported_grant_type'],
    ['no grant', { scope: 'read' }, 'invalid_request'],
    ['a scope that nobody knows', { ...form, resource: api, scope: 'nonsense' }, 'invalid_scope'],
    ['only what it may not have', { ...form, resource: api, scope: 'write' }, 'invalid_scope'],
    ['a person’s', { ...form, resource: api, scope: 'openid' }, 'invalid_scope'],
  ]
  for (const [what, broken, error] of cases) {
    const { status, body } = await post(service, '/oauth/token', broken, basic('machine', secret))
    assert.deepEqual([status, body['error']], [400, error], what)
  }
  const { body } = await post(
    service,
    '/oauth/token',
    { ...form, scope: 'read write' },
    basic('machine', secret),
  )
  assert.equal(body['scope'], 'read', 'a scope that is not its own is left out')
})
