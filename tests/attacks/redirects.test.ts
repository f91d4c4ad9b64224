import assert from 'node:assert/strict'
import { request as send } from 'node:http'
import { test } from 'node:test'
import { createEgress } from '@althing/kernel/egress'
import { isFault } from '@althing/kernel/errors'
import { Registry } from '@althing/kernel/telemetry'
import { compose, type IdentityKit } from '../../services/identity/compose.ts'
import { createMetrics } from '../../services/identity/metrics.ts'
import { addAccount, createBrowser, signIn, testIdentity } from '../support/identity.ts'
import { sendPath } from '../support/mutated-paths.ts'
import { signedIn, testPortal } from '../support/portal.ts'
import { addClient, basic, callback, post, through } from '../support/protocol.ts'

/** Attacks that worked elsewhere, on redirects, parsing and proxies (operations-and-ux, section 2, rows 40 to 53). The table is README.md. */
const loose = {
  ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT: '1000',
  ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT_EVERYWHERE: '1000',
}
const service = await testIdentity({ env: loose })
await addAccount(service)
const { clients } = compose(service.kit as unknown as IdentityKit, createMetrics(new Registry()))
const good = {
  response_type: 'code',
  scope: 'openid',
  state: 'x'.repeat(43),
  nonce: 'x'.repeat(43),
  code_challenge: 'x'.repeat(43),
  code_challenge_method: 'S256',
}
const authorizeAt = (words: Record<string, string>) =>
  `/oauth/authorize?${new URLSearchParams({ ...good, ...words }).toString()}`

/** Refused before anybody is asked anything, on a page, and the browser is sent nowhere. */
async function goesNowhere(client_id: string, redirect_uri: string): Promise<void> {
  const answer = await createBrowser(service.origin).go(authorizeAt({ client_id, redirect_uri }))
  assert.deepEqual([answer.status, answer.headers.get('location')], [400, null], redirect_uri)
}

/** So that what goes nowhere is refused for its address, and for nothing else. */
async function isAsked(client_id: string, redirect_uri: string): Promise<void> {
  const answer = await createBrowser(service.origin).go(authorizeAt({ client_id, redirect_uri }))
  assert.match(
    answer.headers.get('location') ?? (await answer.text()),
    /^\/sign-in\?interaction=/,
    redirect_uri,
  )
}

async function fieldsRefused(redirect_uris: string[]): Promise<string[]> {
  try {
    await clients.register(
      'never',
      'Never',
      { redirect_uris, id_token_signed_response_alg: 'ES256' },
      'operator:test',
    )
    return []
  } catch (error) {
    if (!isFault(error, 'identity.clients.metadata')) throw error
    return error.fields.map(({ pointer }) => pointer)
  }
}

test('40, 53 · an answer goes to the very address that was registered: a name in front, a port, or a host in capitals is another', async () => {
  await addClient(service, 'forty', {
    redirect_uris: [callback, 'http://localhost/callback'],
    application_type: 'native',
  })
  await isAsked('forty', callback)
  for (const redirect of [
    'http://localhost:80@evil.example/callback',
    'http://localhost@evil.example/callback',
    'https://shop.example:443@evil.example/callback',
    'https://shop.example@evil.example/callback',
    'https://evil.example\\@shop.example/callback',
    'https://evil.example#@shop.example/callback',
    'https://shop.example:443/callback',
    'https://SHOP.EXAMPLE/callback',
    'HTTPS://shop.example/callback',
    'https://shop.example./callback',
    'https://shop.example/Callback',
    'https://shop.example/callback/',
    ' https://shop.example/callback',
    'https://shop.example/callback\t',
    'https://shop.example/callback%00',
    'https://ѕhop.example/callback',
  ])
    await goesNowhere('forty', redirect)
  for (const redirect of ['https://a:b@shop.example/callback', 'http://localhost:80@evil.example/'])
    assert.notDeepEqual(await fieldsRefused([redirect]), [], redirect)
})

