/** The code flow as a strict client of others sees it, over real sockets. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as client from 'openid-client'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { until } from '@althing/kernel/testing'
import {
  addAccount,
  askToken,
  codeFlow,
  createBrowser,
  signIn,
  testIdentity,
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
  await service.kit.database.query(
    `update oidc_record set consumed_at = consumed_at - interval '10 seconds' where consumed_at is not null`,
  )
  await assert.rejects(client.refreshTokenGrant(portal, tokens.refresh_token ?? ''), {
    error: 'invalid_grant',
  })
  await assert.rejects(
    client.refreshTokenGrant(portal, refreshed.refresh_token ?? ''),
    { error: 'invalid_grant' },
    'reuse ends the family',
  )
})

test('the identical retry gets the same successor; once that was used, another try ends the family', async () => {
  const service = await testIdentity()
  await addAccount(service)
  const { portal, tokens } = await codeFlow(service, createBrowser(service.origin))
  const refresh = (token: string | undefined) => client.refreshTokenGrant(portal, token ?? '')
  const first = await refresh(tokens.refresh_token)
  const again = await refresh(tokens.refresh_token)
  assert.equal(again.refresh_token, first.refresh_token)
  assert.notEqual(first.refresh_token, tokens.refresh_token)
  const next = await refresh(again.refresh_token)
  assert.notEqual(next.refresh_token, first.refresh_token)
  await assert.rejects(refresh(tokens.refresh_token), { error: 'invalid_grant' })
  await assert.rejects(refresh(next.refresh_token), { error: 'invalid_grant' })
})

test('a code or a refresh token that is used twice ends the session too, so that no door takes what it gave', async () => {
  const service = await testIdentity({ jwksFromSelf: true })
  await addAccount(service)
  const me = ({ access_token: token }: { readonly access_token: string }) =>
    fetch(`${service.origin}/api/identity/me`, { headers: { authorization: `Bearer ${token}` } })
  const isRefusedSoon = (tokens: { readonly access_token: string }) =>
    until(async () => (await me(tokens)).status === 401)
  const first = createBrowser(service.origin)
  const { callback, checks, tokens } = await codeFlow(service, first)
  assert.equal((await me(tokens)).status, 200)
  const again = await askToken(service.origin, {
    grant_type: 'authorization_code',
    code: callback.searchParams.get('code') ?? '',
    redirect_uri: `${service.origin}/session/callback`,
    code_verifier: checks.pkceCodeVerifier,
  })
  assert.equal(again.status, 400)
  assert.equal(await isRefusedSoon(tokens), true)
  assert.equal((await first.go('/account')).status, 303)

  const stolen = await codeFlow(service, createBrowser(service.origin))
  const refresh = (token: string | undefined) =>
    askToken(service.origin, { grant_type: 'refresh_token', refresh_token: token ?? '' })
  const next = (await (await refresh(stolen.tokens.refresh_token)).json()) as {
    access_token: string
    refresh_token: string
  }
  await refresh(next.refresh_token)
  assert.equal((await refresh(stolen.tokens.refresh_token)).status, 400)
  assert.equal(await isRefusedSoon(next), true)
})

test('a crash between using a refresh token and writing its successor costs nobody the session', async () => {
  const service = await testIdentity()
  await addAccount(service)
  const { portal, tokens } = await codeFlow(service, createBrowser(service.origin))
  await service.kit.database.query(`update oidc_record set consumed_at = now() where kind = 'RefreshToken'`)
  const after = await client.refreshTokenGrant(portal, tokens.refresh_token ?? '')
  assert.ok(after.refresh_token)
  await client.refreshTokenGrant(portal, after.refresh_token)
})

test('only the browser that began an interaction completes it, and only for the person who is signed in there', async () => {
  const service = await testIdentity()
  await addAccount(service)
  await addAccount(service, { email: 'eve@example.org', name: 'Eve' })
  const [eve, ada] = [createBrowser(service.origin), createBrowser(service.origin)]
  const begun = new URL('/oauth/authorize', service.origin)
  begun.search = new URLSearchParams({
    client_id: 'portal',
    response_type: 'code',
    redirect_uri: `${service.origin}/session/callback`,
    scope: 'openid',
    state: 'x'.repeat(22),
    code_challenge: await client.calculatePKCECodeChallenge(client.randomPKCECodeVerifier()),
    code_challenge_method: 'S256',
  }).toString()
  const link = (await eve.go(begun.href)).headers.get('location') ?? ''
  assert.match(link, /^\/sign-in\?interaction=/)
  assert.equal((await ada.go(link)).status, 410)
  await signIn(ada)
  assert.equal((await ada.go(link)).status, 410, 'nor with a session')

  const page = await (await eve.go(link)).text()
  const onward = await eve.submit(page, 'sign-in', {
    identifier: 'eve@example.org',
    password: 'correct horse battery',
  })
  // Another person's session has come between the proof and the way back.
  eve.jar.set('althing_id', ada.jar.get('althing_id') ?? { value: '', path: '/' })
  const { url } = await eve.follow(onward, (there) => there.pathname === '/session/callback')
  assert.equal(url.searchParams.get('code'), null)
})
