import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskMail, maskPhone, showPhone, toE164 } from './addresses.ts'
import { codeText } from './texts.ts'
import { codeOf, submitCode, turnOnTwoStep } from '../../../tests/support/factors.ts'
import { createBrowser, signIn, testIdentity } from '../../../tests/support/identity.ts'
import { codeStories, phoneOf } from '../../../tests/support/mailed-codes.ts'
import { testMailbox } from '../../../tests/support/mailbox.ts'
import { told } from '../../../tests/support/told.ts'

const { url, mails, because } = await testMailbox()
const service = await testIdentity({
  env: {
    ALTHING_IDENTITY_MAIL_URL: url,
    ALTHING_IDENTITY_SMS_URL: url,
    ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT: '1000',
    ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT_EVERYWHERE: '1000',
    ALTHING_IDENTITY_RECOVERIES_PER_NETWORK: '1000',
  },
})
const { database } = service.kit
const { setUp, ways, askPhone, setPhone, factorsOf, sessionOf, csrfOf, post, byLink } = codeStories({
  service,
  mails,
  because,
})

test('a code by mail is a second step, once, and the session says no more than that', async () => {
  const { account, first, ask } = await setUp('one@example.org', ['mail'])
  const { browser, at } = await first()
  assert.match(at, /^\/sign-in\/code/)
  assert.equal((await browser.go('/account')).status, 303)
  const { page, code } = await ask(browser, at, 'mail')
  const spaced = code.replace(/^(...)/, '$1 ')
  assert.equal(
    (await browser.submit(page, 'mailed-code', { code: spaced })).headers.get('location'),
    '/account',
  )
  assert.deepEqual(await sessionOf(account), { acr: 'urn:althing:acr:code', amr: ['pwd', 'otp'] })
  assert.equal((await browser.submit(page, 'mailed-code', { code })).status, 410, 'that sign-in is over')
})

test('a code by text message is a second step of two kinds of thing', async () => {
  const { account, first, ask } = await setUp('two@example.org', ['sms'])
  const { browser, at } = await first()
  const { page, code } = await ask(browser, at, 'sms')
  assert.equal((await browser.submit(page, 'mailed-code', { code })).headers.get('location'), '/account')
  assert.deepEqual(await sessionOf(account), {
    acr: 'urn:althing:acr:code',
    amr: ['pwd', 'otp', 'sms', 'mfa'],
  })
})

test('64 that use one code at one moment: one comes in', async () => {
  const { first, ask } = await setUp('three@example.org', ['mail'])
  const { browser, at } = await first()
  const { page, code } = await ask(browser, at, 'mail')
  const answers = await Promise.all(
    Array.from({ length: 64 }, () => browser.submit(page, 'mailed-code', { code })),
  )
  const inside = answers.filter((one) => one.headers.get('location') === '/account')
  assert.equal(inside.length, 1)
})

test('200 wrong codes at one moment: three are looked at, and the right one comes too late', async () => {
  const { account, first, ask } = await setUp('four@example.org', ['mail'])
  const { browser, at } = await first()
  const { page, code } = await ask(browser, at, 'mail')
  const wrong = (n: number) => String((Number(code) + 1 + n) % 1_000_000).padStart(6, '0')
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, n) => browser.submit(page, 'mailed-code', { code: wrong(n) })),
  )
  assert.equal(answers.filter((one) => one.headers.get('location') === '/account').length, 0)
  const [row] = await database.query<{ tried: number }>('select tried from mailed_code where account = $1', [
    account,
  ])
  assert.equal(row?.tried, 3)
  assert.notEqual((await browser.submit(page, 'mailed-code', { code })).headers.get('location'), '/account')
})

test('the fourth try is none, and asking again, in any tab, forgives no try', async () => {
  const { first, ask } = await setUp('five@example.org', ['mail'])
  const { browser, at } = await first()
  const { page, code } = await ask(browser, at, 'mail')
  const wrong = code === '000000' ? '111111' : '000000'
  for (let n = 0; n < 2; n += 1)
    assert.equal((await browser.submit(page, 'mailed-code', { code: wrong })).status, 422)
  const again = await ask(browser, at, 'mail')
  const third = await browser.submit(again.page, 'mailed-code', { code: wrong })
  assert.match(await third.text(), /Three wrong codes/)
  const fourth = await browser.submit(again.page, 'mailed-code', { code: again.code })
  assert.equal(fourth.status, 422)
  assert.match(await fourth.text(), /Three wrong codes/)
  const before = mails.length
  const asked = await browser.submit(again.page, 'send-again', {})
  assert.equal(asked.status, 422)
  assert.match(await asked.text(), /Three wrong codes/)
  assert.equal(
    mails.slice(before).filter(({ to }) => to === 'five@example.org').length,
    0,
    'nothing was sent',
  )
})

