import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { ConfigError } from '@althing/kernel/config'
import {
  addAccount,
  createBrowser,
  formOf,
  signIn,
  testIdentity,
  type Browser,
} from '../../../tests/support/identity.ts'
import { linkIn, testMailbox } from '../../../tests/support/mailbox.ts'
import { readAccounts } from '../accounts/import.ts'
import { createConsentStore } from './store.ts'
import { openTexts } from './texts.ts'

const folder = mkdtempSync(join(tmpdir(), 'althing-texts-'))
after(() => rmSync(folder, { recursive: true }))
for (const version of ['1', '2'])
  for (const kind of ['terms', 'privacy'])
    for (const lang of ['is', 'en'])
      writeFileSync(
        join(folder, `${kind}-${version}.${lang}.txt`),
        `# The ${kind}\n\nVersion ${version} in ${lang}, <b>not bold</b>.\n\n- one\n- two`,
      )

const { url, because } = await testMailbox()
const common = { ALTHING_IDENTITY_MAIL_URL: url, ALTHING_IDENTITY_TEXTS_FOLDER: folder }
/** Two nodes on one database, one of them with the next version: as while settings are rolled out. */
const first = await testIdentity({ env: common })
const second = await testIdentity({ like: first, env: { ...common, ALTHING_IDENTITY_CONSENT_VERSION: '2' } })
const without = await testIdentity({ env: { ALTHING_IDENTITY_MAIL_URL: url } })
const { database } = first.kit

const ada = { name: 'Ada Jónsdóttir', birth_date: '1990-05-17' }
const ask = async (browser: Browser, fields: Record<string, string>) =>
  browser.submit(await (await browser.go('/register')).text(), 'register', fields)
const given = async (account: string) =>
  (
    await database.query<{ kind: string; version: string }>(
      'select kind, version from consent where account = $1 and withdrawn_at is null order by version, kind',
      [account],
    )
  ).map(({ kind, version }) => `${kind} ${version}`)
const agreeTo = (account: string, version: string) =>
  database.query(
    `insert into consent (account, kind, version, given_at) values ($1, 'terms', $2, now()), ($1, 'privacy', $2, now())`,
    [account, version],
  )
const goOn = async (browser: Browser, at: string, form: string, fields: Record<string, string> = {}) =>
  browser.submit(await (await browser.go(at)).text(), form, fields)
const pathOf = (link: string) => new URL(link).pathname + new URL(link).search
const chosen = 'four other words are plenty'
const admin = { subject: 'acc_00000000-0000-7000-8000-000000000001', roles: ['administrator'] }

test('an organisation that has set no texts asks nobody to agree: not at sign-up, not after signing in', async () => {
  const browser = createBrowser(without.origin)
  const page = await (await browser.go('/register')).text()
  assert.doesNotMatch(page, /I agree|name="terms"|name="version"/)
  await because(
    () => ask(browser, { ...ada, email: 'free@example.org', marketing: 'on' }),
    'free@example.org',
  )
  assert.deepEqual(await without.kit.database.query('select consents from application'), [
    { consents: ['marketing'] },
  ])
  await addAccount(without, { email: 'plain@example.org' })
  const answer = await signIn(browser, { identifier: 'plain@example.org' })
  assert.equal(answer.headers.get('location'), '/account')
  assert.equal((await browser.go('/sign-in/agreement')).headers.get('location'), '/account')
})

test('who signs up agrees to the version that they could read, and it is kept when another is in force by the time they are let in', async () => {
  const browser = createBrowser(first.origin)
  const page = await (await browser.go('/register')).text()
  assert.match(page, /href="\/texts\/terms\/1"[^]*version 1[^]*href="\/texts\/privacy\/1"/)
  const email = 'reader@example.org'
  const unread = await browser.submit(page, 'register', { ...ada, email })
  assert.deepEqual([unread.status, /Without your agreement/.test(await unread.text())], [422, true])
  const other = await browser.submit(page, 'register', { ...ada, email, terms: 'on', version: '2' })
  assert.deepEqual([other.status, /The terms have changed/.test(await other.text())], [422, true])
  const unsaid = await browser.submit(page, 'register', { ...ada, email, terms: 'on', version: '' })
  assert.equal(unsaid.status, 422)
  const mail = await because(() => browser.submit(page, 'register', { ...ada, email, terms: 'on' }), email)
  await goOn(browser, linkIn(mail), 'confirm')
  const [application] = await database.query<{ id: string }>('select id from application where email = $1', [
    email,
  ])
  let account = ''
  const invited = await because(async () => {
    const answer = await second.asPerson(
      admin,
      'POST',
      `/api/identity/applications/${application?.id}/approve`,
    )
    account = ((await answer.json()) as { account: string }).account
  }, email)
  assert.deepEqual(await given(account), ['privacy 1', 'terms 1'])
  // On a node where the next version is in force the first password asks for that one.
  const late = createBrowser(second.origin)
  const choose = await (await late.go(pathOf(linkIn(invited)))).text()
  assert.match(choose, /href="\/texts\/terms\/2"/)
  const refused = await late.submit(choose, 'activate', { password: chosen })
  assert.deepEqual([refused.status, /Without your agreement/.test(await refused.text())], [422, true])
  const old = await late.submit(choose, 'activate', { password: chosen, terms: 'on', version: '1' })
  assert.deepEqual([old.status, /The terms have changed/.test(await old.text())], [422, true])
  assert.equal((await late.submit(choose, 'activate', { password: chosen, terms: 'on' })).status, 303)
  assert.deepEqual(await given(account), ['privacy 1', 'terms 1', 'privacy 2', 'terms 2'])
})

