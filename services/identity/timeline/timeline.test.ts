import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { addPasskey, turnOnTwoStep } from '../../../tests/support/factors.ts'
import { addAccount, createBrowser, password, signIn, testIdentity } from '../../../tests/support/identity.ts'
import { lettersAreOut, linkIn, testMailbox } from '../../../tests/support/mailbox.ts'
import { createDeliveryStore } from '../deliveries/store.ts'
import { createLoginEventStore } from '../login-events/store.ts'
import type { TimelineLine } from './schema.ts'

const { url, because } = await testMailbox()
const service = await testIdentity({ env: { ALTHING_IDENTITY_MAIL_URL: url } })
const chief = await addAccount(service, {
  email: 'chief@example.org',
  name: 'Sólveig',
  roles: ['administrator'],
})
const admin = { subject: chief, roles: ['administrator'] }
const { database } = service.kit

async function read(account: string, query = '') {
  const answer = await service.asPerson(admin, 'GET', `/api/identity/users/${account}/timeline${query}`)
  assert.equal(answer.status, 200)
  return (await answer.json()) as { lines: TimelineLine[]; next: string | null }
}

const said = ({ action, actor, reason }: TimelineLine) =>
  [action, actor.name ?? actor.kind, ...(reason === null ? [] : [reason])].join(' · ')

test('from the application to the ban: who did what and why, the latest first, each once', async () => {
  const browser = createBrowser(service.origin)
  const email = 'life@example.org'
  const form = await (await browser.go('/register')).text()
  const mail = await because(
    () => browser.submit(form, 'register', { name: 'Ada Jónsdóttir', email, birth_date: '1990-05-17' }),
    email,
  )
  await browser.submit(await (await browser.go(linkIn(mail))).text(), 'confirm', {})
  const [{ id: application } = { id: '' }] = await database.query<{ id: string }>(
    'select id from application',
  )
  let account = ''
  const invited = await because(async () => {
    const approved = await service.asPerson(
      admin,
      'POST',
      `/api/identity/applications/${application}/approve`,
    )
    account = ((await approved.json()) as { account: string }).account
  }, email)
  const chosen = 'four other words are plenty'
  const page = await (await browser.go(linkIn(invited))).text()
  await browser.submit(page, 'activate', { password: chosen })
  await signIn(browser, { identifier: email, secret: 'wrong' })
  await signIn(browser, { identifier: email, secret: chosen })
  await addPasskey(browser, service)
  const at = `/api/identity/users/${account}`
  await service.asPerson(admin, 'POST', `${at}/reset-factors`, { reason: 'Came in person, phone lost' })
  await service.asPerson(admin, 'POST', `${at}/status`, {
    status: 'banned',
    reason: 'Decision 7 of the board',
  })

  const { lines, next } = await read(account, '?limit=200')
  assert.equal(next, null)
  const told = lines.filter(({ kind }) => kind !== 'letters').map(said)
  assert.deepEqual(told, [
    'accounts.banned · Sólveig · Decision 7 of the board',
    'passkeys.removed · Sólveig · Came in person, phone lost',
    'passkeys.added · self',
    'sign-in · self',
    'sign-in · unknown · wrong',
    'accounts.activated · self',
    'joining.approved · Sólveig',
    'joining.address-proven · unknown',
  ])
  assert.ok(lines.some(({ letter }) => letter?.subject?.startsWith('Activate your account')))
  const times = lines.map(({ at: when }) => when)
  assert.deepEqual(times, [...times].sort().reverse())
  const text = JSON.stringify(lines)
  for (const secret of [
    password,
    chosen,
    new URL(linkIn(invited)).searchParams.get('token') ?? '-',
    '$argon2',
  ])
    assert.ok(!text.includes(secret))
})

test('it is read page by page, with no line twice and none lost, and by its kind', async () => {
  const account = await addAccount(service, { email: 'pages@example.org' })
  const browser = createBrowser(service.origin)
  await signIn(browser, { identifier: 'pages@example.org' })
  for (let n = 0; n < 6; n += 1) {
    await signIn(createBrowser(service.origin), {
      identifier: 'pages@example.org',
      secret: n % 2 === 0 ? 'wrong' : password,
    })
    await service.kit.atomic((_db, tx) => tx)((tx) =>
      tx.record({
        action: 'accounts.profile',
        actor: `person:${account}`,
        target: { type: 'Account', id: account },
        outcome: 'done',
        fields: ['name'],
      }),
    )
  }
  await turnOnTwoStep(browser)
  await lettersAreOut(database, 'identity.pause')
  const whole = (await read(account, '?limit=200')).lines
  assert.ok(whole.length >= 13)
  const seen: TimelineLine[] = []
  let before = ''
  for (let page = 0; page < 20; page += 1) {
    const { lines, next } = await read(account, `?limit=3&before=${before}`)
    seen.push(...lines)
    if (next === null) break
    before = next
  }
  // What becomes of a letter changes while it is read.
  const ids = (lines: readonly TimelineLine[]) => lines.map(({ id }) => id)
  assert.deepEqual(ids(seen), ids(whole))
  for (const kind of ['changes', 'sign-ins', 'letters'] as const) {
    const { lines } = await read(account, `?kind=${kind}&limit=200`)
    assert.deepEqual(ids(lines), ids(whole.filter((line) => line.kind === kind)))
  }
  assert.deepEqual(
    ids((await read(account, '?before=nonsense&limit=200')).lines),
    ids(whole),
    'what is no cursor begins anew',
  )
})

