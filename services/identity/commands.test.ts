import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { kernelCommands } from '@althing/kernel/service/kernel-commands.ts'
import { addCalendar } from '../../tests/support/client.ts'
import { commandRunner } from '../../tests/support/commands.ts'
import { addAccount, createBrowser, signIn, testIdentity } from '../../tests/support/identity.ts'
import { identityCommands } from './cli-identities.ts'
import { keyCommands } from './cli-keys.ts'
import { limitCommands } from './cli-limits.ts'
import { mailCommands } from './cli-mail.ts'
import { peopleCommands } from './cli-people.ts'
import { registrationCommands } from './cli-registration.ts'
import { signalCommands } from './cli-signals.ts'

/** Commands as they run, without a process for each: what a process adds is in cli.test.ts. */
const commands = [
  ...peopleCommands,
  ...limitCommands,
  ...identityCommands,
  ...mailCommands,
  ...keyCommands,
  ...signalCommands,
  ...registrationCommands,
  // After our own: where both know a command, ours is meant.
  ...kernelCommands,
]

test('limits are looked up by what an operator has in hand: an address, an id, a kennitala, or a network', async () => {
  const { service, run } = await setUp()
  const id = await addAccount(service, { nationalId: '0101502909' })
  const browser = createBrowser(service.origin)
  for (let n = 0; n < 3; n += 1) await signIn(browser, { identifier: 'Ada@example.org', secret: 'wrong' })
  await browser.submit(await (await browser.go('/recover')).text(), 'recover', { email: 'ada@example.org' })
  const [row] = await service.kit.database.query<{ network: string }>(
    'select network from login_event limit 1',
  )
  const network = row?.network ?? ''
  const counted = async (of: string, ...more: string[]) => {
    const { value } = await run(['limits', 'show', ...more], { of })
    const { limits } = value as { limits: { name: string; highest: number }[] }
    return Object.fromEntries(limits.map(({ name, highest }) => [name, highest]))
  }
  const ofPerson = { 'sign-in-account': 3, 'sign-in-everywhere': 3, 'recover-address': 1 }
  for (const who of ['ada@example.org', ' ADA@example.org', id, '010150-2909', '0101502909'])
    assert.deepEqual({ ...(await counted(who)), ...ofPerson }, await counted(who), who)
  const there = await counted(network)
  assert.equal(there['sign-in-network'], 3)
  assert.equal(there['sign-in-account'], 3)
  assert.deepEqual(Object.keys(await counted(id, 'recover-address')), ['recover-address'])
  assert.match(
    (await run(['limits', 'show'], { of: 'nobody@example.org' })).out,
    /nothing is counted of nobody@example\.org/,
  )
  await signIn(createBrowser(service.origin), { identifier: 'nobody@example.org', secret: 'wrong' })
  assert.equal((await counted('nobody@example.org'))['sign-in-everywhere'], 1, 'also of who has no account')
})

test('a limit, a breaker or a job that there is not is refused with the nearest name, and nothing is done', async () => {
  const { breakers, url } = await management(['breached-passwords', 'carrier'])
  const { service, run } = await setUp({ ALTHING_MANAGEMENT_URL: url })
  await signIn(createBrowser(service.origin), { identifier: 'ada@example.org', secret: 'wrong' })
  const limit = await run(['limits', 'reset', 'sign-in-acount'])
  assert.equal(limit.code, 1)
  assert.match(
    limit.err,
    /There is no limit of identity called sign-in-acount\.\nDid you mean sign-in-account\?\nThere are: .*magic-link-address/,
  )
  const breaker = await run(['breakers', 'reset', 'carier'])
  assert.deepEqual(
    [breaker.code, breaker.err],
    [
      1,
      'There is no breaker of identity called carier.\nDid you mean carrier?\nThere are: breached-passwords, carrier.',
    ],
  )
  assert.deepEqual(breakers.reset, [])
  const job = await run(['jobs', 'retry', '999999'])
  assert.deepEqual([job.code, job.err], [1, 'There is no job of identity called 999999.\nNone has failed.'])
  const recorded = await service.kit.database.query(
    `select from audit_entry where action in ('limits.reset', 'breakers.reset', 'jobs.retried')`,
  )
  assert.deepEqual(recorded, [])

  assert.match((await run(['limits', 'reset', 'sign-in-account'])).out, /1 counters forgotten/)
  assert.match(
    (await run(['limits', 'reset', 'device-code'])).out,
    /nothing was counted there/,
    'known, and not counted',
  )
  assert.equal((await run(['breakers', 'reset', 'carrier'])).code, 0)
  assert.deepEqual(breakers.reset, ['carrier'])
  assert.equal((await run(['jobs', 'retry'])).code, 0)
})