test('an invitation asks who never agreed, and not who has', async () => {
  for (const [email, version, isAsked] of [
    ['invited@example.org', null, true],
    ['imported@example.org', '1', false],
  ] as const) {
    const account = await addAccount(first, { email, status: 'pending', withPassword: false })
    if (version !== null) await agreeTo(account, version)
    const mail = await because(
      () => first.asPerson(admin, 'POST', `/api/identity/users/${account}/activate`),
      email,
    )
    const browser = createBrowser(first.origin)
    // Either node may have sent it.
    const page = await (await browser.go(pathOf(linkIn(mail)))).text()
    assert.equal(/name="terms"/.test(page), isAsked, email)
    assert.equal((await browser.submit(page, 'activate', { password: chosen, terms: 'on' })).status, 303)
    assert.deepEqual(await given(account), ['privacy 1', 'terms 1'])
  }
})

test('a new version is asked about at the next sign-in; later means later, and agreeing leads on', async () => {
  const email = 'again@example.org'
  const account = await addAccount(first, { email })
  await agreeTo(account, '1')
  assert.equal(
    (await signIn(createBrowser(first.origin), { identifier: email })).headers.get('location'),
    '/account',
  )
  const browser = createBrowser(second.origin)
  const place = '/sign-in?return=%2Faccount%2Fprofile'
  const asked = (await signIn(browser, { identifier: email, at: place })).headers.get('location') ?? ''
  assert.equal(asked, '/sign-in/agreement?return=%2Faccount%2Fprofile')
  const page = await (await browser.go(asked)).text()
  assert.match(
    page,
    /have changed since you agreed[^]*href="\/texts\/terms\/2"[^]*href="\/texts\/privacy\/2"/,
  )
  const stale = await browser.submit(page, 'agreement', { version: '1' })
  assert.deepEqual([stale.status, /changed once more/.test(await stale.text())], [409, true])
  assert.deepEqual(await given(account), ['privacy 1', 'terms 1'], 'what was not read is not agreed to')
  const later = await browser.submit(page, 'agreement-later', {})
  assert.equal(later.headers.get('location'), '/account/profile')
  assert.deepEqual(await given(account), ['privacy 1', 'terms 1'])
  browser.jar.delete('althing_id')
  assert.equal(
    (await signIn(browser, { identifier: email })).headers.get('location'),
    '/account',
    'not twice a day',
  )
  const other = createBrowser(second.origin)
  const again = (await signIn(other, { identifier: email })).headers.get('location') ?? ''
  assert.equal(again, '/sign-in/agreement')
  assert.equal((await goOn(other, again, 'agreement')).headers.get('location'), '/account')
  assert.deepEqual(await given(account), ['privacy 1', 'terms 1', 'privacy 2', 'terms 2'])
  const [entry] = await database.query<{ actor: string; fields: string[] }>(
    `select actor, fields from audit_entry where action = 'consents.given' and target_id = $1`,
    [account],
  )
  assert.deepEqual(entry, { actor: `person:${account}`, fields: ['terms', 'privacy'] })
  const history = await (await other.go('/account/consents')).text()
  assert.match(history, /href="\/texts\/terms\/2"[^]*href="\/texts\/terms\/1"/)
})

test('an application that sent them gets its answer after the agreement, in the browser in which it was begun and no other', async () => {
  const email = 'ada@example.org'
  const account = await addAccount(second, { email })
  const begun = createBrowser(second.origin)
  const start = await begun.go(
    '/oauth/authorize?client_id=portal&response_type=code&scope=openid&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&state=xyz&redirect_uri=' +
      encodeURIComponent(`${second.origin}/session/callback`),
  )
  const { url: door } = await begun.follow(start, ({ pathname }) => pathname === '/sign-in')
  const asked = (await signIn(begun, { at: door.href, identifier: email })).headers.get('location') ?? ''
  assert.match(asked, /^\/sign-in\/agreement\?interaction=/)
  const thief = createBrowser(second.origin)
  await signIn(thief, { identifier: email })
  assert.equal((await thief.go(asked)).status, 410, 'begun in another browser')
  const page = await begun.go(asked)
  assert.match(
    page.headers.get('content-security-policy') ?? '',
    new RegExp(`form-action 'self' ${second.origin}`),
  )
  const { url: back } = await begun.follow(
    await begun.submit(await page.text(), 'agreement', {}),
    ({ pathname }) => pathname === '/session/callback',
  )
  assert.ok(back.searchParams.has('code'))
  assert.deepEqual(await given(account), ['privacy 2', 'terms 2'])
})

