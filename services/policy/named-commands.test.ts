/** People in the commands of policies: by the address that an operator knows, which identity alone can say whose it is. */
import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { systemClock } from '@althing/kernel/context'
import { commandRunner } from '../../tests/support/commands.ts'
import { addAccount, testIdentity } from '../../tests/support/identity.ts'
import { peopleAt } from '../../tests/support/override-office.ts'
import { testService } from '../../tests/support/service.ts'
import { decisionCommands } from './cli-decisions.ts'
import { explainCommands } from './cli-explain.ts'
import { overrideCommands } from './cli-overrides.ts'
import { policy } from './service.ts'

const names = ['portal', 'identity', 'policy', 'members', 'events', 'elections']
const seeds = Object.fromEntries(names.map((name) => [name, randomBytes(32).toString('base64url')]))
const identity = await testIdentity({ seeds })
const service = await testService(policy, { seeds, peerUrls: { identity: identity.origin } })
const { tell, inMinutes } = await peopleAt(service, systemClock)
const run = commandRunner(service, [...explainCommands, ...decisionCommands, ...overrideCommands], policy)

const una = await addAccount(identity, { email: 'una@example.org' })
await tell(una, ['administrator'])
const reason = 'Nobody else is in the house.'
const until = inMinutes(60)

test('an address that is nobody’s, and what is neither an address nor an id, are refused with what to do', async () => {
  for (const [words, values, code, said] of [
    [
      ['explain', 'ada@example.org', 'members.list', 'Service::members'],
      {},
      2,
      /“ada@example\.org”.*althing people list --search/,
    ],
    [['explain', 'una@', 'members.list', 'Service::members'], {}, 1, /“una@” is no e-mail address/],
    [
      ['explain', 'una', 'members.list', 'Service::members'],
      {},
      1,
      /“una” is no name of somebody or something/,
    ],
    [
      ['explain', '0101302989', 'members.list', 'Service::members'],
      {},
      1,
      /is no name of somebody or something/,
    ],
    [
      ['explain', 'Person::una@example.org', 'members.list', 'Service::members'],
      {},
      1,
      /Write the address alone: una@example\.org/,
    ],
    [
      ['explain', 'Person::"una@example.org"', 'members.list', 'Service::members'],
      {},
      1,
      /Write the address alone/,
    ],
    [['who-can', 'users.read', 'ada@example.org'], {}, 2, /No account has the address/],
    [['may', 'acc_ada@example.org'], {}, 2, /No account has the address/],
    [['may', 'acc_1'], {}, 1, /“acc_1” is no name of somebody or something/],
    [['may', 'ada@example.org'], {}, 2, /No account has the address/],
    [['may', una, 'ada@example.org'], {}, 2, /No account has the address/],
    [
      ['overrides', 'deny', 'ada@example.org', 'members.list'],
      { until, reason },
      2,
      /No account has the address/,
    ],
    [
      ['overrides', 'deny', una, 'users.read'],
      { until, reason, on: 'ada@example.org' },
      2,
      /No account has the address/,
    ],
    [['overrides', 'list'], { subject: 'ada@example.org' }, 2, /No account has the address/],
    [['emergency', 'lend', 'ada@example.org', 'administrator'], { reason }, 2, /No account has the address/],
    [
      ['emergency', 'lend', 'Service::identity', 'administrator'],
      { reason },
      1,
      /A role is lent to a person/,
    ],
    [['decisions', 'list'], { subject: 'ada@example.org' }, 2, /No account has the address/],
    [['decisions', 'list'], { resource: 'ada@example.org' }, 2, /No account has the address/],
    [['cache', 'invalidate', 'ada@example.org'], {}, 2, /No account has the address/],
  ] as const) {
    const answer = await run(['policy', ...words], values)
    assert.deepEqual([answer.code, said.test(answer.err)], [code, true], `${words.join(' ')}: ${answer.err}`)
  }
})

test('an address, an id alone and a whole name are the same somebody, in every place where one is named', async () => {
  const named = ['una@example.org', ' Una@Example.ORG', una, `Person::${una}`, `Person::"${una}"`]
  for (const one of named) {
    const told = await run(['policy', 'explain', one, 'members.list', 'Service::members'])
    const { subject } = told.value as { subject?: unknown }
    assert.equal(told.code, 0, told.err)
    if (subject !== undefined) assert.deepEqual(subject, { type: 'Person', id: una })
    const may = await run(['policy', 'may', one])
    assert.match(may.out, /members\.list/, one)
    assert.deepEqual(may.value, (await run(['policy', 'may', `Person::${una}`])).value)
    const can = await run(['policy', 'who-can', 'users.read', one])
    assert.equal(can.code, 0, can.err)
  }
  const denied = await run(['policy', 'overrides', 'deny', 'una@example.org', 'users.read'], {
    until,
    reason,
    on: 'una@example.org',
  })
  assert.equal(denied.code, 0, denied.err)
  for (const subject of [...named, una]) {
    const { out } = await run(['policy', 'overrides', 'list'], { subject })
    assert.match(
      out,
      new RegExp(`Person::${una} \\(.*una@example\\.org\\) +users\\.read +Person::${una}`),
      subject,
    )
  }
  const lent = await run(['policy', 'emergency', 'lend', await member(), 'administrator'], { reason })
  assert.equal(lent.code, 0, lent.err)
  for (const subject of named)
    assert.equal(
      (await run(['policy', 'decisions', 'list'], { subject, resource: subject })).code,
      0,
      subject,
    )
  assert.equal((await run(['policy', 'cache', 'invalidate', 'una@example.org'])).code, 0)
})

