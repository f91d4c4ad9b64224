/** Applications by command, and as a file says they are. What a process adds to a command is in cli.test.ts. */
import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { race } from '@althing/kernel/testing'
import { commandRunner } from '../../../tests/support/commands.ts'
import { testIdentity } from '../../../tests/support/identity.ts'
import { addResource, basic, post } from '../../../tests/support/protocol.ts'
import { clientCommands } from '../cli-clients.ts'

test('an application is made, shown, changed, shut, opened and ended by command, and its secret is shown once', async () => {
  const { run, service } = await setUp()
  const made = await run(['create', 'machine', 'The worker'], {
    id: 'worker',
    scope: '',
    metadata: '/nowhere.json',
  })
  assert.equal(made.code, 1)
  const wrong: [readonly string[], Record<string, string | boolean>, number][] = [
    [['create'], {}, 1],
    [['create', 'app', 'Name'], {}, 1],
    [['create', 'web'], {}, 1],
    [['create', 'web', 'Shop'], { redirect: 'javascript:alert(1)' }, 2],
    [['create', 'web', 'Shop'], { redirect: 'https://shop.example/', policy: 'none' }, 2],
    [['create', 'machine', 'Shop'], { id: 'portal' }, 2],
    [['create', 'machine', 'Shop'], { metadata: '/dev/null' }, 1],
    [['create', 'web', 'Shop'], { redirect: 'https://shop.example/', grants: 'password' }, 1],
    [['create', 'web', 'Shop'], { redirect: 'https://shop.example/', grants: 'code implicit' }, 1],
    [['show'], {}, 1],
    [['show', 'nobody'], {}, 2],
    [['change', 'nobody'], { name: 'x' }, 2],
    [['disable', 'nobody'], {}, 2],
    [['delete', 'nobody'], { yes: true }, 2],
    [['secret-add', 'nobody'], {}, 2],
  ]
  for (const [words, values, code] of wrong)
    assert.equal((await run(words, values)).code, code, words.join(' '))

  const first = await run(['create', 'web', 'The shop'], {
    id: 'shop',
    redirect: 'https://shop.example/a https://shop.example/b',
    policy: 'legacy',
  })
  const { secret } = first.value as { secret: string }
  assert.match((await run(['show', 'shop'])).out, /scope +openid profile email\n/, 'as the console begins')
  assert.match(first.out, new RegExp(`^shop is registered. Its secret, shown only now: ${secret}$`))
  assert.equal((await run(['create', 'machine', 'Other'], { id: 'shop' })).code, 2, 'the id is taken')
  const desk = await run(['create', 'machine', 'The desk'], {
    id: 'desk',
    grants: 'backchannel refresh',
    scope: 'openid email',
  })
  assert.equal(desk.code, 0, desk.err)
  const [kept] = await service.kit.database.query<{ metadata: Record<string, unknown> }>(
    `select metadata from oauth_client where id = 'desk'`,
  )
  assert.deepEqual(
    [
      kept?.metadata['grant_types'],
      kept?.metadata['backchannel_token_delivery_mode'],
      kept?.metadata['scope'],
    ],
    [['urn:openid:params:grant-type:ciba', 'refresh_token'], 'poll', 'openid email'],
  )
  assert.equal((await run(['delete', 'desk'], { yes: true })).code, 0)
  const listed = await run(['list'])
  assert.match(
    listed.out,
    /shop +The shop +web +enabled +legacy +client_secret_basic +fine +never +pkce plain_redirects/,
  )
  assert.match(listed.out, /legacy: PKCE may be missing/)
  const shown = await run(['show', 'shop'])
  assert.match(shown.out, /redirect_uris +\["https:\/\/shop.example\/a","https:\/\/shop.example\/b"\]/)
  assert.doesNotMatch(JSON.stringify([listed, shown]), new RegExp(secret))
  assert.equal((await run(['change', 'shop'])).code, 1, 'nothing is changed by saying nothing')
  assert.equal((await run(['change', 'shop'], { scope: 'evil' })).code, 2)
  assert.equal(
    (await run(['change', 'shop'], { name: 'A shop', consent: 'remember' })).out,
    'shop is changed.',
  )

  const second = await run(['secret-add', 'shop'])
  assert.match(second.out, /^shop has another secret. Its secret, shown only now: [\w-]{43}$/)
  assert.equal((await run(['secret-add', 'shop'])).code, 2)
  const [older] = ((await run(['show', 'shop'])).value as { secrets: { id: string }[] }).secrets
  for (const [words, values, code] of [
    [['secret-retire', 'shop'], {}, 1],
    [['secret-retire', 'shop', older?.id ?? ''], { at: 'soon' }, 1],
    [['secret-retire', 'shop', 'cls_none'], {}, 2],
    [['secret-retire', 'shop', older?.id ?? ''], {}, undefined],
    [['secret-retire', 'shop', older?.id ?? ''], {}, 2],
  ] as const)
    assert.equal((await run(words, values)).code, code ?? 0, words.join(' '))
  assert.equal((await run(['disable', 'shop'])).out, 'shop is disabled.')
  assert.equal((await run(['enable', 'shop'])).out, 'shop is enabled.')
  assert.equal((await run(['delete', 'shop'])).code, 1, 'asked first, where somebody can be asked')
  assert.equal((await run(['delete', 'shop'], { yes: true })).out, 'shop is gone.')
  const lines = await service.kit.database.query<{ actor: string }>(
    `select distinct actor from audit_entry where action like 'clients.%'`,
  )
  assert.deepEqual(lines, [{ actor: 'operator:test' }])
})

