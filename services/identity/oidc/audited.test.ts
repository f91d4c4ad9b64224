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

  await client.tokenRevocation(config, next.access_token)
  assert.ok((await written()).includes('connections.token-given-back client:shop  done AccessToken'))
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
