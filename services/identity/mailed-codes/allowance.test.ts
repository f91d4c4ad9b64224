import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Registry } from '@althing/kernel/telemetry'
import { testIdentity } from '../../../tests/support/identity.ts'
import { codeStories, phoneOf } from '../../../tests/support/mailed-codes.ts'
import { testMailbox } from '../../../tests/support/mailbox.ts'
import { compose, type IdentityKit } from '../compose.ts'
import { createMetrics } from '../metrics.ts'
import { createAllowance, type Sending } from './allowance.ts'

const { url, mails, because } = await testMailbox()
const env = {
  ALTHING_IDENTITY_MAIL_URL: url,
  ALTHING_IDENTITY_SMS_URL: url,
  ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT: '1000',
  ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT_EVERYWHERE: '1000',
}
const service = await testIdentity({ env })
const { database, limits } = service.kit
const { setUp, ways, setPhone, csrfOf, post } = codeStories({ service, mails, because })

/** The rules alone, over the counters that all nodes share. */
function open({ perNetwork = 1000, textsPerHour = 1000 } = {}) {
  const told: boolean[] = []
  const allow = createAllowance({
    spend: limits.spend,
    giveBack: limits.giveBack,
    perNetwork,
    textsPerHour,
    onCeiling: (isFirst) => void told.push(isFirst),
  })
  const send = (to: string, more: Partial<Omit<Sending, 'to'>> = {}) =>
    allow({ channel: 'mail', to, network: 'a', isKnown: false, ...more })
  const kinds = async (count: number, ...sending: Parameters<typeof send>) => {
    const all = []
    for (let n = 0; n < count; n += 1) all.push((await send(...sending)).kind)
    return all
  }
  return { send, kinds, told }
}
const five = Array.from({ length: 5 }, () => 'allowed')

test('one number or mailbox is sent five in an hour by strangers, however it is written; known devices have their own', async () => {
  await limits.reset()
  const { send, kinds } = open()
  assert.deepEqual(await kinds(6, 'ada@example.org'), [...five, 'too_many'])
  const refused = await send('Ada@Example.org')
  assert.ok(refused.kind === 'too_many' && refused.retryAfterSeconds > 3500)
  assert.deepEqual(await kinds(6, 'ada@example.org', { isKnown: true }), [...five, 'too_many'])
  assert.deepEqual(await kinds(1, 'bo@example.org'), ['allowed'])
})

test('a notice has a purse of its own: one in an hour, and it takes no code from its owner', async () => {
  await limits.reset()
  const { send, kinds } = open()
  const notice = { what: 'notice', channel: 'sms' } as const
  const first = await send('+3545551111', notice)
  assert.ok(first.kind === 'allowed')
  await first.giveBack()
  assert.deepEqual(await kinds(3, '+3545551111', notice), ['allowed', 'too_many', 'too_many'])
  assert.deepEqual(await kinds(5, '+3545551111', { channel: 'sms', isKnown: true }), five)
  assert.deepEqual(await kinds(5, '+3545551111', { channel: 'sms' }), five)
})

test('ten in a day, whatever the hours', async () => {
  await limits.reset()
  const { kinds } = open()
  for (let hour = 0; hour < 2; hour += 1) {
    assert.deepEqual(await kinds(5, '+3545551234'), five)
    await limits.reset('mailed-code-to-hour')
  }
  assert.deepEqual(await kinds(1, '+3545551234'), ['too_many'])
})

test('what came to nothing is given back, once and never below none', async () => {
  await limits.reset()
  const { send, kinds } = open()
  for (let n = 0; n < 12; n += 1) {
    const allowed = await send('ada@example.org')
    assert.ok(allowed.kind === 'allowed')
    await allowed.giveBack()
  }
  await limits.giveBack('mailed-code-to-hour', 'nobody')
  assert.deepEqual(await kinds(6, 'ada@example.org'), [...five, 'too_many'])
})

test('a network has a bound, and whoever is refused by theirs spends nothing of all others', async () => {
  await limits.reset()
  const { kinds } = open({ perNetwork: 2, textsPerHour: 3 })
  const to = (n: number) => `+354555000${n}`
  assert.deepEqual(await kinds(4, to(1), { channel: 'sms' }), ['allowed', 'allowed', 'too_many', 'too_many'])
  assert.deepEqual(await kinds(1, to(2), { channel: 'sms', network: 'b' }), ['allowed'])
})

test('the house has a ceiling for texts, told once in an hour and counted each time; mail goes on', async () => {
  await limits.reset()
  const { kinds, told } = open({ textsPerHour: 2 })
  const sms = { channel: 'sms' } as const
  assert.deepEqual(await kinds(2, '+3545550001', sms), ['allowed', 'allowed'])
  assert.deepEqual(await kinds(1, '+3545550002', sms), ['unavailable'])
  assert.deepEqual(await kinds(1, '+3545550003', { ...sms, isKnown: true }), ['unavailable'])
  assert.deepEqual(told, [true, false])
  assert.deepEqual(await kinds(1, 'ada@example.org'), ['allowed'])
})