test('the page of an agreement leads nowhere else, tells nobody anything, and takes no word of who is not signed in', async () => {
  const browser = createBrowser(second.origin)
  assert.equal(
    (await browser.go('/sign-in/agreement?return=/account')).headers.get('location'),
    '/sign-in?return=%2Faccount',
  )
  const email = 'careful@example.org'
  await addAccount(second, { email })
  const at = (await signIn(browser, { identifier: email })).headers.get('location') ?? ''
  const page = await (await browser.go(at)).text()
  for (const evil of ['https://evil.example/', '//evil.example', '/\\evil.example'])
    assert.equal(
      (await browser.submit(page, 'agreement-later', { return: evil })).headers.get('location'),
      '/account',
      evil,
    )
  const foreign = await browser.go('/sign-in/agreement', {
    method: 'POST',
    headers: { origin: 'https://evil.example' },
    body: new URLSearchParams({ ...formOf(page, 'agreement').hidden }),
  })
  assert.equal(foreign.status, 403)
})

test('each version stands at its own address, in both languages, as text and never as markup; what is not there is not found', async () => {
  const browser = createBrowser(second.origin)
  const old = await (await browser.go('/texts/terms/1?lang=en')).text()
  assert.match(
    old,
    /<h1>The terms<\/h1>[^]*Version 1[^]*earlier version[^]*Version 1 in en, &lt;b&gt;not bold[^]*<li>one<\/li>/,
  )
  const now = await (await browser.go('/texts/privacy/2?lang=is')).text()
  assert.match(now, /Version 2 in is/)
  assert.doesNotMatch(now, /eldri útgáfa/)
  for (const path of [
    '/texts/terms/3',
    '/texts/marketing/1',
    '/texts/terms/..%2f..%2fetc%2fpasswd',
    '/texts/terms',
  ])
    assert.equal((await browser.go(path)).status, 404, path)
})

test('a folder that cannot be read, or a version in one language only, stops the start; an address elsewhere names the version', () => {
  const lone = mkdtempSync(join(tmpdir(), 'althing-texts-'))
  writeFileSync(join(lone, 'terms-1.is.txt'), 'x')
  for (const textsFolder of [lone, join(lone, 'nothing')])
    assert.throws(() => openTexts({ consentVersion: '1', textsFolder }), ConfigError)
  rmSync(lone, { recursive: true })
  const texts = openTexts({
    consentVersion: '4',
    termsUrl: 'https://félag.example/terms/{version}?hl={lang}',
    privacyUrl: 'https://félag.example/privacy',
  })
  assert.deepEqual(texts.kinds, ['terms', 'privacy'])
  assert.equal(texts.hrefOf('terms', '3', 'is'), 'https://félag.example/terms/3?hl=is')
  assert.deepEqual(
    [texts.hrefOf('privacy', '4', 'is'), texts.hrefOf('privacy', '3', 'is')],
    ['https://félag.example/privacy', null],
  )
  assert.deepEqual(openTexts({ consentVersion: '1', termsUrl: 'https://félag.example/t' }).kinds, ['terms'])
})

test('an import says who has agreed elsewhere, and to which version', () => {
  const rows = readAccounts('email,name,agreed\na@example.org,Ada J,2\nb@example.org,Bea J,\n')
  assert.deepEqual(
    rows.map(({ agreed }) => agreed),
    ['2', ''],
  )
  assert.throws(() => readAccounts('email,name,agreed\na@example.org,Ada J,<b>\n'))
})

test('of sixteen that agree to the same at the same moment one is written down', async () => {
  const account = await addAccount(first, { email: 'twice@example.org' })
  const store = createConsentStore(database)
  const said = await Promise.all(
    Array.from({ length: 16 }, (_, n) => store.give(account, 'terms', '1', new Date(Date.now() + n))),
  )
  assert.equal(said.filter(Boolean).length, 1)
  assert.deepEqual(await given(account), ['terms 1'])
  assert.equal(await store.withdraw(account, 'terms', new Date()), true)
  assert.equal(await store.give(account, 'terms', '1', new Date(Date.now() + 1000)), true, 'and anew, later')
})
