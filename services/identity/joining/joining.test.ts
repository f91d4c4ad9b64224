import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '@althing/kernel/testing'
import {
  addAccount,
  createBrowser,
  signIn,
  testIdentity,
  type Browser,
  type TestIdentity,
} from '../../../tests/support/identity.ts'
import { linkIn, testMailbox } from '../../../tests/support/mailbox.ts'
import { told } from '../../../tests/support/told.ts'

const { url, mails, because } = await testMailbox()
const waiting = await testIdentity({
  env: { ALTHING_IDENTITY_MAIL_URL: url, ALTHING_IDENTITY_TERMS_URL: 'https://terms.example/{version}' },
})

const ada = {
  name: 'Ada Jónsdóttir',
  email: 'new@example.org',
  birth_date: '1990-05-17',
  terms: 'on',
  marketing: 'on',
}
const chosen = 'four other words are plenty'

const ask = async (browser: Browser, fields: Record<string, string>) =>
  browser.submit(await (await browser.go('/register')).text(), 'register', fields)
const press = async (browser: Browser, link: string) =>
  browser.submit(await (await browser.go(link)).text(), 'confirm', {})

/** A call with a person's token. */
async function call(service: TestIdentity, roles: string[], method: string, path: string, body?: unknown) {
  const token = service.issuer.token(
    { subject: 'acc_00000000-0000-7000-8000-000000000001', roles },
    { iss: service.origin, aud: `${service.origin}/api` },
  )
  const answer = await fetch(`${service.origin}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await answer.text()
  return {
    status: answer.status,
    body: (text === '' ? null : JSON.parse(text)) as Record<string, unknown> | null,
  }
}

const leadsTo = (answer: Response) => answer.headers.get('location')?.split('?')[0] ?? null

/** Where an answer leads, and what stands above the page there. */
async function arrival(browser: Browser, answer: Response): Promise<string> {
  const { response, url } = await browser.follow(answer)
  return `${url.pathname}: ${/<h1>([^<]+)</.exec(await response.text())?.[1] ?? 'nothing'}`
}

test('from an application to an account: the address is proven, an administrator decides, a link begins it', async () => {
  const service = waiting
  const browser = createBrowser(service.origin)
  const mail = await because(async () => {
    assert.equal(await arrival(browser, await ask(browser, ada)), '/register/sent: Look at your e-mail')
  })
  assert.deepEqual([mail.to, mail.subject], ['new@example.org', 'Confirm your address at Althing'])
  assert.doesNotMatch(
    mail.text,
    /Ada/,
    'anybody may have this mailbox: nothing goes there that a stranger wrote',
  )
  const link = linkIn(mail)
  assert.ok(link.startsWith(`${service.origin}/register/confirm?token=`))
  for (let scanner = 0; scanner < 3; scanner += 1) assert.equal((await browser.go(link)).status, 200)
  assert.equal(
    await arrival(browser, await press(browser, link)),
    '/register/waiting: Your application is with us',
  )
  assert.equal((await browser.go(link)).status, 410)

  const list = await call(service, ['administrator'], 'GET', '/api/identity/applications')
  const [application] = (list.body as { applications: { id: string; email: string }[] }).applications
  assert.equal(application?.email, 'new@example.org')
  const path = `/api/identity/applications/${application?.id}`
  for (const roles of [[], ['member'], ['election-manager']]) {
    assert.equal((await call(service, roles, 'POST', `${path}/approve`)).status, 403, roles.join())
    assert.equal((await call(service, roles, 'GET', path)).status, 403, roles.join())
  }
  const nobody = `/api/identity/applications/app_${'0'.repeat(8)}-0000-7000-8000-${'0'.repeat(12)}`
  assert.equal((await call(service, ['administrator'], 'GET', nobody)).status, 404)
  const one = await call(service, ['administrator'], 'GET', path)
  assert.deepEqual([one.status, one.body], [200, application])
  const invited = await because(async () => {
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => call(service, ['administrator'], 'POST', `${path}/approve`)),
    )
    assert.deepEqual(
      answers.map(({ status }) => status).sort((a, b) => a - b),
      [200, ...Array<number>(7).fill(409)],
    )
  })
  assert.match(invited.subject, /^Activate your account/)
  const activation = linkIn(invited)
  const page = await (await browser.go(activation)).text()
  assert.equal((await browser.submit(page, 'activate', { password: chosen })).status, 303)
  assert.equal(
    (await signIn(browser, { identifier: 'new@example.org', secret: chosen })).headers.get('location'),
    '/account',
  )
  const consents = await (await browser.go('/account/consents')).text()
  assert.match(consents, /You receive them/)
  await browser.submit(consents, 'marketing', {})
  assert.match(await (await browser.go('/account/consents')).text(), /You do not receive them[^]*taken back/)
  assert.equal(
    (await call(service, ['administrator'], 'POST', `${path}/reject`, { reason: 'x' })).status,
    409,
  )
})

test('an address that has an account is told so by mail alone; the page says the same', async () => {
  const service = waiting
  await addAccount(service, { email: 'known@example.org' })
  const answers: (string | null)[] = []
  const mail = await because(async () => {
    answers.push(leadsTo(await ask(createBrowser(service.origin), { ...ada, email: 'Known@example.org' })))
  })
  assert.deepEqual(answers, ['/register/sent'])
  // In the language of whoever has the account, and not of the page where a stranger may have asked.
  assert.deepEqual([mail.to, mail.subject], ['known@example.org', 'Þú ert þegar með aðgang hjá Althing'])
  // The mail goes first: a crash between the two would rather say it twice than never.
  const left = () => service.kit.database.query(`select 1 from application where email = 'known@example.org'`)
  await until(async () => (await left()).length === 0)
})

test('what is missing or wrong is said beside its field, and nothing is kept of it', async () => {
  const service = waiting
  const before = mails.length
  const wrong: readonly (readonly [Record<string, string>, RegExp])[] = [
    [{ ...ada, name: '' }, /Enter your name/],
    [{ ...ada, name: 'Ada\r\nBcc: eve@example.org' }, /Write your name in one line/],
    [{ ...ada, name: 'Ada \u202eadA' }, /Write your name in one line/],
    [{ ...ada, name: 'Visit http://evil.example/ now' }, /A name holds no web address/],
    [{ ...ada, name: 'a'.repeat(201) }, /A name has 200 letters at most/],
    [{ ...ada, birth_date: '2090-05-17' }, /This date has not come yet/],
    [{ ...ada, email: 'not an address' }, /Enter your e-mail address/],
    [{ ...ada, email: 'ada@example.org\nBcc: eve@example.org' }, /Enter your e-mail address/],
    [{ ...ada, birth_date: '1990-02-31' }, /Enter your date of birth/],
    [{ ...ada, birth_date: '1899-12-31' }, /Enter your date of birth/],
    [{ ...ada, name: '12 34' }, /Enter your name/],
    [{ ...ada, phone: 'call me' }, /Enter a phone number/],
    [{ ...ada, birth_date: '2015-05-17' }, /Under 18 a guardian must agree/],
    [
      { ...ada, birth_date: '2015-05-17', guardian_email: 'new@example.org' },
      /Under 18 a guardian must agree/,
    ],
  ]
  for (const [fields, words] of wrong) {
    const answer = await ask(createBrowser(service.origin), fields)
    assert.equal(answer.status, 422)
    assert.match(await answer.text(), words)
  }
  const { terms: _, ...silent } = ada
  assert.match(await (await ask(createBrowser(service.origin), silent)).text(), /Without your agreement/)
  assert.equal(mails.length, before)
})

test('under 18 a guardian agrees from a mailbox of their own, before anybody decides', async () => {
  const service = waiting
  const minor = {
    ...ada,
    email: 'minor@example.org',
    birth_date: '2015-05-17',
    guardian_email: 'parent@example.org',
  }
  const browser = createBrowser(service.origin)
  const link = linkIn(await because(() => ask(browser, minor), 'minor@example.org'))
  const asked = await because(async () => {
    assert.equal(
      await arrival(browser, await press(browser, link)),
      '/register/guardian-asked: Now your guardian',
    )
  })
  assert.equal(asked.to, 'parent@example.org')
  assert.doesNotMatch(asked.subject, /Ada/)
  assert.match(asked.text, /^Ada/)
  const [row] = await service.kit.database.query<{ id: string }>(
    `select id from application where email = 'minor@example.org'`,
  )
  const path = `/api/identity/applications/${row?.id}`
  assert.equal((await call(service, ['administrator'], 'POST', `${path}/approve`)).status, 409)
  assert.equal(await arrival(browser, await press(browser, linkIn(asked))), '/register/agreed: Thank you')
  assert.equal((await browser.go(linkIn(asked))).status, 410)
  assert.equal((await call(service, ['administrator'], 'POST', `${path}/approve`)).status, 200)
})

test('who is refused reads why; the reason cannot begin a header', async () => {
  const service = waiting
  const browser = createBrowser(service.origin)
  await press(
    browser,
    linkIn(
      await because(() => ask(browser, { ...ada, email: 'refused@example.org' }), 'refused@example.org'),
    ),
  )
  const [row] = await service.kit.database.query<{ id: string }>(
    `select id from application where email = 'refused@example.org'`,
  )
  const mail = await because(
    () =>
      call(service, ['superadmin'], 'POST', `/api/identity/applications/${row?.id}/reject`, {
        reason: 'We know nobody of this name.',
      }),
    'refused@example.org',
  )
  assert.match(mail.text, /We know nobody of this name\./)
  assert.equal((await signIn(browser, { identifier: 'refused@example.org', secret: chosen })).status, 422)
})

test('where the door is open, whoever proves an address chooses a password at once; where it is closed, nobody is asked', async () => {
  const open = await testIdentity({
    env: { ALTHING_IDENTITY_MAIL_URL: url, ALTHING_IDENTITY_REGISTRATION: 'open' },
  })
  const browser = createBrowser(open.origin)
  const link = linkIn(
    await because(() => ask(browser, { ...ada, email: 'open@example.org' }), 'open@example.org'),
  )
  const { response } = await browser.follow(await press(browser, link))
  const done = await browser.submit(await response.text(), 'activate', { password: chosen })
  assert.equal(await told(browser, done), '/sign-in: done.activated')
  assert.equal((await signIn(browser, { identifier: 'open@example.org', secret: chosen })).status, 303)

  const closed = await testIdentity({ env: { ALTHING_IDENTITY_REGISTRATION: 'closed' } })
  const page = await (await createBrowser(closed.origin).go('/register')).text()
  assert.match(page, /made by the office/)
  assert.doesNotMatch(page, /id="register"/)
})

test('an administrator makes an account and hands over a code on paper: it works once, and proves no mailbox', async () => {
  const service = waiting
  const made = await call(service, ['administrator'], 'POST', '/api/identity/users', {
    name: 'Jón á Hóli',
    email: 'jon@example.org',
    kennitala: '010150-2909',
  })
  assert.equal(made.status, 201)
  const again = await call(service, ['administrator'], 'POST', '/api/identity/users', {
    name: 'Jón',
    kennitala: '0101502909',
  })
  assert.equal(again.status, 409)
  const id = String(made.body?.['id'])
  assert.equal((await call(service, ['member'], 'POST', `/api/identity/users/${id}/paper-code`)).status, 403)
  const paper = await call(service, ['administrator'], 'POST', `/api/identity/users/${id}/paper-code`)
  const code = String(paper.body?.['code'])
  assert.match(code, /^[0-9a-z]{4}(-[0-9a-z]{4}){3}$/)

  const browser = createBrowser(service.origin)
  const page = await (await browser.go('/activate')).text()
  assert.equal((await browser.submit(page, 'activation-code', { code: 'aaaa-aaaa-aaaa-aaaa' })).status, 422)
  const found = await browser.submit(page, 'activation-code', { code: ` ${code.toUpperCase()} ` })
  const { response } = await browser.follow(found)
  const chosenPage = await response.text()
  assert.equal((await browser.submit(chosenPage, 'activate', { password: chosen, terms: 'on' })).status, 303)
  assert.equal((await browser.submit(chosenPage, 'activate', { password: chosen, terms: 'on' })).status, 410)
  const [row] = await service.kit.database.query<{ email_proven: boolean }>(
    'select email_proven from account where id = $1',
    [id],
  )
  assert.equal(row?.email_proven, false)
  // Who has no mailbox at hand signs in by kennitala.
  for (const identifier of ['0101502909', '010150-2909'])
    assert.equal((await signIn(createBrowser(service.origin), { identifier, secret: chosen })).status, 303)
  assert.equal(
    (await call(service, ['administrator'], 'POST', `/api/identity/users/${id}/paper-code`)).status,
    409,
  )
  const audit = JSON.stringify(await service.kit.database.query('select * from audit_entry'))
  assert.ok(audit.includes('accounts.paper-code') && !audit.includes(code))
})

test('a code on paper that was left over opens no account that is open already', async () => {
  const service = waiting
  const id = await addAccount(service, { email: 'left@example.org', status: 'pending', withPassword: false })
  const paper = await call(service, ['administrator'], 'POST', `/api/identity/users/${id}/paper-code`)
  await service.kit.database.query(`update account set status = 'active' where id = $1`, [id])
  const browser = createBrowser(service.origin)
  const page = await (await browser.go('/activate')).text()
  const found = await browser.submit(page, 'activation-code', { code: String(paper.body?.['code']) })
  const { response } = await browser.follow(found)
  assert.equal(
    (await browser.submit(await response.text(), 'activate', { password: chosen, terms: 'on' })).status,
    410,
  )
  assert.equal((await signIn(browser, { identifier: 'left@example.org', secret: chosen })).status, 422)
})

test('an administrator finds, looks, closes and takes factors away; not above themselves, and a member nothing', async () => {
  const service = waiting
  const id = await addAccount(service, { email: 'found_1%@example.org', name: 'Þóra Fundin' })
  const chief = await addAccount(service, { email: 'chief@example.org', roles: ['superadmin'] })
  const found = await call(service, ['administrator'], 'GET', '/api/identity/users?q=fundin&status=active')
  assert.deepEqual(
    (found.body as { users: { id: string }[] }).users.map((user) => user.id),
    [id],
  )
  const literal = await call(
    service,
    ['administrator'],
    'GET',
    `/api/identity/users?q=${encodeURIComponent('_1%@')}`,
  )
  assert.deepEqual(
    (literal.body as { users: { id: string }[] }).users.map((user) => user.id),
    [id],
  )
  assert.equal((await call(service, ['member'], 'GET', '/api/identity/users')).status, 403)
  const detail = await call(service, ['administrator'], 'GET', `/api/identity/users/${id}`)
  assert.deepEqual(detail.body?.['factors'], {
    password: true,
    codesLeft: null,
    mailedCodes: [],
    passkeys: 0,
    electronicId: false,
  })
  const close = (target: string, roles: string[]) =>
    call(service, roles, 'POST', `/api/identity/users/${target}/status`, {
      status: 'suspended',
      reason: 'case 18',
    })
  assert.equal((await close(chief, ['administrator'])).status, 403)
  assert.equal((await close(id, ['member'])).status, 403)
  assert.equal((await close(id, ['administrator'])).status, 200)
  assert.equal(
    (await signIn(createBrowser(service.origin), { identifier: 'found_1%@example.org' })).status,
    422,
  )
  const reasons = await call(service, ['administrator'], 'GET', '/api/identity/login-events/reasons')
  assert.ok(
    (reasons.body as { reasons: { reason: string }[] }).reasons.some(({ reason }) => reason === 'inactive'),
  )
  assert.equal((await call(service, ['member'], 'GET', '/api/identity/login-events')).status, 403)
  assert.equal(
    (
      await call(service, ['administrator'], 'POST', `/api/identity/users/${chief}/reset-factors`, {
        reason: 'Lost',
      })
    ).status,
    403,
  )
  assert.equal(
    (
      await call(service, ['administrator'], 'POST', `/api/identity/users/${id}/reset-factors`, {
        reason: 'Lost',
      })
    ).status,
    409,
    'there is nothing to take',
  )
})
