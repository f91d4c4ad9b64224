import assert from 'node:assert/strict'
import { request } from 'node:http'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { after, test } from 'node:test'
import * as fc from 'fast-check'
import { z } from 'zod'
import { Secret } from '../config/index.ts'
import { systemChance, systemClock } from '../context/index.ts'
import { faults } from '../errors/index.ts'
import { seedOfThisRun } from '../testing/index.ts'
import { createLog, silentLog } from '../telemetry/index.ts'
import {
  answer,
  createCsrf,
  createServer,
  html,
  may,
  networkOf,
  openApi,
  page,
  parseJson,
  redirect,
  route,
  type Caller,
  type ServerOptions,
} from './index.ts'

const origin = 'http://localhost:8080'
const fault = faults('test.door', { gone: [410, 'It is gone.'] })
const Body = z.strictObject({ name: z.string().max(5), count: z.int().optional() })

function setUp(more: Partial<ServerOptions> = {}) {
  const lines: string[] = []
  const csrf = createCsrf({ key: new Secret('k'), chance: systemChance, origin, cookieName: 'csrf' })
  const server = createServer({
    clock: systemClock,
    chance: systemChance,
    log: createLog({ service: 'test', destination: { write: (line) => void lines.push(line) } }),
    decide: ({ caller, action }) => caller.roles.includes(action),
    authenticate: async ({ cookies }): Promise<Caller | null> =>
      cookies['who'] === undefined
        ? null
        : { kind: 'person', subject: cookies['who'], roles: ['things.write'] },
    csrf,
    routes: [
      route(
        {
          method: 'POST',
          path: '/things/:id',
          access: 'public',
          params: z.object({ id: z.coerce.number().int() }),
          body: Body,
          reply: z.object({ id: z.number(), name: z.string() }),
        },
        ({ params, body }) => ({ id: params.id, name: body.name }),
      ),
      route({ method: 'GET', path: '/gone', access: 'public', reply: z.object({}) }, () =>
        Promise.reject(fault.gone()),
      ),
      route({ method: 'GET', path: '/bug', access: 'public', reply: z.object({}) }, () =>
        Promise.reject(new Error('needle in the stack')),
      ),
      route(
        { method: 'GET', path: '/leak', access: 'public', reply: z.strictObject({ a: z.number() }) },
        () => ({ a: 1, password: 'needle' }) as never,
      ),
      route(
        { method: 'POST', path: '/own', access: may('things.write'), reply: z.object({ by: z.string() }) },
        ({ caller }) => ({ by: caller.subject }),
      ),
      route(
        { method: 'GET', path: '/other', access: may('things.destroy'), reply: z.object({}) },
        () => ({}),
      ),
      page({ method: 'GET', path: '/form', access: 'public' }, ({ csrf: token }) => html(token)),
      page(
        { method: 'POST', path: '/form', access: 'public', body: z.strictObject({ name: z.string() }) },
        ({ body }) => redirect(`/done?${body.name}`),
      ),
      route({ method: 'GET', path: '/made', access: 'public', reply: z.object({ a: z.number() }) }, () =>
        answer({ a: 1 }, { status: 201, cookies: [{ name: 'c', value: 'v' }] }),
      ),
    ],
    ...more,
  })
  const send = (
    method: string,
    path: string,
    { body, headers = {} }: { body?: string; headers?: Record<string, string> } = {},
  ) =>
    server.fetch(
      new Request(`${origin}${path}`, {
        method,
        headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
        ...(body === undefined ? {} : { body }),
      }),
    )
  return { send, lines, server }
}

const problemOf = async (response: Response) =>
  (await response.json()) as {
    code: string
    status: number
    errors?: { pointer: string }[]
    correlation: string
  }

test('what comes in is parsed once, and what goes out is checked', async () => {
  const { send } = setUp()
  assert.deepEqual(await (await send('POST', '/things/7', { body: '{"name":"ada"}' })).json(), {
    id: 7,
    name: 'ada',
  })
  assert.equal((await send('GET', '/leak')).status, 500)
  const made = await send('GET', '/made')
  assert.deepEqual(
    [made.status, made.headers.get('set-cookie')],
    [201, 'c=v; Path=/; HttpOnly; SameSite=Lax'],
  )
})