test('what another service has not taken for a day is given another day by an operator, and that is recorded', async () => {
  const { service, run } = await setUp()
  const { database } = service.kit
  const dead = (topic: string) =>
    database.query(
      `insert into outbox_message (topic, payload, recipient, dead_at) values ($1, '{}', 'policy', now())`,
      [topic],
    )
  await dead('identity.one')
  await dead('identity.two')
  assert.match((await run(['messages', 'list'])).out, /identity\.one[^]*identity\.two/)
  assert.match((await run(['messages', 'retry', 'identity.one'])).out, /identity: 1 begun anew/)
  assert.match((await run(['messages', 'retry'])).out, /identity: 1 begun anew/)
  assert.match((await run(['messages', 'retry'])).out, /identity: 0 begun anew/)
  const [left] = await database.query(
    `select (select count(*)::int from outbox_message where dead_at is not null) as dead,
            (select count(*)::int from audit_entry where action = 'messages.retried') as told`,
  )
  assert.deepEqual(left, { dead: 0, told: 2 })
})

test('what nobody will ever understand is given up by an operator, by its id, and not while it is still tried', async () => {
  const { service, run } = await setUp()
  const { database } = service.kit
  const add = async (topic: string, isDead: boolean): Promise<string> => {
    const [row] = await database.query<{ id: string }>(
      `insert into outbox_message (topic, payload, recipient, next_at, dead_at)
       values ($1, '{}', 'policy', now() + interval '1 hour', case when $2 then now() end) returning id`,
      [topic, isDead],
    )
    return row?.id ?? ''
  }
  const [dead, tried] = [await add('identity.never', true), await add('identity.later', false)]
  assert.match((await run(['messages', 'drop'])).err, /Say which message/)
  for (const id of [tried, 'nothing']) {
    const refused = await run(['messages', 'drop', id])
    assert.equal(refused.code, 1, id)
    assert.match(refused.err, new RegExp(`Those that are: ${dead} \\(identity\\.never\\)`))
  }
  assert.match((await run(['messages', 'drop', dead])).out, /is given up/)
  assert.match((await run(['messages', 'drop', dead])).err, /All are still tried/)
  assert.deepEqual(await database.query(`select topic from outbox_message where topic like 'identity.%'`), [
    { topic: 'identity.later' },
  ])
  assert.deepEqual(
    await database.query(`select target_id as id from audit_entry where action = 'messages.dropped'`),
    [{ id: dead }],
  )
})

test('somebody who is not there is named as they were looked for, with the way to find them', async () => {
  const { service, run } = await setUp()
  const id = await addAccount(service)
  for (const [who, kind] of [
    ['acc_00000000-0000-7000-8000-000000000000', 'id'],
    ['nobody@example.org', 'address'],
    ['0101502909', 'kennitala'],
  ]) {
    const done = await run(['people', 'show', who ?? ''])
    assert.equal(done.code, 2)
    assert.match(done.err, new RegExp(`No account has the ${kind} “${who}”.*althing people list --search`))
  }
  assert.match((await run(['people', 'show', id])).out, /Signed in nowhere/)
  assert.match((await run(['people', 'list'], { search: 'jónsd' })).out, /ada@example\.org/)
})

