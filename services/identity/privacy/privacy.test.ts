import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { collect } from '@althing/kernel/privacy'
import { erasureConfirmed, personErased } from '@althing/kernel/service'
import { addAccount, createBrowser, signIn, testIdentity } from '../../../tests/support/identity.ts'
import { testMailbox } from '../../../tests/support/mailbox.ts'
import { personData } from '../person-data.ts'
import { toCsv } from './csv.ts'
import { createExportStore } from './export-store.ts'
import { isPhrase } from './schema.ts'
import { told } from '../../../tests/support/told.ts'

const { url, mails, because } = await testMailbox()
const service = await testIdentity({ env: { ALTHING_IDENTITY_MAIL_URL: url } })
const { database } = service.kit
const path = '/account/privacy'
const keys = ['members', 'events', 'policy', 'portal']

async function member(email: string, more: { roles?: string[] } = {}) {
  const account = await addAccount(service, { email, ...more })
  const browser = createBrowser(service.origin)
  await signIn(browser, { identifier: email })
  const page = async (at = path) => (await browser.go(at)).text()
  return {
    account,
    browser,
    page,
    ask: async () => browser.submit(await page(), 'export', {}),
    erase: async (phrase: string) => browser.submit(await page(`${path}/erase`), 'erase', { phrase }),
    keep: async () => browser.submit(await page(), 'keep', {}),
  }
}

function passphraseIn(page: string): string {
  const found = /<code[^>]*>([a-z0-9-]{19})</.exec(page)?.[1]
  assert.ok(found !== undefined)
  return found
}
const passphraseOf = (account: string) =>
  database.query(`select passphrase is not null as "isKept" from data_export where account = $1`, [account])
/** Other services are not here to be asked: what they would add changes nothing about the passphrase. */
const makeReady = async (account: string) => {
  const [row] = await database.query<{ id: string }>('select id from data_export where account = $1', [
    account,
  ])
  const now = new Date()
  await createExportStore(database).finishExport(
    row?.id ?? '',
    Buffer.from('zip'),
    now,
    new Date(now.getTime() + 60_000),
  )
}
const sweepNow = async () => {
  const ticker = service.assembled.tickers?.find(({ name }) => name === 'identity.sweep')
  await ticker?.run(new AbortController().signal)
}
const erasureOf = async (person: string) =>
  (
    await database.query<{ state: string; days: number }>(
      `select state, extract(day from due_at - asked_at)::int as days from erasure where person = $1 order by asked_at desc`,
      [person],
    )
  )[0]
const office = await addAccount(service, { email: 'office@example.org', roles: ['administrator'] })
const shownToOffice = async (person: string) => {
  const by = { subject: office, roles: ['administrator'] }
  const answer = await service.asPerson(by, 'GET', `/api/identity/users/${person}`)
  return ((await answer.json()) as { erasedAt: string | null }).erasedAt
}
const makeDue = (person: string) =>
  database.query(`update erasure set due_at = now() - interval '1 second' where person = $1`, [person])
/** The ticker comes within a minute; a story does not wait for it. */
const eraseNow = async () => {
  const ticker = service.assembled.tickers?.find(({ name }) => name === 'identity.erasures')
  await ticker?.run(new AbortController().signal)
}
const confirm = (from: string, person: string) =>
  service.asService(from, 'POST', '/internal/messages', {
    id: crypto.randomUUID(),
    topic: erasureConfirmed,
    payload: { person },
  })

test('the passphrase is shown to its owner and lies nowhere in the open; a second export waits a day, also for eight at once', async () => {
  const { ask, browser, page, account } = await member('one@example.org')
  const form = await page()
  const answers = await Promise.all(Array.from({ length: 8 }, () => browser.submit(form, 'export', {})))
  assert.ok(answers.every(({ status }) => status === 303))
  const places = answers.map(({ headers }) => headers.get('location') ?? '')
  const [shown = '', ...more] = places.filter((place) => place !== path)
  assert.deepEqual(more, [])
  const refused = answers.find(({ headers }) => headers.get('location') === path)
  assert.equal(await told(browser, refused as Response), `${path}: problem.often`)
  const passphrase = passphraseIn(await page(shown))
  assert.match(passphrase, /^[0-9a-hj-km-np-tv-z]{4}(-[0-9a-hj-km-np-tv-z]{4}){3}$/)
  const rows = JSON.stringify(await database.query('select data_export::text from data_export'))
  assert.ok(!rows.includes(passphrase) && !rows.includes(Buffer.from(passphrase).toString('hex')))
  assert.match(await page(), /being gathered|are ready|could not be gathered/)
  assert.doesNotMatch(await page(), new RegExp(passphrase))
  await database.query(
    `update data_export set asked_at = asked_at - interval '25 hours' where account = $1`,
    [account],
  )
  assert.match((await ask()).headers.get('location') ?? '', /export\/passphrase\?id=exp_/)
})

