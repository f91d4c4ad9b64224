import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { exportJWK, exportSPKI, SignJWT, UnsecuredJWT, type JWK, type JWTPayload } from 'jose'
import * as client from 'openid-client'
import { addAccount, askToken, codeFlow, createBrowser, signIn, testIdentity } from '../support/identity.ts'
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
} from '../support/protocol.ts'

/** Attacks that worked elsewhere, on tokens, sessions and revocation (operations-and-ux, section 2, rows 25 to 39). The table is README.md. */
const bearerGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer' as const
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code' as const
const exchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange' as const

test('26 · a refresh token that was replaced stays so over a restart, and shown again it ends its family', async () => {
  const before = await testIdentity()
  await addAccount(before)
  const { tokens } = await codeFlow(before, createBrowser(before.origin))
  const refresh = async (origin: string, token: string) => {
    const answer = await askToken(origin, { grant_type: 'refresh_token', refresh_token: token })
    return {
      status: answer.status,
      next: ((await answer.json()) as { refresh_token?: string }).refresh_token ?? '',
    }
  }
  const first = tokens.refresh_token ?? ''
  const second = await refresh(before.origin, first)
  const third = await refresh(before.origin, second.next)
  assert.deepEqual([second.status, third.status], [200, 200])
  await before.close()

  const after = await testIdentity({ like: before, origin: before.origin })
  assert.equal((await refresh(after.origin, first)).status, 400, 'its replacement was used: this is no retry')
  assert.equal((await refresh(after.origin, third.next)).status, 400, 'and so nobody knows who is the thief')
})

