import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, beforeEach, test } from 'node:test'
import { Registry } from '@althing/kernel/telemetry'
import { createBrowser, password, signIn, testIdentity } from '../../../tests/support/identity.ts'
import { codeIn, codeStories, phoneOf } from '../../../tests/support/mailed-codes.ts'
import { testMailbox, type Mail } from '../../../tests/support/mailbox.ts'
import { compose, type IdentityKit } from '../compose.ts'
import { createMetrics } from '../metrics.ts'
import { told } from '../../../tests/support/told.ts'

/** Twilio as its documents have it, which a test can send away, or make refuse a number. */
const { url, mails, because } = await testMailbox()
let mood: 'well' | 'away' | 'landline' | 'silent' = 'well'
const sid = `AC${'1'.repeat(32)}`
const twilio = await standIn(mails as Mail[])
const service = await testIdentity({
  env: {
    ALTHING_IDENTITY_MAIL_URL: url,
    ALTHING_IDENTITY_SMS_URL: `twilio://${sid}:token@${twilio}?from=%2B3545550000`,
    ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT: '1000',
    ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT_EVERYWHERE: '1000',
  },
})
const { database } = service.kit
const { setUp, ways, factorsOf, csrfOf, post } = codeStories({ service, mails, because })
// A carrier that was away in one story must not be left out of the next.
beforeEach(() => void service.kit.breakers.reset())

const sentOf = async (account: string) =>
  (
    await database.query<{ sent: number }>(
      `select coalesce(sum(sent), 0)::int as sent from mailed_code_sent
        where account = $1 and channel = 'sms' and place = 'strangers'`,
      [account],
    )
  )[0]?.sent

test('the provider is away: the person is told at once, is not charged a send, and comes in another way', async () => {
  const { account, first, ask } = await setUp('away@example.org', ['mail', 'sms'])
  const { browser, at } = await first()
  const sends = await sentOf(account)
  const refused = await during('away', async () => browser.submit(await ways(browser, at), 'send-sms', {}))
  assert.equal(refused.status, 503)
  const page = await refused.text()
  assert.match(page, /The code could not be sent/)
  assert.match(page, /id="send-mail"/)
  assert.equal(await sentOf(account), sends)
  const lines = `select state, subject from delivery where account = $1 and channel = 'sms' order by id desc limit 1`
  assert.deepEqual(await database.query(lines, [account]), [{ state: 'failed', subject: null }])
  const other = await ask(browser, at, 'mail')
  const done = await browser.submit(other.page, 'mailed-code', { code: other.code })
  assert.equal(done.headers.get('location'), '/account')
})

test('it was sent and nobody told us: the code that came is taken, from where the other ways are shown', async () => {
  const email = 'silent@example.org'
  const { account, first } = await setUp(email, ['sms'])
  const { browser, at } = await first()
  const before = mails.length
  const refused = await during('silent', async () => browser.submit(await ways(browser, at), 'send-sms', {}))
  assert.equal(refused.status, 503)
  assert.equal(await sentOf(account), 1, 'it went out, and will be paid for')
  const href = /href="([^"]+)">I have a code already/.exec(await refused.text())?.[1] ?? ''
  const page = await (await browser.go(href.replaceAll('&amp;', '&'))).text()
  const code = codeIn(mails.slice(before).find(({ to }) => to === phoneOf(email))?.text ?? '')
  assert.equal((await browser.submit(page, 'mailed-code', { code })).headers.get('location'), '/account')
})

test('the provider is away when another code is asked for: the one in hand stays good', async () => {
  const { first, ask } = await setUp('inhand@example.org', ['sms'])
  const { browser, at } = await first()
  const { page, code } = await ask(browser, at, 'sms')
  const refused = await during('away', () => browser.submit(page, 'send-again', {}))
  assert.equal(refused.status, 503)
  assert.equal((await browser.submit(page, 'mailed-code', { code })).headers.get('location'), '/account')
})