test('bad input is refused with the field and never with the value', async () => {
  const { send } = setUp()
  const cases: [string, string, string, number, string[]][] = [
    ['/things/7', '{"name":"needle-too-long"}', 'kernel.http.invalid', 400, ['/name']],
    ['/things/7', '{"count":"needle"}', 'kernel.http.invalid', 400, ['/name', '/count']],
    ['/things/x-needle', '{"name":"ada"}', 'kernel.http.invalid', 400, ['/path/id']],
    ['/things/7', '{"name":"ada","needle":1}', 'kernel.http.invalid', 400, ['/needle']],
    ['/things/7', '{"name":"a","name":"needle"}', 'kernel.http.duplicate_name', 400, ['/name']],
    ['/things/7', '{"name":"needle', 'kernel.http.malformed', 400, []],
    ['/things/7', '{"name":"a","count":9007199254740993}', 'kernel.http.number_too_large', 400, ['/count']],
    ['/things/7', `${'['.repeat(100)}"needle"${']'.repeat(100)}`, 'kernel.http.too_deep', 400, []],
    ['/things/7', JSON.stringify({ name: 'needle'.repeat(20_000) }), 'kernel.http.too_large', 413, []],
    ['/things/7', '', 'kernel.http.invalid', 400, ['']],
  ]
  for (const [path, body, code, status, pointers] of cases) {
    const response = await send('POST', path, body === '' ? {} : { body })
    const text = await response.text()
    const problem = JSON.parse(text) as { code: string; errors?: { pointer: string }[] }
    assert.deepEqual(
      [response.status, problem.code, (problem.errors ?? []).map(({ pointer }) => pointer)],
      [status, code, pointers],
      body.slice(0, 60),
    )
    assert.equal(response.headers.get('content-type'), 'application/problem+json')
    if (!pointers.includes('/needle')) assert.doesNotMatch(text, /needle/)
  }
})

async function* slowly() {
  for (let n = 0; n < 64; n += 1) {
    yield 'x'.repeat(2 ** 15)
    await pause(1)
  }
}

test('who says too much hears that it was, over a real connection too; who never ends hears it at once', async () => {
  const { server } = setUp()
  const url = await server.listen({ host: '127.0.0.1', port: 0 })
  after(() => server.close())
  // As a way between would hand it on: what it has of the answer is lost to it when the connection breaks while it still speaks.
  const say = () =>
    new Promise<number | string>((resolve) => {
      const asked = request(`${url}/things/7`, { method: 'POST' }, (heard) => {
        heard.resume()
        resolve(heard.statusCode ?? 0)
      })
      asked.on('error', ({ message }) => resolve(message))
      Readable.from(slowly()).pipe(asked)
    })
  const statuses = await Promise.all(Array.from({ length: 100 }, say))
  assert.deepEqual([...new Set(statuses)], [413])
  const { port } = new URL(url)
  const endless = connect({ host: '127.0.0.1', port: Number(port) })
  endless.on('error', () => {})
  endless.write('POST /things/7 HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n')
  const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
  const go = () => {
    while (!endless.destroyed && endless.write(chunk));
  }
  endless.on('drain', go)
  go()
  const said = await new Promise<string>((resolve) => {
    let text = ''
    endless.on('data', (part) => (text += String(part)))
    endless.once('close', () => resolve(text))
  })
  // Of its answer the connection may leave nothing; that it has ended is what counts.
  assert.match(said, /^(HTTP\/1\.1 413 |$)/)
})

test('text that no store can hold is refused at the door, wherever it stands', async () => {
  const { send } = setUp()
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const cases: [string, string, string][] = [
    ['/things/7', '{"name":"a\\u0000"}', '/name'],
    ['/things/7', '{"name":"\\ud800"}', '/name'],
    ['/things/7', '{"a\\u0000":1}', ''],
    ['/things/a%00', '{"name":"a"}', '/path/id'],
  ]
  for (const [path, body, pointer] of cases) {
    const problem = await problemOf(await send('POST', path, { body }))
    assert.deepEqual(
      [problem.status, problem.code, problem.errors?.[0]?.pointer],
      [400, 'kernel.http.invalid', pointer],
      `${path} ${body}`,
    )
  }
  assert.equal((await send('POST', '/things/7', { body: 'name=%00', headers: form })).status, 400)
  const { server } = setUp()
  const payload = Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])
  const answer = await server.app.inject({
    method: 'POST',
    url: '/things/7',
    payload,
    headers: { 'content-type': 'application/json' },
  })
  assert.deepEqual([answer.statusCode, answer.json<{ code: string }>().code], [400, 'kernel.http.malformed'])
})

