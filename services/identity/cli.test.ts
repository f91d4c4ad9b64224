import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import {
  addAccount,
  cheap,
  createBrowser,
  signIn,
  testIdentity,
  type TestIdentity,
} from '../../tests/support/identity.ts'

test('five hundred accounts come in at once with one password, and are told to those who must know', async () => {
  const { service, run, file } = await setUp()
  const rows = Array.from(
    { length: 502 },
    (_, n) => `Member${n}@example.org,Ada Jónsdóttir,,${n === 0 ? 'superadmin' : ''}`,
  )
  const csv = file('accounts.csv', ['email,name,kennitala,roles', ...rows].join('\n'))
  const done = await run(['people', 'import', csv, '--password-stdin', '--json'], 'althing-demo-2026\n')
  assert.deepEqual([done.code, JSON.parse(done.out)], [0, { made: 502, known: 0 }], done.err)
  assert.equal(
    (
      await signIn(createBrowser(service.origin), {
        identifier: 'member77@example.org',
        secret: 'althing-demo-2026',
      })
    ).status,
    303,
  )
  const [told] = await service.kit.database.query(
    `select count(*) filter (where topic = 'identity.person_identified')::int as identified, count(*) filter (where topic = 'identity.roles_changed')::int as roles from outbox_message`,
  )
  assert.deepEqual(told, { identified: 503, roles: 1 })
  assert.deepEqual(JSON.parse((await run(['people', 'import', csv, '--json'])).out), { made: 0, known: 502 })
})

test('a file with mistakes is refused whole, each by row and column, and no value is repeated', async () => {
  const { service, run, file } = await setUp()
  const csv = file(
    'wrong.csv',
    'email,name,kennitala,roles\nada@example.org,Ada,123,\nnot-an-address,Bea,,king\nada@example.org,,,\n',
  )
  const done = await run(['people', 'import', csv])
  assert.equal(done.code, 2)
  for (const pointer of ['/2/kennitala', '/3/email', '/3/roles', '/4/name'])
    assert.match(done.err, new RegExp(pointer))
  assert.doesNotMatch(done.err, /not-an-address|king|123:/)
  const [row] = await service.kit.database.query('select count(*)::int as count from account')
  assert.deepEqual(row, { count: 0 })
})

test('an operator shows, gives roles, signs out, closes and opens an account, and each is in the audit log', async () => {
  const { service, run, file } = await setUp()
  await run(
    [
      'people',
      'import',
      file('one.csv', 'email,name,kennitala,roles\nada@example.org,Ada,,\n'),
      '--password-stdin',
    ],
    'four words are plenty',
  )
  const browser = createBrowser(service.origin)
  await signIn(browser, { secret: 'four words are plenty' })
  const shown = JSON.parse((await run(['people', 'show', 'Ada@example.org', '--json'])).out) as {
    id: string
    sessions: unknown[]
  }
  assert.equal(shown.sessions.length, 1)
  assert.match((await run(['people', 'roles', shown.id, 'election-manager'])).out, /election-manager/)
  assert.equal((await run(['people', 'roles', shown.id, 'king'])).code, 1)
  assert.equal((await run(['people', 'roles', shown.id])).code, 1, 'nothing is taken away by saying nothing')
  assert.match((await run(['sessions', 'revoke', 'ada@example.org'])).out, /1 sessions ended/)
  assert.equal((await browser.go('/account')).status, 303)
  assert.match((await run(['people', 'roles', shown.id, 'superadmin'])).out, /superadmin/)
  assert.match((await run(['people', 'suspend', shown.id, 'case', '16'])).out, /the last superadministrator/)
  assert.match((await run(['people', 'reinstate', shown.id])).out, /active/)
  assert.doesNotMatch((await run(['people', 'roles', shown.id, 'superadmin', 'auditor'])).out, /the last/)
  assert.match((await run(['people', 'roles', shown.id, '--none'])).out, /the last superadministrator/)
  assert.match((await run(['people', 'ban', shown.id, 'case', '17'])).out, /banned/)
  assert.equal((await signIn(createBrowser(service.origin), { secret: 'four words are plenty' })).status, 422)
  assert.match((await run(['people', 'reinstate', shown.id])).out, /active/)
  const nobody = await run(['people', 'show', 'nobody@example.org'])
  assert.equal(nobody.code, 2)
  assert.match(nobody.err, /No account has the address “nobody@example\.org”.*althing people list --search/)
  assert.equal(
    (await run(['people', 'ban', shown.id, 'bea@example.org'])).code,
    1,
    'a word too many does nothing',
  )
  assert.match((await run(['people', 'list'])).out, /ada@example\.org/)
  const actions = (
    await service.kit.database.query<{ action: string }>(
      `select distinct action from audit_entry where actor like 'operator:%' order by action`,
    )
  ).map(({ action }) => action)
  assert.deepEqual(actions, [
    'accounts.active',
    'accounts.banned',
    'accounts.imported',
    'accounts.roles',
    'accounts.suspended',
    'sessions.ended-everywhere',
  ])
})