test('an expired code, the one before the last, and one that is no number open nothing', async () => {
  const { account, first, ask } = await setUp('six@example.org', ['mail'])
  const { browser, at } = await first()
  const old = await ask(browser, at, 'mail')
  const { page, code } = await ask(browser, at, 'mail')
  if (old.code !== code)
    assert.equal((await browser.submit(page, 'mailed-code', { code: old.code })).status, 422)
  for (const none of ['', 'abcdef', '12345', '1234567', '１２３４５'])
    assert.equal((await browser.submit(page, 'mailed-code', { code: none })).status, 422, none)
  await database.query(`update mailed_code set expires_at = now() - interval '1 second' where account = $1`, [
    account,
  ])
  const late = await browser.submit(page, 'mailed-code', { code })
  assert.equal(late.status, 422)
  assert.match(await late.text(), /There is no code waiting/)
})

test('a code serves the sign-in that asked for it, and no other one: not in a second tab, not from another browser', async () => {
  const { first, ask } = await setUp('seven@example.org', ['mail'])
  const [mine, other] = [await first(), await first()]
  // The other one asked as well, so that there is something to guess at; the last code of all is mine.
  const theirs = await ask(other.browser, other.at, 'mail')
  const { code } = await ask(mine.browser, mine.at, 'mail')
  if (theirs.code !== code)
    assert.equal((await other.browser.submit(theirs.page, 'mailed-code', { code })).status, 422)
  // A second tab of the same browser has an attempt of its own, and one begun before it goes on.
  const tab = await first(mine.browser)
  const name = new URL(tab.at, service.origin).searchParams.get('attempt') ?? ''
  const page = await (await mine.browser.go(`/sign-in/mailed-code?attempt=${name}&channel=mail`)).text()
  assert.equal((await mine.browser.submit(page, 'mailed-code', { code })).status, 422)
  assert.equal((await mine.browser.go('/account')).status, 303)
})

test('the sixth code of an hour is not sent, whoever asks; in another hour it is', async () => {
  const { account, first, ask } = await setUp('eight@example.org', ['mail'])
  for (let n = 0; n < 5; n += 1) {
    const { browser, at } = await first()
    await ask(browser, at, 'mail')
  }
  const { browser, at } = await first()
  const before = mails.length
  const refused = await browser.submit(await ways(browser, at), 'send-mail', {})
  assert.equal(refused.status, 429)
  assert.ok(Number(refused.headers.get('retry-after')) > 3000)
  assert.match(await refused.text(), /Many codes have been sent/)
  assert.equal(mails.slice(before).filter(({ to }) => to === 'eight@example.org').length, 0)
  await database.query(`update mailed_code_sent set ends_at = now() where account = $1`, [account])
  await service.kit.limits.reset('mailed-code-to-hour')
  await ask(browser, at, 'mail')
})

test('30 that ask at one moment: five are sent', async () => {
  const { account, first } = await setUp('nine@example.org', ['mail'])
  const { browser, at } = await first()
  const page = await ways(browser, at)
  const before = mails.length
  await Promise.all(Array.from({ length: 30 }, () => browser.submit(page, 'send-mail', {})))
  const [row] = await database.query<{ sent: number }>(
    'select sent from mailed_code_sent where account = $1',
    [account],
  )
  assert.equal(row?.sent, 5)
  assert.equal(mails.slice(before).filter(({ to }) => to === 'nine@example.org').length, 5)
})

test('a link by mail and a code to the same mailbox are one proof: the code is neither offered, sent nor taken', async () => {
  const { first, ask } = await setUp('ten@example.org', ['mail'])
  const thief = createBrowser(service.origin)
  const next = await byLink(thief, 'ten@example.org')
  assert.match(next, /^\/sign-in\/code\?attempt=/)
  const { response } = await thief.follow(await thief.go(next))
  const page = await response.text()
  assert.match(page, /a code by e-mail would prove nothing new/)
  assert.doesNotMatch(page, /id="send-mail"/)
  // By hand, with the forms of somebody who may.
  const { browser, at } = await first()
  const offered = await ask(browser, at, 'mail')
  const attempt = new URL(next, service.origin).searchParams.get('attempt') ?? ''
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const before = mails.length
  for (const [path, fields] of [
    ['/sign-in/mailed-code/send', { channel: 'mail' }],
    ['/sign-in/mailed-code', { channel: 'mail', code: offered.code }],
  ] as const) {
    const answer = await thief.go(path, {
      method: 'POST',
      headers: { origin: service.origin },
      body: new URLSearchParams({ csrf, attempt, ...fields }),
    })
    assert.match(answer.headers.get('location') ?? '', /^\/sign-in\/ways/, path)
  }
  assert.equal((await thief.go('/account')).status, 303)
  assert.equal(mails.slice(before).filter(({ to }) => to === 'ten@example.org').length, 0)
})