test('41 · there are no wildcards: a star is refused where it is registered, and dots lead nowhere', async () => {
  for (const redirect of [
    'https://*.shop.example/callback',
    'https://shop.example:*/callback',
    'https://*/callback',
  ])
    assert.notDeepEqual(await fieldsRefused([redirect]), [], redirect)
  await addClient(service, 'star', { redirect_uris: ['https://shop.example/a/*'] }).catch(() => '')
  await addClient(service, 'below', { redirect_uris: ['https://shop.example/a/'] })
  await isAsked('below', 'https://shop.example/a/')
  for (const redirect of [
    'https://shop.example/a/b',
    'https://shop.example/a/../evil',
    'https://shop.example/a/%2e%2e/evil',
    'https://shop.example/a/..%2fevil',
    'https://shop.example/a/..;/evil',
    'https://shop.example/a//',
    'https://evil.shop.example/a/',
  ]) {
    await goesNowhere('below', redirect)
    await goesNowhere('star', redirect)
  }
})

test('42 · a registered address is no pattern, and an application without one learns none from the first request', async () => {
  await addClient(service, 'dots', { redirect_uris: ['https://shop.example/call.back?a=(b|c)+'] })
  await isAsked('dots', 'https://shop.example/call.back?a=(b|c)+')
  for (const redirect of [
    'https://shop.example/callXback?a=(b|c)+',
    'https://shop.example/call.back?a=b',
    'https://shop.example/call.back?a=bcbc',
    'https://shopXexample/call.back?a=(b|c)+',
  ])
    await goesNowhere('dots', redirect)
  await addClient(service, 'machine', { grant_types: ['client_credentials'] })
  for (let tries = 0; tries < 2; tries += 1) await goesNowhere('machine', 'https://evil.example/')
  const before = await service.kit.database.query(`select metadata from oauth_client where id = 'machine'`)
  assert.doesNotMatch(JSON.stringify(before), /evil/)
})

test('43 · a parameter that is there twice is a mistake, at every endpoint and on every form', async () => {
  const secret = await addClient(service, 'twice', {
    grant_types: [
      'authorization_code',
      'refresh_token',
      'client_credentials',
      'urn:ietf:params:oauth:grant-type:device_code',
    ],
  })
  const twice = (path: string, words: Record<string, string>, name: string) =>
    post(
      service,
      path,
      [
        ...Object.entries(words),
        [name, words[name] ?? 'x'],
        ...(words[name] === undefined ? [[name, 'y'] as const] : []),
      ],
      basic('twice', secret),
    )
  const asked: [string, Record<string, string>, string[]][] = [
    ['/oauth/token', { grant_type: 'client_credentials' }, ['grant_type', 'scope', 'client_id']],
    [
      '/oauth/token',
      { grant_type: 'authorization_code', code: 'x', redirect_uri: callback },
      ['code', 'redirect_uri', 'code_verifier'],
    ],
    ['/oauth/token', { grant_type: 'refresh_token', refresh_token: 'x' }, ['refresh_token']],
    ['/oauth/introspect', { token: 'x' }, ['token', 'token_type_hint']],
    ['/oauth/revoke', { token: 'x' }, ['token', 'token_type_hint']],
    ['/oauth/device', { client_id: 'twice' }, ['scope', 'client_id']],
    [
      '/oauth/par',
      { ...good, client_id: 'twice', redirect_uri: callback },
      ['redirect_uri', 'scope', 'state', 'nonce', 'code_challenge', 'response_type', 'client_id'],
    ],
  ]
  for (const [path, words, names] of asked)
    for (const name of names) {
      const { status, body } = await twice(path, words, name)
      assert.ok([400, 401].includes(status), `${path} ${name}: ${status}`)
      assert.ok(['invalid_request', 'invalid_client'].includes(String(body['error'])), `${path} ${name}`)
    }
  const whole = { ...good, client_id: 'twice', redirect_uri: callback }
  for (const name of Object.keys(whole)) {
    const { url } = await createBrowser(service.origin).follow(
      await fetch(
        `${service.origin}${authorizeAt({ client_id: 'twice', redirect_uri: callback })}&${name}=other`,
        { redirect: 'manual' },
      ),
    )
    assert.notEqual(url.pathname, '/sign-in', `nobody is asked anything: ${name}`)
  }
  const browser = createBrowser(service.origin)
  const page = await (await browser.go('/sign-in')).text()
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const form = [
    ['csrf', csrf],
    ['identifier', 'ada@example.org'],
    ['identifier', 'eve@example.org'],
    ['password', 'x'],
  ]
  const answer = await browser.go('/sign-in', {
    method: 'POST',
    headers: { origin: service.origin },
    body: new URLSearchParams(form),
  })
  assert.ok([400, 422].includes(answer.status), String(answer.status))
})

