import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '@althing/kernel/testing'
import { counted } from '../../../tests/support/counted.ts'
import { turnOnTwoStep } from '../../../tests/support/factors.ts'
import {
  addAccount,
  createBrowser,
  formOf,
  password,
  signIn,
  testIdentity,
  type Browser,
} from '../../../tests/support/identity.ts'
import { testMailbox } from '../../../tests/support/mailbox.ts'
import { told } from '../../../tests/support/told.ts'

const { url, mails } = await testMailbox()
const service = await testIdentity({
  env: {
    ALTHING_IDENTITY_MAIL_URL: url,
    ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT: '1000',
    ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT_EVERYWHERE: '1000',
  },
})
const { database } = service.kit

/** Somebody who is in, with a second step; each form is sent from the network that is named. */
async function member(email: string) {
  const account = await addAccount(service, { email })
  const at = { network: '203.0.113.1' }
  const send: typeof fetch = (to, init) => {
    const headers = new Headers(init?.headers)
    headers.set('x-forwarded-for', at.network)
    return fetch(to, { ...init, headers })
  }
  const owner = createBrowser(service.origin, send)
  await signIn(owner, { identifier: email })
  const { secret, codes } = await turnOnTwoStep(owner)
  await database.query(`update session set auth_time = auth_time - interval '3 minutes' where account = $1`, [
    account,
  ])
  const page = await (await owner.go('/account/two-step/off')).text()
  const confirm = (code: string, by: Browser = owner) => by.submit(page, 'confirm-second', { code })
  return { account, email, owner, at, send, secret, codes, confirm }
}

const linesOf = (account: string) =>
  database.query<{ method: string; reason: string }>(
    `select method, reason from login_event where account = $1 and result = 'refused' order by id`,
    [account],
  )

const recordedOf = async (account: string): Promise<string[]> => {
  const rows = await database.query<{ line: string }>(
    `select concat_ws(' ', action, reason, outcome) as line from audit_entry where target_id = $1`,
    [account],
  )
  return rows.map(({ line }) => line)
}

/** The letter of that name that has come, or comes. */
const letter = (to: string, subject: RegExp) =>
  until(
    () => mails.find((mail) => mail.to === to && subject.test(mail.subject)),
    `the letter ${subject.source} to ${to}`,
  )

test('guesses at a factor inside a session are counted, noted and recorded, and the fifth ends the session', async () => {
  const { account, email, owner, at, confirm } = await member('one@example.org')
  const before = await counted(service)
  const answers: number[] = []
  for (let n = 0; n < 12; n += 1) {
    at.network = `203.0.113.${n + 1}`
    answers.push((await confirm('000000')).status)
  }
  assert.deepEqual(answers.slice(0, 5), [422, 422, 422, 422, 303], 'a network more is no try more')
  assert.equal((await owner.go('/account')).headers.get('location')?.startsWith('/sign-in'), true)
  assert.deepEqual(
    await linesOf(account),
    Array.from({ length: 5 }, () => ({ method: 'totp', reason: 'wrong' })),
  )
  assert.equal((await recordedOf(account)).filter((line) => line === 'confirm.totp wrong failed').length, 5)
  const after = await counted(service)
  const name = 'id_mfa_verification_total{factor="totp",result="refused"}'
  assert.equal((after[name] ?? 0) - (before[name] ?? 0), 5)
  assert.match((await letter(email, /^Þú varst skráð/)).text, /of oft rangt/)
})

test('many guesses at one moment from many networks are five', async () => {
  const { account, at, confirm } = await member('two@example.org')
  await Promise.all(
    Array.from({ length: 30 }, (_, n) => {
      at.network = `198.51.100.${n}`
      return confirm('000000')
    }),
  )
  const lines = await linesOf(account)
  assert.equal(lines.filter(({ reason }) => reason === 'wrong').length, 5)
})

test('a session that was carried to a stranger’s browser guesses as a stranger: each of its guesses is one of the hundred', async () => {
  const { account, owner, send, confirm } = await member('three@example.org')
  const stranger = createBrowser(service.origin, send)
  for (const [name, cookie] of owner.jar) if (name !== 'althing_device') stranger.jar.set(name, cookie)
  for (let n = 0; n < 3; n += 1) assert.equal((await confirm('000000', stranger)).status, 422)
  assert.deepEqual(
    await database.query('select factor, in_a_row from factor_failure where account = $1', [account]),
    [{ factor: 'totp', in_a_row: 3 }],
  )
})

test('a recovery code that confirms is counted, recorded and told as one that signs in', async () => {
  const { account, email, codes, confirm } = await member('four@example.org')
  const before = await counted(service)
  assert.equal((await confirm(codes[0] ?? '')).status, 303)
  const after = await counted(service)
  for (const name of [
    'id_mfa_recovery_code_used_total',
    'id_mfa_verification_total{factor="recovery-code",result="done"}',
  ])
    assert.equal((after[name] ?? 0) - (before[name] ?? 0), 1, name)
  assert.ok((await recordedOf(account)).includes('confirm.recovery-code done'))
  assert.match((await letter(email, /^Endurheimtarkóði var notaður/)).text, /sem eftir er: 9\./)
})

test('a stranger in the same hall who guesses at the door does not keep a member who is in from changing the password', async () => {
  const { email, owner, at } = await member('five@example.org')
  const hall: typeof fetch = (to, init) => {
    const headers = new Headers(init?.headers)
    headers.set('x-forwarded-for', at.network)
    return fetch(to, { ...init, headers })
  }
  for (let n = 0; n < 7; n += 1)
    await signIn(createBrowser(service.origin, hall), { identifier: email, secret: `guess ${n}` })
  const page = await (await owner.go('/account/password')).text()
  assert.ok(formOf(page, 'change-password'))
  const fields = { current: password, password: 'some words that are fine' }
  const changed = await owner.submit(page, 'change-password', fields)
  assert.equal(await told(owner, changed), '/account/security: done.password')
})
