/** Which check at which endpoint: a broken parameter, and what is answered. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt, SignJWT } from 'jose'
import {
  addAccount,
  askToken,
  codeFlow,
  codeOf,
  createBrowser,
  signIn,
  testIdentity,
  type TestIdentity,
} from '../../../tests/support/identity.ts'

const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'

test('a broken authorization request goes nowhere when its address is not ours, and back with a word otherwise', async () => {
  const service = await testIdentity()
  const good = {
    client_id: 'portal',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: `${service.origin}/session/callback`,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: 's',
  }
  const cases: [string, Record<string, string | undefined>, string][] = [
    ['another address', { redirect_uri: 'https://evil.example/callback' }, 'page 400'],
    [
      'an address that begins like ours',
      { redirect_uri: `${service.origin}/session/callback/../x` },
      'page 400',
    ],
    ['our address with a query', { redirect_uri: `${service.origin}/session/callback?x=1` }, 'page 400'],
    ['no address', { redirect_uri: undefined }, 'page 400'],
    ['an unknown client', { client_id: 'nobody' }, 'page 400'],
    ['a client that no table could hold', { client_id: 'nobody\0' }, 'page 400'],
    ['no PKCE', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
    ['plain PKCE', { code_challenge_method: 'plain' }, 'invalid_request'],
    ['a token from the front', { response_type: 'token' }, 'unsupported_response_type'],
    ['another resource', { resource: 'https://elsewhere.example/' }, 'invalid_target'],
    ['nobody signed in, and no question allowed', { prompt: 'none' }, 'login_required'],
  ]
  for (const [what, broken, expected] of cases) {
    const entries = Object.entries({ ...good, ...broken }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    )
    const answer = await createBrowser(service.origin).go(
      `/oauth/authorize?${new URLSearchParams(entries).toString()}`,
    )
    const target = new URL(answer.headers.get('location') ?? 'about:blank')
    const seen =
      answer.status >= 400
        ? `page ${answer.status}`
        : (target.searchParams.get('error') ??
          new URLSearchParams(target.hash.slice(1)).get('error') ??
          target.pathname)
    assert.equal(seen, expected, what)
    if (answer.status < 400) assert.equal(target.origin, service.origin, what)
    else assert.match(await answer.text(), /You cannot sign in from there/, what)
  }
})

test('a code is for one client, one address and one verifier', async () => {
  const service = await testIdentity()
  await addAccount(service)
  const browser = createBrowser(service.origin)
  const cases: [string, Record<string, string>][] = [
    ['another verifier', { code_verifier: 'x'.repeat(43) }],
    ['another address', { redirect_uri: `${service.origin}/` }],
    ['another code', { code: 'x'.repeat(43) }],
  ]
  for (const [what, broken] of cases) {
    const { callback, checks } = await codeOf(service, browser)
    const form = {
      grant_type: 'authorization_code',
      code: callback.searchParams.get('code') ?? '',
      redirect_uri: `${service.origin}/session/callback`,
      code_verifier: checks.pkceCodeVerifier,
    }
    const answer = await askToken(service.origin, { ...form, ...broken })
    assert.deepEqual(
      [answer.status, ((await answer.json()) as { error: string }).error],
      [400, 'invalid_grant'],
      what,
    )
  }
  const { callback, checks } = await codeOf(service, browser)
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: 'portal',
    code: callback.searchParams.get('code') ?? '',
    redirect_uri: `${service.origin}/session/callback`,
    code_verifier: checks.pkceCodeVerifier,
  })
  for (const authorization of [undefined, `Basic ${Buffer.from('portal:guess').toString('base64')}`]) {
    const answer = await fetch(`${service.origin}/oauth/token`, {
      method: 'POST',
      body,
      headers: authorization === undefined ? {} : { authorization },
    })
    assert.deepEqual(
      [answer.status, ((await answer.json()) as { error: string }).error],
      [401, 'invalid_client'],
    )
  }
})

test('a code of a minute ago and a session that has ended give nothing', async () => {
  const service = await testIdentity()
  await addAccount(service)
  const browser = createBrowser(service.origin)
  const { callback, checks } = await codeOf(service, browser)
  const form = {
    grant_type: 'authorization_code',
    code: callback.searchParams.get('code') ?? '',
    redirect_uri: `${service.origin}/session/callback`,
    code_verifier: checks.pkceCodeVerifier,
  }
  await browser.submit(await (await browser.go('/sign-out')).text(), 'sign-out', {})
  assert.equal((await askToken(service.origin, form)).status, 400)
})

test('a token that signs itself opens nothing, whatever its algorithm says', async () => {
  const service = await testIdentity({ jwksFromSelf: true })
  await addAccount(service, { roles: ['superadmin'] })
  const { tokens } = await codeFlow(service, createBrowser(service.origin))
  const [header = '', payload = '', signature = ''] = tokens.access_token.split('.')
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const jwks = (await (await fetch(`${service.origin}/.well-known/jwks.json`)).json()) as {
    keys: { kid: string; alg: string; d?: string }[]
  }
  const algorithms = new Set(jwks.keys.map(({ alg }) => alg))
  assert.deepEqual(
    [algorithms.has('ES256'), algorithms.has('RS256'), jwks.keys.some(({ d }) => d !== undefined)],
    [true, true, false],
  )
  const hmac = await new SignJWT(decodeJwt(tokens.access_token))
    .setProtectedHeader({ alg: 'HS256', typ: 'at+jwt' })
    .sign(Buffer.from(JSON.stringify(jwks.keys[0])))
  const forged = [
    `${encode({ alg: 'none', typ: 'at+jwt' })}.${payload}.`,
    `${header}.${encode({ ...decodeJwt(tokens.access_token), sub: 'acc_00000000-0000-7000-8000-000000000000' })}.${signature}`,
    hmac,
    tokens.id_token ?? '',
  ]
  const ask = (token: string) =>
    fetch(`${service.origin}/api/identity/me`, { headers: { authorization: `Bearer ${token}` } })
  assert.equal((await ask(tokens.access_token)).status, 200)
  for (const token of forged) assert.equal((await ask(token)).status, 401)
})

test('the issuer is what the settings say, whatever Host or proxy headers say', async () => {
  const service = await testIdentity()
  const answer = await service.fetch(
    new Request(`${service.origin}/.well-known/openid-configuration`, {
      headers: {
        host: 'evil.example',
        'x-forwarded-host': 'evil.example',
        'x-forwarded-proto': 'https',
        forwarded: 'host=evil.example',
      },
    }),
  )
  const found = (await answer.json()) as Record<string, unknown>
  const { origin } = service
  assert.deepEqual(
    Object.fromEntries(
      Object.entries(found).filter(
        ([name]) => name === 'issuer' || name === 'jwks_uri' || name.endsWith('_endpoint'),
      ),
    ),
    {
      issuer: origin,
      jwks_uri: `${origin}/.well-known/jwks.json`,
      authorization_endpoint: `${origin}/oauth/authorize`,
      token_endpoint: `${origin}/oauth/token`,
      userinfo_endpoint: `${origin}/oauth/userinfo`,
      introspection_endpoint: `${origin}/oauth/introspect`,
      revocation_endpoint: `${origin}/oauth/revoke`,
      device_authorization_endpoint: `${origin}/oauth/device`,
      pushed_authorization_request_endpoint: `${origin}/oauth/par`,
      backchannel_authentication_endpoint: `${origin}/oauth/backchannel`,
      end_session_endpoint: `${origin}/oauth/logout`,
    },
  )
  assert.deepEqual(found['code_challenge_methods_supported'], ['S256'])
  assert.deepEqual(found['response_types_supported'], ['code'])
  assert.equal(
    (await service.fetch(new Request(`${origin}/.well-known/oauth-authorization-server`))).status,
    200,
  )
  assert.equal((await service.fetch(new Request(`${origin}/.well-known/other`))).status, 404)
})

test('nothing that a person could show is in the tables as it is', async () => {
  const service = await testIdentity()
  await addAccount(service)
  const browser = createBrowser(service.origin)
  const { tokens, callback } = await codeFlow(service, browser)
  const dump = await dumpOf(service)
  const shown = [
    tokens.access_token,
    tokens.refresh_token ?? '',
    tokens.id_token ?? '',
    callback.searchParams.get('code') ?? '',
    browser.jar.get('althing_id')?.value ?? '',
  ]
  for (const secret of shown) {
    assert.ok(secret.length > 20)
    assert.equal(dump.includes(secret), false)
  }
})

test('a person who is shut out gets no further token, and loses the session', async () => {
  const service = await testIdentity()
  const account = await addAccount(service)
  const browser = createBrowser(service.origin)
  const { tokens } = await codeFlow(service, browser)
  await service.kit.database.query(`update account set status = 'banned' where id = $1`, [account])
  assert.equal(
    (
      await askToken(service.origin, {
        grant_type: 'refresh_token',
        refresh_token: tokens.refresh_token ?? '',
      })
    ).status,
    400,
  )
  assert.equal((await browser.go('/account')).status, 303)
  assert.equal((await signIn(browser)).status, 422)
})

async function dumpOf({ kit }: TestIdentity): Promise<string> {
  const tables = await kit.database.query<{ name: string }>(
    `select quote_ident(table_name) as name from information_schema.tables where table_schema = 'public'`,
  )
  const rows = await Promise.all(
    tables.map(({ name }) => kit.database.query(`select t::text from ${name} as t`)),
  )
  return JSON.stringify(rows)
}
