import assert from 'node:assert/strict'
import { test } from 'node:test'
import { race } from '@althing/kernel/testing'
import { counted } from '../../../tests/support/counted.ts'
import { testIdentity, type TestIdentity } from '../../../tests/support/identity.ts'
import { basic, keyPair, post } from '../../../tests/support/protocol.ts'

const officer = { subject: 'acc_00000000-0000-7000-8000-00000000aaaa', roles: ['administrator'] }
const redirect_uris = ['https://shop.example/callback']

test('each kind begins with what it needs, and one that can keep a secret gets one, once', async () => {
  const { make, ask } = await setUp()
  const kinds = [
    ['web', { redirect_uris }, true, 'client_secret_basic'],
    ['native', { redirect_uris: ['is.example.app:/callback'] }, false, 'none'],
    ['spa', { redirect_uris }, false, 'none'],
    ['machine', {}, true, 'client_secret_basic'],
    ['device', {}, false, 'none'],
  ] as const
  for (const [kind, metadata, hasSecret, method] of kinds) {
    const made = await make({ kind, id: kind, name: `The ${kind}`, metadata })
    assert.equal(made.status, 201, JSON.stringify(made.body))
    assert.equal(typeof made.body.secret === 'string', hasSecret, kind)
    assert.deepEqual(
      [made.body.client?.kind, made.body.client?.metadata['token_endpoint_auth_method']],
      [kind, method],
    )
    const shown = await ask('GET', `/${kind}`)
    assert.deepEqual([shown.status, shown.body['secret']], [200, undefined])
    assert.doesNotMatch(shown.text, /sealed/)
    if (hasSecret) assert.ok(!shown.text.includes(String(made.body.secret)), 'shown once and never again')
  }
  const named = await make({ kind: 'machine', name: 'Without an id' })
  assert.match(named.body.client?.id ?? '', /^app_[0-9a-f-]{36}$/)
  const list = await ask('GET', '?search=THE%20we&limit=1')
  const { clients, next } = list.body as unknown as { clients: { id: string }[]; next: string | null }
  assert.deepEqual([clients.map(({ id }) => id), next], [['web'], 'web'])
  const page = await ask('GET', '?limit=2&after=device')
  assert.deepEqual(idsOf(page.body), ['machine', 'native'])
  assert.deepEqual(idsOf((await ask('GET', '?policy=legacy')).body), [])
  for (const query of ['?limit=0', '?limit=201', '?policy=none', '?state=lost', '?what=else'])
    assert.equal((await ask('GET', query)).status, 400, query)
})

test('what is made of each kind is one that the engine takes: it begins where such a thing begins', async () => {
  const { make, service, token } = await setUp()
  const start = async (client_id: string, redirect_uri: string) => {
    const asked = new URLSearchParams({
      client_id,
      redirect_uri,
      response_type: 'code',
      scope: 'openid',
      code_challenge: 'a'.repeat(43),
      code_challenge_method: 'S256',
    })
    const answer = await fetch(`${service.origin}/oauth/authorize?${asked.toString()}`, {
      redirect: 'manual',
    })
    return [answer.status, new URL(answer.headers.get('location') ?? '/', service.origin).pathname]
  }
  for (const [kind, uri] of [
    ['web', 'https://shop.example/callback'],
    ['spa', 'https://shop.example/callback'],
    ['native', 'is.example.app:/callback'],
    ['native', 'http://127.0.0.1/callback'],
  ] as const) {
    const { body } = await make({ kind, name: kind, metadata: { redirect_uris: [uri] } })
    assert.deepEqual(await start(body.client?.id ?? '', uri), [303, '/sign-in'], `${kind} ${uri}`)
  }
  const device = await make({ kind: 'device', name: 'Device' })
  const shown = await post(service, '/oauth/device', {
    client_id: device.body.client?.id ?? '',
    scope: 'openid',
  })
  assert.deepEqual([shown.status, typeof shown.body['user_code']], [200, 'string'])
  assert.equal(await token(service, String((await make(machine)).body.secret)), 200)
})

