import assert from 'node:assert/strict'
import { test } from 'node:test'
import { counted } from '../../../tests/support/counted.ts'
import * as client from 'openid-client'
import {
  addAccount,
  askToken,
  codeFlow,
  createBrowser,
  testIdentity,
} from '../../../tests/support/identity.ts'

const service = await testIdentity()

test('what applications ask, and how it ends, is counted where it happens; no id is ever a label', async () => {
  await addAccount(service)
  const { portal, tokens } = await codeFlow(service, createBrowser(service.origin))
  const once = await counted(service)
  assert.equal(once['id_oidc_token_requests_total{grant="authorization_code",result="done"}'], 1)
  assert.equal(once['id_oidc_authorization_approved_total'], 1)
  const refreshed = await client.refreshTokenGrant(portal, tokens.refresh_token ?? '')
  await askToken(service.origin, { grant_type: 'refresh_token', refresh_token: 'no' })
  await askToken(service.origin, {
    grant_type: 'authorization_code',
    code: 'no',
    redirect_uri: 'https://no.example',
  })
  await askToken(service.origin, { grant_type: `urn:${'x'.repeat(500)}` })
  await fetch(`${service.origin}/oauth/userinfo`, { headers: { authorization: 'Bearer no' } })
  await client.tokenRevocation(portal, refreshed.refresh_token ?? '')
  const all = await counted(service)
  assert.deepEqual(
    [
      'id_oidc_errors_total{endpoint="grant",error="unsupported_grant_type"}',
      'id_oidc_errors_total{endpoint="userinfo",error="invalid_token"}',
      'id_oidc_token_requests_total{grant="authorization_code",result="refused"}',
      'id_oidc_token_requests_total{grant="refresh_token",result="done"}',
      'id_oidc_token_requests_total{grant="refresh_token",result="refused"}',
      'id_oidc_token_requests_total{grant="other",result="refused"}',
      'id_oidc_token_refresh_total{result="done"}',
      'id_oidc_token_refresh_total{result="refused"}',
      'id_oidc_token_revoked_total',
      'id_oidc_userinfo_requests_total{result="refused"}',
    ].filter((name) => all[name] !== 1),
    [],
    JSON.stringify(all),
  )
})

test('an application that is told no is counted as denied', async () => {
  const before = (await counted(service))['id_oidc_authorization_denied_total'] ?? 0
  const start = new URL(`${service.origin}/oauth/authorize`)
  start.search = new URLSearchParams({
    client_id: 'portal',
    redirect_uri: `${service.origin}/session/callback`,
    response_type: 'code',
    scope: 'openid',
    prompt: 'none',
    state: 'x'.repeat(43),
    nonce: 'x'.repeat(43),
    code_challenge: 'x'.repeat(43),
    code_challenge_method: 'S256',
  }).toString()
  const answer = await fetch(start, { redirect: 'manual' })
  assert.match(answer.headers.get('location') ?? '', /error=login_required/)
  const refused = 'id_oidc_errors_total{endpoint="authorization",error="login_required"}'
  assert.equal((await counted(service))[refused], 1)
  assert.equal((await counted(service))['id_oidc_authorization_denied_total'], before + 1)
})
