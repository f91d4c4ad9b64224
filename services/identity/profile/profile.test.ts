import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { addAccount, createBrowser, password, signIn, testIdentity } from '../../../tests/support/identity.ts'
import { linkIn, testMailbox } from '../../../tests/support/mailbox.ts'
import { saidOn, told } from '../../../tests/support/told.ts'
import { until } from '@althing/kernel/testing'

const { url, mails, because } = await testMailbox()
const eid = 'https://eid.example'
const service = await testIdentity({
  env: { ALTHING_IDENTITY_MAIL_URL: url, ALTHING_IDENTITY_EID_ISSUER: eid },
})

async function member(email: string, more: { nationalId?: string } = {}) {
  const account = await addAccount(service, { email, ...more })
  const browser = createBrowser(service.origin)
  await signIn(browser, { identifier: email })
  const profile = async () => (await browser.go('/account/profile')).text()
  const ask = async (to: string) => browser.submit(await profile(), 'address-form', { email: to })
  return { account, browser, profile, ask }
}

test('another phone is told by mail, and by text to the one before that codes had reached', async () => {
  const { url: texts, mails: sent } = await testMailbox()
  const letters = await testMailbox()
  const own = await testIdentity({
    env: { ALTHING_IDENTITY_MAIL_URL: letters.url, ALTHING_IDENTITY_SMS_URL: texts },
  })
  const [before, after] = ['+3545550001', '+3545550002']
  for (const [email, isProven] of [
    ['proven-phone@example.org', true],
    ['unproven-phone@example.org', false],
  ] as const) {
    const account = await addAccount(own, { email })
    await own.kit.database.query('update account set phone = $2 where id = $1', [account, before])
    if (isProven)
      await own.kit.database.query(
        'insert into proven_phone (account, phone, proven_at) values ($1, $2, now())',
        [account, before],
      )
    const browser = createBrowser(own.origin)
    await signIn(browser, { identifier: email })
    if (isProven)
      await own.kit.database.query(
        `insert into mailed_code_factor (account, channel, since) values ($1, 'sms', now())`,
        [account],
      )
    const save = async (phone: string) =>
      browser.submit(await (await browser.go('/account/profile')).text(), 'profile', {
        name: 'Ada',
        phone,
        locale: 'en',
      })
    const mail = await letters.because(() => save(after), email)
    assert.match(mail.subject, /Your phone number was changed/)
    if (isProven) assert.match(mail.text, /Codes by text message still go to the one before/)
    else assert.doesNotMatch(mail.text, /Codes by text/, 'to whom no codes go nothing is said of them')
    if (isProven) await until(() => sent.length > 0)
    const count = letters.mails.filter(({ to }) => to === email).length
    await save(after)
    await pause(300)
    assert.equal(
      letters.mails.filter(({ to }) => to === email).length,
      count,
      'nothing has changed the second time',
    )
  }
  assert.deepEqual(
    sent.map(({ to }) => to),
    [before],
    'a number that nobody has proven may be a stranger’s',
  )
  assert.deepEqual(
    await own.kit.database.query(`select address, state, subject from delivery where channel = 'sms'`),
    [{ address: before, state: 'sent', subject: null }],
    'a text message leaves a line as a letter does',
  )
  assert.match(sent[0]?.text ?? '', /another phone number/)
  assert.doesNotMatch(sent[0]?.text ?? '', /http|555/)
})

test('a first number, and one that is taken away, are told of as what they are', async () => {
  const { browser, profile } = await member('phones@example.org')
  const save = async (phone: string) =>
    because(
      async () => browser.submit(await profile(), 'profile', { name: 'Ada', phone, locale: 'en' }),
      'phones@example.org',
    )
  const [first, last] = [await save('+3545550003'), await save('')]
  assert.match(first.subject, /A phone number was added/)
  assert.match(last.subject, /Your phone number was removed/)
  for (const { text } of [first, last]) assert.doesNotMatch(text, /Codes by text/)
})

const emailOf = async (account: string) =>
  (
    await service.kit.database.query<{ email: string; email_proven: boolean; locale: string }>(
      'select email, email_proven, locale from account where id = $1',
      [account],
    )
  )[0]