test('what is wrong with an application is said by its field, nothing is made, and no value is repeated', async () => {
  const { make, ask, service } = await setUp()
  const jwks = (await keyPair()).jwks
  const wrong: [string, Record<string, unknown>, string][] = [
    ['a script', { redirect_uris: ['javascript:alert(1)'] }, 'redirect_uris'],
    ['a pattern', { redirect_uris: ['https://*.evil.example/'] }, 'redirect_uris'],
    ['a fragment', { redirect_uris: ['https://evil.example/#part'] }, 'redirect_uris'],
    ['in clear', { redirect_uris: ['http://evil.example/'] }, 'redirect_uris'],
    ['no address', { redirect_uris: ['evil'] }, 'redirect_uris/0'],
    ['no redirect', { redirect_uris: [] }, 'redirect_uris'],
    [
      'too many',
      { redirect_uris: Array.from({ length: 51 }, (_, n) => `https://evil.example/${n}`) },
      'redirect_uris',
    ],
    ['a scope that is none', { scope: 'openid evil' }, 'scope'],
    ['a policy that is none', { policy: 'evil' }, 'policy'],
    ['too weak for its policy', { policy: 'fapi-2.0' }, 'token_endpoint_auth_method'],
    ['tokens that live too long', { access_token_seconds: 3601 }, 'access_token_seconds'],
    ['too long for its policy', { policy: 'fapi-2.0', access_token_seconds: 901 }, 'access_token_seconds'],
    ['a logo in clear', { logo_uri: 'http://evil.example/logo.png' }, 'logo_uri'],
    ['a logo that is a script', { logo_uri: 'javascript:alert(1)' }, 'logo_uri'],
    ['a logo in the address itself', { logo_uri: `data:image/png;base64,${'A'.repeat(3000)}` }, 'logo_uri'],
    ['a logo that is too long', { logo_uri: `https://evil.example/${'a'.repeat(2000)}` }, 'logo_uri'],
    ['keys inside our network', { jwks_uri: 'https://10.0.0.1/jwks' }, 'jwks_uri'],
    ['keys in clear', { jwks_uri: 'http://evil.example/jwks' }, 'jwks_uri'],
    ['keys of this machine', { jwks_uri: 'https://[::1]/jwks' }, 'jwks_uri'],
    ['keys of a cloud', { jwks_uri: 'https://169.254.169.254/' }, 'jwks_uri'],
    ['a sign-out inside', { backchannel_logout_uri: 'https://192.168.0.1/' }, 'backchannel_logout_uri'],
    ['keys twice', { jwks, jwks_uri: 'https://evil.example/jwks' }, 'jwks_uri'],
    [
      'a private key',
      { jwks: { keys: [{ ...(jwks.keys[0] as unknown as object), d: 'd' }] } },
      'jwks/keys/0',
    ],
    ['a secret of its own', { client_secret: 'evil' }, 'client_secret'],
    ['an unknown word', { evil: true }, 'evil'],
    ['a consent that is none', { consent: 'evil' }, 'consent'],
    ['the password grant', { grant_types: ['password'] }, 'grant_types/0'],
  ]
  for (const [what, metadata, field] of wrong) {
    const refused = await make({
      kind: 'web',
      id: 'shop',
      name: 'Shop',
      metadata: { redirect_uris, ...metadata },
    })
    assert.deepEqual(
      [refused.status, refused.body.code],
      [422, 'identity.clients.metadata'],
      `${what}: ${refused.text}`,
    )
    assert.ok(
      refused.body.errors?.some(({ pointer }) => pointer === `/${field}`),
      `${what}: ${refused.text}`,
    )
    assert.doesNotMatch(refused.text.replaceAll(`/${field}`, ''), /evil\.example|10\.0\.0\.1/, what)
  }
  for (const body of [
    { kind: 'app', name: 'Shop' },
    { kind: 'machine' },
    { kind: 'machine', name: '' },
    { kind: 'machine', name: 'x'.repeat(101) },
    { kind: 'machine', name: 'Shop\u202egnp' },
    { kind: 'machine', name: 'Two\nlines' },
    ...['new', 'portal', 'a/b', 'a b', '../x', '', '<i>', 'x'.repeat(101)].map((id) => ({
      kind: 'machine',
      name: 'Shop',
      id,
    })),
    { kind: 'machine', name: 'Shop', metadata: { redirect_uris } },
    { kind: 'machine', name: 'Shop', more: 1 },
  ])
    assert.ok([400, 422].includes((await make(body)).status), JSON.stringify(body))
  assert.deepEqual(idsOf((await ask('GET', '')).body), [])
  assert.deepEqual(
    await service.kit.database.query(`select action from audit_entry where action like 'clients.%'`),
    [],
  )
})

