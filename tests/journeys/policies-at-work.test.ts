import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { TOTP } from 'otpauth'
import { buildWeb } from '../../tools/web.ts'
import { startAlthing, type Althing } from '../support/althing.ts'
import { createDevices, heading, press } from './people-at-devices.ts'

/** Two administrators bring a policy into force and take it back: over a real Althing, through the portal, each with a second factor. */
let althing: Althing
const { device, signIn, writePassword, close } = createDevices(() => althing)

before(async () => {
  await buildWeb({ only: ['ui', 'signin', 'account', 'admin'] })
  althing = await startAlthing({ env: { ALTHING_IDENTITY_BREACH_URL: '' } })
})
after(async () => {
  await close()
  await althing.remove()
})

const doors =
  '@id("managers-open-doors")\npermit (principal in Role::"election-manager", action == Action::"doors.open", resource is Door);\n'

test('one administrator writes and proposes, another one reads and brings into force; what was no is yes, and no again after a rollback', async () => {
  const ada = await device()
  await signIn(ada, 'admin@example.org')
  await makeAdministrator(ada, 'member2@example.org')
  const adas = await turnOnTwoStep(ada)
  assert.equal(await answerTo(ada), 'No')

  await ada.goto(`${althing.url}/admin/policies`)
  await ada.getByText('No draft is open').waitFor()
  await ada.getByRole('link', { name: 'New draft' }).click()
  await heading(ada, 'New draft')
  const policies = ada.getByRole('textbox', { name: 'The organisation’s policies' })
  await policies.fill('@id("doors")\npermit (principal, action, resouce);\n')
  await ada.getByText(/thing has to be mended/).waitFor()
  await ada
    .getByText(/line 2/)
    .first()
    .waitFor()
  await policies.fill(doors)
  await ada.getByText('Nothing is wrong').waitFor()
  await ada.getByLabel('Title of the draft').fill('Doors for election managers')
  await press(ada, 'Save the draft')
  await heading(ada, 'Doors for election managers')
  await ada.getByText('Being written').waitFor()
  await press(ada, 'Propose')
  await proveIn(ada, 'admin@example.org', adas)
  await heading(ada, 'Doors for election managers')
  await press(ada, 'Propose')
  await ada.getByText('It is proposed.').waitFor()
  assert.equal(await ada.getByRole('button', { name: 'Bring into force' }).count(), 0, 'not by who wrote it')
  const address = ada.url()
  assert.equal(await answerTo(ada), 'No', 'proposed is not in force')

  const bea = await device()
  await signIn(bea, 'member2@example.org')
  const beas = await turnOnTwoStep(bea)
  await bea.goto(address)
  await bea.getByText('managers-open-doors').first().waitFor()
  await activate(bea)
  await proveIn(bea, 'member2@example.org', beas)
  await activate(bea)
  await bea.getByText('The policies are in force.').waitFor()
  assert.equal(await answerTo(bea), 'Yes')

  await bea.goto(`${althing.url}/admin/policies`)
  await bea.getByText(/of Althing, 1 of the organisation/).waitFor()
  await bea.getByRole('link', { name: 'Version 1' }).click()
  await press(bea, 'Roll back to this version')
  const dialog = bea.getByRole('alertdialog')
  assert.equal(await dialog.getByRole('button', { name: 'Roll back' }).getAttribute('aria-disabled'), 'true')
  await dialog.getByLabel(/^Why\?/).fill('The doors were the wrong ones')
  await dialog.getByRole('button', { name: 'Roll back' }).click()
  await bea.getByText('Done. It is in force now as version 3.').waitFor()
  assert.equal(await answerTo(bea), 'No')

  await bea.goto(`${althing.url}/admin/policies/compare?from=2&to=3`)
  await bea.getByText('managers-open-doors').waitFor()
})

/** By the explorer: whether the officer may open the door. */
async function answerTo(page: Page): Promise<string> {
  await page.goto(`${althing.url}/admin/permissions`)
  await page.getByLabel('Who?').fill('officer@example.org')
  await page.getByLabel('May do what?').fill('doors.open')
  await page.getByLabel('To what?').fill('Door::main')
  await press(page, 'Ask')
  const said = (await page.locator('.notice-title').first().textContent()) ?? ''
  return said.split(':')[0] ?? ''
}

async function activate(page: Page): Promise<void> {
  await press(page, 'Bring into force')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Bring into force' }).click()
}

async function makeAdministrator(page: Page, email: string): Promise<void> {
  await page.goto(`${althing.url}/admin/people?q=${email}`)
  await page.getByText(email).first().waitFor()
  const status = await page.evaluate(async (q) => {
    const { csrf } = (await (await fetch('/session/me')).json()) as { csrf: string }
    const { users } = (await (await fetch(`/api/identity/users?q=${q}`)).json()) as {
      users: { id: string }[]
    }
    const answer = await fetch(`/api/identity/users/${users[0]?.id}/roles`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-csrf-token': csrf },
      body: JSON.stringify({ roles: ['administrator'], reason: 'Second reader' }),
    })
    return `${answer.status} ${await answer.text()}`
  }, email)
  assert.match(status, /^200 /)
}

async function turnOnTwoStep(page: Page): Promise<string> {
  await page.goto(`${althing.url}/account/two-step`)
  await page.getByText('Enter the secret by hand').click()
  const secret = ((await page.locator('.code-block').textContent()) ?? '').replaceAll(' ', '')
  await page.getByLabel('The six digits that the application shows').fill(codeOf(secret, -1))
  await press(page, 'Turn on')
  await heading(page, 'Your recovery codes')
  return secret
}

const codeOf = (secret: string, steps = 0) =>
  new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 })

/** From the notice to a proof of now, and back to the page. */
async function proveIn(page: Page, email: string, secret: string): Promise<void> {
  await page.getByText('Show first that it is you').waitFor()
  await page.getByRole('link', { name: 'Sign in again' }).click()
  await page.getByLabel('E-mail address').fill(email)
  await press(page, /^Continue$/)
  await heading(page, 'Your password')
  await writePassword(page)
  await heading(page, 'Enter the code')
  await page.getByLabel('Code').fill(codeOf(secret))
  await press(page, 'Continue')
}
