import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faultCatalogue } from '@althing/kernel/errors'
import { Registry } from '@althing/kernel/telemetry'
import { until } from '@althing/kernel/testing'
import { counted } from '../../tests/support/counted.ts'
import { addPasskey, codeOf, submitCode, turnOnTwoStep } from '../../tests/support/factors.ts'
import {
  addAccount,
  createBrowser,
  signIn,
  testIdentity,
  type Browser,
} from '../../tests/support/identity.ts'
import { told } from '../../tests/support/told.ts'
import { linkIn, testMailbox } from '../../tests/support/mailbox.ts'
import { compose, type IdentityKit } from './compose.ts'
import { createMetrics } from './metrics.ts'

/**
 * The specification's words for what is counted and recorded, and ours. What applications ask for (tokens, consents) moves in
 * oidc/counting.test.ts, applications for an account in joining.
 */
const counts: Readonly<Record<string, string>> = {
  'auth.login.attempts': 'id_auth_login_attempts_total{method="password"}',
  'auth.login.failures': 'id_auth_login_failure_total{reason="wrong"}',
  'auth.login.success': 'id_auth_login_success_total',
  'auth.logout': 'id_auth_logout_total',
  'auth.email.verification.sent': 'id_auth_email_verification_sent_total',
  'auth.email.verification.completed': 'id_auth_email_verification_completed_total',
  'auth.password.reset.requests': 'id_auth_password_reset_requests_total',
  'auth.password.reset': 'id_auth_password_reset_total',
  'auth.mfa.enrolled': 'id_mfa_enrollment_total{factor="application"}',
  'auth.mfa.enrolled (sent)': 'id_mfa_enrollment_total{factor="sent-code"}',
  'auth.mfa.challenges.sent': 'id_mailed_code_total{channel="mail",outcome="sent"}',
  'auth.mfa.challenges.verified': 'id_mfa_verification_total{factor="totp",result="done"}',
  'auth.account.lockouts': 'id_auth_account_lockouts_total',
  'session.created': 'id_session_created_total',
  'session.revoked': 'id_session_revoked_total',
  'errors (of the kernel)': 'id_errors_total{code="kernel.http.not_found"}',
  'errors (of ours)': 'id_errors_total{code="identity.accounts.not_found"}',
  id_passkey_registration_total: 'id_passkey_registration_total',
}

const records: Readonly<Record<string, string>> = {
  'login.success': 'sign-in.password done',
  'login.failed': 'sign-in.password failed',
  'login.2fa_success': 'sign-in.totp done',
  'login.2fa_failed': 'sign-in.totp failed',
  'logout, device.removed': 'sessions.ended done',
  'device.added': 'devices.added done',
  'password.reset.requested': 'passwords.recovery-asked done',
  'password.reset': 'passwords.recovered done',
  'email.changed, email.verified': 'accounts.address done',
  '2fa.enabled': 'two-step.on done',
  '2fa.enabled (sent)': 'mailed-codes.mail-on done',
  '2fa.disabled': 'two-step.off done',
  'account.locked': 'guesses.shut done',
  'account.unlocked': 'guesses.opened done',
}

const { url, mails } = await testMailbox()
const service = await testIdentity({
  env: {
    ALTHING_IDENTITY_MAIL_URL: url,
    ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT: '60',
    ALTHING_IDENTITY_SHUT_AFTER: '3',
  },
})
const { database } = service.kit
const email = 'ada@example.org'

test('every name of the specification has one of ours, and each of them moves', async () => {
  await addAccount(service, { email })
  const owner = createBrowser(service.origin)
  await signIn(owner, { identifier: email })
  await addPasskey(owner, service)
  const { secret } = await turnOnTwoStep(owner)
  await owner.submit(await (await owner.go('/account/security')).text(), 'code-mail-on', {})
  await secondStep(secret)
  await anotherAddress(owner)
  await off(owner, secret)
  await guesses()
  await forgotten()
  await opened()
  await refused()
  const now = await counted(service)
  const still = Object.entries(counts).filter(([, ours]) => !((now[ours] ?? 0) > 0))
  assert.deepEqual(still, [], JSON.stringify(now))
  const rows = await database.query<{ line: string }>(
    `select distinct action || ' ' || outcome as line from audit_entry`,
  )
  const lines = new Set(rows.map(({ line }) => line))
  assert.deepEqual(
    Object.entries(records).filter(([, ours]) => !lines.has(ours)),
    [],
    [...lines].join(),
  )
})