test('only who may look after applications does, whatever they ask for', async () => {
  const { make, service } = await setUp()
  const { body } = await make({ kind: 'web', id: 'shop', name: 'Shop', metadata: { redirect_uris } })
  const secret = body.client?.secrets[0]?.id ?? ''
  const asks = [
    ['GET', ''],
    ['GET', '/shop'],
    ['POST', '', { kind: 'machine', name: 'Mine' }],
    ['PATCH', '/shop', { metadata: { redirect_uris: ['https://evil.example/'] } }],
    ['POST', '/shop/disable'],
    ['POST', '/shop/enable'],
    ['POST', '/shop/secrets'],
    ['POST', `/shop/secrets/${secret}/retire`, {}],
    ['DELETE', '/shop'],
  ] as const
  for (const [method, path, given] of asks) {
    for (const roles of [[], ['member'], ['election-manager']])
      assert.equal(
        (await service.asPerson({ ...officer, roles }, method, `/api/identity/clients${path}`, given)).status,
        403,
        `${roles.join()} ${method} ${path}`,
      )
    assert.equal((await fetch(`${service.origin}/api/identity/clients${path}`, { method })).status, 401)
  }
  const shown = await service.asPerson(officer, 'GET', '/api/identity/clients/shop')
  assert.deepEqual(((await shown.json()) as { updatedAt: string }).updatedAt, body.client?.updatedAt)
  for (const [method, path] of [
    ['GET', '/portal'],
    ['POST', '/portal/disable'],
    ['DELETE', '/portal'],
    ['POST', '/portal/secrets'],
  ] as const)
    assert.equal(
      (await service.asPerson(officer, method, `/api/identity/clients${path}`)).status,
      400,
      'known by the settings',
    )
})