test('a file is planned, applied, and applied again with nothing to do; who is not in it goes only when that is said', async () => {
  const { run, service, file } = await setUp()
  await run(['create', 'machine', 'By hand'], { id: 'by-hand', scope: '' })
  const path = file('clients.yaml', yaml)
  const plan = await run(['plan', path])
  assert.match(plan.out, /make: 2, change: 0, leave: 0, remove: 0, keep: 1\n/)
  assert.equal((await count()).clients, 1, 'a plan does nothing')
  const kept = join(path, '..', 'secrets.json')
  const applied = await run(['apply', path], { 'secrets-to': kept })
  assert.match(applied.out, /make: 2, .*\nSecrets of 2 new ones are in /)
  const { secrets } = JSON.parse(readFileSync(kept, 'utf8')) as { secrets: { id: string; secret: string }[] }
  assert.deepEqual(
    secrets.map(({ id }) => id),
    ['shop', 'worker'],
  )
  for (const { secret } of secrets) assert.doesNotMatch(JSON.stringify(applied), new RegExp(secret))
  assert.equal(statSync(kept).mode & 0o777, 0o600)
  const form = { grant_type: 'client_credentials' }
  assert.equal(
    (await post(service, '/oauth/token', form, basic('worker', secrets[1]?.secret ?? ''))).status,
    200,
  )

  const before = await count()
  const again = await run(['apply', path])
  assert.match(again.out, /make: 0, change: 0, leave: 2, remove: 0, keep: 1$/)
  assert.deepEqual(await count(), before, 'not even a line in the audit log')
  assert.equal((await run(['apply', path], { 'secrets-to': kept })).code, 0, 'no secret was due')
  const more = file('more.yaml', `${yaml}  - { id: third, kind: machine, name: The third }\n`)
  for (const [to, why] of [
    [kept, /secrets\.json is there already and is not written over.*Nothing was done\.$/],
    [join(path, 'below-a-file.json'), /cannot be written \(ENOTDIR\)\. Nothing was done\.$/],
  ] as const) {
    const refused = await run(['apply', more], { 'secrets-to': to })
    assert.equal(refused.code, 1)
    assert.match(refused.err, why)
  }
  assert.deepEqual(await count(), before, 'nothing is made whose secret could not be kept')
  assert.equal(JSON.parse(readFileSync(kept, 'utf8')).secrets.length, 2, 'no file is written over')
  const none = join(path, '..', 'none.json')
  assert.equal((await run(['apply', path], { 'secrets-to': none })).code, 0)
  assert.equal(existsSync(none), false, 'no file where there was no secret')

  const other = file(
    'other.json',
    JSON.stringify({
      clients: [
        {
          id: 'worker',
          kind: 'machine',
          name: 'Renamed',
          disabled: true,
          resources: { 'https://api.example/': 'read write' },
        },
      ],
    }),
  )
  await service.kit.database.query(
    `insert into oauth_client (id, name, sealed, metadata)
     select 'stranger', 'Registered itself', sealed, metadata || '{"registered_by":"itself"}' from oauth_client limit 1`,
  )
  const planned = await run(['plan', other], { prune: true })
  assert.match(planned.out, /keep +stranger/, 'what registered itself does not go because of a file')
  assert.match(planned.out, /change +worker +client_name resources disabled/)
  assert.match(planned.out, /remove +by-hand/)
  await run(['apply', other], { prune: true })
  await service.kit.database.query(`delete from oauth_client where id = 'stranger'`)
  assert.equal((await count()).clients, 1)
  assert.equal(
    (await post(service, '/oauth/token', form, basic('worker', secrets[1]?.secret ?? ''))).status,
    401,
  )
  assert.match((await run(['plan', other], { prune: true })).out, /leave: 1, remove: 0, keep: 0\n/)
  await run(['apply', path])
  assert.equal(
    (await post(service, '/oauth/token', form, basic('worker', secrets[1]?.secret ?? ''))).status,
    200,
    'it has the secret that it had',
  )

  async function count() {
    const [row] = await service.kit.database.query<{ clients: number; lines: number; secrets: number }>(
      `select (select count(*)::int from oauth_client) as clients, (select count(*)::int from oauth_client_secret) as secrets,
              (select count(*)::int from audit_entry where action like 'clients.%') as lines`,
    )
    return row ?? assert.fail()
  }
})

