/** What an application gets in somebody's name, and every sign of a copy, stands in the audit log; what nobody decided is only counted. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as client from 'openid-client'
import { addAccount, createBrowser, signIn, testIdentity } from '../../../tests/support/identity.ts'
import { addClient, basic, codeGrant, post, strict } from '../../../tests/support/protocol.ts'

const service = await testIdentity()
const account = await addAccount(service)
const secret = await addClient(service, 'shop', {
  grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
  scope: 'openid offline_access',
})
const config = await strict(service, 'shop', client.ClientSecretBasic(secret))
const offline = { scope: 'openid offline_access', prompt: 'consent' }

async function written(): Promise<string[]> {
  const entries = await service.kit.audit.search({})
  return entries
    .filter(({ action }) => action.startsWith('connections.'))
    .map(({ action, actor, onBehalfOf, outcome, fields }) =>
      [action, actor, onBehalfOf ?? '', outcome, ...fields].join(' '),
    )
    .sort()
}

test('a consent and the tokens that came of it are written down, with whose they are; the next ones of a session are not', async () => {
  const { grant } = await codeGrant(config, createBrowser(service.origin), offline)
  const tokens = await grant()
  const person = `person:${account}`
  const both = [
    `connections.allowed ${person} ${person} done`,
    `connections.tokens-given client:shop ${person} done authorization_code`,
  ]
  assert.deepEqual(await written(), both)
  const next = await client.refreshTokenGrant(config, tokens.refresh_token ?? '')
  await client.clientCredentialsGrant(config)
  assert.deepEqual(await written(), both)

  const own = await client.clientCredentialsGrant(config)
  await client.tokenRevocation(config, own.access_token)
  assert.deepEqual(await written(), both, 'what was given unsaid is given back unsaid')
  assert.equal((await client.tokenIntrospection(config, own.access_token)).active, false)
  await client.tokenRevocation(config, next.access_token)
  assert.ok((await written()).includes('connections.token-given-back client:shop  done AccessToken'))
})

test('who is not asked has allowed nothing: neither where nobody ever is, nor where it was allowed before', async () => {
  const allowed = async () =>
    (await written()).filter((line) => line.startsWith('connections.allowed')).length
  for (const [id, consent, times] of [
    ['own', 'skip', 0],
    ['remembers', 'remember', 1],
  ] as const) {
    const key = await addClient(service, id, { consent })
    const before = await allowed()
    const other = await strict(service, id, client.ClientSecretBasic(key))
    for (let n = 0; n < 2; n += 1) {
      const { grant } = await codeGrant(other, createBrowser(service.origin))
      await grant()
    }
    assert.equal((await allowed()) - before, times, consent)
  }
})

test('a second use ends what it gave and says so, or does neither: a log that cannot be written ends nothing', async () => {
  const { url, checks } = await codeGrant(config, createBrowser(service.origin), offline)
  const form = {
    grant_type: 'authorization_code',
    code: url.searchParams.get('code') ?? '',
    redirect_uri: 'https://shop.example/callback',
    code_verifier: checks.pkceCodeVerifier,
  }
  const first = await post(service, '/oauth/token', form, basic('shop', secret))
  const refresh = () =>
    post(
      service,
      '/oauth/token',
      { grant_type: 'refresh_token', refresh_token: String(first.body['refresh_token']) },
      basic('shop', secret),
    )
  const { database } = service.kit
  await database.query(
    `alter table audit_entry add constraint no_second_use check (action <> 'connections.used-twice') not valid`,
  )
  assert.equal((await post(service, '/oauth/token', form, basic('shop', secret))).status, 500)
  await database.query('alter table audit_entry drop constraint no_second_use')
  const next = await refresh()
  assert.equal(next.status, 200, 'nothing has ended')
  assert.equal((await post(service, '/oauth/token', form, basic('shop', secret))).status, 400)
  const last = { grant_type: 'refresh_token', refresh_token: String(next.body['refresh_token']) }
  assert.equal((await post(service, '/oauth/token', last, basic('shop', secret))).status, 400)
})

test('a code that is shown a second time is written down as that', async () => {
  const { url, checks } = await codeGrant(config, createBrowser(service.origin), offline)
  const form = {
    grant_type: 'authorization_code',
    code: url.searchParams.get('code') ?? '',
    redirect_uri: 'https://shop.example/callback',
    code_verifier: checks.pkceCodeVerifier,
  }
  assert.equal((await post(service, '/oauth/token', form, basic('shop', secret))).status, 200)
  assert.equal((await post(service, '/oauth/token', form, basic('shop', secret))).status, 400)
  const said = `connections.used-twice client:shop person:${account} denied AuthorizationCode`
  assert.ok((await written()).includes(said), (await written()).join('\n'))
})

test('a no is written down as well', async () => {
  const browser = createBrowser(service.origin)
  await signIn(browser)
  const start = client.buildAuthorizationUrl(config, {
    redirect_uri: 'https://shop.example/callback',
    scope: 'openid',
    prompt: 'consent',
    code_challenge: await client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier()),
    code_challenge_method: 'S256',
  })
  const { response } = await browser.follow(await browser.go(start.href))
  await browser.submit(await response.text(), 'consent', { decision: 'deny' })
  const person = `person:${account}`
  assert.ok(
    (await written()).includes(`connections.refused ${person} ${person} denied`),
    (await written()).join('\n'),
  )
})