test('the page with the passphrase can be loaded again for a quarter of an hour, also when the archive is made, and is gone after that', async () => {
  const { ask, page, account, browser } = await member('again@example.org')
  const shown = (await ask()).headers.get('location') ?? ''
  const passphrase = passphraseIn(await page(shown))
  assert.equal(passphraseIn(await page(shown)), passphrase)
  assert.equal((await browser.go(shown)).headers.get('cache-control'), 'no-store')
  assert.match(await page(), /Show the passphrase/)
  await makeReady(account)
  assert.equal(passphraseIn(await page(shown)), passphrase)
  await database.query(
    `update data_export set shown_until = now() - interval '1 second' where account = $1`,
    [account],
  )
  assert.equal(await told(browser, await browser.go(shown)), `${path}: problem.hidden`)
  assert.doesNotMatch(await page(), /Show the passphrase/)
  await sweepNow()
  assert.deepEqual(await passphraseOf(account), [{ isKept: false }])
})

test('whoever says that they have it is shown it no more, and the archive is made with it all the same', async () => {
  const { ask, page, account, browser } = await member('kept@example.org')
  const shown = (await ask()).headers.get('location') ?? ''
  const kept = await browser.submit(await page(shown), 'kept', {})
  assert.equal(kept.headers.get('location'), path)
  assert.equal(await told(browser, await browser.go(shown)), `${path}: problem.hidden`)
  assert.deepEqual(await passphraseOf(account), [{ isKept: true }], 'until the archive is made')
  await makeReady(account)
  assert.deepEqual(await passphraseOf(account), [{ isKept: false }])
})

test('a passphrase is for nobody else, for nobody without a fresh proof, and nobody else says for them that they have it', async () => {
  const [ada, eve] = [await member('mine@example.org'), await member('theirs@example.org')]
  const shown = (await ada.ask()).headers.get('location') ?? ''
  const id = new URL(shown, service.origin).searchParams.get('id') ?? ''
  assert.equal(await told(eve.browser, await eve.browser.go(shown)), `${path}: problem.hidden`)
  const own = (await eve.ask()).headers.get('location') ?? ''
  await eve.browser.submit(await eve.page(own), 'kept', { id })
  passphraseIn(await ada.page(shown))
  assert.match((await createBrowser(service.origin).go(shown)).headers.get('location') ?? '', /^\/sign-in/)
  await database.query(`update session set auth_time = now() - interval '1 hour' where account = $1`, [
    ada.account,
  ])
  const stale = (await ada.browser.go(shown)).headers.get('location') ?? ''
  assert.match(stale, /^\/sign-in\/again\?return=/)
  assert.equal(new URL(stale, service.origin).searchParams.get('return'), shown)
})

test('an archive is for its owner, while it is kept, and asked for with a fresh proof', async () => {
  const [ada, eve] = [await member('two@example.org'), await member('eve@example.org')]
  const form = await ada.page()
  await database.query(
    `insert into data_export (id, account, state, parts, archive, asked_at, ready_at, ends_at)
     values ('exp_1', $1, 'ready', 5, 'zip', now(), now(), now() + interval '1 hour')`,
    [ada.account],
  )
  const archive = `${path}/export/archive?id=exp_1`
  const mine = await ada.browser.go(archive)
  assert.deepEqual(
    [mine.status, mine.headers.get('content-type'), mine.headers.get('cache-control'), await mine.text()],
    [200, 'application/zip', 'no-store', 'zip'],
  )
  assert.equal((await eve.browser.go(archive)).status, 404)
  assert.equal((await createBrowser(service.origin).go(archive)).status, 303)
  await database.query(`update session set auth_time = now() - interval '1 hour' where account = $1`, [
    ada.account,
  ])
  assert.match((await ada.browser.go(archive)).headers.get('location') ?? '', /^\/sign-in\/again/)
  const stale = await ada.browser.submit(form, 'export', {})
  assert.match(stale.headers.get('location') ?? '', /^\/sign-in\/again/)
  await database.query(`update data_export set ends_at = now() - interval '1 second'`)
  await database.query('update session set auth_time = now() where account = $1', [ada.account])
  assert.equal((await ada.browser.go(archive)).status, 404)
})

