import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeJwt } from 'jose'
import { addAccount, createBrowser, type Browser } from '../../../tests/support/identity.ts'
import { sendRaw, signedIn, testPortal } from '../../../tests/support/portal.ts'
import { serviceFor } from './table.ts'

const me = '/api/members/me/membership'
const csrfOf = async (browser: Browser) =>
  ((await (await browser.go('/session/me')).json()) as { csrf: string }).csrf

test('a cookie becomes an access token, and itself goes no further', async () => {
  const world = await testPortal()
  const account = await addAccount(world.identity, { roles: ['member'] })
  const browser = await signedIn(world)
  const answer = await browser.go(`${me}?a=1`)
  assert.deepEqual(await answer.json(), { from: 'behind' })
  const [{ url, headers } = { url: '', headers: {} }] = world.behind.reached
  assert.equal(url, `${me}?a=1`)
  assert.equal(headers.cookie, undefined)
  const claims = decodeJwt(String(headers.authorization).slice(7))
  assert.deepEqual([claims.sub, claims.aud], [account, `${world.origin}/api`])
  for (const text of [JSON.stringify([...browser.jar]), await (await browser.go('/session/me')).text()])
    assert.doesNotMatch(text, /eyJ/, 'no token in the browser')
})

test('what a cookie changes needs the token of one of our pages, from one of our pages', async () => {
  const world = await testPortal()
  await addAccount(world.identity)
  const browser = await signedIn(world)
  const csrf = await csrfOf(browser)
  const send = (headers: Record<string, string>, method = 'PATCH') =>
    browser.go('/api/members/me', {
      method,
      body: '{"name":"x"}',
      headers: { 'content-type': 'application/json', ...headers },
    })
  const refused: [string, Record<string, string>][] = [
    ['no token', {}],
    ['another token', { 'x-csrf-token': 'x'.repeat(43) }],
    ['another site', { 'x-csrf-token': csrf, origin: 'https://evil.example' }],
    ['the ballot origin', { 'x-csrf-token': csrf, origin: 'http://localhost:8081' }],
    ['a frame of another site', { 'x-csrf-token': csrf, 'sec-fetch-site': 'cross-site' }],
  ]
  for (const [what, headers] of refused)
    for (const method of ['PATCH', 'POST', 'PUT', 'DELETE'])
      assert.equal((await send(headers, method)).status, 403, `${what}, ${method}`)
  assert.equal(world.behind.reached.length, 0)
  assert.equal((await send({ 'x-csrf-token': csrf, origin: world.origin })).status, 200)
  assert.equal(world.behind.reached[0]?.body, '{"name":"x"}')
})

test('who brings a token of their own is let through as they are, and a cookie beside it counts for nothing', async () => {
  const world = await testPortal()
  await addAccount(world.identity)
  const browser = await signedIn(world)
  await browser.go(me, { method: 'POST', headers: { authorization: 'Bearer their.own' } })
  await fetch(`${world.origin}${me}`)
  assert.deepEqual(
    world.behind.reached.map(({ headers }) => [headers.authorization, headers.cookie]),
    [
      ['Bearer their.own', undefined],
      [undefined, undefined],
    ],
  )
})

test('what only we may say is taken off, and what belongs to the connection ends with it', async () => {
  const world = await testPortal()
  const answer = await sendRaw(world.port, [
    `GET ${me} HTTP/1.1`,
    'Host: evil.example',
    'Connection: close, X-Nominated',
    'X-Nominated: of this connection',
    'X-Forwarded-For: 203.0.113.9',
    'X-Forwarded-Host: evil.example',
    'X-Forwarded-Prefix: /evil',
    'X-Real-IP: 203.0.113.9',
    'Forwarded: host=evil.example',
    'X-User-Id: acc_somebody',
    'Signature: sig=:AAAA:',
    'Signature-Input: sig=("@method");keyid="identity"',
    'TE: trailers',
    'Proxy-Authorization: Basic eDp5',
    'X-Correlation-Id: evil id',
    'X-Harmless: kept',
    '',
    '',
  ])
  const { host, connection: _theirs, ...headers } = world.behind.reached[0]?.headers ?? {}
  assert.deepEqual(
    {
      host,
      ...headers,
      'x-correlation-id': 'any',
      'x-forwarded-for': /^(::1|127\.0\.0\.1|203\.0\.113\.9)$/.test(String(headers['x-forwarded-for'])),
    },
    {
      host: new URL(world.origin).host,
      'x-forwarded-for': true,
      'x-forwarded-host': new URL(world.origin).host,
      'x-forwarded-proto': 'http',
      'x-correlation-id': 'any',
      'x-harmless': 'kept',
    },
  )
  assert.notEqual(headers['x-correlation-id'], 'evil id')
  assert.match(answer, /x-kept: yes/i)
  assert.doesNotMatch(answer, /x-hop/i)
})