test('each step of the runbook is a command: activate again, who came and why not, what hashes lie here, revoke everything', async () => {
  const { service, run } = await setUp()
  const id = await addAccount(service)
  const browser = createBrowser(service.origin)
  await signIn(browser, { secret: 'wrong' })
  await signIn(browser)
  const { events } = JSON.parse((await run(['login-events', 'list', '--json'])).out) as {
    events: Record<string, string>[]
  }
  assert.deepEqual(
    events.map(({ account, result, reason }) => [account, result, reason]),
    [
      [id, 'in', ''],
      [id, 'refused', 'wrong'],
    ],
  )
  assert.match((await run(['login-events', 'reasons'])).out, /password\s+wrong\s+1/)
  assert.match((await run(['passwords', 'audit'])).out, /argon2id\$v=19\$m=64,t=1,p=1\s+1/)
  const early = await run(['activation', 'resend', 'ada@example.org'])
  assert.deepEqual([early.code, early.out], [2, ''], 'an open account has no first link')
  await addAccount(service, { email: 'bea@example.org', status: 'pending', withPassword: false })
  assert.match((await run(['activation', 'resend', 'bea@example.org'])).out, /on its way/)
  const unsaid = await run(['people', 'reset-factors', id])
  assert.deepEqual([unsaid.code, unsaid.out], [1, ''])
  assert.match(unsaid.err, /Say why, after the account/)
  const nothing = await run(['people', 'reset-factors', id, 'phone', 'lost'])
  assert.deepEqual([nothing.code, nothing.out], [2, ''], 'what was not there is not said to be taken')
  assert.match(nothing.err, /Nothing was done: acc_[^ ]+ has no second step and no passkey/)
  await service.kit.database.query(
    `insert into passkey (id, account, public_key, counter, transports, name, synced, created_at)
     values ('one', $1, 'x', 0, '{}', 'Sími', false, now()), ('two', $1, 'x', 0, '{}', 'Tölva', false, now())`,
    [id],
  )
  assert.match(
    (await run(['people', 'reset-factors', id, '--reason', 'phone lost'])).out,
    /Taken away: 2 passkeys\. 1 session ended\. acc_[^ ]+ signs in with a password or a link/,
  )
  const [line] = await service.kit.audit.search({ action: 'passkeys.removed' })
  assert.equal(line?.reason, 'phone lost')
  assert.equal((await browser.go('/account')).status, 303, 'whoever was signed in is signed out')
  assert.equal((await run(['people', 'reset-factors', id, 'phone lost'])).code, 2, 'and not twice')
  const twice = await run(['people', 'reset-factors', id, 'phone', '--reason', 'lost'])
  assert.match(twice.err, /Say the reason once/)
  assert.match((await run(['people', 'list', '--serch', 'ada'])).err, /Did you mean --search\?/)
  assert.match((await run(['sessions', 'clear-expired'])).out, /removed/)
  assert.equal((await run(['limits', 'reset'])).code, 1)
  assert.match((await run(['limits', 'reset', '--all'])).out, /counters forgotten/)
  assert.equal((await run(['applications', 'approve', 'app_none'])).code, 2)
  assert.equal((await run(['applications', 'list', '--state', 'nowhere'])).code, 1)
  await signIn(browser)
  assert.match((await run(['sessions', 'revoke', id])).out, /1 sessions ended/)
  assert.equal((await browser.go('/account')).status, 303)
})