test('an export waits for a service that is away, and says so when it gives up', async () => {
  const { account, page, ask } = await member('three@example.org')
  await ask()
  const [row] = await database.query<{ id: string }>('select id from data_export where account = $1', [
    account,
  ])
  const job = service.assembled.jobs?.find(({ name }) => name === 'identity.data-export')
  const run = (attempt: number) =>
    job?.execute({ id: row?.id }, { attempt, signal: new AbortController().signal })
  await assert.rejects(async () => run(1))
  assert.match(await page(), /gathered: [0-4] of 5/)
  await assert.rejects(async () => run(12))
  assert.match(await page(), /could not be gathered[^]*id="export"/)
})

test('a phrase in passing erases nobody; the right one waits thirty days, and can be called off', async () => {
  const { erase, keep, page, account, browser } = await member('four@example.org')
  for (const phrase of ['', 'yes', 'DELETE MY', 'DELETE MY ACCOUNT!'])
    assert.equal((await erase(phrase)).status, 422)
  assert.equal(await erasureOf(account), undefined)
  const form = await page(`${path}/erase`)
  const mail = await because(async () => {
    const done = await erase(' delete  my account ')
    assert.equal(await told(browser, done), `${path}: done.erasing`)
  }, 'four@example.org')
  assert.match(mail.text, /account\/privacy/)
  assert.deepEqual(await erasureOf(account), { state: 'waiting', days: 30 })
  assert.notEqual(await shownToOffice(account), null)
  await browser.submit(form, 'erase', { phrase: 'DELETE MY ACCOUNT' })
  assert.equal((await browser.go(`${path}/erase`)).headers.get('location'), path, 'asked is asked')
  assert.equal((await database.query('select from erasure where person = $1', [account])).length, 1)
  await eraseNow()
  assert.equal((await browser.go('/account')).status, 200, 'until then everything is as before')
  await because(keep, 'four@example.org')
  assert.equal((await erasureOf(account))?.state, 'cancelled')
  assert.equal(await shownToOffice(account), null)
  await makeDue(account)
  await eraseNow()
  assert.equal((await browser.go('/account')).status, 200)
  const again = await browser.submit(await page(`${path}/erase`), 'erase', {
    phrase: 'eyða aðganginum mínum',
  })
  assert.equal(again.status, 303, 'in either language, and again after it was called off')
})

test('when it is due everything goes at once, sessions and tokens with it; what comes late does not bring it back', async () => {
  const { erase, account, browser } = await member('five@example.org')
  await erase('DELETE MY ACCOUNT')
  await makeDue(account)
  const last = await because(eraseNow, 'five@example.org')
  assert.match(last.subject, /eytt/)
  assert.equal((await browser.go('/account')).status, 303)
  assert.deepEqual(await database.query('select from account where id = $1', [account]), [])
  const told = await database.query<{ recipient: string }>(
    `select recipient from outbox_message where topic = $1 and payload->>'person' = $2`,
    [personErased, account],
  )
  assert.deepEqual(told.map(({ recipient }) => recipient).sort(), [...keys].sort())
  assert.deepEqual(
    await database.query(`select stamp from revocation where subject = $1 and stamp is not null`, [account]),
    [{ stamp: 1 }],
  )
  const late = await service.asService('members', 'POST', '/internal/messages', {
    id: crypto.randomUUID(),
    topic: 'members.joined',
    payload: { person: account, member: 'mem_0190b0f0-0000-7000-8000-000000000001' },
  })
  assert.equal(late.status, 200)
  for (const from of keys) {
    assert.equal((await erasureOf(account))?.state, 'erasing')
    assert.equal((await confirm(from, account)).status, 200)
    await confirm(from, account)
  }
  assert.equal((await erasureOf(account))?.state, 'done')
  assert.equal((await service.kit.audit.verify()).ok, true)
})

test('a service confirms for itself alone, and nobody else for any', async () => {
  const { erase, account } = await member('six@example.org')
  await erase('DELETE MY ACCOUNT')
  await confirm('members', account)
  await makeDue(account)
  await eraseNow()
  const missing = async () =>
    (
      await database.query<{ service: string }>(
        `select service from erasure_part where confirmed_at is null
            and erasure = (select id from erasure where person = $1) order by 1`,
        [account],
      )
    ).map(({ service: name }) => name)
  assert.deepEqual(await missing(), [...keys].sort(), 'not before it has begun')
  assert.equal((await confirm('elections', account)).status, 422)
  await confirm('events', account)
  assert.deepEqual(await missing(), ['members', 'policy', 'portal'])
})