test('the office links identities of another issuer, one by one or from its old list, and takes them away', async () => {
  const { service, run, file } = await setUp({
    ALTHING_IDENTITY_TOKEN_ISSUERS: JSON.stringify([
      { id: 'old', kind: 'firebase', name: 'Old', project: 'our-old-project' },
    ]),
  })
  const issuer = 'https://securetoken.google.com/our-old-project'
  const id = await addAccount(service)
  await addAccount(service, { email: 'bea@example.org' })
  assert.equal((await run(['identities', 'link', id, issuer])).code, 1)
  assert.equal((await run(['identities', 'link', id, 'https://elsewhere.example', 'u1'])).code, 2)
  assert.match((await run(['identities', 'link', id, issuer, 'u1'])).out, /u1 at .* speaks for/)
  assert.match((await run(['identities', 'list', id])).out, /u1\s+operator/)
  assert.match((await run(['identities', 'unlink', id, issuer, 'u1'])).out, /no more/)
  assert.equal((await run(['identities', 'unlink', id, issuer, 'u1'])).code, 2)
  const list = file(
    'list.csv',
    'person,subject\nada@example.org,u1\nbea@example.org,u2\neva@example.org,u3\n',
  )
  const done = await run(['identities', 'import', issuer, list])
  assert.deepEqual(
    [done.code, /2 linked/.test(done.out), /4\s+No account has the address/.test(done.out)],
    [2, true, true],
  )
  assert.equal((await run(['identities', 'import', issuer, file('bad.csv', 'who,what\n1,2\n')])).code, 2)
})

test('an operator sees what became of letters, and lets them go to a mailbox again', async () => {
  const { service, run } = await setUp()
  const id = await addAccount(service)
  await service.kit.database.query(
    `insert into delivery (id, channel, account, address, subject, state, reason, began_at, changed_at)
     values ('ltr_1', 'mail', $1, 'ada@example.org', 'Hello', 'bounced', '550', now(), now())`,
    [id],
  )
  await service.kit.database.query(
    `insert into mail_suppression (address, reason, since) values ('ada@example.org', 'bounced', now())`,
  )
  assert.match((await run(['mail', 'list', id])).out, /Hello\s+bounced\s+550/)
  assert.match((await run(['mail', 'list'], { state: 'sent' })).out, /No letters/)
  assert.equal((await run(['mail', 'list'], { state: 'lost' })).code, 1)
  assert.match((await run(['mail', 'suppressed'])).out, /ada@example\.org\s+bounced/)
  assert.match((await run(['mail', 'lift', 'Ada@example.org'])).out, /go to/)
  assert.equal((await run(['mail', 'lift', 'ada@example.org'])).code, 2)
  assert.match((await run(['mail', 'suppressed'])).out, /No mailbox is held back/)
})