test('who may not look after people sees nothing of it, and nothing of another stands in it', async () => {
  const [account, other] = [
    await addAccount(service, { email: 'own@example.org' }),
    await addAccount(service, { email: 'other@example.org' }),
  ]
  await signIn(createBrowser(service.origin), { identifier: 'other@example.org' })
  assert.deepEqual((await read(account)).lines, [])
  assert.equal((await read(other)).lines.length, 1)
  for (const roles of [[], ['member'], ['election-manager']])
    assert.equal(
      (await service.asPerson({ subject: account, roles }, 'GET', `/api/identity/users/${account}/timeline`))
        .status,
      403,
    )
  for (const query of ['?kind=secrets', '?limit=0', '?limit=900', `?before=${'x'.repeat(700)}`])
    assert.equal(
      (await service.asPerson(admin, 'GET', `/api/identity/users/${account}/timeline${query}`)).status,
      400,
    )
})

test('who did it is called by their name as long as they have one; an operator and the house are said to be that', async () => {
  const account = await addAccount(service, { email: 'names@example.org' })
  const gone = await addAccount(service, { email: 'gone@example.org', name: 'Gone' })
  for (const actor of [`person:${gone}`, 'operator:root', 'service:members', 'carrier', 'person:unknown'])
    await service.kit.atomic((_db, tx) => tx)((tx) =>
      tx.record({
        action: 'accounts.roles',
        actor,
        target: { type: 'Account', id: account },
        outcome: 'done',
      }),
    )
  await database.query('delete from account where id = $1', [gone])
  const actors = (await read(account)).lines.map(({ actor }) => actor)
  const wanted = [
    { kind: 'person', id: gone, name: null },
    { kind: 'operator', id: 'root', name: 'root' },
    { kind: 'service', id: 'members', name: null },
    { kind: 'service', id: 'carrier', name: null },
    { kind: 'unknown', id: null, name: null },
  ]
  // Written within a millisecond, they have no order among themselves.
  const byId = (all: readonly unknown[]) => all.map((one) => JSON.stringify(one)).sort()
  assert.deepEqual(byId(actors), byId(wanted))
})

test('sign-ins and letters of one account are found without reading those of all', async () => {
  await database.query(
    `insert into account (id, name, status) select 'acc_' || n, 'Somebody', 'active' from generate_series(0, 499) n`,
  )
  await database.query(
    `insert into login_event (id, at, account, method, result, network, device)
     select 'evt_0' || n, now() - n * interval '1 second', 'acc_' || n % 500, 'password', 'in', '192.0.2.1', 'x'
       from generate_series(1, 50000) n`,
  )
  await database.query(
    `insert into delivery (id, job, channel, account, address, state, began_at, changed_at)
     select 'dlv_0' || n, n::text, 'mail', 'acc_' || n % 500, 'x@example.org', 'sent', now(), now()
       from generate_series(1, 50000) n`,
  )
  await database.query('analyze login_event')
  await database.query('analyze delivery')
  const plans: string[] = []
  const explaining = {
    query: async <R>(text: string, params?: readonly unknown[]) => {
      plans.push(JSON.stringify(await database.query(`explain (format json) ${text}`, params)))
      return [] as R[]
    },
  }
  for (const before of ['', 'zzz']) {
    await createLoginEventStore(explaining).list({ account: 'acc_7' }, before, 50)
    await createDeliveryStore(explaining).list({ account: 'acc_7' }, before, 50)
  }
  for (const plan of plans) assert.match(plan, /login_event_account|login_event_in|delivery_account/)
  for (const plan of plans) assert.doesNotMatch(plan, /Seq Scan/)
  await database.query("delete from login_event where id like 'evt_0%'")
  await database.query("delete from delivery where id like 'dlv_0%'")
})

test('whatever identity writes down about an account has its words in the console: give `timeline.action` one for it', () => {
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  const sources = globSync('services/identity/**/*.ts', { cwd: root })
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => readFileSync(`${root}/${file}`, 'utf8'))
    .join('\n')
  const written = new Set(
    [
      ...sources.matchAll(
        /['`]((?:accounts|sessions|passwords|two-step|passkeys|mailed-codes|federation|outside-tokens|joining|guesses|privacy|consents|connections|mail|sign-in)\.[\w-]+)['`]/g,
      ),
    ].map(([, action = '']) => action),
  )
  // Made of two words where they are written.
  for (const action of [
    'consents.given',
    'consents.withdrawn',
    'accounts.suspended',
    'accounts.active',
    'mailed-codes.sms-on',
    'mailed-codes.sms-off',
    'mailed-codes.mail-on',
    'mailed-codes.mail-off',
    'mailed-codes.sms',
    'mailed-codes.mail',
  ])
    written.add(action)
  // About no account, or told by sign-ins.
  for (const action of [
    'accounts.imported',
    'sign-in.eid',
    'sign-in.connector',
    'sign-in.agreement',
    'mail.read',
    'mail.resend',
    'mail.lift',
    'connections.ended',
    'connections.allowed',
    'connections.refused',
    'connections.tokens-given',
    'connections.token-given-back',
    'connections.used-twice',
  ])
    written.delete(action)
  assert.ok(written.size > 30)
  for (const locale of ['is', 'en']) {
    const texts = JSON.parse(readFileSync(`${root}/web/admin/texts/${locale}.json`, 'utf8')) as Record<
      string,
      string
    >
    const missing = [...written].filter(
      (action) => !texts['timeline.action']?.includes(` ${action.replaceAll(/[.-]/g, '_')} {`),
    )
    assert.deepEqual(missing, [], locale)
  }
})