test('two secrets open at once, on every node, until one is retired; the last one does not end at once', async () => {
  const { make, ask, service, token } = await setUp()
  const other = await testIdentity({ like: service, origin: service.origin })
  const first = String((await make(machine)).body.secret)
  assert.deepEqual([await token(service, first), await token(other, first)], [200, 200])
  const second = String((await ask('POST', '/worker/secrets')).body.secret)
  assert.notEqual(second, first)
  for (const node of [service, other])
    assert.deepEqual(
      [await token(node, first), await token(node, second), await token(node, 'wrong')],
      [200, 200, 401],
    )
  const third = await ask('POST', '/worker/secrets')
  assert.deepEqual([third.status, third.body.code], [409, 'identity.clients.too_many_secrets'])

  const [older, newer] = await secretsOf(ask)
  const day = new Date(Date.now() + 86_400_000).toISOString()
  assert.equal((await ask('POST', `/worker/secrets/${older?.id}/retire`, { endsAt: day })).status, 200)
  assert.deepEqual(
    (await secretsOf(ask)).map(({ endsAt, notice }) => [endsAt, notice]),
    [
      [day, 'ending'],
      [null, null],
    ],
  )
  assert.equal(await token(other, first), 200, 'until that day')
  assert.equal((await ask('POST', `/worker/secrets/${older?.id}/retire`, {})).status, 200)
  for (const node of [service, other])
    assert.deepEqual([await token(node, first), await token(node, second)], [401, 200])
  assert.equal((await ask('POST', `/worker/secrets/${older?.id}/retire`, {})).status, 404)
  const last = await ask('POST', `/worker/secrets/${newer?.id}/retire`, {})
  assert.deepEqual([last.status, last.body.code], [409, 'identity.clients.last_secret'])
  const far = await ask('POST', `/worker/secrets/${newer?.id}/retire`, { endsAt: '2999-01-01T00:00:00Z' })
  assert.deepEqual([far.status, far.body.errors?.[0]?.pointer], [422, '/endsAt'])
  assert.equal(
    (await ask('POST', '/worker/secrets/cls_00000000-0000-7000-8000-000000000000/retire', {})).status,
    404,
  )
  assert.equal((await ask('POST', '/worker/secrets/nonsense/retire', {})).status, 400)
  await service.kit.database.query(`update oauth_client_secret set ends_at = now() - interval '1 second'`)
  assert.deepEqual([await token(service, second), await token(other, second)], [401, 401], 'over by itself')
  await make({ kind: 'spa', id: 'page', name: 'Page', metadata: { redirect_uris } })
  assert.equal((await ask('POST', '/page/secrets')).body.code, 'identity.clients.has_no_secret')
})

test('of thirty-two that make a second secret at the same moment on two nodes, one does', async () => {
  const { make, ask, service } = await setUp()
  const other = await testIdentity({ like: service, origin: service.origin })
  await make(machine)
  const { won } = await race(32, async (runner, ready) => {
    await ready()
    const node = runner % 2 === 0 ? service : other
    const answer = await node.asPerson(officer, 'POST', '/api/identity/clients/worker/secrets')
    if (answer.status !== 201) throw new Error(String(answer.status))
    return answer.status
  })
  assert.equal(won.length, 1)
  assert.equal((await secretsOf(ask)).length, 2)
})

