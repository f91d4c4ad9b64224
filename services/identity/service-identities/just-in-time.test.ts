/** A key is changed for a token at the token endpoint: for a purpose, one server, a few minutes. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { createTestClock, days, hours } from '@althing/kernel/testing'
import { counted } from '../../../tests/support/counted.ts'
import { testIdentity } from '../../../tests/support/identity.ts'
import { addClient, addResource, api, basic, post, strict } from '../../../tests/support/protocol.ts'
import { atDoor, keyIdOf, programsOf, tokenFor } from '../../../tests/support/service-identities.ts'
import * as client from 'openid-client'

const clock = createTestClock(new Date().toISOString())
const service = await testIdentity({ jwksFromSelf: true, clock })
await addResource(service)
const programs = programsOf(service)

function tick(ms: number) {
  clock.tick(ms)
  service.kit.revocations.apply({ entries: [], latest: service.kit.revocations.latest() })
  service.kit.authz.confirm()
}

test('a token is for our own doors when nothing is said, and its purpose stands in the log', async () => {
  const { id, key } = await programs.program(
    { scopes: ['settings.read', 'alerts.read'] },
    { kind: 'assistant' },
  )
  const given = await tokenFor(service, key, { scope: 'settings.read' })
  assert.deepEqual(
    [
      given.status,
      given.body['token_type'],
      given.body['expires_in'],
      given.body['scope'],
      given.body['issued_token_type'],
    ],
    [200, 'Bearer', 300, 'settings.read', 'urn:ietf:params:oauth:token-type:access_token'],
  )
  assert.equal(given.headers.get('cache-control'), 'no-store')
  const token = String(given.body['access_token'])
  assert.deepEqual(
    decodeProtectedHeader(token).crit,
    ['althing-bounds'],
    'no door may overlook what binds it',
  )
  assert.equal((await atDoor(service, token)).status, 200)
  assert.equal(
    (await atDoor(service, token, { path: '/api/identity/alerts' })).status,
    403,
    'less than its key',
  )
  const rows = await service.kit.database.query(
    `select actor, reason, fields from audit_entry where action = 'service-identities.token-given' and target_id = $1`,
    [id],
  )
  assert.deepEqual(rows, [
    { actor: `machine:${id}`, reason: 'The bills of November', fields: [keyIdOf(key), 'settings.read'] },
  ])
  assert.equal((await counted(service))['id_api_key_uses_total{outcome="token"}'], 1)
  await programs.revoke(id, key)
  const late = Date.now() + 5_000
  while ((await atDoor(service, token)).status !== 401) assert.ok(Date.now() < late, 'it goes on opening')
})

test('a token for another server is for it alone, with its scopes, and nothing of ours in it', async () => {
  const { id, key } = await programs.program({ scopes: [], resources: { [api]: 'read' } })
  const given = await tokenFor(service, key, { resource: api, expires_in: '3600' })
  const claims = decodeJwt(String(given.body['access_token']))
  assert.deepEqual(
    [claims.aud, claims['scope'], claims.sub, claims['sid'], claims['owner'], claims['bounds']],
    [api, 'read', id, undefined, undefined, undefined],
  )
  assert.equal((claims.exp ?? 0) - (claims.iat ?? 0), 3600)
  assert.equal(
    (await atDoor(service, String(given.body['access_token']))).status,
    401,
    'it opens no door of ours',
  )
  assert.equal((await tokenFor(service, key, { audience: api })).status, 200)
  const { key: soon } = await programs.program({ days: 1, scopes: [], resources: { [api]: 'read' } })
  tick(days(1) - 60_000)
  assert.equal(
    (await tokenFor(service, soon, { resource: api })).body['expires_in'],
    60,
    'no longer than its key',
  )
})

test('whatever is not right is refused, by the words of the standard, and no token is given', async () => {
  const { id, key } = await programs.program({ resources: { [api]: 'read' } })
  const elsewhere = await programs.program({ networks: ['203.0.113.0/24'] })
  const hour = clock.now().getUTCHours()
  const night = await programs.program({ hours: [(hour + 2) % 24, (hour + 3) % 24] })
  const assistant = await programs.program({}, { kind: 'assistant' })
  const disabled = await programs.program()
  await programs.setDisabled(disabled.id, true)
  const revoked = await programs.program()
  await programs.revoke(revoked.id, revoked.key)
  const over = await programs.program({ days: 1 })
  const other = 'https://other.example/'
  await addResource(service, { uri: other })
  tick(days(1) - hours(1))
  tick(hours(1))
  const wrong: [string, string, Record<string, string>, string][] = [
    ['no purpose', key, { purpose: '' }, 'invalid_request'],
    ['a purpose of a word', key, { purpose: 'bills' }, 'invalid_request'],
    ['a purpose that is too long', key, { purpose: 'a'.repeat(201) }, 'invalid_request'],
    [
      'a purpose that turns its direction',
      key,
      { purpose: 'The bills \u202e of November' },
      'invalid_request',
    ],
    ['another scope', key, { scope: 'members.read' }, 'invalid_scope'],
    ['a scope of another server', key, { scope: 'read' }, 'invalid_scope'],
    ['more than it has there', key, { resource: api, scope: 'read write' }, 'invalid_scope'],
    ['a scope of ours there', key, { resource: api, scope: 'settings.read' }, 'invalid_scope'],
    ['another server', key, { resource: other }, 'invalid_target'],
    ['a server that is none', key, { resource: 'https://evil.example/' }, 'invalid_target'],
    ['two servers', key, { resource: api, audience: other }, 'invalid_target'],
    ['longer than our doors allow', key, { expires_in: '901' }, 'invalid_request'],
    ['longer than its kind', key, { resource: api, expires_in: '3601' }, 'invalid_request'],
    ['longer than an assistant', assistant.key, { expires_in: '301' }, 'invalid_request'],
    ['a life that is no number', key, { expires_in: '-5' }, 'invalid_request'],
    [
      'another kind of token',
      key,
      { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' },
      'invalid_request',
    ],
    [
      'somebody who acts',
      key,
      { actor_token: key, actor_token_type: 'urn:althing:token-type:api-key' },
      'invalid_request',
    ],
    [
      'another kind of subject',
      key,
      { subject_token_type: 'urn:ietf:params:oauth:token-type:jwt' },
      'unauthorized_client',
    ],
    ['another grant', key, { grant_type: 'client_credentials' }, 'unauthorized_client'],
    ['another client', key, { client_id: 'portal' }, 'invalid_client'],
    ['the identity as client', key, { client_id: id }, 'invalid_client'],
    ['another network', elsewhere.key, {}, 'invalid_request'],
    ['another hour', night.key, {}, 'invalid_request'],
    ['one that is cut', key.slice(0, -1), {}, 'invalid_request'],
    ['none', '', {}, 'invalid_request'],
    ['a disabled one', disabled.key, {}, 'invalid_request'],
    ['a revoked one', revoked.key, {}, 'invalid_request'],
    ['one that is over', over.key, {}, 'invalid_request'],
  ]
  const lines = async () =>
    (
      await service.kit.database.query(
        `select from audit_entry where action = 'service-identities.token-given'`,
      )
    ).length
  const before = await lines()
  for (const [what, shown, more, error] of wrong) {
    const answer = await tokenFor(service, shown, more)
    assert.deepEqual([answer.body['error'], answer.body['access_token']], [error, undefined], what)
    assert.ok(answer.status === 400 || answer.status === 401, what)
    if (shown !== '') assert.ok(!JSON.stringify(answer.body).includes(shown.slice(30)), what)
  }
  assert.equal(await lines(), before)
  assert.equal(
    (await tokenFor(service, elsewhere.key, {}, { 'x-forwarded-for': '203.0.113.80' })).status,
    200,
    'from where it may',
  )
})

test('no other application changes keys, and the one for programs does nothing else', async () => {
  const { key } = await programs.program()
  const secret = await addClient(service, 'server', {
    grant_types: ['urn:ietf:params:oauth:grant-type:token-exchange'],
    token_exchange: ['impersonation'],
    resources: { [api]: 'read' },
  })
  const { client_id: _id, ...form } = {
    client_id: '',
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: key,
    subject_token_type: 'urn:althing:token-type:api-key',
    purpose: 'The bills of November',
  }
  const answer = await post(service, '/oauth/token', form, basic('server', secret))
  assert.deepEqual([answer.status, answer.body['error']], [400, 'invalid_request'])
  const start = new URLSearchParams({
    client_id: 'service-identities',
    response_type: 'code',
    redirect_uri: 'https://evil.example/',
    scope: 'openid',
  })
  const asked = await fetch(`${service.origin}/oauth/authorize?${start.toString()}`, { redirect: 'manual' })
  assert.equal(asked.status, 400)
  await assert.rejects(addClient(service, 'service-identities'), /already/)
})

test('a strict client of others knows how: the grant by its name, and its answer', async () => {
  const { key } = await programs.program()
  const config = await strict(service, 'service-identities', client.None())
  const given = await client.genericGrantRequest(config, 'urn:ietf:params:oauth:grant-type:token-exchange', {
    subject_token: key,
    subject_token_type: 'urn:althing:token-type:api-key',
    purpose: 'The bills of November',
  })
  assert.equal(given.token_type, 'bearer')
  assert.equal((await atDoor(service, given.access_token)).status, 200)
})

test('with a proof a token for another server is bound to its key; our own doors take no proofs, and say so', async () => {
  const { key } = await programs.program({ resources: { [api]: 'read' } })
  const config = await strict(service, 'service-identities', client.None())
  const DPoP = client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
  const ask = (more: Record<string, string>) =>
    client.genericGrantRequest(
      config,
      'urn:ietf:params:oauth:grant-type:token-exchange',
      {
        subject_token: key,
        subject_token_type: 'urn:althing:token-type:api-key',
        purpose: 'The bills of November',
        ...more,
      },
      { DPoP },
    )
  const elsewhere = await ask({ resource: api })
  assert.equal(elsewhere.token_type, 'dpop')
  assert.deepEqual(decodeJwt(elsewhere.access_token)['cnf'], { jkt: await DPoP.calculateThumbprint() })
  const here = await ask({})
  assert.equal(here.token_type, 'bearer')
  assert.equal(decodeJwt(here.access_token)['cnf'], undefined)
  assert.equal((await atDoor(service, here.access_token)).status, 200)
  const nonsense = await tokenFor(service, key, { resource: api }, { dpop: 'x.y.z' })
  assert.deepEqual([nonsense.status, nonsense.body['error']], [400, 'invalid_dpop_proof'])
})

test('one key is changed for so many tokens a minute, and another one is not counted with it', async () => {
  const narrow = await testIdentity({
    like: service,
    jwksFromSelf: true,
    clock,
    env: { ALTHING_IDENTITY_KEY_TOKENS_PER_MINUTE: '2' },
  })
  const [{ key }, other] = [await programs.program({}), await programs.program({})]
  for (let n = 0; n < 2; n += 1) assert.equal((await tokenFor(narrow, key)).status, 200)
  const refused = await tokenFor(narrow, key)
  assert.deepEqual([refused.status, refused.body['error']], [429, 'temporarily_unavailable'])
  assert.match(refused.headers.get('retry-after') ?? '', /^[0-9]+$/)
  assert.equal((await tokenFor(narrow, other.key)).status, 200)
})
