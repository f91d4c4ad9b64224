/** People of the office who show a second factor: as the rooms of policies ask for it. */
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { TOTP } from 'otpauth'
import { heading, press, writePassword } from './people-at-devices.ts'

/** By whoever may: the second one, who reads what the first has written. */
export async function makeAdministrator(page: Page, url: string, email: string): Promise<void> {
  await page.goto(`${url}/admin/people?q=${email}`)
  await page.getByText(email).first().waitFor()
  await giveRoles(page, email, ['administrator'])
}

/** From any page of whoever may give them. */
export async function giveRoles(page: Page, email: string, roles: readonly string[]): Promise<void> {
  const status = await page.evaluate(
    async ([q, roles]) => {
      const { csrf } = (await (await fetch('/session/me')).json()) as { csrf: string }
      const { users } = (await (await fetch(`/api/identity/users?q=${q}`)).json()) as {
        users: { id: string }[]
      }
      const answer = await fetch(`/api/identity/users/${users[0]?.id}/roles`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-csrf-token': csrf },
        body: JSON.stringify({ roles, reason: 'Second reader' }),
      })
      return `${answer.status} ${await answer.text()}`
    },
    [email, roles] as const,
  )
  assert.match(status, /^200 /)
}

/** @returns the secret that their application holds */
export async function turnOnTwoStep(page: Page, url: string): Promise<string> {
  await page.goto(`${url}/account/two-step`)
  return enrolIn(page)
}

/** On the page where it is turned on. @returns the secret */
export async function enrolIn(page: Page): Promise<string> {
  await page.getByText('Enter the secret by hand').click()
  const secret = ((await page.locator('.code-block').textContent()) ?? '').replaceAll(' ', '')
  await page.getByLabel('The six digits that the application shows').fill(codeOf(secret, -1))
  await press(page, 'Turn on')
  await heading(page, 'Your recovery codes')
  return secret
}

const codeOf = (secret: string, steps = 0) =>
  new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 })

/** From the notice to a proof of now, and back to the page: at once, for who has turned it on within this minute. */
export async function proveIn(page: Page, email: string, secret: string): Promise<void> {
  await page.getByText('Show first that it is you').waitFor()
  const loaded = page.waitForEvent('load')
  await page.getByRole('link', { name: 'Sign in again' }).click()
  await loaded
  if (!new URL(page.url()).pathname.startsWith('/sign-in')) return
  await page.getByLabel('E-mail address').fill(email)
  await press(page, /^Continue$/)
  await heading(page, 'Your password')
  await writePassword(page)
  await heading(page, 'Enter the code')
  await page.getByLabel('Code').fill(codeOf(secret))
  await press(page, 'Continue')
}