test('calling it off and its hour at the same moment: one of the two happens, whole', async () => {
  for (let round = 0; round < 10; round += 1) {
    const email = `race${round}@example.org`
    const { erase, account, page, browser } = await member(email)
    await erase('DELETE MY ACCOUNT')
    const form = await page()
    await database.query(`update erasure set due_at = now() + interval '15 ms' where person = $1`, [account])
    await Promise.all([pause(10).then(eraseNow), browser.submit(form, 'keep', {})])
    const isThere = (await database.query('select from account where id = $1', [account])).length === 1
    const state = (await erasureOf(account))?.state ?? ''
    assert.ok(isThere ? ['cancelled', 'waiting'].includes(state) : state === 'erasing', state)
    await makeDue(account)
    assert.match(await told(browser, await browser.submit(form, 'keep', {})), /^\/sign-in|late$/)
  }
})

test('the last superadmin cannot go; with a second one they can', async () => {
  const chief = await member('chief@example.org', { roles: ['superadmin'] })
  const refused = await chief.erase('DELETE MY ACCOUNT')
  assert.equal(refused.status, 422)
  assert.match(await refused.text(), /last superadmin/)
  await addAccount(service, { email: 'second@example.org', roles: ['superadmin'] })
  assert.equal((await chief.erase('DELETE MY ACCOUNT')).status, 303)
})

test('of two superadmins who both go the second stays until there is another', async () => {
  await database.query(`update account set roles = '{}' where roles && array['superadmin']`)
  const two = [
    await member('boss1@example.org', { roles: ['superadmin'] }),
    await member('boss2@example.org', { roles: ['superadmin'] }),
  ]
  for (const { erase } of two) assert.equal((await erase('DELETE MY ACCOUNT')).status, 303)
  for (const { account } of two) await makeDue(account)
  await eraseNow()
  const left = await database.query(`select id from account where 'superadmin' = any(roles)`)
  assert.equal(left.length, 1)
  const states = await Promise.all(two.map(async ({ account }) => (await erasureOf(account))?.state))
  assert.deepEqual(new Set(states), new Set(['erasing', 'waiting']))
})

test('an erasure that fails holds nobody else up, and its person hears once', async () => {
  const [stuck, next] = [await member('stuck@example.org'), await member('next@example.org')]
  await stuck.erase('DELETE MY ACCOUNT')
  await next.erase('DELETE MY ACCOUNT')
  await database.query(`create table holding (account text references account (id))`)
  await database.query('insert into holding values ($1)', [stuck.account])
  await makeDue(stuck.account)
  await makeDue(next.account)
  await because(eraseNow, 'stuck@example.org')
  await eraseNow()
  assert.equal((await erasureOf(stuck.account))?.state, 'waiting')
  assert.equal((await erasureOf(next.account))?.state, 'erasing')
  const farewells = mails.filter(
    ({ to, subject }) => to === 'stuck@example.org' && subject.endsWith('er eytt'),
  )
  assert.equal(farewells.length, 1)
  await database.query('drop table holding')
  await database.query('update erasure set next_at = null')
  await eraseNow()
  assert.equal((await erasureOf(stuck.account))?.state, 'erasing')
})

test('work that waits about somebody goes with them; a service that is silent is told again after a day', async () => {
  const { erase, account } = await member('queue@example.org')
  await erase('DELETE MY ACCOUNT')
  await database.query(
    `select graphile_worker.add_job('identity.notice', json_build_object('account', $1::text, 'detail', 'Firefox'), run_at => now() + interval '1 day')`,
    [account],
  )
  // What they did to somebody else, which nobody has taken for a day.
  await database.query(
    `insert into outbox_message (topic, payload, recipient, dead_at)
     values ('identity.never', json_build_object('person', 'acc_other', 'by', 'person:' || $1::text), 'policy', now())`,
    [account],
  )
  await makeDue(account)
  await eraseNow()
  const left = [
    ...(await database.query('select payload from graphile_worker._private_jobs')),
    ...(await database.query('select payload from outbox_message where topic <> $1', [personErased])),
  ]
  assert.ok(!JSON.stringify(left).includes(account))
  const told = async () =>
    (
      await database.query(`select 1 from outbox_message where topic = $1 and payload->>'person' = $2`, [
        personErased,
        account,
      ])
    ).length
  assert.equal(await told(), 4)
  await confirm('events', account)
  await database.query(`update erasure_part set told_at = now() - interval '25 hours'`)
  await eraseNow()
  assert.equal(await told(), 7)
  await eraseNow()
  assert.equal(await told(), 7, 'once a day')
})

