import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandRunner } from '../../../tests/support/commands.ts'
import { addAccount, testIdentity } from '../../../tests/support/identity.ts'
import { addResource, api } from '../../../tests/support/protocol.ts'
import { keyIdOf } from '../../../tests/support/service-identities.ts'
import { serviceIdentityCommands } from '../cli-service-identities.ts'

test('a program is made, given keys, shut, opened and ended by command, and each key is shown once', async () => {
  const { run, service } = await setUp()
  await addAccount(service)
  await addResource(service)
  const purpose = 'Sends bills'
  const wrong: [readonly string[], Record<string, string | boolean>, number][] = [
    [['create'], {}, 1],
    [['create', 'human', 'Bills'], { purpose }, 1],
    [['create', 'servise', 'Bills'], { purpose }, 1],
    [['create', 'service', 'Bills'], {}, 1],
    [['create', 'service', 'Bills'], { purpose, owner: 'nobody@example.org' }, 1],
    [['show'], {}, 1],
    [['show', 'svc_nobody'], {}, 2],
    [['disable', 'svc_nobody'], {}, 2],
    [['delete', 'svc_nobody'], { yes: true }, 2],
    [['key-add'], {}, 1],
    [['key-revoke', 'svc_nobody'], {}, 1],
    [['key-revoke', 'svc_nobody', 'key'], {}, 2],
  ]
  for (const [words, values, code] of wrong)
    assert.equal((await run(words, values)).code, code, words.join(' '))

  const made = await run(['create', 'integration', 'Bills'], { purpose, owner: 'ada@example.org' })
  const { id } = made.value as { id: string }
  assert.match(
    made.out,
    new RegExp(`^${id} is there. Give it a key: althing service-identities key-add ${id}`),
  )
  for (const [words, values] of [
    [[], { days: '5' }],
    [['evil'], { days: '5' }],
    [['members.read'], {}],
    [['members.read'], { days: '181' }],
    [['members.read'], { days: '5', networks: 'evil' }],
    [['members.read'], { days: '5', hours: '9' }],
    [[], { days: '5', server: api, 'server-scope': 'evil' }],
    [[], { days: '5', server: 'evil', 'server-scope': 'read' }],
  ] as const) {
    const refused = await run(['key-add', id, ...words], values)
    assert.equal(refused.code, 1, JSON.stringify(values))
    assert.match(refused.err, /^This is not right\.\n\w+/)
    assert.doesNotMatch(refused.err, /NaN|Too big|Too small|Invalid|expected|undefined/)
  }
  const first = await run(['key-add', id, 'members.read'], {
    days: '5',
    networks: '192.0.2.0/24 2001:db8::/32',
    hours: '22-6',
    server: api,
    'server-scope': 'read',
  })
  const { key } = first.value as { key: string }
  assert.equal(first.out, `The key of ${id}, shown only now: ${key}`)
  assert.match(
    (await run(['key-add', id, 'members.read'])).err,
    /days: is missing; --days is a whole number from 1 to 180/,
  )
  assert.match((await run(['create', 'servise', 'Bills'], { purpose })).err, /Did you mean service\?/)
  const listed = await run(['list'], { search: 'BILLS' })
  assert.match(listed.out, new RegExp(`${id} +Bills +integration +enabled +Ada Jónsdóttir +Sends bills +1`))
  const shown = await run(['show', id])
  assert.match(shown.out, /, of Ada Jónsdóttir: Sends bills/)
  assert.match(
    shown.out,
    /members\.read https:\/\/api\.example\/ \(read\) +192\.0\.2\.0\/24 2001:db8::\/32 +22–6 UTC/,
  )
  assert.doesNotMatch(JSON.stringify([listed, shown]), new RegExp(key.slice(30)))

  for (const until of ['soon', '2020-01-01'])
    assert.equal((await run(['key-rotate', id, keyIdOf(key)], { until })).code, 1, until)
  const next = await run(['key-rotate', id, keyIdOf(key)])
  assert.match(next.out, /^The next key, shown only now: althing_\S+\nThe old one ends 20\d\d-/)
  assert.equal((await run(['key-rotate', id, keyIdOf(key)])).code, 2)
  assert.equal((await run(['key-revoke', id, keyIdOf(key)])).out, `${keyIdOf(key)} opens nothing any more.`)
  assert.equal((await run(['disable', id])).out, `${id} is disabled.`)
  assert.equal((await run(['enable', id])).out, `${id} is enabled.`)
  assert.equal((await run(['delete', id])).code, 1, 'asked first, where somebody can be asked')
  assert.equal((await run(['delete', id], { yes: true })).out, `${id} is gone.`)
  assert.equal((await run(['show', id])).code, 2)
})

async function setUp() {
  const service = await testIdentity()
  const runOne = commandRunner(service, serviceIdentityCommands)
  const run = (words: readonly string[], values?: Readonly<Record<string, string | boolean>>) =>
    runOne(['service-identities', ...words], values)
  return { service, run }
}