test('a change, a disabled application and one that is gone are in force at the next request, on every node', async () => {
  const { make, ask, service, token } = await setUp()
  const other = await testIdentity({ like: service, origin: service.origin })
  const secret = String((await make(machine)).body.secret)
  assert.equal(await token(other, secret), 200)
  const lives = async () => (await tokenOf(other, secret)).body['expires_in']
  assert.equal(await lives(), 900)
  assert.equal((await ask('PATCH', '/worker', { metadata: { access_token_seconds: 60 } })).status, 200)
  assert.equal(await lives(), 60)
  const renamed = await ask('PATCH', '/worker', {
    name: 'Another name',
    metadata: { access_token_seconds: null },
  })
  assert.deepEqual([renamed.body.client?.name, await lives()], ['Another name', 900])
  for (const [body, status] of [
    [{ metadata: { access_token_seconds: 1 } }, 422],
    [{ metadata: { redirect_uris } }, 422],
    [{ metadata: { client_id: 'other' } }, 422],
    [{ name: '' }, 400],
    [{ id: 'other' }, 400],
  ] as const)
    assert.equal((await ask('PATCH', '/worker', body)).status, status, JSON.stringify(body))
  assert.equal((await ask('PATCH', '/nobody', { name: 'x' })).status, 404)
  const { version } = renamed.body.client ?? assert.fail()
  const late = { name: 'Late', madeFrom: 'the one before' }
  assert.deepEqual(
    [
      (await ask('PATCH', '/worker', late)).status,
      (await ask('PATCH', '/worker', { ...late, madeFrom: '' })).status,
    ],
    [409, 409],
  )
  assert.equal((await ask('PATCH', '/worker', { name: 'Another name', madeFrom: version })).status, 200)

  const { access_token: opaque } = (await tokenOf(service, secret)).body
  assert.equal((await ask('POST', '/worker/disable')).status, 200)
  assert.deepEqual([await token(service, secret), await token(other, secret)], [401, 401])
  const introspected = await post(
    other,
    '/oauth/introspect',
    { token: String(opaque) },
    basic('worker', secret),
  )
  assert.equal(introspected.status, 401)
  assert.deepEqual(idsOf((await ask('GET', '?state=disabled')).body), ['worker'])
  assert.equal((await ask('POST', '/worker/enable')).status, 200)
  assert.equal(await token(other, secret), 200)
  const none = await ask('PATCH', '/worker', {
    metadata: { jwks: (await keyPair()).jwks, token_endpoint_auth_method: 'private_key_jwt' },
  })
  assert.deepEqual([none.status, none.body.secret, none.body.client?.secrets], [200, null, []])
  assert.equal(await token(other, secret), 401, 'its secrets are gone')
  const again = await ask('PATCH', '/worker', {
    metadata: { jwks: null, token_endpoint_auth_method: 'client_secret_post' },
  })
  assert.equal(typeof again.body.secret, 'string')
  assert.equal((await ask('DELETE', '/worker')).status, 200)
  assert.equal(await token(other, String(again.body.secret)), 401)
  assert.equal((await ask('DELETE', '/worker')).status, 404)
  assert.deepEqual(await service.kit.database.query('select from oauth_client_secret'), [])

  const lines = await service.kit.database.query<{ action: string; fields: string[] }>(
    `select action, fields from audit_entry where action like 'clients.%' order by at, id`,
  )
  assert.deepEqual(
    lines.map(({ action, fields }) => [action, ...fields]),
    [
      ['clients.registered'],
      ['clients.changed', 'access_token_seconds'],
      ['clients.changed', 'client_name', 'access_token_seconds'],
      ['clients.disabled'],
      ['clients.enabled'],
      ['clients.changed', 'token_endpoint_auth_method', 'jwks'],
      ['clients.changed', 'token_endpoint_auth_method', 'jwks'],
      ['clients.removed'],
    ],
  )
  assert.equal((await counted(service))['id_client_changes_total{act="changed"}'], 4)
})

test('a logo is a small PNG of our own, shown where people are asked, and nothing else is taken for one', async () => {
  const { make, ask, service } = await setUp()
  await make({ kind: 'spa', id: 'page', name: 'Page', metadata: { redirect_uris } })
  const good = Buffer.from(png, 'base64')
  const sized = (width: number, height: number) => {
    const other = Buffer.from(good)
    other.writeUInt32BE(width, 16)
    other.writeUInt32BE(height, 20)
    return other
  }
  for (const [what, picture] of [
    ['a script', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')],
    ['a page', Buffer.from('<!doctype html>'.padEnd(100))],
    ['a JPEG', Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(100)])],
    ['nothing', Buffer.alloc(0)],
    ['its beginning alone', good.subarray(0, 24)],
    ['a large file', Buffer.concat([good, Buffer.alloc(65_536)])],
    ['a picture that fills the memory', sized(60_000, 60_000)],
    ['a picture without a side', sized(0, 16)],
  ] as const) {
    const refused = await ask('POST', '/page/logo', { png: picture.toString('base64') })
    assert.ok([400, 413, 422].includes(refused.status), `${what}: ${refused.status}`)
  }
  assert.equal((await ask('POST', '/page/logo', { png: 'A'.repeat(200_000) })).status, 413)
  assert.equal((await ask('POST', '/page/logo', { png: 'no base64!' })).status, 400)
  assert.equal((await ask('POST', '/nobody/logo', { png })).status, 404)
  for (const roles of [[], ['election-manager']])
    assert.equal(
      (await service.asPerson({ ...officer, roles }, 'POST', '/api/identity/clients/page/logo', { png }))
        .status,
      403,
    )
  assert.equal((await fetch(`${service.origin}/sign-in/logos/page`)).status, 404)
  assert.equal((await ask('GET', '/page')).body['logoHref'], null)

  assert.equal((await ask('POST', '/page/logo', { png })).status, 200)
  const href = String((await ask('GET', '/page')).body['logoHref'])
  const shown = await fetch(`${service.origin}${href}`)
  assert.deepEqual(
    [shown.status, shown.headers.get('content-type'), shown.headers.get('x-content-type-options')],
    [200, 'image/png', 'nosniff'],
  )
  assert.deepEqual(Buffer.from(await shown.arrayBuffer()), good)
  await ask('POST', '/page/disable')
  assert.equal((await fetch(`${service.origin}${href}`)).status, 404, 'not of one that is disabled')
  await ask('POST', '/page/enable')
  assert.equal((await ask('DELETE', '/page/logo')).status, 200)
  assert.equal((await fetch(`${service.origin}${href}`)).status, 404)
})

