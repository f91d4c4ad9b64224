import assert from 'node:assert/strict'
import { test } from 'node:test'
import { counted } from '../../tests/support/counted.ts'
import { addPasskey, codeOf, optionsOf, submitCode, turnOnTwoStep } from '../../tests/support/factors.ts'
import { addAccount, createBrowser, signIn, testIdentity } from '../../tests/support/identity.ts'

const service = await testIdentity({ env: { ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT: '1000' } })

/** What moved while something was done. */
async function moved(work: () => Promise<unknown>): Promise<string[]> {
  const before = await counted(service)
  await work()
  const after = await counted(service)
  return Object.keys(after).filter(
    (name) => /^id_(mfa|passkey|auth)_/.test(name) && (after[name] ?? 0) > (before[name] ?? 0),
  )
}

const owner = createBrowser(service.origin)
await addAccount(service, { email: 'ada@example.org' })
await signIn(owner, { identifier: 'ada@example.org' })
const { secret, codes } = await turnOnTwoStep(owner)

async function atTheCode() {
  const browser = createBrowser(service.origin)
  const answer = await signIn(browser, { identifier: 'ada@example.org' })
  return { browser, at: answer.headers.get('location') ?? '' }
}

const has = (names: readonly string[], wanted: readonly string[]) =>
  assert.deepEqual(
    wanted.filter((name) => !names.includes(name)),
    [],
    names.join(),
  )

test('second steps, right and wrong, by what was shown', async () => {
  assert.equal((await counted(service))['id_mfa_enrollment_total{factor="application"}'], 1)
  const { browser, at } = await atTheCode()
  has(await moved(() => submitCode(browser, at, '000000')), [
    'id_mfa_verification_total{factor="totp",result="refused"}',
    'id_auth_login_failure_total{reason="wrong"}',
  ])
  has(await moved(() => submitCode(browser, at, codeOf(secret))), [
    'id_mfa_verification_total{factor="totp",result="done"}',
    'id_auth_login_success_total',
  ])
  const lost = await atTheCode()
  has(await moved(() => submitCode(lost.browser, lost.at, codes[0] ?? '')), [
    'id_mfa_verification_total{factor="recovery-code",result="done"}',
    'id_mfa_recovery_code_used_total',
  ])
})

test('passkeys made and shown', async () => {
  let key: Awaited<ReturnType<typeof addPasskey>>['passkey'] | undefined
  has(await moved(async () => (key = (await addPasskey(owner, service)).passkey)), [
    'id_passkey_registration_total',
  ])
  const show = async (credential: (options: string) => string) => {
    const browser = createBrowser(service.origin)
    const page = await (await browser.go('/sign-in')).text()
    return browser.submit(page, 'passkey', { credential: credential(optionsOf(page)) })
  }
  has(await moved(() => show((options) => key?.answer(options) ?? '')), [
    'id_passkey_authentication_total{result="done"}',
  ])
  has(await moved(() => show(() => '{}')), ['id_passkey_authentication_total{result="refused"}'])
})

test('forgotten passwords, and who tries too often', async () => {
  const browser = createBrowser(service.origin)
  const ask = async () =>
    browser.submit(await (await browser.go('/recover')).text(), 'recover', { email: 'ada@example.org' })
  has(await moved(ask), ['id_auth_password_reset_requests_total'])
  await addAccount(service, { email: 'bob@example.org' })
  const guess = async () => {
    for (let n = 0; n < 7; n += 1)
      await signIn(createBrowser(service.origin), { identifier: 'bob@example.org', secret: 'wrong' })
  }
  has(await moved(guess), ['id_auth_account_lockouts_total'])
})