test('44 · the way back leads to a page of ours, whatever the address says, and so does every link of a page that is not there', async () => {
  const evil = [
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/\t/evil.example',
    'https://evil.example',
    'https:evil.example',
    'javascript:alert(1)',
    '/%09/evil.example',
    '/.//evil.example',
    '/..//evil.example',
    '@evil.example',
  ]
  for (const back of evil) {
    const browser = createBrowser(service.origin)
    const answer = await signIn(browser, { at: `/sign-in?return=${encodeURIComponent(back)}` }).catch(
      () => null,
    )
    const target = new URL(answer?.headers.get('location') ?? '/', service.origin)
    assert.equal(target.origin, service.origin, back)
    assert.doesNotMatch(target.pathname, /^\/[/\\]/, back)
  }
  for (const path of ['//evil.example/x', '/\\evil.example/x', '///evil.example', '/.//evil.example']) {
    const { status, text } = await sendPath(service.origin, 'GET', path, { accept: 'text/html' })
    assert.ok(status >= 400 && status < 500, `${path}: ${status}`)
    assert.doesNotMatch(text, /(href|action|src)="(\/[/\\]|https?:\/\/evil)/, path)
  }
  const world = await testPortal()
  for (const path of ['//evil.example/x', '/\\evil.example/x', '//']) {
    const { status, text } = await sendPath(world.origin, 'GET', path, { accept: 'text/html' })
    assert.equal(status, 404, path)
    assert.doesNotMatch(text, /(href|action|src)="(\/[/\\]|https?:\/\/evil)/, path)
  }
})

test('45 · an address that runs where it is opened is none: refused when it is registered, and when it is asked for', async () => {
  for (const redirect of [
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    'blob:https://shop.example/x',
    'about:blank',
    'view-source:https://shop.example/',
  ])
    assert.notDeepEqual(await fieldsRefused([redirect]), [], redirect)
  await addClient(service, 'scripts', {})
  await goesNowhere('scripts', 'javascript:alert(1)')
  await goesNowhere('scripts', 'data:text/html,x')
})

test('46 · what was compared is what is used: the answer goes to the registered place byte for byte, and keeps what its query says', async () => {
  for (const [n, redirect] of [
    'https://shop.example/a%2fb?x=1%2B1&y=%20',
    'https://shop.example/a/b?x=https://evil.example/',
    'https://shop.example/a;b?c=d;e',
  ].entries()) {
    await addClient(service, `bytes${n}`, { redirect_uris: [redirect] })
    await isAsked(`bytes${n}`, redirect)
    const browser = createBrowser(service.origin)
    const { url } = await through(
      browser,
      `${service.origin}${authorizeAt({ client_id: `bytes${n}`, redirect_uri: redirect })}`,
    )
    // The query is written anew as a form (RFC 6749, section 3.1.2): every word of it stays, and only ours come beside.
    const [place, query] = redirect.split('?', 2)
    assert.equal(url.href.split('?', 1)[0], place)
    const ours = [...url.searchParams].filter(([name]) => !['code', 'state', 'iss'].includes(name))
    assert.deepEqual(ours, [...new URLSearchParams(query)])
    assert.ok(url.searchParams.get('code'))
  }
})

test('50 · junk in a type of content opens no other way in: the body is judged all the same, or not read', async () => {
  const secret = await addClient(service, 'junk', { grant_types: ['client_credentials'] })
  await service.kit.database.query(`insert into signal_receiver (client, subjects) values ('junk', 'added')`)
  const { authorization } = basic('junk', secret)
  const stream = (type: string | undefined, body: string) => raw('/ssf/streams', type, body, authorization)
  const types = [
    'application/json',
    'application/json\t',
    'application/json ; charset=utf-8',
    'application/json;',
    'APPLICATION/JSON',
    'application/json, text/plain',
    'text/plain',
    'text/plain;application/json',
    'application/jsonx',
    '\tapplication/json',
    'application/x-www-form-urlencoded',
    undefined,
  ]
  for (const type of types) {
    const broken = await stream(type, JSON.stringify({ delivery: { method: 'of my own' } }))
    assert.ok([400, 415].includes(broken), `${JSON.stringify(type)}: ${broken}`)
  }
  for (const type of types.slice(5))
    if (type !== '\tapplication/json')
      assert.ok(
        [400, 415].includes(
          await stream(type, JSON.stringify({ delivery: { method: 'urn:ietf:rfc:8936' } })),
        ),
        String(type),
      )
  for (const type of [
    'application/json',
    'text/plain',
    'application/x-www-form-urlencodedx',
    'multipart/form-data; boundary=x',
    undefined,
  ]) {
    const status = await raw('/oauth/token', type, 'grant_type=client_credentials', authorization)
    assert.ok([400, 415].includes(status), `${String(type)}: ${status}`)
  }
})

test('52 · a cookie that cannot be read is nobody’s, at every door, and nobody is let through for it', async () => {
  const world = await testPortal()
  await addAccount(world.identity)
  const names = [...(await signedIn(world)).jar.keys()]
  assert.ok(names.length > 1)
  const values = [
    '',
    '%',
    '%E0%A4%A',
    '%00',
    '"',
    '"x',
    'x'.repeat(4_000),
    '[object Object]',
    '{"sub":"acc"}',
    'null',
    'undefined',
    '../../x',
    "' or 1=1",
    'é',
    '=',
    '==x',
  ]
  for (const value of values)
    for (const cookie of [
      names.map((name) => `${name}=${value}`).join('; '),
      names.map((name) => `${name}=${value}`).join(';;; '),
      `${value}; ${names[0] ?? ''}`,
      names.map((name) => `${name} = ${value}`).join(','),
    ]) {
      const headers = { cookie: Buffer.from(cookie).toString('latin1') }
      const who = await sendPath(world.origin, 'GET', '/session/me', headers)
      assert.ok(who.status < 500, `${cookie.slice(0, 80)}: ${who.status}`)
      assert.doesNotMatch(who.text, /Ada/)
      const account = await sendPath(world.origin, 'GET', '/account', { ...headers, accept: 'text/html' })
      assert.ok([303, 400, 401, 431].includes(account.status), `${cookie.slice(0, 80)}: ${account.status}`)
      const before = world.behind.reached.length
      const api = await sendPath(world.origin, 'GET', '/api/members/me/membership', headers)
      assert.ok(api.status < 500, `${cookie.slice(0, 80)}: ${api.status}`)
      for (const one of world.behind.reached.slice(before)) assert.equal(one.headers.authorization, undefined)
    }
})

test('53 · a host is one host, however it is written: in capitals, with a dot at its end, as a number', async () => {
  const { checked, send: call } = createEgress({ allowed: ['Receiver.Example.org', '127.0.0.1:1'] })
  assert.equal(checked('http://RECEIVER.example.ORG/x').host, 'receiver.example.org')
  for (const url of [
    'https://LOCALHOST/',
    'https://LocalHost./',
    'https://127.0.0.1./',
    'https://0X7F.0.0.1/',
    'https://[::FFFF:7F00:1]/',
    'https://①②⑦.0.0.1/',
  ])
    // Where a name with a dot at its end is not known, nobody answers to it.
    await assert.rejects(call(url), { code: /^kernel\.egress\.(address|unreachable)$/ }, url)
  // Nothing that we say of ourselves comes from the name by which we were called.
  for (const host of ['LOCALHOST', 'evil.example', 'localhost.', 'localhost:1@evil.example']) {
    const { status, text } = await sendPath(service.origin, 'GET', '/.well-known/openid-configuration', {
      host,
    })
    if (status === 200) assert.equal((JSON.parse(text) as { issuer: string }).issuer, service.origin)
    assert.doesNotMatch(text, /evil/)
  }
})

/** @returns the status; the type is sent as it is given */
function raw(path: string, type: string | undefined, body: string, authorization: string): Promise<number> {
  const { hostname, port } = new URL(service.origin)
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const headers = {
    authorization,
    'content-length': Buffer.byteLength(body),
    ...(type === undefined ? {} : { 'content-type': type }),
  }
  const asked = send({ hostname, port, method: 'POST', path, headers }, (answer) => {
    answer.resume()
    resolve(answer.statusCode ?? 0)
  })
  asked.once('error', reject)
  asked.end(body)
  return promise
}