test('an operator sees alerts, settles one with a reason, and asks why a sign-in would be weighed as it is', async () => {
  const { service, run } = await setUp()
  const account = await addAccount(service)
  await signIn(createBrowser(service.origin))
  await service.kit.database.query(
    `insert into security_alert (id, kind, severity, account, signals, first_seen, last_seen)
     values ('alr_00000000-0000-7000-8000-000000000001', 'refresh-reuse', 'high', $1, '{refresh-reuse}', now(), now())`,
    [account],
  )
  await service.kit.database.query(
    `insert into risk_mark (account, kind, at) values ($1, 'refresh-reuse', now())`,
    [account],
  )
  assert.match((await run(['alerts', 'list'])).out, /refresh-reuse\s+high/)
  const id = 'alr_00000000-0000-7000-8000-000000000001'
  assert.match((await run(['alerts', 'show', id])).out, /refresh-reuse/)
  assert.equal((await run(['alerts', 'resolve', id])).code, 1, 'without a reason')
  assert.match((await run(['alerts', 'resolve', id, '--reason', 'A backup was restored'])).out, /is resolved/)
  assert.equal((await run(['alerts', 'resolve', id, '--reason', 'Once more'])).code, 2)
  assert.equal((await run(['alerts', 'list', '--state', 'hidden'])).code, 1)

  const words = ['risk', 'explain', 'ada@example.org', '--network', '203.0.113.7', '--json']
  const { score, action, signals } = JSON.parse((await run(words)).out) as {
    score: number
    action: string
    signals: { signal: string; counts: string }[]
  }
  assert.deepEqual([score, action], [65, 'notify'], 'there is no second factor to ask for')
  assert.deepEqual(
    signals.filter(({ counts }) => counts === 'yes').map(({ signal }) => signal),
    ['new-device', 'refresh-reuse'],
  )
  assert.match((await run(['risk', 'explain', account, '--known'])).out, /score 45 of 100: notify/)
  assert.equal((await run(['risk', 'explain', account, '--network', 'here'])).code, 1)
})

test('nobody is forgotten by a line that was typed in passing: their id is typed, or a script says that it means it', async () => {
  const { service, run } = await setUp()
  const id = await addAccount(service)
  const words = ['privacy', 'erase', 'ada@example.org', '--reason', 'asked in writing']
  const hasty = await run(words)
  assert.equal(hasty.code, 1)
  assert.match(hasty.err, new RegExp(`${id}[^]*Say --yes`))
  for (const typed of ['', 'yes', 'ada@example.org', id.slice(0, -1)])
    assert.notEqual((await run([...words, '--at-once'], `${typed}\n`)).code, 0, typed)
  const none = await service.kit.database.query('select from erasure')
  assert.equal(none.length, 0)
  const meant = await run([...words, '--yes'])
  assert.deepEqual([meant.code, meant.out.includes(id)], [0, true], meant.err)
})

test('two processes that apply one file at once make each application once, and a secret goes where it was sent', async () => {
  const { service, run, file } = await setUp()
  const text =
    'clients:\n  - id: shop\n    kind: web\n    name: The shop\n    redirect_uris: [https://shop.example/callback]\n'
  const path = file('clients.yaml', text)
  const kept = `${path}.secrets`
  const done = await Promise.all([
    run(['clients', 'apply', path, '--secrets-to', kept]),
    run(['clients', 'apply', path, '--json']),
  ])
  assert.deepEqual(
    done.map(({ code }) => code),
    [0, 0],
    done.map(({ err }) => err).join('\n'),
  )
  const rows = await service.kit.database.query('select client from oauth_client_secret')
  assert.deepEqual(rows, [{ client: 'shop' }])
  const said = JSON.parse(done[1]?.out ?? '') as { secrets: { secret: string }[] }
  assert.equal(existsSync(kept), said.secrets.length === 0, 'one of them has the secret')
  assert.match(
    (await run(['clients', 'plan', path])).out,
    /make: 0, change: 0, leave: 1, remove: 0, keep: 0\n/,
  )
  const broken = await run(['clients', 'apply', file('broken.yaml', text.replace('https:', 'http:'))])
  assert.deepEqual([broken.code, broken.out], [1, ''])
  assert.match(
    broken.err,
    /broken\.yaml:5: clients\/0\/redirect_uris: must be https, or of the loopback interface/,
  )
  assert.match((await run(['clients', 'list'])).out, /shop +The shop +web +enabled/)
})

async function setUp() {
  const service: TestIdentity = await testIdentity()
  const folder = mkdtempSync(join(tmpdir(), 'althing-cli-'))
  after(() => rmSync(folder, { recursive: true }))
  const file = (name: string, text: string) => (writeFileSync(join(folder, name), text), join(folder, name))
  const env = {
    ...process.env,
    ...cheap,
    ALTHING_URL: service.origin,
    ALTHING_IDENTITY_DATABASE_URL: service.url,
    ALTHING_IDENTITY_SERVICE_KEY: service.seeds['identity'],
  }

  function run(
    words: readonly string[],
    input = '',
  ): Promise<{ code: number | null; out: string; err: string }> {
    const child = spawn(
      process.execPath,
      [
        '--disable-warning=ExperimentalWarning',
        fileURLToPath(new URL('./cli.ts', import.meta.url)),
        ...words,
      ],
      { env },
    )
    let [out, err] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()))
    child.stdin.end(input)
    return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, err })))
  }
  return { service, run, file }
}