test('what a service holds is told to identity alone', async () => {
  const { account } = await member('seven@example.org')
  const at = `/internal/privacy/data?person=${account}`
  for (const name of ['members', 'events', 'elections', 'portal'])
    assert.equal((await service.asService(name, 'GET', at)).status, 403, name)
  const answer = await service.asPerson({ subject: account, roles: ['superadmin'] }, 'GET', at)
  assert.notEqual(answer.status, 200)
})

test('a table is CSV that a spreadsheet does not run', () => {
  assert.equal(
    toCsv([
      { name: '=HYPERLINK("http://evil")', words: 'a, "b"\nc', list: ['x'], none: null },
      { name: '+1', words: '@x', list: [], more: true },
    ]),
    'name,words,list,none,more\r\n"\'=HYPERLINK(""http://evil"")","a, ""b""\nc","[""x""]",,\r\n\'+1,\'@x,[],,true\r\n',
  )
})

test('the phrase is the phrase', () => {
  for (const right of ['DELETE MY ACCOUNT', 'delete my account', ' Eyða aðganginum mínum '])
    assert.ok(isPhrase(right), right)
  for (const wrong of ['', 'DELETEMYACCOUNT', 'DELETE MY ACCOUNT.', 'EYDA ADGANGINUM MINUM'])
    assert.ok(!isPhrase(wrong), wrong)
})

test('with somebody go what was sent to them and what is held back, at each address that is or was theirs; what is another’s stays', async () => {
  const { account } = await member('gone-mail@example.org')
  await addAccount(service, { email: 'stays-mail@example.org' })
  await database.query(`update account set claimed_email = 'claimed@example.org' where id = $1`, [account])
  await database.query(
    `insert into address_change (account, email, previous, expires_at)
     values ($1, 'wished@example.org', 'former@example.org', now() + interval '1 day')`,
    [account],
  )
  const apply = (id: string, email: string, guardian: string) =>
    database.query(
      `insert into application (id, email, name, birth_date, locale, guardian_email, consents, state, created_at)
       values ($1, $2, 'A', '2012-01-01', 'is', $3, '{}', 'approved', now())`,
      [id, email, guardian],
    )
  await apply('app_gone', 'gone-mail@example.org', 'guardian@example.org')
  await apply('app_shared', 'gone-mail@example.org', 'guardian-of-two@example.org')
  // Whoever has an account keeps what is theirs, whatever others say of their mailbox.
  await apply('app_of-a-member', 'gone-mail@example.org', 'stays-mail@example.org')
  await apply('app_sibling', 'sibling@example.org', 'guardian-of-two@example.org')
  const theirs = ['gone-mail', 'claimed', 'wished', 'former', 'guardian'] as const
  const others = ['stays-mail', 'guardian-of-two', 'nobody'] as const
  for (const name of [...theirs, ...others]) await mailTo(`${name}@example.org`, null)
  await mailTo('before-that@example.org', account)
  const given = await collect(database, personData, account)
  assert.deepEqual(
    given
      .filter(({ name }) => name === 'delivery' || name === 'mail_suppression')
      .map(({ rows }) => rows.map(({ address }) => String(address)).toSorted()),
    Array.from({ length: 2 }, () => ['before-that@example.org', 'gone-mail@example.org']),
  )
  await eraseMember(account)
  for (const table of ['delivery', 'mail_suppression']) {
    const left = await database.query<{ address: string }>(
      `select address from ${table} where address = any($1) order by address`,
      [[...theirs, ...others, 'before-that'].map((name) => `${name}@example.org`)],
    )
    assert.deepEqual(
      left.map(({ address }) => address.replace('@example.org', '')),
      others.toSorted(),
    )
  }
})

async function mailTo(address: string, account: string | null): Promise<void> {
  await database.query(
    `insert into delivery (id, channel, account, address, state, began_at, changed_at)
     values ('ltr_' || gen_random_uuid(), 'mail', $2, $1, 'bounced', now(), now())`,
    [address, account],
  )
  await database.query(
    `insert into mail_suppression (address, account, reason, since) values ($1, $2, 'bounced', now())`,
    [address, account],
  )
}

async function eraseMember(person: string): Promise<void> {
  await database.query(
    `insert into erasure (id, person, state, asked_by, asked_at, due_at, said_at)
     values ('era_' || $1::text, $1, 'waiting', 'person:' || $1, now(), now() - interval '1 second', now())`,
    [person],
  )
  await eraseNow()
}