test('a link by mail and a code by text message are two proofs', async () => {
  const { account, ask } = await setUp('eleven@example.org', ['mail', 'sms'])
  const browser = createBrowser(service.origin)
  const at = await byLink(browser, 'eleven@example.org')
  const { page, code } = await ask(browser, at, 'sms')
  assert.equal((await browser.submit(page, 'mailed-code', { code })).headers.get('location'), '/account')
  assert.deepEqual((await sessionOf(account))?.amr, ['email', 'otp', 'sms', 'mfa'])
})

test('beside an application codes are another way, and both are refused to who has shown nothing yet', async () => {
  const { owner, first, ask } = await setUp('twelve@example.org', ['mail'])
  const { secret } = await turnOnTwoStep(owner)
  const { browser, at } = await first()
  const page = await (await browser.go(at)).text()
  assert.match(page, /Another second step/)
  const shown = await ask(browser, at, 'mail')
  assert.equal(
    (await browser.submit(shown.page, 'mailed-code', { code: shown.code })).headers.get('location'),
    '/account',
  )
  const other = await first()
  assert.equal(
    (await submitCode(other.browser, other.at, codeOf(secret))).headers.get('location'),
    '/account',
  )
  const fresh = createBrowser(service.origin)
  const begun = await fresh.submit(await (await fresh.go('/sign-in')).text(), 'sign-in', {
    identifier: 'twelve@example.org',
  })
  const early = new URL(begun.headers.get('location') ?? '', service.origin).searchParams.get('attempt') ?? ''
  for (const path of ['ways', 'mailed-code', 'code'])
    assert.equal(
      (await fresh.go(`/sign-in/${path}?attempt=${early}&channel=mail`)).headers.get('location'),
      '/sign-in',
      path,
    )
})

test('a telephone counts when a code has reached it: no other, no earlier, and not with a number that was changed since', async () => {
  const { account, owner } = await setUp('thirteen@example.org', [])
  await setPhone(account, '555 1313')
  const csrf = await csrfOf(owner)
  assert.equal(
    (await post(owner, '/account/codes/on', { csrf, channel: 'sms' })).headers.get('location'),
    '/account/security',
  )
  assert.deepEqual(await factorsOf(account), [], 'a number that is only written down is no factor')
  const { page, code } = await askPhone(owner, '+3545551313')
  const wrong = code === '000000' ? '111111' : '000000'
  assert.equal((await owner.submit(page, 'prove-phone', { code: wrong })).status, 422)
  assert.equal((await owner.submit(page, 'prove-phone', { code: '' })).status, 422)
  await setPhone(account, '555 9999')
  assert.equal(
    (await owner.submit(page, 'prove-phone', { code })).status,
    422,
    'it had gone to the number before',
  )
  assert.deepEqual(await factorsOf(account), [])
  const again = await askPhone(owner, '+3545559999')
  const done = await owner.submit(again.page, 'prove-phone', { code: again.code })
  assert.equal(await told(owner, done), '/account/security: done.phone')
  assert.equal(
    (await owner.submit(again.page, 'prove-phone', { code: again.code })).status,
    303,
    'no longer asked for',
  )
  const [row] = await database.query<{ phone: string }>('select phone from proven_phone where account = $1', [
    account,
  ])
  assert.equal(row?.phone, '+3545559999')
})

test('what a code has proven stays proven when the profile says another number, and codes go where they did', async () => {
  const { account, owner, first, ask } = await setUp('fourteen@example.org', ['sms'])
  const profile = await (await owner.go('/account/profile')).text()
  await owner.submit(profile, 'profile', { phone: '666 1414', locale: 'is', name: 'Ada' })
  const { browser, at } = await first()
  const { code, to } = await ask(browser, at, 'sms')
  assert.equal(to, phoneOf('fourteen@example.org'))
  assert.match(code, /^\d{6}$/)
  const page = await (await owner.go('/account/security')).text()
  assert.match(page, /No code has reached \+354 666 1414 yet/)
  const next = await askPhone(owner, '+3546661414')
  assert.equal(
    await told(owner, await owner.submit(next.page, 'prove-phone', { code: next.code })),
    '/account/security: done.phone',
  )
  const [row] = await database.query<{ phone: string }>('select phone from proven_phone where account = $1', [
    account,
  ])
  assert.equal(row?.phone, '+3546661414')
})