test('who knows the password spends the sends of strangers, and the owner is sent theirs', async () => {
  await limits.reset()
  const { account, owner, first, ask } = await setUp('owner@example.org', ['mail'])
  const thief = await first()
  const statuses: number[] = []
  for (let n = 0; n < 6; n += 1)
    statuses.push((await thief.browser.submit(await ways(thief.browser, thief.at), 'send-mail', {})).status)
  assert.deepEqual(statuses, [303, 303, 303, 303, 303, 429])
  await database.query('delete from session where account = $1', [account])
  const { browser, at } = await first(owner)
  const { page, code } = await ask(browser, at, 'mail')
  assert.equal((await browser.submit(page, 'mailed-code', { code })).headers.get('location'), '/account')
  const rows = await database.query<{ place: string }>('select place from mailed_code_sent')
  assert.ok(
    rows.every(({ place }) => !place.includes('.')),
    'no device is named',
  )
})

test('many accounts with one number ring it up no more than one', async () => {
  await limits.reset()
  const phone = '+3546667777'
  const statuses: number[] = []
  for (const name of ['ringer1', 'ringer2']) {
    const { account, owner } = await setUp(`${name}@example.org`, [])
    await setPhone(account, phone)
    const csrf = await csrfOf(owner)
    for (let n = 0; n < 3; n += 1) statuses.push((await post(owner, '/account/phone/send', { csrf })).status)
  }
  assert.deepEqual(statuses, [303, 303, 303, 303, 303, 429])
  assert.equal(mails.filter(({ to }) => to === phone).length, 5)
})

test('a number of a country that was not chosen is refused in clear words, and nothing is sent', async () => {
  const { account, owner } = await setUp('abroad@example.org', [])
  await setPhone(account, '+4520123456')
  const refused = await post(owner, '/account/phone/send', { csrf: await csrfOf(owner) })
  assert.equal(refused.status, 422)
  assert.match(await refused.text(), /We do not send text messages to numbers of that country|frá því landi/)
  assert.equal(mails.filter(({ to }) => to === '+4520123456').length, 0)
})

test('countries are chosen by a setting', async () => {
  const wide = await testIdentity({ env: { ...env, ALTHING_IDENTITY_SMS_PREFIXES: '+354, +45' } })
  const story = codeStories({ service: wide, mails, because })
  const { account, owner } = await story.setUp('dane@example.org', [])
  await story.setPhone(account, '+4520123456')
  assert.match((await story.askPhone(owner, '+4520123456')).code, /^\d{6}$/)
})

for (const [why, more, left] of [
  ['the preset nist-aal3', { ALTHING_IDENTITY_PRESET: 'nist-aal3' }, []],
  ['a setting for mail', { ALTHING_IDENTITY_CODES_BY_MAIL: 'off' }, ['sms']],
  ['a setting for text messages', { ALTHING_IDENTITY_CODES_BY_SMS: 'off' }, ['mail']],
] as const)
  test(`${why} takes codes away: none is offered, sent or taken, and what was on stays asked for`, async () => {
    const strict = await testIdentity({ env: { ...env, ...more } })
    const { codeFactors, mailedCodes } = compose(
      strict.kit as unknown as IdentityKit,
      createMetrics(new Registry()),
    )
    const story = codeStories({ service: strict, mails, because })
    const email = `${why.replaceAll(' ', '-')}@example.org`
    const { account, first } = await story.setUp(email, [])
    await strict.kit.database.query(`insert into proven_phone values ($1, $2, now())`, [
      account,
      phoneOf(email),
    ])
    assert.deepEqual((await codeFactors.standingOf(account)).map(({ channel }) => channel).sort(), [...left])
    await strict.kit.database.query(
      `insert into mailed_code_factor values ($1, 'mail', now()), ($1, 'sms', now())`,
      [account],
    )
    assert.deepEqual(
      (await mailedCodes.waysOf(account)).map(({ channel }) => channel),
      [...left],
    )
    const before = mails.length
    for (const channel of ['mail', 'sms'] as const) {
      const asker = { purpose: 'sign-in', account, by: 'somebody' } as const
      const { kind } = await mailedCodes.ask(asker, channel, { network: 'a', device: null })
      assert.equal(kind, left.some((one) => one === channel) ? 'sent' : 'unreachable')
    }
    assert.equal(mails.length - before, left.length)
    const { browser, at } = await first()
    assert.match(at, /^\/sign-in\/(code|ways)/)
    assert.equal((await browser.go('/account')).status, 303)
  })
