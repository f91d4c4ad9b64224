/** What the tests of factors do again and again: turn the second step on, add a passkey, show the code of now. */
import { setTimeout as pause } from 'node:timers/promises'
import { TOTP } from 'otpauth'
import { createAuthenticator } from './authenticator.ts'
import type { Browser, TestIdentity } from './identity.ts'

/** The code that an authenticator application shows, some steps of thirty seconds from now. */
export const codeOf = (secret: string, steps = 0): string =>
  new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 })

const unescaped = (text: string): string =>
  text.replaceAll('&quot;', '"').replaceAll('&#39;', "'").replaceAll('&amp;', '&')

/** What a page asks a passkey, as JSON. */
export const optionsOf = (page: string): string =>
  unescaped(/data-(?:add-)?passkey="([^"]*)"/.exec(page)?.[1] ?? '')

/** A code of the step before is good until this step ends: begun in its last seconds, a test on a slow machine would be too late. */
async function awayFromTheEnd(): Promise<void> {
  const left = 30_000 - (Date.now() % 30_000)
  if (left < 6_000) await pause(left)
}

/** @returns the secret, and the recovery codes as they were shown */
export async function turnOnTwoStep(browser: Browser): Promise<{ secret: string; codes: string[] }> {
  await awayFromTheEnd()
  const page = await (await browser.go('/account/two-step')).text()
  const secret = (/<code class="code-block">([^<]+)</.exec(page)?.[1] ?? '').replaceAll(' ', '')
  // The step before this one: the next sign-in may show the present one.
  const shown = await browser.submit(page, 'enrol', { code: codeOf(secret, -1) })
  const codes = [...(await shown.text()).matchAll(/<li><code>([^<]+)</g)].map(([, code = '']) => code)
  return { secret, codes }
}

export async function addPasskey(browser: Browser, { origin }: Pick<TestIdentity, 'origin'>, name = 'Sími') {
  const passkey = createAuthenticator(origin)
  const page = await (await browser.go('/account/passkeys/add')).text()
  const credential = passkey.make(optionsOf(page))
  const added = await browser.submit(page, 'add-passkey', { name, credential })
  return { passkey, added }
}

/** What the second step asks for. */
export async function submitCode(browser: Browser, at: string, code: string): Promise<Response> {
  return browser.submit(await (await browser.go(at)).text(), 'code-form', { code })
}
