/** The code flow as a strict client of others sees it, over real sockets. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as client from 'openid-client'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import {
  addAccount,
  createBrowser,
  portalSecret,
  signIn,
  testIdentity,
  type Browser,
  type TestIdentity,
} from '../../../tests/support/identity.ts'

test('the portal gets a code, tokens that every door understands, and a refresh', async () => {
  const service = await testIdentity()
  const account = await addAccount(service, { roles: ['election-manager', 'member'] })
  const { portal, tokens } = await codeFlow(service, createBrowser(service.origin))

  const claims = tokens.claims()
  assert.equal(claims?.sub, account)
  assert.equal(claims?.['name'], 'Ada Jónsdóttir')
  assert.equal(decodeProtectedHeader(tokens.id_token ?? '').alg, 'RS256')
  assert.deepEqual(
    [decodeProtectedHeader(tokens.access_token).alg, decodeProtectedHeader(tokens.access_token).typ],
    ['ES256', 'at+jwt'],
  )
  const access = decodeJwt(tokens.access_token)
  assert.deepEqual(
    {
      iss: access.iss,
      aud: access.aud,
      sub: access.sub,
      client_id: access['client_id'],
      roles: access['roles'],
      stamp: access['stamp'],
      acr: access['acr'],
      amr: access['amr'],
    },
    {
      iss: service.origin,
      aud: `${service.origin}/api`,
      sub: account,
      client_id: 'portal',
      roles: ['election-manager', 'member'],
      stamp: 0,
      acr: 'urn:althing:acr:password',
      amr: ['pwd'],
    },
  )
  assert.match(String(access['sid']), /^ses_/)
  assert.equal(claims?.['sid'], access['sid'])
  assert.equal((access.exp ?? 0) - (access.iat ?? 0), 900)

  const refreshed = await client.refreshTokenGrant(portal, tokens.refresh_token ?? '')
  assert.notEqual(refreshed.refresh_token, tokens.refresh_token)
  assert.equal(decodeJwt(refreshed.access_token)['sid'], access['sid'])
  await assert.rejects(client.refreshTokenGrant(portal, tokens.refresh_token ?? ''), {
    error: 'invalid_grant',
  })
  await assert.rejects(
    client.refreshTokenGrant(portal, refreshed.refresh_token ?? ''),
    { error: 'invalid_grant' },
    'reuse ends the family',
  )
})

async function codeFlow(service: TestIdentity, browser: Browser) {
  const portal = await client.discovery(
    new URL(service.origin),
    'portal',
    undefined,
    client.ClientSecretBasic(portalSecret),
    { execute: [client.allowInsecureRequests] },
  )
  const verifier = client.randomPKCECodeVerifier()
  const checks = {
    pkceCodeVerifier: verifier,
    expectedState: client.randomState(),
    expectedNonce: client.randomNonce(),
  }
  const start = client.buildAuthorizationUrl(portal, {
    redirect_uri: `${service.origin}/session/callback`,
    scope: 'openid profile email',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
  })
  const { url: page } = await browser.follow(
    await browser.go(start.href),
    (url) => url.pathname === '/sign-in',
  )
  const { url: callback } = await browser.follow(
    await signIn(browser, { at: page.href }),
    (url) => url.pathname === '/session/callback',
  )
  return { portal, tokens: await client.authorizationCodeGrant(portal, callback, checks), callback, checks }
}