test('whoever asks for a decision gives their question an id, and finds it in whatever is answered; elsewhere it goes no further', async () => {
  const world = await testPortal({ policy: 'behind' })
  const id = 'bfe9eb29-ab87 any/thing: "at all"'
  const ask = async (path: string, given = id) => {
    const answer = await fetch(`${world.origin}${path}`, { headers: { 'x-request-id': given } })
    const reached = world.behind.reached.findLast(({ url }) => url === path)
    return [answer.headers.get('x-request-id'), reached?.headers['x-request-id']]
  }
  for (const path of ['/access/v1/evaluation', '/.well-known/authzen-configuration'])
    assert.deepEqual(await ask(path), [id, id], path)
  assert.deepEqual(await ask('/access/v1/evaluation', 'x'.repeat(513)), [null, undefined], 'not a book')
  assert.deepEqual(await ask('/access/v1/evaluation', 'caf\u00e9'), [null, undefined], 'plain text')
  assert.deepEqual(await ask('/api/policy/me'), [null, undefined])
  const { origin } = await testPortal({ policy: 'away' })
  const away = await fetch(`${origin}/access/v1/evaluation`, { headers: { 'x-request-id': id } })
  assert.deepEqual([away.status, away.headers.get('x-request-id')], [503, id])
})

test('a request that two servers could read differently reaches nobody', async () => {
  const world = await testPortal()
  const post = `POST ${me} HTTP/1.1`
  const cases: [string, string[]][] = [
    ['two lengths', [post, 'Host: x', 'Content-Length: 4', 'Content-Length: 5', '', 'abcde']],
    [
      'length and chunks',
      [post, 'Host: x', 'Content-Length: 4', 'Transfer-Encoding: chunked', '', '0', '', ''],
    ],
    ['chunks that are not last', [post, 'Host: x', 'Transfer-Encoding: chunked, identity', '', '0', '', '']],
    ['a name with a space', [post, 'Host: x', 'Content-Length : 4', '', 'abcd']],
    ['a bare line feed', [`${post}\nHost: x`, 'X-A: b', '', '']],
    ['no host', [post, 'Content-Length: 0', '', '']],
    ['headers without end', [post, 'Host: x', `X-Long: ${'a'.repeat(40_000)}`, '', '']],
  ]
  for (const [what, lines] of cases) {
    const answer = await sendRaw(world.port, lines)
    assert.match(answer, /^HTTP\/1\.1 4\d\d /, what)
    // Node itself answers where no host is named, with nothing beside the status.
    if (what !== 'no host') assert.match(answer, /content-type: application\/problem\+json/i, what)
  }
  assert.equal(world.behind.reached.length, 0)
})

test('a path is written one way', async () => {
  for (const path of [
    '/api/members/%2e%2e/x',
    '/api/members/../identity/users',
    '/api/members//x',
    '/api/members/a%2fb',
    '/api/members/a%5Cb',
    '/api/members/a\\b',
    '/api/members/%00',
    '/api/membersx',
    '/internal/openapi.json',
    '/API/members/me',
    'http://evil.example/api/members/me',
  ])
    assert.equal(serviceFor(path), null, path)
  assert.equal(serviceFor('/api/members/me'), 'members')
  const world = await testPortal()
  for (const path of [
    '/api/members/../identity/users',
    '/api/%6dembers/me',
    '/internal/messages',
    '//api/members/me',
  ])
    assert.match(
      await sendRaw(world.port, [`GET ${path} HTTP/1.1`, 'Host: x', 'Connection: close', '', '']),
      /^HTTP\/1\.1 404 /,
      path,
    )
  assert.equal(world.behind.reached.length, 0)
})

test('a service that is away is told to a program as a problem, and to a person as a page', async () => {
  const world = await testPortal()
  const program = await fetch(`${world.origin}/api/events/x`)
  assert.deepEqual(
    [
      program.status,
      program.headers.get('content-type'),
      program.headers.get('retry-after'),
      ((await program.json()) as { code: string }).code,
    ],
    [503, 'application/problem+json', '5', 'portal.gateway.unavailable'],
  )
  const person = await createBrowser(world.origin).go('/api/events/x')
  assert.equal(person.status, 503)
  assert.match(String(person.headers.get('content-security-policy')), /default-src 'none'/)
  assert.match(await person.text(), /not available just now/)
})