test('one’s own data is kept right by oneself; a name that the electronic ID proved is not changed by hand', async () => {
  const { browser, profile, account } = await member('one@example.org')
  const wrong = await browser.submit(await profile(), 'profile', {
    name: ' ',
    phone: 'call me',
    locale: 'en',
  })
  assert.equal(wrong.status, 422)
  assert.match(await wrong.text(), /Enter your name[^]*Enter a phone number/)
  const link = { name: 'Ada www.evil.example', phone: '', locale: 'en' }
  assert.match(
    await (await browser.submit(await profile(), 'profile', link)).text(),
    /A name holds no web address/,
  )
  const forged = { name: 'Ada\r\nBcc: eve@example.org', phone: '', locale: 'en' }
  assert.equal((await browser.submit(await profile(), 'profile', forged)).status, 422)
  const right = { name: 'Ada Nýja', phone: '555 1234', locale: 'en' }
  assert.equal(
    await told(browser, await browser.submit(await profile(), 'profile', right)),
    '/account/profile: done.saved',
  )
  assert.match(await (await browser.go('/account')).text(), /Ada Nýja[^]*555 1234/)
  assert.equal((await emailOf(account))?.locale, 'en')

  const proven = await member('proven@example.org', { nationalId: '0101502909' })
  assert.match(
    await proven.profile(),
    /The office has it from the register/,
    'a file of the office proves nothing',
  )
  await service.kit.database.query(
    'insert into external_identity (issuer, subject, account) values ($1, $2, $3)',
    [eid, 'proven', proven.account],
  )
  assert.match(await proven.profile(), /The electronic ID has confirmed it/)
  await proven.browser.submit(await proven.profile(), 'profile', {
    name: 'Somebody Else',
    phone: '',
    locale: 'is',
  })
  assert.doesNotMatch(await (await proven.browser.go('/account')).text(), /Somebody Else/)
})

test('another address counts when it is proven, and the one before is told of it', async () => {
  const { ask, account, browser } = await member('old@example.org')
  const mail = await because(async () => {
    assert.equal(await told(browser, await ask(' New@Example.org ')), '/account/profile: done.sent')
  }, 'new@example.org')
  const link = linkIn(mail)
  assert.ok(link.startsWith(`${service.origin}/account/address?token=`))
  assert.deepEqual(
    await service.kit.database.query(`select account from delivery where address = 'new@example.org'`),
    [{ account }],
    'an address that is only wished for is found by whose wish it is, also when they are forgotten',
  )
  for (let scanner = 0; scanner < 3; scanner += 1)
    assert.equal((await createBrowser(service.origin).go(link)).status, 200)
  assert.equal((await emailOf(account))?.email, 'old@example.org', 'until it is confirmed nothing changes')
  const phone = createBrowser(service.origin)
  const recovery = linkIn(
    await because(async () => {
      const asking = createBrowser(service.origin)
      await asking.submit(await (await asking.go('/recover')).text(), 'recover', { email: 'old@example.org' })
    }, 'old@example.org'),
  )
  const page = await (await phone.go(link)).text()
  assert.match(page, /Use this address from now on\?/)
  assert.doesNotMatch(page, /ask for an account/, 'nobody is asking for one')
  const notice = await because(async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => phone.submit(page, 'confirm', {})))
    assert.deepEqual(
      answers.map(({ status }) => status).sort((a, b) => a - b),
      [303, ...Array<number>(7).fill(410)],
    )
    const confirmed = answers.find(({ status }) => status === 303) as Response
    assert.equal(await told(phone, confirmed), '/sign-in: done.address')
  }, 'old@example.org')
  assert.match(notice.subject, /^Netfanginu þínu/)
  assert.equal(
    (await phone.go(recovery)).status,
    410,
    'a link that lies in the mailbox before opens nothing any more',
  )
  assert.deepEqual(await emailOf(account), { email: 'new@example.org', email_proven: true, locale: 'is' })
  assert.equal((await phone.go('/account')).status, 303, 'the link signs nobody in')
  assert.equal((await browser.go('/account')).status, 200)
  assert.equal(
    (await signIn(createBrowser(service.origin), { identifier: 'new@example.org', secret: password })).status,
    303,
  )
})

test('whoever is signed in where they confirm an address is told so on their account', async () => {
  const { ask, browser } = await member('here@example.org')
  const link = linkIn(await because(() => ask('here-new@example.org'), 'here-new@example.org'))
  const confirmed = await browser.submit(await (await browser.go(link)).text(), 'confirm', {})
  assert.equal(await told(browser, confirmed), '/account: done.address')
})