test('turning a code on or off needs a fresh proof, is told by mail, and ends the sessions elsewhere', async () => {
  const email = 'fifteen@example.org'
  const { account, owner } = await setUp(email, [])
  const elsewhere = createBrowser(service.origin)
  // Its letter, of a new device, must not be taken for the next one.
  await because(() => signIn(elsewhere, { identifier: email }), email)
  const csrf = await csrfOf(owner)
  await database.query(
    `update session set auth_time = auth_time - interval '16 minutes' where account = $1`,
    [account],
  )
  for (const [path, fields] of [
    ['/account/codes/on', { channel: 'mail' }],
    ['/account/codes/off', { channel: 'mail' }],
    ['/account/phone/send', {}],
    ['/account/phone', { code: '123456' }],
  ] as const)
    assert.match(
      (await post(owner, path, { csrf, ...fields })).headers.get('location') ?? '',
      /^\/sign-in\/again/,
      path,
    )
  assert.match((await owner.go('/account/phone')).headers.get('location') ?? '', /^\/sign-in\/again/)
  assert.deepEqual(await factorsOf(account), [])
  await database.query(`update session set auth_time = now() where account = $1`, [account])
  const told = await because(() => post(owner, '/account/codes/on', { csrf, channel: 'mail' }), email)
  assert.match(told.subject, /Kóðar í tölvupósti eru komnir á/)
  assert.deepEqual([(await owner.go('/account')).status, (await elsewhere.go('/account')).status], [200, 303])
  const untold = await because(() => post(owner, '/account/codes/off', { csrf, channel: 'mail' }), email)
  assert.match(untold.subject, /farnir af/)
  assert.deepEqual(await factorsOf(account), [])
})

test('a code by mail needs a proven address and a password beside it', async () => {
  const without = await setUp('sixteen@example.org', [])
  await database.query('delete from password where account = $1', [without.account])
  const unproven = await setUp('seventeen@example.org', [])
  await database.query('update account set email_proven = false where id = $1', [unproven.account])
  for (const { owner, account } of [without, unproven]) {
    const csrf = await csrfOf(owner)
    await post(owner, '/account/codes/on', { csrf, channel: 'mail' })
    assert.deepEqual(await factorsOf(account), [])
    assert.doesNotMatch(await (await owner.go('/account/security')).text(), /id="code-mail-on"/)
  }
})

test('turned off between asking and using, a code opens nothing; closed, an account is sent none', async () => {
  const { account, owner, first, ask } = await setUp('eighteen@example.org', ['mail', 'sms'])
  const { browser, at } = await first()
  const { page, code } = await ask(browser, at, 'mail')
  const csrf = await csrfOf(owner)
  await post(owner, '/account/codes/off', { csrf, channel: 'mail' })
  assert.notEqual((await browser.submit(page, 'mailed-code', { code })).headers.get('location'), '/account')
  assert.equal((await browser.go('/account')).status, 303)
  const chooser = await ways(browser, at)
  await database.query(`update account set status = 'suspended' where id = $1`, [account])
  const before = mails.length
  await browser.submit(chooser, 'send-sms', {})
  assert.equal(mails.slice(before).filter(({ to }) => to === phoneOf('eighteen@example.org')).length, 0)
})

test('what lies in the tables tells no code, and looking at a page sends none', async () => {
  const { account, first, ask } = await setUp('nineteen@example.org', ['mail'])
  const { browser, at } = await first()
  const { code, page } = await ask(browser, at, 'mail')
  const rows = await database.query('select * from mailed_code where account = $1', [account])
  assert.equal(rows.length, 1)
  assert.doesNotMatch(JSON.stringify(rows), new RegExp(code))
  assert.doesNotMatch(page, new RegExp(code))
  const before = mails.length
  for (let n = 0; n < 3; n += 1) await ways(browser, at)
  assert.equal(mails.slice(before).filter(({ to }) => to === 'nineteen@example.org').length, 0)
})

test('numbers as people write them, and as they are shown', () => {
  for (const text of ['555 1234', '555-1234', '+354 555 1234', '00354 5551234', '5551234'])
    assert.equal(toE164(text), '+3545551234', text)
  for (const text of [
    null,
    '',
    '12345',
    '1551234',
    '020 7946 0000',
    '+',
    '+0123456789',
    '+12345678901234567',
  ])
    assert.equal(toE164(text), null, String(text))
  assert.deepEqual([maskPhone('+3545551234'), maskMail('ada@example.org')], ['••• 234', 'a•••@example.org'])
  assert.deepEqual([showPhone('+3545551234'), showPhone('+4520123456')], ['+354 555 1234', '+4520123456'])
  const text = codeText('en', { organisation: 'Althing', code: '012345', host: 'vote.example.org' })
  assert.ok(text.endsWith('\n@vote.example.org #012345'), 'the form that telephones read')
})