test('an address that cannot be read, or does not know the method, is refused like everything else', async () => {
  const { server, send } = setUp()
  const raw = (method: 'GET' | 'DELETE' | 'HEAD' | 'PATCH' | 'POST', url: string) =>
    server.app.inject({ method, url })
  const seen = async (method: 'GET' | 'DELETE' | 'PATCH' | 'POST', url: string) => {
    const answer = await raw(method, url)
    assert.equal(answer.headers['content-type'], 'application/problem+json', url)
    assert.doesNotMatch(answer.body, /needle|FST_|stack/, url)
    return [answer.statusCode, answer.json<{ code: string }>().code, answer.headers['allow']]
  }
  assert.deepEqual(await seen('GET', '/things/%zz-needle'), [400, 'kernel.http.invalid', undefined])
  assert.deepEqual(await seen('POST', `/things/${'needle'.repeat(200)}`), [
    414,
    'kernel.http.address_too_long',
    undefined,
  ])
  assert.deepEqual(await seen('PATCH', '/things/7'), [405, 'kernel.http.wrong_method', 'POST'])
  assert.deepEqual(await seen('DELETE', '/form'), [405, 'kernel.http.wrong_method', 'GET, HEAD, POST'])
  assert.deepEqual(await seen('DELETE', '/formx'), [404, 'kernel.http.not_found', undefined])
  const head = await raw('HEAD', '/made')
  assert.deepEqual([head.statusCode, head.body], [201, ''])
  assert.equal((await send('POST', '/own')).headers.get('www-authenticate'), 'Bearer')
})

test('another kind of content is refused', async () => {
  const { send } = setUp()
  const response = await send('POST', '/things/7', {
    body: '<a/>',
    headers: { 'content-type': 'application/xml' },
  })
  assert.deepEqual([response.status, (await problemOf(response)).code], [415, 'kernel.http.wrong_type'])
})

test('a fault is told, a bug is reported and told as a reference', async () => {
  const { send, lines } = setUp()
  assert.deepEqual(
    [(await send('GET', '/gone')).status, (await problemOf(await send('GET', '/gone'))).code],
    [410, 'test.door.gone'],
  )
  const response = await send('GET', '/bug', { headers: { 'x-correlation-id': 'ref-1' } })
  const text = await response.text()
  assert.equal(response.status, 500)
  assert.match(text, /Reference: ref-1/)
  assert.doesNotMatch(text, /needle/)
  assert.ok(lines.some((line) => line.includes('needle in the stack') && line.includes('ref-1')))
})

test('a correlation id from outside is taken only when it is harmless to write down', async () => {
  const { send } = setUp()
  assert.equal(
    (await send('GET', '/made', { headers: { 'x-request-id': 'abc.DEF-1' } })).headers.get(
      'x-correlation-id',
    ),
    'abc.DEF-1',
  )
  for (const bad of ['a'.repeat(65), 'a b', '<x>', 'a"b'])
    assert.notEqual(
      (await send('GET', '/made', { headers: { 'x-correlation-id': bad } })).headers.get('x-correlation-id'),
      bad,
    )
})

test('nobody passes without saying who they are, and nobody does what they may not', async () => {
  const { send } = setUp()
  const stranger = await send('POST', '/own')
  assert.equal(stranger.status, 401)
  assert.match(await stranger.text(), /a program sends its token or key in the header Authorization: Bearer/i)
  assert.equal((await send('GET', '/other', { headers: { cookie: 'who=ada' } })).status, 403)
  assert.equal((await send('GET', '/nothing')).status, 404)
})

test('what a cookie authenticates needs a token from one of our pages', async () => {
  const { send } = setUp()
  const form = await send('GET', '/form')
  const token = await form.text()
  const nonce = /csrf=([^;]+)/.exec(form.headers.get('set-cookie') ?? '')?.[1] ?? ''
  const cookie = `who=ada; csrf=${nonce}`
  assert.equal((await send('POST', '/own', { headers: { cookie: 'who=ada' } })).status, 403)
  assert.equal((await send('POST', '/own', { headers: { cookie, 'x-csrf-token': 'wrong' } })).status, 403)
  assert.equal((await send('POST', '/own', { headers: { cookie, 'x-csrf-token': token } })).status, 200)
  assert.equal(
    (
      await send('POST', '/own', {
        headers: { cookie, 'x-csrf-token': token, origin: 'https://evil.example' },
      })
    ).status,
    403,
  )
  assert.equal(
    (
      await send('POST', '/own', {
        headers: { cookie, 'x-csrf-token': token, 'sec-fetch-site': 'cross-site' },
      })
    ).status,
    403,
  )
  const hidden = (site: string | undefined) => ({
    cookie,
    'x-csrf-token': token,
    origin: 'null',
    ...(site === undefined ? {} : { 'sec-fetch-site': site }),
  })
  // Our pages hide their address, so a browser writes `null`; a sandboxed frame of another site does as well.
  assert.equal((await send('POST', '/own', { headers: hidden('same-origin') })).status, 200)
  assert.equal((await send('POST', '/own', { headers: hidden('cross-site') })).status, 403)
  assert.equal((await send('POST', '/own', { headers: hidden(undefined) })).status, 403)
})

