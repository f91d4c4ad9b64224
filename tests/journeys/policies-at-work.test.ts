import assert from 'node:assert/strict'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { heading, peopleOverAlthing, press } from './people-at-devices.ts'
import { makeAdministrator, proveIn, turnOnTwoStep } from './two-steps.ts'

/** Two administrators bring a policy into force and take it back: over a real Althing, through the portal, each with a second factor. */
const { althing, device, signIn } = await peopleOverAlthing({
  pages: ['ui', 'signin', 'account', 'admin'],
  env: { ALTHING_IDENTITY_BREACH_URL: '' },
})

const doors =
  '@id("managers-open-doors")\npermit (principal in Role::"election-manager", action == Action::"doors.open", resource is Door);\n'

const doorsWellSet = `@id("managers-open-doors")
permit (
  principal in Role::"election-manager",
  action == Action::"doors.open",
  resource is Door
);
`

test('one administrator writes and proposes, another one reads and brings into force; what was no is yes, and no again after a rollback', async () => {
  const ada = await device()
  await signIn(ada, 'admin@example.org')
  await makeAdministrator(ada, althing.url, 'member2@example.org')
  const adas = await turnOnTwoStep(ada, althing.url)
  assert.equal(await answerTo(ada), 'No action is called so', 'no policy names it yet')

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
  await ada.getByText('“resouce” does not belong in the head of a policy.', { exact: false }).waitFor()
  await ada.goto(`${althing.url}/admin/policies/new?lang=is`)
  await press(ada, 'Henda honum')
  const reglur = ada.getByRole('textbox', { name: 'Reglur félagsins' })
  await reglur.fill('@id("doors")\npermit (principal, action, resouce);\n')
  await ada.getByText('„resouce“ á ekki heima í haus reglunnar.', { exact: false }).waitFor()
  await press(ada, 'Snyrta reglurnar')
  await ada.getByText(/^Ekki er hægt að snyrta reglurnar/).waitFor()
  assert.match(await reglur.inputValue(), /resouce/, 'what is wrong stays as it is')
  await ada.goto(`${althing.url}/admin/policies/new?lang=en`)
  await press(ada, 'Throw it away')
  await policies.fill(`// Doors\n${doors.replaceAll(/\s*\n/g, ' ')}`)
  await press(ada, 'Format the policies')
  await ada.getByText('The policies are formatted.', { exact: false }).waitFor()
  assert.equal(await policies.inputValue(), `// Doors\n${doorsWellSet}`)
  await policies.fill(doors)
  await ada.getByText('Nothing is wrong').waitFor()
  await ada.getByRole('heading', { level: 2, name: 'Tests', exact: true }).click()
  await ada.getByText('An example of a test', { exact: true }).click()
  await press(ada, 'Take over this example')
  await ada.getByText(/^See the \d+ tests that hold/).click()
  await ada.getByText('A member opens none.', { exact: true }).waitFor()
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
  assert.equal(await answerTo(ada), 'No action is called so', 'proposed is not in force')

  const bea = await device()
  await signIn(bea, 'member2@example.org')
  const beas = await turnOnTwoStep(bea, althing.url)
  await bea.goto(address)
  await bea.getByText('managers-open-doors').first().waitFor()
  await activate(bea)
  await proveIn(bea, 'member2@example.org', beas)
  await activate(bea)
  await bea.getByText('The policies are in force.').waitFor()
  assert.equal(await answerTo(bea), 'Yes')
  await whatOfficersMay(bea)
  const decision = await decided(bea)
  await press(bea, 'With the policies of then')
  await bea.getByText(/^It comes out the same, with version 2/).waitFor()
  await press(bea, 'Verify this decision')
  await bea.getByText(/^It is unaltered/).waitFor()

  await bea.goto(`${althing.url}/admin/policies`)
  await bea.getByText(/of Althing, 1 of the organisation/).waitFor()
  await bea.getByRole('link', { name: 'Version 1' }).click()
  await press(bea, 'Roll back to this version')
  const dialog = bea.getByRole('alertdialog')
  assert.equal(await dialog.getByRole('button', { name: 'Roll back' }).getAttribute('aria-disabled'), 'true')
  await dialog.getByLabel(/^Why\?/).fill('The doors were the wrong ones')
  await dialog.getByRole('button', { name: 'Roll back' }).click()
  await bea.getByText('Done. It is in force now as version 3.').waitFor()
  assert.equal(await answerTo(bea), 'No action is called so')

  await bea.goto(`${althing.url}/admin/policies/compare?from=2&to=3`)
  await bea.getByText('managers-open-doors').waitFor()

  await bea.goto(decision)
  await press(bea, 'With the policies of today')
  await bea.getByText('It comes out otherwise with version 3').waitFor()
  assert.match(await taken(bea), /^id,at,caller[^]*doors\.open[^]*"allow","managers-open-doors"/)
})

/** What an election manager may do to the door, and through what; and that the policy is where the link says. */
async function whatOfficersMay(page: Page): Promise<void> {
  await page.goto(`${althing.url}/admin/permissions`)
  await page.getByLabel('Who?').fill('officer@example.org')
  await press(page, 'What may they do?')
  await page.getByRole('link', { name: 'elections.create', exact: true }).waitFor()
  await page.getByLabel('To what?').fill('Door::main')
  await press(page, 'What may they do?')
  await page.getByRole('link', { name: 'managers-open-doors' }).click()
  await page.locator('mark', { hasText: '@id("managers-open-doors")' }).waitFor()
}

/** Asked as an application asks: whether the officer may. @returns the address of the page of what was decided */
async function decided(page: Page): Promise<string> {
  await page.evaluate(async () => {
    const { csrf } = (await (await fetch('/session/me')).json()) as { csrf: string }
    const { users } = (await (await fetch('/api/identity/users?q=officer@example.org')).json()) as {
      users: { id: string }[]
    }
    const answer = await fetch('/access/v1/evaluation', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-csrf-token': csrf, 'x-request-id': 'question 7/a' },
      body: JSON.stringify({
        subject: { type: 'Person', id: users[0]?.id },
        action: { name: 'doors.open' },
        resource: { type: 'Door', id: 'main' },
      }),
    })
    if (!answer.ok) throw new Error(await answer.text())
    if (answer.headers.get('x-request-id') !== 'question 7/a') throw new Error('Whose answer is it?')
    // It is written down a moment after it is told.
    const written = async () => {
      const list = await (await fetch('/api/policy/decisions?action=doors.open')).json()
      const { decisions } = list as { decisions: { request: string | null }[] }
      return decisions.some(({ request }) => request === 'question 7/a')
    }
    while (!(await written())) await new Promise((resolve) => setTimeout(resolve, 200))
  })
  await page.goto(`${althing.url}/admin/decisions?action=doors.open`)
  await page.getByRole('link', { name: 'doors.open' }).first().click()
  await heading(page, 'doors.open')
  return page.url()
}

/** All that a filter finds, as the browser writes it down. */
async function taken(page: Page): Promise<string> {
  await page.goto(`${althing.url}/admin/decisions?action=doors.open`)
  await page.getByText('Take decisions along').click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download as a table (CSV)' }).click(),
  ])
  return text(await download.createReadStream())
}

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