test('a plan that is old by now is not done, nor a change that was made from what is there no more', async () => {
  const { run, file } = await setUp()
  const path = file('clients.yaml', yaml)
  const markOf = async () => ((await run(['plan', path])).value as { mark: string }).mark
  const old = await markOf()
  assert.match((await run(['plan', path])).out, new RegExp(`To do just this: --planned ${old}$`))
  await run(['create', 'machine', 'By hand'], { id: 'by-hand', scope: '' })
  for (const planned of [old, '', 'nonsense']) {
    const refused = await run(['apply', path], { planned })
    assert.equal(refused.code, 2, planned)
    assert.match(refused.err, /not as it was when this was planned. Nothing was done/)
  }
  assert.equal((await run(['show', 'shop'])).code, 2, 'nothing was made')
  const pruned = ((await run(['plan', path], { prune: true })).value as { mark: string }).mark
  assert.equal((await run(['apply', path], { planned: pruned })).code, 2, 'what goes is a part of the plan')
  assert.equal((await run(['apply', path], { planned: await markOf() })).code, 0)

  const versionOf = async () => ((await run(['show', 'shop'])).value as { version: string }).version
  const seen = await versionOf()
  assert.equal((await run(['change', 'shop'], { name: 'First', 'made-from': seen })).code, 0)
  const second = await run(['change', 'shop'], { name: 'Second', 'made-from': seen })
  assert.equal(second.code, 2)
  assert.match(second.err, /Somebody has changed this application meanwhile/)
  assert.match((await run(['show', 'shop'])).out, /^First \(/)
  assert.equal((await run(['change', 'shop'], { name: 'Second', 'made-from': await versionOf() })).code, 0)
})

test('a server or a scope that does not exist is refused by its field, with those that do; what was so before stays', async () => {
  const { run, service, file } = await setUp()
  let files = 0
  const wrong = (resources: object) => ({
    metadata: file(`words-${(files += 1)}.json`, JSON.stringify({ resources })),
  })
  for (const [words, values, why] of [
    [
      ['create', 'machine', 'Worker'],
      wrong({ 'https://apy.example/': 'read' }),
      /\/resources: names a server that is not known here\. Known are: https:\/\/api\.example\/ \(read write\)/,
    ],
    [
      ['create', 'machine', 'Worker'],
      wrong({ 'https://api.example/': 'read reed' }),
      /names a scope that https:\/\/api\.example\/ does not have\. It has: read write/,
    ],
    [
      [
        'add',
        'worker',
        'Worker',
        file(
          'whole.json',
          '{"grant_types":["client_credentials"],"scope":"","resources":{"https://apy.example/":"read"}}',
        ),
      ],
      {},
      /resources: names a server/,
    ],
    [
      ['apply', file('wrong.yaml', yaml.replace('api.example', 'apy.example'))],
      {},
      /wrong\.yaml:11: clients\/1\/resources: names a server/,
    ],
  ] as const) {
    const refused = await run(words, values)
    assert.notEqual(refused.code, 0)
    assert.match(refused.err, why)
  }
  assert.deepEqual(await service.kit.database.query('select from oauth_client'), [])

  assert.equal(
    (
      await run(['create', 'machine', 'Worker'], {
        id: 'worker',
        ...wrong({ 'https://api.example/': 'read' }),
      })
    ).code,
    0,
  )
  await service.kit.database.query('delete from oauth_resource')
  assert.equal((await run(['change', 'worker'], { name: 'Renamed' })).code, 0)
  const more = await run(['change', 'worker'], wrong({ 'https://api.example/': 'read write' }))
  assert.match(more.err, /None is known yet: althing resources add makes one known/)
})

test('a broken file changes nothing, and says where it is broken', async () => {
  const { run, service, file } = await setUp()
  const path = file(
    'broken.yaml',
    yaml.replace('https://shop.example/callback', 'https://shop.example/#part'),
  )
  for (const verb of ['plan', 'apply']) {
    const done = await run([verb, path], { prune: true })
    assert.equal(done.code, 1)
    assert.match(done.err, /broken\.yaml:6: clients\/0\/redirect_uris: must have no fragment/)
    assert.doesNotMatch(done.err, /shop\.example/)
  }
  for (const [text, why] of [
    ['clients: [', /is not written right/],
    ['nothing', /x\.yaml:1: the file: has to begin with clients: and have a list below it/],
    ['', /x\.yaml:1: the file: has to begin with clients: and have a list below it/],
    ['{"clients": 1}', /clients: must be a list/],
    ['clients:\n  - {}', /clients\/0\/id: is missing/],
    [
      'clients:\n  - { id: a, kind: app, name: A }',
      /clients\/0\/kind: must be one of: web, native, spa, machine, device/,
    ],
    [
      'clients:\n  - { id: a, kind: web, name: A, redirect_uris: x }',
      /clients\/0\/redirect_uris: must be a list/,
    ],
  ] as const) {
    const refused = await run(['apply', file('x.yaml', text)])
    assert.equal(refused.code, 1, text)
    assert.match(refused.err, why)
    assert.doesNotMatch(refused.err, /Invalid|expected|received/)
  }
  assert.match((await run(['create', 'wep', 'Shop'])).err, /Did you mean web\?/)
  const strange = await run(['create', 'web', 'Shop'], { redirect: 'https://shop.example/', policy: 'oauth' })
  assert.match(strange.err, /\/policy: must be one of: oauth-2\.1, mcp, fapi-2\.0, legacy/)
  assert.equal((await run(['apply'])).code, 1)
  assert.equal((await run(['apply', '/nowhere.yaml'])).code, 1)
  assert.deepEqual(await service.kit.database.query('select from oauth_client'), [])
})

test('of eight that apply one file at the same moment one does it, and the others find it done', async () => {
  const { run, service, file } = await setUp()
  const path = file('clients.yaml', yaml)
  const { won, lost } = await race(8, async (_, ready) => {
    await ready()
    return (await run(['apply', path])).value as { secrets: unknown[] }
  })
  assert.deepEqual([lost, won.filter(({ secrets }) => secrets.length === 2).length], [[], 1])
  assert.deepEqual(
    await service.kit.database.query(
      `select count(*)::int from audit_entry where action = 'clients.registered'`,
    ),
    [{ count: 2 }],
  )
})

const yaml = `clients:
  - id: shop
    kind: web
    name: The shop
    redirect_uris:
      - https://shop.example/callback
  - id: worker
    kind: machine
    name: The worker
    resources:
      https://api.example/: read
`

async function setUp() {
  const service = await testIdentity()
  await addResource(service, { uri: 'https://api.example/', scopes: ['read', 'write'] })
  const folder = mkdtempSync(join(tmpdir(), 'althing-clients-'))
  after(() => rmSync(folder, { recursive: true }))
  const file = (name: string, text: string) => (writeFileSync(join(folder, name), text), join(folder, name))

  const runOne = commandRunner(service, clientCommands)
  const run = (words: readonly string[], values?: Readonly<Record<string, string | boolean>>) =>
    runOne(['clients', ...words], values)
  return { service, run, file }
}