/** At an address that is none, and of somebody who is not there. */
async function refused() {
  await createBrowser(service.origin).go('/nowhere')
  const chief = { subject: 'acc_00000000-0000-7000-8000-000000000001', roles: ['superadmin'] }
  const nobody = 'acc_00000000-0000-7000-8000-000000000009'
  assert.equal((await service.asPerson(chief, 'GET', `/api/identity/users/${nobody}`)).status, 404)
}

test('errors are counted by codes that were declared beforehand: what a stranger sends becomes no series', async () => {
  const { metrics } = service.kit
  for (const path of ['/nowhere/1', '/nowhere/2?code=x', '/account/%00'])
    await createBrowser(service.origin).go(path)
  const codes = [...metrics.render().matchAll(/id_errors_total\{code="([^"]+)"/g)].map(([, code]) => code)
  const declared = faultCatalogue()
  assert.ok(codes.length > 0)
  for (const code of codes) assert.ok(code !== undefined && declared.has(code), code)
})

/** In another browser, which is a new device: a wrong code, one by mail that is not used, and a right one. */
async function secondStep(secret: string) {
  const other = createBrowser(service.origin)
  const at = (await signIn(other, { identifier: email })).headers.get('location') ?? ''
  await submitCode(other, at, '000000')
  const attempt = new URL(at, service.origin).searchParams.get('attempt') ?? ''
  const ways = await (await other.go(`/sign-in/ways?attempt=${attempt}`)).text()
  await other.submit(ways, 'send-mail', {})
  assert.equal((await submitCode(other, at, codeOf(secret))).status, 303)
  await other.submit(await (await other.go('/account')).text(), 'sign-out', {})
}

/** The first link of that kind in a letter to an address. */
async function linkTo(to: string, path: string): Promise<string> {
  const links = () => mails.filter((mail) => mail.to === to).map(linkIn)
  return until(() => links().find((link) => link.includes(path)), `the link to ${path}`)
}

async function anotherAddress(owner: Browser) {
  const page = await (await owner.go('/account/profile')).text()
  await owner.submit(page, 'address-form', { email: 'new@example.org' })
  const link = await linkTo('new@example.org', '/account/address?token=')
  await owner.submit(await (await owner.go(link)).text(), 'confirm', {})
}

async function off(owner: Browser, secret: string) {
  const page = await (await owner.go('/account/two-step/off')).text()
  const done = await owner.submit(page, 'confirm-second', { code: codeOf(secret, 1) })
  assert.equal(await told(owner, done), '/account/security: done.off')
}

/** A stranger, until the place has to wait; long before that the password is shut for strangers. */
async function guesses() {
  for (let n = 0; n < 7; n += 1)
    await signIn(createBrowser(service.origin), { identifier: 'new@example.org', secret: `guess ${n}` })
}

async function forgotten() {
  const browser = createBrowser(service.origin)
  await browser.submit(await (await browser.go('/recover')).text(), 'recover', { email: 'new@example.org' })
  const page = await (await browser.go(await linkTo('new@example.org', '/recover/password?token='))).text()
  const form = /<form[^>]* id="([^"]+)"(?:(?!<\/form>)[^])*type="password"/.exec(page)?.[1] ?? ''
  await browser.submit(page, form, { password: 'some words that are fine' })
}

/** On a device that is known, what was shut opens again. */
async function opened() {
  const account = await addAccount(service, { email: 'bea@example.org' })
  const browser = createBrowser(service.origin)
  await signIn(browser, { identifier: 'bea@example.org' })
  await database.query(`insert into factor_failure (account, factor, in_a_row) values ($1, 'password', 3)`, [
    account,
  ])
  browser.jar.delete('althing_id')
  await signIn(browser, { identifier: 'bea@example.org' })
}

test('sessions that are over by themselves are counted, and those that are open', async () => {
  const account = await addAccount(service, { email: 'cid@example.org' })
  await database.query('delete from session')
  for (let n = 0; n < 3; n += 1)
    await signIn(createBrowser(service.origin), { identifier: 'cid@example.org' })
  await database.query(
    `update session set ends_at = now() - interval '1 minute'
      where id = (select id from session where account = $1 limit 1)`,
    [account],
  )
  const swept: unknown[] = []
  const metrics = createMetrics(new Registry())
  const { sessions } = compose(service.kit as unknown as IdentityKit, {
    ...metrics,
    sessionsSwept: (now) => void swept.push(now),
  })
  await sessions.sweep()
  assert.deepEqual(swept, [{ expired: 1, active: 2 }])
})