test('an operator sees the keys, replaces one that leaked, and takes one off the list; what cannot be is refused in a sentence', async () => {
  const { service, run } = await setUp()
  type Listed = { keys: { kid: string; alg: string; state: string }[] }
  const list = async () => ((await run(['keys', 'list'])).value as Listed).keys
  const leaked = (await list()).find(({ alg }) => alg === 'EdDSA')?.kid ?? ''
  const status = await run(['keys', 'status'])
  assert.equal(status.code, 0, status.err)
  const { keys } = status.value as { keys: { age_days: number; next_missing: boolean }[] }
  assert.deepEqual(
    keys.map(({ age_days: age, next_missing: isMissing }) => [age, isMissing]),
    Array.from({ length: 4 }, () => [0, false]),
  )
  const { kid } = (await run(['keys', 'rotate', 'EdDSA'], { now: true })).value as { kid: string }
  const states = Object.fromEntries((await list()).map((key) => [key.kid, key.state]))
  assert.deepEqual([states[leaked], states[kid]], ['revoked', 'active'])
  assert.deepEqual((await run(['keys', 'rewrap'])).value, { rewrapped: 0 })
  assert.match((await run(['keys', 'revoke', kid], { now: true })).out, /is revoked, and [0-9a-f]{16} signs/)
  for (const [words, code] of [
    [['keys', 'rotate'], 1],
    [['keys', 'rotate', 'HS256'], 1],
    [['keys', 'rotate', 'ES256'], 2],
    [['keys', 'revoke'], 1],
    [['keys', 'revoke', 'nonsense'], 2],
    [['keys', 'revoke', kid], 2],
  ] as const)
    assert.equal((await run(words)).code, code, words.join(' '))
  await service.kit.database.query(`delete from signing_key where alg = 'ES256' and state = 'next'`)
  const first = await run(['keys', 'rotate', 'ES256'])
  assert.equal(first.code, 2)
  assert.match(
    first.err,
    /The next key, [0-9a-f]{16}, was made just now.* It may sign from 20\d\d-.*keys rotate ES256 --now/,
  )
  assert.match((await run(['keys', 'rotate', 'ES256'])).err, /has not been published for long enough/)
  await service.kit.database.query(
    `update signing_key set since = since - interval '90 days' where alg = 'RS256'`,
  )
  assert.equal((await run(['keys', 'status'])).code, 2, 'the next one is missing')
})

test('an operator lets an application be told, by a webhook too, sees what it was told, and has it told again', async () => {
  const { service, run } = await setUp()
  const account = await addAccount(service)
  await addCalendar(service, 'openid')
  for (const [words, code] of [
    [['signals', 'allow'], 1],
    [['signals', 'allow', 'nobody'], 2],
    [['signals', 'webhook', 'calendar', 'https://calendar.example/hook'], 2],
    [['signals', 'webhook', 'nobody', 'https://calendar.example/hook'], 2],
    [['signals', 'forbid', 'calendar'], 2],
    [['signals', 'rotate-secret', 'nonsense'], 1],
    [['signals', 'rotate-secret', 'sgs_00000000-0000-7000-8000-000000000000'], 2],
    [['signals', 'replay'], 1],
    [['signals', 'replay', 'sgd_00000000-0000-7000-8000-000000000000'], 2],
  ] as const)
    assert.equal((await run(words)).code, code, words.join(' '))
  const hook = 'https://calendar.example/hook'
  assert.match(
    (await run(['signals', 'webhook', 'calendar', hook])).err,
    /Let it first: althing signals allow calendar$/,
  )
  assert.match(
    (await run(['signals', 'webhook', 'nobody', hook])).err,
    /^There is no application nobody\..*althing clients list$/,
  )
  assert.match(
    (await run(['signals', 'streams'])).out,
    /^No application may be told.*\n\nThere is no stream\./,
  )
  await run(['signals', 'allow', 'calendar'], { all: true })
  assert.equal((await run(['signals', 'webhook', 'calendar'])).code, 1)
  assert.equal((await run(['signals', 'webhook', 'calendar', 'https://10.0.0.1/hook'])).code, 2)
  const made = await run(['signals', 'webhook', 'calendar', 'https://localhost:9/hook'])
  const { id, secret } = made.value as { id: string; secret: string }
  assert.match(secret, /^whsec_[\w+/]{43}=$/)
  assert.match((await run(['signals', 'streams'])).out, new RegExp(`${id} +calendar +all +webhook`))
  assert.doesNotMatch((await run(['signals', 'streams'])).out, /whsec_/)
  assert.notEqual(((await run(['signals', 'rotate-secret', id])).value as { secret: string }).secret, secret)
  await run(['people', 'suspend', account, 'case 15'])
  const [delivery] = (
    (await run(['signals', 'list'], { stream: id })).value as { deliveries: { id: string; type: string }[] }
  ).deliveries
  assert.equal(delivery?.type, 'account-disabled')
  assert.equal((await run(['signals', 'replay', delivery?.id ?? ''])).code, 2, 'it is on its way')
  await service.kit.database.query(
    `update signal_delivery set state = 'dead', reason = 'silent', done_at = now()`,
  )
  assert.deepEqual((await run(['signals', 'replay'], { dead: true, stream: id })).value, { replayed: 1 })
  assert.deepEqual((await run(['signals', 'replay'], { dead: true })).value, { replayed: 0 })
  assert.equal((await run(['signals', 'list'], { state: 'lost' })).code, 1)
  assert.equal((await run(['signals', 'forbid', 'calendar'])).code, 0)
  assert.deepEqual(((await run(['signals', 'list'])).value as { deliveries: unknown[] }).deliveries, [])
})