test('a number that takes no texts is told as such, and is not tried for ever', async () => {
  const { account, first } = await setUp('landline@example.org', ['sms'])
  await service.kit.limits.reset('mailed-code-to-hour')
  assert.equal(await sentOf(account), 0)
  const { browser, at } = await first()
  const statuses: number[] = []
  await during('landline', async () => {
    for (let n = 0; n < 6; n += 1)
      statuses.push((await browser.submit(await ways(browser, at), 'send-sms', {})).status)
  })
  assert.deepEqual(statuses, [422, 422, 422, 422, 422, 429])
  assert.deepEqual(service.kit.breakers.list().find(({ name }) => name === 'sms')?.state, 'closed')
})

test('a telephone is proven by what has reached it: not when the text could not be sent', async () => {
  const { account, owner } = await setUp('unsent@example.org', [])
  await database.query('update account set phone = $2 where id = $1', [account, '555 4321'])
  const csrf = await csrfOf(owner)
  const refused = await during('away', () => post(owner, '/account/phone/send', { csrf }))
  assert.equal(refused.status, 503)
  assert.match(await refused.text(), /could not be sent just now/)
  for (const code of ['000000', '123456']) await post(owner, '/account/phone', { csrf, code })
  await post(owner, '/account/codes/on', { csrf, channel: 'sms' })
  assert.deepEqual(await factorsOf(account), [])
})

test('a telephone takes the place of another with a proof made for it; the first one with one of a while ago', async () => {
  const { account, owner } = await setUp('another@example.org', [])
  const csrf = await csrfOf(owner)
  const send = async () => (await post(owner, '/account/phone/send', { csrf })).headers.get('location')
  await database.query('update account set phone = $2 where id = $1', [account, '555 8001'])
  await database.query(`update session set auth_time = now() - interval '3 minutes' where account = $1`, [
    account,
  ])
  assert.equal(await send(), '/account/phone')
  await database.query(
    `insert into proven_phone (account, phone, proven_at) values ($1, '+3545558000', now())`,
    [account],
  )
  assert.equal(await send(), '/sign-in/again?return=%2Faccount%2Fphone')
  await database.query('update session set auth_time = now() where account = $1', [account])
  assert.equal(await send(), '/account/phone')
})

test('the number before is told once in an hour, is tried again when nobody took it, and no code of its owner pays for it', async () => {
  const { account } = await setUp('told@example.org', ['sms'])
  const { textTo } = compose(service.kit as unknown as IdentityKit, createMetrics(new Registry()))
  const to = (
    await database.query<{ phone: string }>('select phone from proven_phone where account = $1', [account])
  )[0]
  const texts = () => mails.filter((mail) => mail.to === to?.phone && mail.text === 'changed').length
  const tell = () => textTo(account, () => 'changed')
  await during('away', () => assert.rejects(tell()))
  assert.equal(texts(), 0)
  for (let n = 0; n < 4; n += 1) await tell()
  assert.equal(texts(), 1)
})

test('wrong codes are counted with wrong passwords, whatever the way', async () => {
  const email = 'counted@example.org'
  const { first, ask } = await setUp(email, ['mail', 'sms'])
  for (let n = 0; n < 3; n += 1)
    assert.equal(
      (await signIn(createBrowser(service.origin), { identifier: email, secret: 'not it' })).status,
      422,
    )
  const { browser, at } = await first()
  for (const channel of ['mail', 'sms'] as const) {
    const { page, code } = await ask(browser, at, channel)
    const wrong = code === '000000' ? '111111' : '000000'
    assert.equal((await browser.submit(page, 'mailed-code', { code: wrong })).status, 422)
  }
  const { page, code } = await ask(browser, at, 'mail')
  assert.equal(
    (await browser.submit(page, 'mailed-code', { code })).status,
    429,
    'the right one waits as well',
  )
})

test('somebody who proves it once more does so by a code too, and what was left open does not', async () => {
  const { account, owner, ask } = await setUp('again@example.org', ['mail'])
  await database.query(
    `update session set auth_time = auth_time - interval '16 minutes' where account = $1`,
    [account],
  )
  assert.match(
    await (await owner.go('/account/security')).text(),
    /href="\/account\/codes\/off\?channel=mail"/,
  )
  const refused = await owner.go('/account/codes/off?channel=mail')
  assert.match(refused.headers.get('location') ?? '', /^\/sign-in\/again/)
  const { response } = await owner.follow(refused)
  const next = await owner.submit(await response.text(), 'password-form', { password })
  const { page, code } = await ask(owner, next.headers.get('location') ?? '', 'mail')
  const done = await owner.submit(page, 'mailed-code', { code })
  assert.equal(done.headers.get('location'), '/account/codes/off?channel=mail')
  const sure = await (await owner.go('/account/codes/off?channel=mail')).text()
  assert.match(sure, /No second step is left/)
  assert.equal(await told(owner, await owner.submit(sure, 'removal', {})), '/account/security: done.codesOff')
})

