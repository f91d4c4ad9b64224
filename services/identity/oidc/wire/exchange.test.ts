/** Tokens for tokens (RFC 8693), and tokens for a signed wish (RFC 7523). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import * as client from 'openid-client'
import type { ClientWords } from '../../clients/schema.ts'
import { addAccount, createBrowser, testIdentity } from '../../../../tests/support/identity.ts'
import {
  addClient,
  addResource,
  api,
  assertion,
  basic,
  codeGrant,
  keyPair,
  post,
  strict,
  takenUp,
} from '../../../../tests/support/protocol.ts'

const service = await testIdentity()
const account = await addAccount(service)
const next = 'https://next.example/'
const last = 'https://last.example/'
await addResource(service, { introspector: 'server' })
await addResource(service, { uri: next, introspector: 'second' })
await addResource(service, { uri: last, scopes: ['read'] })
const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange' as const
const kind = 'urn:ietf:params:oauth:token-type:access_token'
const exchanging = { grant_types: [exchange, 'client_credentials' as const] }
const shopSecret = await addClient(service, 'shop', { scope: 'openid', resources: { [api]: 'read write' } })
const secrets: Record<string, string> = {
  server: await addClient(service, 'server', {
    ...exchanging,
    resources: { [next]: 'read', [api]: 'read' },
    token_exchange: ['delegation'],
  }),
  second: await addClient(service, 'second', {
    ...exchanging,
    resources: { [last]: 'read' },
    token_exchange: ['delegation'],
  }),
  mask: await addClient(service, 'mask', {
    ...exchanging,
    resources: { [next]: 'read' },
    token_exchange: ['impersonation'],
  }),
  other: await addClient(service, 'other', {
    ...exchanging,
    resources: { [next]: 'read' },
    token_exchange: ['delegation'],
  }),
  shop: shopSecret,
}
const shop = await strict(service, 'shop', client.ClientSecretBasic(shopSecret))

async function personToken(scope = 'read write'): Promise<string> {
  const { url, checks } = await codeGrant(shop, createBrowser(service.origin), { scope, resource: api })
  return (await client.authorizationCodeGrant(shop, url, checks, { resource: api })).access_token
}
const token = await personToken()
const good = { grant_type: exchange, subject_token: token, subject_token_type: kind, resource: next }
const ask = (id: string, form: Record<string, string>) =>
  post(service, '/oauth/token', form, basic(id, secrets[id] ?? ''))

test('a server acts for the person at the next one, and the token says so; the next adds its name outside', async () => {
  const config = await strict(service, 'server', client.ClientSecretBasic(secrets['server'] ?? ''))
  const given = await client.genericGrantRequest(config, exchange, {
    subject_token: token,
    subject_token_type: kind,
    resource: next,
  })
  const claims = decodeJwt(given.access_token)
  const before = decodeJwt(token)
  assert.deepEqual(
    [claims.sub, claims.aud, claims['client_id'], claims['act'], claims['scope'], given['issued_token_type']],
    [account, next, 'server', { sub: 'server' }, 'read', kind],
  )
  assert.equal(claims['acr'], before['acr'])
  assert.ok((claims.exp ?? 0) <= (before.exp ?? 0))
  assert.equal(given.refresh_token, undefined)

  const further = await ask('second', { ...good, subject_token: given.access_token, resource: last })
  assert.deepEqual(decodeJwt(String(further.body['access_token']))['act'], {
    sub: 'second',
    act: { sub: 'server' },
  })
})

test('whoever may, speaks in a person’s name alone; that somebody acts already is not forgotten', async () => {
  await setIntrospector('mask')
  const given = await ask('mask', good)
  assert.equal(given.status, 200, JSON.stringify(given.body))
  const claims = decodeJwt(String(given.body['access_token']))
  assert.deepEqual([claims.sub, claims['act'], claims['client_id']], [account, undefined, 'mask'])
  await setIntrospector('server')
})

const setIntrospector = (id: string) =>
  takenUp(service, async () => {
    await service.kit.database.query('update oauth_resource set introspector = $2 where uri = $1', [api, id])
    await service.kit.database.query(`select pg_notify('identity_resources', '')`)
  })

test('what is not theirs, not for them, or more than it was, is not given', async () => {
  const machineToken = String(
    (await ask('server', { grant_type: 'client_credentials', resource: api, scope: 'read' })).body[
      'access_token'
    ],
  )
  const cases: [string, string, Record<string, string>, string][] = [
    ['a client that is not the server of the token', 'other', good, 'invalid_request'],
    ['a client that may not', 'shop', good, 'unauthorized_client'],
    ['no token', 'server', { grant_type: exchange, resource: next }, 'invalid_request'],
    ['no kind', 'server', { grant_type: exchange, subject_token: token, resource: next }, 'invalid_request'],
    [
      'a kind that we do not know',
      'server',
      { ...good, subject_token_type: 'urn:example:saml' },
      'invalid_request',
    ],
    ['not a token', 'server', { ...good, subject_token: 'nonsense' }, 'invalid_request'],
    [
      'a token that was changed',
      'server',
      { ...good, subject_token: `${token.slice(0, -4)}AAAA` },
      'invalid_request',
    ],
    ['a token of no person', 'server', { ...good, subject_token: machineToken }, 'invalid_request'],
    [
      'another kind wanted',
      'server',
      { ...good, requested_token_type: 'urn:ietf:params:oauth:token-type:id_token' },
      'invalid_request',
    ],
    ['a server that it is not registered for', 'server', { ...good, resource: last }, 'invalid_target'],
    [
      'no server',
      'server',
      { grant_type: exchange, subject_token: token, subject_token_type: kind },
      'invalid_target',
    ],
    ['our own doors', 'server', { ...good, resource: `${service.origin}/api` }, 'invalid_target'],
    ['a scope that it does not have', 'server', { ...good, scope: 'write' }, 'invalid_scope'],
    [
      'an actor that is somebody else',
      'server',
      { ...good, actor_token: token, actor_token_type: kind },
      'invalid_request',
    ],
    ['the kind of an actor alone', 'server', { ...good, actor_token_type: kind }, 'invalid_request'],
  ]
  for (const [what, id, form, error] of cases) {
    const { status, body } = await ask(id, form)
    assert.deepEqual([status, body['error']], [400, error], what)
  }
})

test('no more comes out than the token has, and nothing once its person has taken back what they allowed', async () => {
  const poor = await personToken('openid write')
  const form = { ...good, subject_token: poor }
  assert.equal(decodeJwt(poor)['scope'], 'write')
  const more = await ask('server', { ...form, scope: 'read' })
  assert.deepEqual([more.status, more.body['error']], [400, 'invalid_scope'])
  const none = await ask('server', form)
  assert.equal(decodeJwt(String(none.body['access_token']))['scope'], undefined)

  const held = await personToken()
  assert.equal((await ask('server', { ...good, subject_token: held })).status, 200)
  await service.kit.database.query(
    `delete from oidc_record where account = $1 and client = 'shop' and kind = 'Grant'`,
    [account],
  )
  const over = await ask('server', { ...good, subject_token: held })
  assert.deepEqual([over.status, over.body['error']], [400, 'invalid_request'])
})

test('a person who is shut out is acted for by nobody', async () => {
  const eve = await addAccount(service, { email: 'eve@example.org' })
  const fresh = await personToken()
  const { sub } = decodeJwt(fresh)
  assert.notEqual(sub, eve)
  await service.kit.database.query(`update account set status = 'banned' where id = $1`, [account])
  const { status } = await ask('server', { ...good, subject_token: fresh })
  await service.kit.database.query(`update account set status = 'active' where id = $1`, [account])
  assert.equal(status, 400)
})

test('a signed wish is heard for who has allowed it, once, and for no more than that', async () => {
  const { privateKey, jwks } = await keyPair()
  const bearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer' as const
  const key = await addClient(service, 'assistant', {
    grant_types: ['authorization_code', bearer],
    scope: 'openid',
    resources: { [api]: 'read write' },
    jwks,
  })
  secrets['assistant'] = key
  const wish = (claims = {}, by = privateKey) =>
    assertion(service, 'assistant', by, { sub: account, ...claims })
  const wanted = async (proof: Promise<string> | string, more: Record<string, string> = {}) =>
    ask('assistant', { grant_type: bearer, assertion: await proof, resource: api, ...more })
  const before = await wanted(wish())
  assert.deepEqual(
    [before.status, before.body['error']],
    [400, 'invalid_grant'],
    'nobody has allowed anything',
  )

  const assistant = await strict(service, 'assistant', client.ClientSecretBasic(key))
  const { url, checks } = await codeGrant(assistant, createBrowser(service.origin), {
    scope: 'openid read',
    resource: api,
  })
  await client.authorizationCodeGrant(assistant, url, checks, { resource: api })
  const proof = await wish()
  const given = await wanted(proof)
  assert.equal(given.status, 200, JSON.stringify(given.body))
  const claims = decodeJwt(String(given.body['access_token']))
  assert.deepEqual(
    [claims.sub, claims.aud, claims['scope'], claims['client_id']],
    [account, api, 'read', 'assistant'],
  )

  const { privateKey: foreign } = await keyPair()
  const now = Math.floor(Date.now() / 1000)
  const cases: [string, Promise<string> | string, Record<string, string>, string][] = [
    ['shown before', proof, {}, 'invalid_grant'],
    ['another key', wish({}, foreign), {}, 'invalid_grant'],
    ['of another', wish({ iss: 'shop' }), {}, 'invalid_grant'],
    ['for another', wish({ aud: 'https://other.example' }), {}, 'invalid_grant'],
    ['over', wish({ exp: now - 60 }), {}, 'invalid_grant'],
    ['good for an hour', wish({ exp: now + 3600 }), {}, 'invalid_grant'],
    ['without a name', wish({ jti: undefined }), {}, 'invalid_grant'],
    ['about nobody', wish({ sub: 'acc_00000000-0000-7000-8000-000000000000' }), {}, 'invalid_grant'],
    ['about a word that no text may hold', wish({ sub: 'a\0b' }), {}, 'invalid_grant'],
    ['about half a character', wish({ sub: '\ud800' }), {}, 'invalid_grant'],
    ['more than was allowed', wish(), { scope: 'read write' }, 'invalid_scope'],
    ['for another server', wish(), { resource: next }, 'invalid_target'],
    ['nothing', '', {}, 'invalid_request'],
  ]
  for (const [what, shown, more, error] of cases) {
    const { status, body } = await wanted(shown, more)
    assert.deepEqual([status, body['error']], [400, error], what)
  }
  // Over for clocks that agree, and taken for those that do not: until that ends, it was shown before.
  const late = await wish({ iat: now - 60, exp: Math.floor(Date.now() / 1000) - 4 })
  assert.equal((await wanted(late)).status, 200)
  await new Promise((done) => setTimeout(done, 1300))
  assert.equal((await wanted(late)).body['error'], 'invalid_grant')
  const race = await wish()
  const answers = await Promise.all(Array.from({ length: 64 }, () => wanted(race)))
  assert.equal(answers.filter(({ status }) => status === 200).length, 1)
})

/** As a strict client does it: a first proof is answered with a word of ours, and the next one carries it. */
async function bound(id: string, words: ClientWords = {}) {
  const secret = await addClient(service, id, { dpop_bound_access_tokens: true, ...words })
  const config = await strict(service, id, client.ClientSecretBasic(secret))
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
  const thumbprint = await DPoP.calculateThumbprint()
  return { secret, config, DPoP, thumbprint }
}