test('a form is guarded even when nobody is signed in', async () => {
  const { send } = setUp()
  const form = await send('GET', '/form')
  const token = await form.text()
  const nonce = /csrf=([^;]+)/.exec(form.headers.get('set-cookie') ?? '')?.[1] ?? ''
  const headers = { 'content-type': 'application/x-www-form-urlencoded', cookie: `csrf=${nonce}` }
  assert.equal((await send('POST', '/form', { body: 'name=ada', headers })).status, 403)
  assert.equal(
    (await send('POST', '/form', { body: `name=ada&name=eve&csrf=${token}`, headers })).status,
    400,
  )
  const done = await send('POST', '/form', { body: `name=ada&csrf=${token}`, headers })
  assert.deepEqual([done.status, done.headers.get('location')], [303, '/done?ada'])
})

test('JSON is read as strictly as the edge promises', () => {
  assert.deepEqual(
    parseJson(' {"a":[1,-2.5e3,true,null,"\\u00e6"],"__proto__":{"x":1}} '),
    JSON.parse(' {"a":[1,-2.5e3,true,null,"\\u00e6"],"__proto__":{"x":1}} '),
  )
  // The engine's own parser takes the second for the first, once it has seen that.
  for (const [before, name] of [
    ['x\\', 'x"'],
    ['\\', '"'],
    ['x\\', 'x\n'],
  ] as const) {
    const of = (one: string) => JSON.stringify([{ k: 1, [one]: 2 }])
    JSON.parse(of(before))
    for (const one of [before, name]) assert.deepEqual(parseJson(of(one)), [{ k: 1, [one]: 2 }])
  }
  for (const bad of [
    '',
    '{',
    '[1,]',
    '{"a":1,}',
    "{'a':1}",
    '01',
    '+1',
    '.5',
    '1.',
    'NaN',
    '"\t"',
    '{"a":1} x',
    'tru',
    '[1 2]',
  ])
    assert.throws(() => parseJson(bad), { code: 'kernel.http.malformed' }, bad)
  const twice = [
    '{"__proto__":1,"__proto__":2}',
    '{"a\\"":1,"a\\"":2}',
    '[{"a":{"b":":"},"a":1}]',
    '{"a":1,"\\u0061":2}',
  ]
  for (const bad of twice) assert.throws(() => parseJson(bad), { code: 'kernel.http.duplicate_name' }, bad)
  for (const bad of ['9007199254740993', '[-9007199254740992]', '1e400', '{"a":[{"b":1e16}]}'])
    assert.throws(() => parseJson(bad), { code: 'kernel.http.number_too_large' }, bad)
  const deep = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`
  assert.doesNotThrow(() => parseJson(deep(33)))
  for (const levels of [34, 10_000, 1_000_000])
    assert.throws(() => parseJson(deep(levels)), { code: 'kernel.http.too_deep' }, String(levels))
  assert.throws(
    () => parseJson('{"a":{"b":1,"b":2}}'),
    (error: { fields: { pointer: string }[] }) => error.fields[0]?.pointer === '/a/b',
  )
})

test('whatever is JSON is read as it was, and whatever is not is refused by both ways of reading', () => {
  const junk = fc
    .array(fc.constantFrom('{', '}', '[', ']', ':', ',', '"', '\\', 'a', '1', ' ', 'null', '"a"'))
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.oneof(fc.json({ maxDepth: 6 }), junk), (text) => {
      let expected: unknown
      try {
        expected = JSON.parse(text)
      } catch {
        return assert.throws(() => parseJson(text))
      }
      try {
        assert.deepEqual(parseJson(text), expected)
      } catch (error) {
        // What we are stricter about has a name.
        assert.match(String((error as { code: unknown }).code), /duplicate_name|number_too_large|too_deep/)
      }
    }),
    { seed: seedOfThisRun(), numRuns: 3000 },
  )
})

test('a network is an IPv4 address or an IPv6 /64', () => {
  const cases = {
    '192.0.2.7': '192.0.2.7',
    '::ffff:192.0.2.7': '192.0.2.7',
    '2001:db8:1:2:3:4:5:6': '2001:db8:1:2::/64',
    '2001:db8::1': '2001:db8:0:0::/64',
    '::1': '0:0:0:0::/64',
    '::FFFF:c000:207': '192.0.2.7',
    '2001:DB8:1:2::9': '2001:db8:1:2::/64',
  }
  for (const [address, network] of Object.entries(cases)) assert.equal(networkOf(address), network)
})

test('51 · who forwards is believed only when trusted, and only about addresses', async () => {
  const seen = route(
    { method: 'GET', path: '/who', access: 'public', reply: z.object({ network: z.string() }) },
    ({ network }) => ({ network }),
  )
  const { server } = setUp({ routes: [seen], trustedProxies: ['loopback', '192.0.2.0/24'] })
  const cases: [remoteAddress: string, said: string | undefined, network: string][] = [
    ['127.0.0.1', undefined, '127.0.0.1'],
    ['127.0.0.1', '203.0.113.9', '203.0.113.9'],
    ['127.0.0.1', '198.51.100.1, 203.0.113.9', '203.0.113.9'],
    ['127.0.0.1', '203.0.113.9, 192.0.2.77', '203.0.113.9'],
    ['198.51.100.7', '203.0.113.9', '198.51.100.7'],
    ['127.0.0.1', 'unknown', '127.0.0.1'],
    ['127.0.0.1', '203.0.113.9, <b>', '127.0.0.1'],
    ['127.0.0.1', '2001:db8::1', '2001:db8:0:0::/64'],
  ]
  for (const [remoteAddress, said, network] of cases) {
    const headers = said === undefined ? {} : { 'x-forwarded-for': said }
    const answer = await server.app.inject({ method: 'GET', url: '/who', remoteAddress, headers })
    assert.equal(answer.json<{ network: string }>().network, network, `${remoteAddress}: ${said}`)
  }
})

test('the description is made from the declarations', () => {
  const routes = [
    route(
      {
        method: 'GET',
        path: '/things/:id',
        access: may('things.read'),
        params: z.object({ id: z.string() }),
        reply: z.object({ a: z.number() }),
      },
      () => ({ a: 1 }),
    ),
  ]
  const description = openApi(routes, { title: 'Test', version: '1', server: origin }) as {
    openapi: string
    paths: Record<string, Record<string, Record<string, unknown>>>
  }
  assert.equal(description.openapi, '3.1.0')
  assert.equal(description.paths['/things/{id}']?.['get']?.['x-permission'], 'things.read')
})

test('a description declares every name of its paths, and refers to nothing that is not there', () => {
  const reply = z.object({ a: z.number() })
  const routes = [
    route({ method: 'GET', path: '/board/:election/tile/*', access: 'public', reply }, () => ({ a: 1 })),
    route(
      {
        method: 'GET',
        path: '/files/:name/*',
        access: 'public',
        params: z.object({ name: z.string(), '*': z.string().max(9) }),
        reply,
      },
      () => ({ a: 1 }),
    ),
  ]
  const description = openApi(routes, { title: 'Test', version: '1', server: origin })
  const { paths } = description as {
    paths: Record<string, Record<string, { parameters: { name: string; in: string; required: boolean }[] }>>
  }
  for (const [path, operations] of Object.entries(paths)) {
    const names = [...path.matchAll(/{(\w+)}/g)].map(([, name]) => name)
    const declared = (operations['get']?.parameters ?? []).filter((one) => one.in === 'path' && one.required)
    assert.deepEqual(
      declared.map(({ name }) => name),
      names,
      path,
    )
  }
  assert.deepEqual(Object.keys(paths), ['/board/{election}/tile/{rest}', '/files/{name}/{rest}'])
  for (const [, reference = ''] of JSON.stringify(description).matchAll(/"\$ref":"#\/([^"]+)"/g))
    assert.ok(
      reference
        .split('/')
        .reduce<unknown>((at, name) => (at as Record<string, unknown>)?.[name], description),
      reference,
    )
})

test('a server without a decision to ask denies', async () => {
  const { send } = setUp({ log: silentLog, decide: () => Promise.reject(fault.gone()) })
  assert.equal((await send('GET', '/other', { headers: { cookie: 'who=ada' } })).status, 410)
})