/** One point. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

const machine = {
  kind: 'machine',
  id: 'worker',
  name: 'Worker',
}

interface Body {
  readonly code?: string
  readonly errors?: readonly { readonly pointer: string }[]
  readonly secret?: string | null
  readonly client?: {
    readonly version: string
    readonly id: string
    readonly name: string
    readonly kind: string
    readonly updatedAt: string
    readonly metadata: Record<string, unknown>
    readonly secrets: readonly Secret[]
  }
  readonly [other: string]: unknown
}
interface Secret {
  readonly id: string
  readonly endsAt: string | null
  readonly usedAt: string | null
  readonly notice: string | null
}
type Ask = Awaited<ReturnType<typeof setUp>>['ask']

const idsOf = (body: Body) => (body['clients'] as { id: string }[]).map(({ id }) => id)
const secretsOf = async (ask: Ask) => (await ask('GET', '/worker')).body['secrets'] as Secret[]

const tokenOf = (node: TestIdentity, secret: string) =>
  post(node, '/oauth/token', { grant_type: 'client_credentials' }, basic('worker', secret))

test('while two versions run side by side: an unknown word in a row, and a secret that only the row of its application has', async () => {
  const { service, make, ask, token } = await setUp()
  const { database } = service.kit
  const { body } = await make({ kind: 'machine', id: 'worker', name: 'Worker' })
  const first = String(body.secret)
  await database.query(
    `update oauth_client set metadata = metadata || '{"word_of_tomorrow":[1]}'::jsonb where id = 'worker'`,
  )
  await database.query(`delete from oauth_client_secret where client = 'worker'`)
  assert.equal(await token(service, first), 200)
  assert.ok(idsOf((await ask('GET', '')).body).includes('worker'))
  assert.equal((await make({ kind: 'machine', name: 'x', metadata: { word_of_tomorrow: 1 } })).status, 422)
  const [old] = await secretsOf(ask)
  const second = String((await ask('POST', '/worker/secrets')).body.secret)
  assert.deepEqual([await token(service, first), await token(service, second)], [200, 200])
  const kept = () =>
    database.query<{ same: boolean }>(
      `select sealed = (select sealed from oauth_client_secret where client = c.id order by made_at desc limit 1) as same
         from oauth_client c where id = 'worker'`,
    )
  assert.deepEqual(await kept(), [{ same: false }])
  assert.equal((await ask('POST', `/worker/secrets/${old?.id}/retire`, {})).status, 200)
  assert.deepEqual([await token(service, first), await token(service, second)], [401, 200])
  assert.deepEqual(await kept(), [{ same: true }], 'the version before reads one that lives')
})

async function setUp(env: Readonly<Record<string, string>> = {}) {
  const service = await testIdentity({ env })
  async function ask(method: string, path: string, body?: unknown) {
    const given = method === 'POST' && body === undefined ? undefined : body
    const answer = await service.asPerson(officer, method, `/api/identity/clients${path}`, given)
    const text = await answer.text()
    return { status: answer.status, text, body: JSON.parse(text) as Body }
  }
  const make = (body: unknown) => ask('POST', '', body)
  const token = async (node: TestIdentity, secret: string) => (await tokenOf(node, secret)).status
  return { service, ask, make, token }
}