test('what is exchanged is bound to the key of who has it exchanged, and not given to one that shows none', async () => {
  const { secret, config, DPoP, thumbprint } = await bound('binding', {
    ...exchanging,
    resources: { [next]: 'read' },
    token_exchange: ['delegation'],
  })
  await setIntrospector('binding')
  const asked = { subject_token: token, subject_token_type: kind, resource: next }
  const given = await client.genericGrantRequest(config, exchange, asked, { DPoP })
  assert.equal(given.token_type, 'dpop')
  assert.deepEqual(decodeJwt(given.access_token)['cnf'], { jkt: thumbprint })
  const without = await post(service, '/oauth/token', good, basic('binding', secret))
  assert.deepEqual([without.status, without.body['error']], [400, 'invalid_grant'])
  // Bound to a key, it is no subject token for whoever has no proof of that key.
  const again = await post(
    service,
    '/oauth/token',
    { ...good, subject_token: given.access_token },
    basic('second', secrets['second'] ?? ''),
  )
  assert.deepEqual([again.status, again.body['error']], [400, 'invalid_request'])
  await setIntrospector('server')
})

test('a wish is not used up by a proof that lacks our word, and what it brings is bound', async () => {
  const { privateKey, jwks } = await keyPair()
  const bearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer' as const
  const { secret, config, DPoP, thumbprint } = await bound('bound-assistant', {
    grant_types: ['authorization_code', bearer],
    scope: 'openid',
    resources: { [api]: 'read' },
    jwks,
  })
  const { grant } = await codeGrant(
    config,
    createBrowser(service.origin),
    { scope: 'openid read', resource: api },
    { DPoP },
  )
  await grant()
  // A word that is not known yet: the first try is refused for it, and the same wish is shown again.
  const fresh = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
  const wish = await assertion(service, 'bound-assistant', privateKey, { sub: account })
  const given = await client.genericGrantRequest(
    config,
    bearer,
    { assertion: wish, resource: api },
    { DPoP: fresh },
  )
  assert.deepEqual(decodeJwt(given.access_token)['cnf'], { jkt: await fresh.calculateThumbprint() })
  assert.notEqual(await fresh.calculateThumbprint(), thumbprint)
  const bare = await post(
    service,
    '/oauth/token',
    {
      grant_type: bearer,
      resource: api,
      assertion: await assertion(service, 'bound-assistant', privateKey, { sub: account }),
    },
    basic('bound-assistant', secret),
  )
  assert.deepEqual([bare.status, bare.body['error']], [400, 'invalid_grant'])
})