test('30 · no way to a token goes around a person who is shut out: whatever they allowed before', async () => {
  const service = await testIdentity()
  const account = await addAccount(service)
  await addResource(service, { introspector: 'server' })
  const next = 'https://next.example/'
  await addResource(service, { uri: next })
  const { privateKey, jwks } = await keyPair()
  const secret = await addClient(service, 'server', {
    grant_types: ['authorization_code', 'refresh_token', bearerGrant, exchangeGrant],
    scope: 'openid offline_access',
    resources: { [api]: 'read', [next]: 'read' },
    token_exchange: ['delegation'],
    jwks,
  })
  await addClient(service, 'tv', {
    grant_types: [deviceGrant],
    token_endpoint_auth_method: 'none',
    scope: 'openid',
  })
  const config = await strict(service, 'server', client.ClientSecretBasic(secret))
  const browser = createBrowser(service.origin)
  const asked = { scope: 'openid offline_access read', resource: api, prompt: 'consent' }
  const tokens = await (await codeGrant(config, browser, asked)).grant()
  const code = await codeGrant(config, browser, asked)
  const tv = await client.initiateDeviceAuthorization(await strict(service, 'tv', client.None()), {
    scope: 'openid',
  })
  const page = await (await browser.go('/oauth/code')).text()
  const question = await (await browser.submit(page, 'device-code', { user_code: tv.user_code })).text()
  const confirmed = await browser.follow(await browser.submit(question, 'device-confirm', { confirm: 'yes' }))
  if (confirmed.url.pathname === '/sign-in/consent') await through(browser, confirmed.url.href)

  const ways: [string, () => Record<string, string> | Promise<Record<string, string>>][] = [
    [
      'a signed wish',
      async () => ({
        grant_type: bearerGrant,
        assertion: await assertion(service, 'server', privateKey, { sub: account }),
        resource: api,
      }),
    ],
    [
      'a token for a token',
      () => ({
        grant_type: exchangeGrant,
        subject_token: tokens.access_token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        resource: next,
      }),
    ],
    [
      'a code',
      () => ({
        grant_type: 'authorization_code',
        code: code.url.searchParams.get('code') ?? '',
        redirect_uri: callback,
        code_verifier: code.checks.pkceCodeVerifier,
      }),
    ],
    ['a refresh token', () => ({ grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' })],
  ]
  const ask = async (form: Record<string, string>) =>
    (await post(service, '/oauth/token', form, basic('server', secret))).status
  // As it is before: these two can be asked more than once.
  for (const [what, form] of ways.slice(0, 2)) assert.equal(await ask(await form()), 200, what)
  await service.kit.database.query(`update account set status = 'banned' where id = $1`, [account])
  for (const [what, form] of ways) assert.equal(await ask(await form()), 400, what)
  const device = { grant_type: deviceGrant, client_id: 'tv', device_code: tv.device_code }
  assert.equal((await post(service, '/oauth/token', device)).status, 400, 'the code of a device')
  const userinfo = await fetch(`${service.origin}/oauth/userinfo`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  })
  assert.equal(userinfo.status, 401)
  assert.equal((await browser.go('/account')).status, 303)
})

test('20, 30 · who is shut out is asked nothing by a back channel, answers nothing, and what they answered before gives nothing', async () => {
  const service = await testIdentity()
  const account = await addAccount(service)
  const ciba = 'urn:openid:params:grant-type:ciba' as const
  const secret = await addClient(service, 'calls', {
    grant_types: [ciba],
    scope: 'openid',
    backchannel_token_delivery_mode: 'poll',
  })
  const ask = () =>
    post(
      service,
      '/oauth/backchannel',
      { scope: 'openid', login_hint: 'ada@example.org' },
      basic('calls', secret),
    )
  const poll = async (id: unknown) => {
    const form = { grant_type: ciba, auth_req_id: String(id) }
    return String((await post(service, '/oauth/token', form, basic('calls', secret))).body['error'] ?? 'done')
  }
  const browser = createBrowser(service.origin)
  await signIn(browser)
  const pages = async () =>
    [
      ...(await (await browser.go('/account/requests')).text()).matchAll(/\/account\/requests\/bkr_[\w-]+/g),
    ].map(([at]) => at)
  const first = await ask()
  const [answered = ''] = await pages()
  await browser.submit(await (await browser.go(answered)).text(), 'request', { decision: 'allow' })
  const second = await ask()
  const [open = ''] = await pages()
  const page = await (await browser.go(open)).text()

  await service.kit.database.query(`update account set status = 'banned' where id = $1`, [account])
  assert.equal(await poll(first.body['auth_req_id']), 'invalid_grant')
  const late = await browser.submit(page, 'request', { decision: 'allow' })
  assert.notEqual(late.status, 200)
  assert.equal(await poll(second.body['auth_req_id']), 'authorization_pending', 'as if nobody had answered')
  const third = await ask()
  assert.deepEqual([third.status, Object.keys(third.body)], [second.status, Object.keys(second.body)])
  await service.kit.database.query(`update account set status = 'active' where id = $1`, [account])
  const again = createBrowser(service.origin)
  await signIn(again)
  assert.doesNotMatch(
    await (await again.go('/account/requests')).text(),
    new RegExp(String(third.body['auth_req_id'])),
  )
})

test('33 · what an application asked for is what it gets: nothing that comes later, by whichever address, changes it', async () => {
  const service = await testIdentity()
  await addAccount(service)
  const secret = await addClient(service, 'shop', {
    scope: 'openid email offline_access',
    grant_types: ['authorization_code', 'refresh_token'],
  })
  const shop = await strict(service, 'shop', client.ClientSecretBasic(secret))
  const verifier = client.randomPKCECodeVerifier()
  const good = {
    client_id: 'shop',
    redirect_uri: callback,
    response_type: 'code',
    scope: 'openid',
    state: 'of-the-shop',
    nonce: 'of-the-shop',
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  }
  const evil = {
    response_type: 'id_token token',
    response_mode: 'fragment',
    redirect_uri: 'https://evil.example/',
    scope: 'openid email offline_access',
    state: 'of-evil',
    nonce: 'of-evil',
    code_challenge: 'x'.repeat(43),
    client_id: 'portal',
  }
  for (const type of ['token', 'id_token', 'code token', 'code id_token', 'id_token token', 'none', '']) {
    const { url } = await createBrowser(service.origin).follow(
      await fetch(
        `${service.origin}/oauth/authorize?${new URLSearchParams({ ...good, response_type: type }).toString()}`,
        {
          redirect: 'manual',
        },
      ),
    )
    assert.doesNotMatch(url.href, /access_token|id_token=|code=/, type)
  }

  const tampered = new URLSearchParams(evil).toString()
  const browser = createBrowser(service.origin)
  let { response, url } = await browser.follow(
    await browser.go(`/oauth/authorize?${new URLSearchParams(good).toString()}`),
    (there) => there.pathname === '/sign-in',
  )
  assert.equal(url.pathname, '/sign-in', await response.text())
  const signedIn = await signIn(browser, { at: url.href })
  const resumed = new URL(signedIn.headers.get('location') ?? '', service.origin)
  assert.match(resumed.pathname, /^\/oauth\/authorize\/./)
  // The way back into the conversation, with other words hung on it.
  ;({ response, url } = await browser.follow(await browser.go(`${resumed.pathname}?${tampered}`)))
  const page = await response.text()
  const forged = await browser.submit(page, 'consent', { decision: 'allow', ...evil })
  assert.equal(forged.status, 400, 'a form with words that it does not have is none')
  const answered = await browser.submit(page, 'consent', { decision: 'allow' })
  const next = new URL(answered.headers.get('location') ?? '', service.origin)
  ;({ url } = await browser.follow(await browser.go(`${next.pathname}?${tampered}`)))
  assert.equal(`${url.origin}${url.pathname}`, callback)
  assert.deepEqual([url.hash, url.searchParams.get('state')], ['', 'of-the-shop'])
  const tokens = await client.authorizationCodeGrant(shop, url, {
    pkceCodeVerifier: verifier,
    expectedState: 'of-the-shop',
    expectedNonce: 'of-the-shop',
  })
  assert.deepEqual([tokens.scope, tokens.refresh_token], ['openid', undefined])

  // What was pushed is the whole of it: other words beside it are a mistake, and lead nowhere.
  const pushed = await post(service, '/oauth/par', good, basic('shop', secret))
  const beside = { ...evil, client_id: 'shop', request_uri: String(pushed.body['request_uri']) }
  const refused = await createBrowser(service.origin).go(
    `/oauth/authorize?${new URLSearchParams(beside).toString()}`,
  )
  assert.deepEqual([refused.status, refused.headers.get('location')], [400, null])
})

test('35, 36 · a token of ours that does not say for whom, until when or since when is none, at any door', async () => {
  const service = await testIdentity()
  const account = await addAccount(service, { roles: ['superadmin'] })
  const at = (claims: Record<string, unknown>) =>
    fetch(`${service.origin}/api/identity/signals`, {
      headers: {
        authorization: `Bearer ${service.issuer.token(
          { subject: account, roles: ['superadmin'] },
          { iss: service.origin, aud: `${service.origin}/api`, ...claims },
        )}`,
      },
    })
  assert.equal((await at({})).status, 200)
  const now = Math.floor(Date.now() / 1000)
  for (const [what, claims] of [
    ['no audience', { aud: undefined }],
    ['another audience', { aud: 'https://other.example' }],
    ['the issuer as audience', { aud: service.origin }],
    ['no end', { exp: undefined }],
    ['an end that is no number', { exp: 'never' }],
    ['an end long ago', { exp: now - 60 }],
    ['no beginning', { iat: undefined }],
    ['a beginning that is no number', { iat: 'ever' }],
    ['not yet', { nbf: now + 600 }],
    ['no issuer', { iss: undefined }],
    ['nobody', { sub: undefined }],
    ['no application', { client_id: undefined }],
  ] as const)
    assert.equal((await at(claims)).status, 401, what)
})

test('36 · an assertion that lasts for ever, or says nothing of its time, proves nothing', async () => {
  const service = await testIdentity()
  const { privateKey, jwks } = await keyPair()
  await addClient(service, 'keyed', {
    grant_types: ['client_credentials'],
    token_endpoint_auth_method: 'private_key_jwt',
    jwks,
  })
  const ask = async (claims: JWTPayload) => {
    const form = {
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await assertion(service, 'keyed', privateKey, claims),
    }
    return (await post(service, '/oauth/token', form)).status
  }
  assert.equal(await ask({}), 200)
  const now = Math.floor(Date.now() / 1000)
  for (const claims of [
    { exp: undefined },
    { exp: now + 86_400 },
    { exp: now - 60 },
    { jti: undefined },
    { aud: undefined },
    { nbf: now + 600 },
  ])
    assert.equal(await ask(claims as JWTPayload), 401, JSON.stringify(claims))
})

test('37 · no assertion in XML is taken by anybody: there is no door for one, and no reader of XML', async () => {
  const service = await testIdentity()
  const saml = 'urn:ietf:params:oauth:grant-type:saml2-bearer'
  const answer = await askToken(service.origin, {
    grant_type: saml,
    assertion: Buffer.from('<Assertion/>').toString('base64url'),
  })
  assert.deepEqual(
    [answer.status, ((await answer.json()) as { error: string }).error],
    [400, 'unsupported_grant_type'],
  )
  const found = (await (await fetch(`${service.origin}/.well-known/openid-configuration`)).json()) as object
  assert.doesNotMatch(JSON.stringify(found), /saml/i)
  const paths = service.assembled.routes.map(({ path }) => path)
  assert.deepEqual(
    paths.filter((path) => /saml/i.test(path)),
    [],
  )
})

test('38 · a public key is never a shared secret, whatever form it is given and whatever the header says', async () => {
  const service = await testIdentity()
  const account = await addAccount(service, { roles: ['superadmin'] })
  const { privateKey, jwk, jwks } = await keyPair()
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const rsaJwk = { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', use: 'sig' }
  await addResource(service)
  const secret = await addClient(service, 'keyed', {
    grant_types: ['authorization_code', bearerGrant],
    token_endpoint_auth_method: 'private_key_jwt',
    resources: { [api]: 'read' },
    jwks: { keys: [...jwks.keys, rsaJwk as never] },
  })
  assert.equal(secret, '')
  const published = (await (await fetch(`${service.origin}/.well-known/jwks.json`)).json()) as { keys: JWK[] }
  const now = Math.floor(Date.now() / 1000)

  /** Everything that somebody could take for the bytes of the key. */
  async function secretsOf(key: JWK): Promise<Uint8Array[]> {
    const imported = createPublicKey({ key: key as never, format: 'jwk' })
    const pem = await exportSPKI(imported)
    const texts = [pem, pem.trim(), pem.replaceAll('\n', '\r\n'), JSON.stringify(key), key.n ?? key.x ?? '']
    const der = imported.export({ format: 'der', type: 'spki' })
    const raw = Buffer.from(key.n ?? key.x ?? '', 'base64url')
    return [...texts.map((text) => Buffer.from(text)), der, raw]
  }
  const forgeries = async (key: JWK, claims: JWTPayload, typ: string) => [
    ...(await Promise.all(
      (await secretsOf(key)).flatMap((bytes) =>
        ['HS256', 'HS384', 'HS512'].map((alg) =>
          new SignJWT(claims).setProtectedHeader({ alg, typ, kid: key.kid ?? '' }).sign(bytes),
        ),
      ),
    )),
    new UnsecuredJWT(claims).encode(),
    // One’s own key, sent along or named as an address.
    await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ, jwk: publicPartOf(jwk) })
      .sign(privateKey),
    await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', typ, jku: 'https://evil.example/' })
      .sign(privateKey),
  ]

  for (const key of published.keys) {
    const claims = {
      iss: service.origin,
      aud: `${service.origin}/api`,
      sub: account,
      client_id: 'portal',
      roles: ['superadmin'],
      iat: now,
      exp: now + 600,
      jti: randomUUID(),
    }
    for (const token of await forgeries(key, claims, 'at+jwt')) {
      const headers = { authorization: `Bearer ${token}` }
      assert.equal((await fetch(`${service.origin}/api/identity/signals`, { headers })).status, 401)
      assert.equal((await fetch(`${service.origin}/ssf/streams`, { headers })).status, 401)
      assert.equal((await fetch(`${service.origin}/oauth/userinfo`, { headers })).status, 401)
    }
    const hint = { iss: service.origin, aud: 'keyed', sub: account, iat: now, exp: now + 600 }
    for (const token of await forgeries(key, hint, 'JWT'))
      assert.equal((await fetch(`${service.origin}/oauth/logout?id_token_hint=${token}`)).status, 400)
  }
  for (const key of [jwk, rsaJwk as JWK]) {
    const said = {
      iss: 'keyed',
      sub: 'keyed',
      aud: service.origin,
      iat: now,
      exp: now + 60,
      jti: randomUUID(),
    }
    for (const token of (await forgeries(key, said, 'JWT')).slice(0, -2)) {
      const proof = {
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
        client_assertion: token,
      }
      const shown = { grant_type: bearerGrant, assertion: token, resource: api }
      assert.equal((await post(service, '/oauth/token', { ...shown, ...proof })).status, 401)
      const own = { ...proof, client_assertion: await assertion(service, 'keyed', privateKey) }
      const asked = await post(service, '/oauth/token', { ...shown, ...own })
      assert.deepEqual([asked.status, asked.body['error']], [400, 'invalid_grant'])
      const request = new URLSearchParams({ client_id: 'keyed', request: token }).toString()
      const answer = await fetch(`${service.origin}/oauth/authorize?${request}`, { redirect: 'manual' })
      assert.doesNotMatch(answer.headers.get('location') ?? '', /sign-in/)
    }
  }
})

const publicPartOf = ({ kty, crv, x, y }: JWK): JWK => ({
  kty: kty ?? '',
  crv: crv ?? '',
  x: x ?? '',
  y: y ?? '',
})

test('39 · what was found out about one token is never told of another, however much of it is the same', async () => {
  const service = await testIdentity()
  const { tokens } = service.kit
  assert.ok(tokens !== undefined)
  const iss = { iss: service.origin, aud: `${service.origin}/api`, jti: 'the-same' }
  const made = Array.from({ length: 64 }, (_, n) =>
    service.issuer.token({ subject: `acc_${n}`, roles: [] }, iss),
  )
  const callers = await Promise.all(made.map((token) => tokens.verify(token)))
  assert.deepEqual(
    callers.map(({ subject }) => subject),
    made.map((_, n) => `acc_${n}`),
  )
  const [one = '', two = ''] = made
  const [[headA = '', bodyA = '', signA = ''], [headB = '', bodyB = '', signB = '']] = [
    one.split('.'),
    two.split('.'),
  ]
  for (const mixed of [
    `${headA}.${bodyB}.${signA}`,
    `${headA}.${bodyA}.${signB}`,
    `${headB}.${bodyA}.${signB}`,
    `${one}=`,
    `${one}.`,
    `${headA}.${bodyA}.`,
    one.toUpperCase(),
    `${headA}=.${bodyA}.${signA}`,
  ])
    await assert.rejects(tokens.verify(mixed), { code: 'kernel.token.invalid' }, mixed.slice(0, 20))
  assert.equal((await tokens.verify(two)).subject, 'acc_1')
})