test('an administrator takes codes and telephone away from who has lost them, and each change stands in the log', async () => {
  const { account, first } = await setUp('lost@example.org', ['mail', 'sms'])
  const admin = { subject: 'acc_00000000-0000-7000-8000-000000000001', roles: ['administrator'] }
  const at = `/api/identity/users/${account}`
  const reason = 'Came in person'
  const detail = await (await service.asPerson(admin, 'GET', at)).json()
  assert.deepEqual((detail as { factors: { mailedCodes: string[] } }).factors.mailedCodes, ['sms', 'mail'])
  assert.match((await first()).at, /^\/sign-in\/code/)
  assert.equal(
    (await service.asPerson({ ...admin, roles: ['member'] }, 'POST', `${at}/reset-factors`, { reason }))
      .status,
    403,
  )
  assert.equal(
    (await service.asPerson(admin, 'POST', `${at}/reset-factors`, {})).status,
    422,
    'nobody says why',
  )
  assert.equal((await service.asPerson(admin, 'POST', `${at}/reset-factors`, { reason })).status, 200)
  assert.equal((await first()).at, '/account')
  const proven = await database.query('select phone from proven_phone where account = $1', [account])
  assert.deepEqual(proven, [], 'the next telephone is proven anew')
  const entries = await database.query<{ action: string }>(
    `select action from audit_entry where target_id = $1 and action like 'mailed-codes.%' order by at, id`,
    [account],
  )
  const changes = entries.map(({ action }) => action.slice('mailed-codes.'.length))
  assert.deepEqual(changes.slice(0, 4), ['sms', 'phone-proven', 'mail-on', 'sms-on'])
  assert.deepEqual(changes.slice(4).sort(), ['mail-off', 'sms-off'], 'both go in one moment')
})

test('where nobody carries it a code is not offered; one that is on stays asked for, and can be turned off', async () => {
  const plain = await testIdentity()
  const story = codeStories({ service: plain, mails, because })
  const { account, owner, first } = await story.setUp('plain@example.org', [])
  assert.doesNotMatch(await (await owner.go('/account/security')).text(), /Codes that we send/)
  const csrf = await story.csrfOf(owner)
  for (const channel of ['mail', 'sms']) await story.post(owner, '/account/codes/on', { csrf, channel })
  assert.deepEqual(await story.factorsOf(account), [])
  assert.equal(
    (await story.post(owner, '/account/phone/send', { csrf })).headers.get('location'),
    '/account/security',
  )
  await plain.kit.database.query(`insert into mailed_code_factor values ($1, 'mail', now())`, [account])
  const { browser, at } = await first()
  assert.match(at, /^\/sign-in\/code/)
  assert.equal((await browser.submit(await story.ways(browser, at), 'send-mail', {})).status, 503)
  assert.equal((await browser.go('/account')).status, 303)
  await story.post(owner, '/account/codes/off', { csrf, channel: 'mail' })
  assert.deepEqual(await story.factorsOf(account), [])
})

async function during<T>(there: typeof mood, work: () => Promise<T>): Promise<T> {
  mood = there
  try {
    return await work()
  } finally {
    mood = 'well'
  }
}

async function standIn(received: Mail[]): Promise<string> {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      if (mood === 'away') return response.writeHead(503).end('{"code":20503}')
      if (mood === 'landline') return response.writeHead(400).end('{"code":21614}')
      const form = new URLSearchParams(body)
      received.push({ to: form.get('To') ?? '', subject: '', text: form.get('Body') ?? '' })
      // It was sent, and nobody told us.
      if (mood === 'silent') return response.destroy()
      return response.writeHead(201).end('{"status":"queued"}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => {
    server.closeAllConnections()
    server.close()
  })
  server.unref()
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}