test('a word that nobody can use now is said to be one, with how to turn it on', async () => {
  const { run } = await setUp()
  const made = await run(['clients', 'registration-token', 'create'], { note: 'The calendar' })
  assert.equal(made.code, 0)
  assert.match(made.out, /that is off\. To turn it on set ALTHING_IDENTITY_CLIENT_REGISTRATION=token/)
})

test('a word to register with is made for somebody, shown once, listed without itself, and taken back', async () => {
  const { service, run } = await setUp({ ALTHING_IDENTITY_CLIENT_REGISTRATION: 'token' })
  const command = (...words: string[]) => ['clients', 'registration-token', ...words]
  const made = await run(command('create'), { note: 'The calendar', uses: '2', days: '3', policy: 'mcp' })
  const { id, token } = made.value as { id: string; token: string }
  assert.ok(made.out.includes(token))
  assert.doesNotMatch(made.out, /off/)
  for (const wrong of [
    {},
    { note: '' },
    { note: 'x', policy: 'legacy' },
    { note: 'x', policy: 'fapi-2.0' },
    { note: 'x', uses: '0' },
    { note: 'x', uses: 'many' },
    { note: 'x', days: '366' },
  ])
    assert.equal((await run(command('create'), wrong)).code, 1, JSON.stringify(wrong))
  const listed = await run(command('list'))
  assert.match(listed.out, /The calendar/)
  assert.match(listed.out, /0 of 2/)
  assert.equal(JSON.stringify(listed.value).includes(token), false)
  assert.equal((await run(command('revoke'))).code, 1)
  assert.equal((await run(command('revoke', 'rgt_nobody'))).code, 1)
  assert.equal((await run(command('revoke', id))).code, 0)
  assert.equal((await run(command('revoke', id))).code, 1, 'it is taken back already')
  assert.equal((await run(command('burn'))).code, 1)
  const lines = await service.kit.database.query(
    `select action, actor from audit_entry where target_id = $1 order by at`,
    [id],
  )
  assert.deepEqual(
    lines.map(({ action, actor }) => `${String(action)} ${String(actor)}`),
    ['self-registration.token-made operator:test', 'self-registration.token-revoked operator:test'],
  )
})

async function setUp(env: Readonly<Record<string, string>> = {}) {
  const service = await testIdentity({ env })
  const folder = mkdtempSync(join(tmpdir(), 'althing-cli-'))
  after(() => rmSync(folder, { recursive: true }))
  const file = (name: string, text: string) => (writeFileSync(join(folder, name), text), join(folder, name))

  const run = commandRunner(service, commands)
  return { service, run, file }
}

/** The management address of a running service, as far as breakers go. */
async function management(names: readonly string[]) {
  const breakers = { reset: [] as string[] }
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      if (request.method === 'POST') breakers.reset.push((JSON.parse(body) as { name: string }).name)
      response.setHeader('content-type', 'application/json')
      const list = names.map((name) => ({ name, state: 'closed' }))
      response.end(JSON.stringify(request.method === 'POST' ? { reset: breakers.reset } : { breakers: list }))
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  after(() => server.close().closeAllConnections())
  return { breakers, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