test('a link that is opened where somebody else is signed in says nothing on their account, but with what its owner signs in', async () => {
  const { ask, account } = await member('hers@example.org')
  const { browser: other } = await member('guest@example.org')
  const link = linkIn(await because(() => ask('hers-new@example.org'), 'hers-new@example.org'))
  const confirmed = await other.submit(await (await other.go(link)).text(), 'confirm', {})
  assert.equal((await emailOf(account))?.email, 'hers-new@example.org')
  assert.equal(await told(other, confirmed), '/sign-in: done.address')
  const theirs = await (await other.go('/account')).text()
  assert.equal(saidOn(theirs), undefined)
  assert.match(theirs, /guest@example\.org/, 'they are signed in as they were')
})

test('what somebody wrote about themselves is not there for whoever signs in after them in that browser', async () => {
  const { browser, profile } = await member('before@example.org')
  const wrong = { name: 'Written by one', phone: 'call me', locale: 'en' }
  const said = /[?&;]said=([\w-]+)/.exec(
    await (await browser.submit(await profile(), 'profile', wrong)).text(),
  )
  const at = `/account/profile?said=${said?.[1] ?? ''}`
  assert.match(await (await browser.go(at)).text(), /Written by one/)
  await browser.submit(await profile(), 'profile', { name: 'Ada', phone: '', locale: 'en' })
  const note = browser.jar.get('althing_told')
  await browser.submit(await (await browser.go('/sign-out')).text(), 'sign-out', {})
  assert.equal((await browser.go('/account')).status, 303)
  await addAccount(service, { email: 'after@example.org' })
  await signIn(browser, { identifier: 'after@example.org' })
  const theirs = await (await browser.go(at)).text()
  assert.match(theirs, /after@example\.org/)
  assert.doesNotMatch(theirs, /Written by one/)
  assert.ok(note !== undefined)
  browser.jar.set('althing_told', note)
  assert.equal(saidOn(await (await browser.go('/account/profile')).text()), undefined)
})

test('whether somebody has an address is told to nobody, and an address that was taken meanwhile is not taken twice', async () => {
  const { ask, account, browser } = await member('three@example.org')
  await addAccount(service, { email: 'taken@example.org' })
  const before = mails.length
  assert.equal(await told(browser, await ask('taken@example.org')), '/account/profile: done.sent')
  const link = linkIn(await because(() => ask('free@example.org'), 'free@example.org'))
  assert.equal(
    mails.slice(before).some(({ to }) => to === 'taken@example.org'),
    false,
  )
  await addAccount(service, { email: 'free@example.org' })
  const page = await (await browser.go(link)).text()
  assert.equal((await browser.submit(page, 'confirm', {})).status, 410)
  assert.equal((await emailOf(account))?.email, 'three@example.org')
})

test('an old link, one that was asked for again, or a session that is not fresh changes nothing', async () => {
  const { ask, account, browser, profile } = await member('four@example.org')
  const first = linkIn(await because(() => ask('a4@example.org'), 'a4@example.org'))
  const second = linkIn(await because(() => ask('b4@example.org'), 'b4@example.org'))
  assert.equal((await browser.go(first)).status, 410)
  await service.kit.database.query(`update address_change set expires_at = now() - interval '1 second'`)
  assert.equal((await browser.go(second)).status, 410)
  assert.equal((await ask('not an address')).status, 422)
  const form = await profile()
  await service.kit.database.query(
    `update session set auth_time = now() - interval '1 hour' where account = $1`,
    [account],
  )
  const late = await browser.submit(form, 'address-form', { email: 'c4@example.org' })
  assert.equal(late.headers.get('location'), '/sign-in/again?return=%2Faccount%2Fprofile')
})

test('a proof of a while ago changes neither the address nor the number, and a name all the same', async () => {
  const { browser, account, ask, profile } = await member('while@example.org')
  const proven = (minutes: number) =>
    service.kit.database.query(
      `update session set auth_time = now() - make_interval(mins => $2) where account = $1`,
      [account, minutes],
    )
  const again = '/sign-in/again?return=%2Faccount%2Fprofile'
  const save = async (fields: { name: string; phone: string }) =>
    (await browser.submit(await profile(), 'profile', { locale: 'en', ...fields })).headers.get('location')
  await proven(3)
  assert.equal((await ask('thief@example.org')).headers.get('location'), again)
  assert.equal(await save({ name: 'Ada', phone: '555 1234' }), '/account/profile')
  await proven(20)
  assert.equal(await save({ name: 'Ada', phone: '555 4321' }), again)
  assert.equal(await save({ name: 'Ada', phone: '' }), again)
  assert.equal(await save({ name: 'Ada Nýja', phone: '555 1234' }), '/account/profile')
  const [row] = await service.kit.database.query('select phone, email from account where id = $1', [account])
  assert.deepEqual(row, { phone: '555 1234', email: 'while@example.org' })
})