test('whoever is in a list stands there with their name and address beside their id, for programs too', async () => {
  const gro = await addAccount(identity, { email: 'gro@example.org', name: 'Gró Nefnd' })
  await tell(gro, ['administrator'])
  await tell('acc_00000000-0000-4000-8000-00000000dead', ['administrator'])
  const isGro = /Gró Nefnd, gro@example\.org/
  const named = { [gro]: { name: 'Gró Nefnd', email: 'gro@example.org' } }
  const can = await run(['policy', 'who-can', 'users.read', 'Service::users'])
  assert.match(can.out, new RegExp(`${gro} \\(Gró Nefnd, gro@example\\.org\\)`))
  assert.match(
    can.out,
    /acc_00000000-0000-4000-8000-00000000dead {2}/,
    'whoever is nobody’s account has an id',
  )
  const { people, results } = can.value as { people: Record<string, unknown>; results: { id: string }[] }
  assert.deepEqual({ ...people, ...named }, people)
  assert.ok(results.some(({ id }) => id === gro))
  assert.equal((await run(['policy', 'overrides', 'deny', gro, 'members.list'], { until, reason })).code, 0)
  for (const words of [
    ['policy', 'overrides', 'list'],
    ['policy', 'emergency', 'list'],
  ]) {
    const list = await run(words)
    assert.deepEqual(Object.keys(list.value as object), ['overrides', 'next', 'people'])
  }
  assert.match((await run(['policy', 'overrides', 'list'])).out, isGro)
})

test('of an account that has no role yet policy has not heard, and what to do about it is said', async () => {
  await addAccount(identity, { email: 'new@example.org' })
  for (const words of [
    ['overrides', 'deny', 'new@example.org', 'members.list'],
    ['emergency', 'lend', 'new@example.org', 'administrator'],
  ]) {
    const { code, err } = await run(
      ['policy', ...words],
      words[0] === 'overrides' ? { until, reason } : { reason },
    )
    assert.deepEqual([code, err.endsWith('althing people roles new@example.org <role>')], [2, true], err)
  }
})

test('an address within a name of the organisation’s own kind is its own, and identity is not asked', async () => {
  const { code, value } = await run(['policy', 'may', 'user::"una@example.org"'])
  assert.equal(code, 0)
  assert.deepEqual((value as { results: unknown[] }).results, [])
})

test('where identity does not answer a list stands without names, and says so', async () => {
  const alone = await testService(policy, { peerUrls: { identity: 'http://127.0.0.1:9' } })
  const there = await peopleAt(alone, systemClock)
  const can = await commandRunner(
    alone,
    explainCommands,
    policy,
  )(['policy', 'who-can', 'users.read', 'Service::users'])
  assert.equal(can.code, 0, can.err)
  assert.match(can.out, new RegExp(there.ada.id))
  assert.match(can.notes.join(), /What people are called is missing/)
  assert.deepEqual((can.value as { people: unknown }).people, {})
})

test('nor does anything else that identity says instead keep a list from whoever wants it: it may be older than the question', async () => {
  let status = 404
  const server = createServer((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/problem+json' })
    response.end(JSON.stringify({ type: 'kernel.http.not_found', title: 'There is nothing here.', status }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => (server.closeAllConnections(), server.close()))
  const { port } = server.address() as AddressInfo
  const alone = await testService(policy, { peerUrls: { identity: `http://127.0.0.1:${port}` } })
  const there = await peopleAt(alone, systemClock)
  const runAlone = commandRunner(alone, explainCommands, policy)
  for (status of [404, 403, 429, 409]) {
    const can = await runAlone(['policy', 'who-can', 'users.read', 'Service::users'])
    assert.equal(can.code, 0, can.err)
    assert.match(can.out, new RegExp(there.ada.id))
    assert.match(can.notes.join(), /What people are called is missing/)
  }
})

test('where identity does not answer it is said what goes without it, and an id goes without it', async () => {
  const alone = await testService(policy, { peerUrls: { identity: 'http://127.0.0.1:9' } })
  const runAlone = commandRunner(alone, explainCommands, policy)
  const away = await runAlone(['policy', 'may', 'una@example.org'])
  assert.deepEqual(
    [away.code, /only identity knows: .*\n.*by their id: acc_…$/.test(away.err)],
    [3, true],
    away.err,
  )
  const { tell: tellAlone } = await peopleAt(alone, systemClock)
  await tellAlone(una, ['administrator'])
  assert.equal((await runAlone(['policy', 'may', una])).code, 0)
})

/** Somebody whom identity has told of, by their address. */
async function member(): Promise<string> {
  await tell(await addAccount(identity, { email: 'moa@example.org' }), ['operator'])
  return 'moa@example.org'
}
