import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { until } from '../support/until.ts'
import { heading, peopleOverAlthing, press } from './people-at-devices.ts'
import { giveRoles } from './two-steps.ts'

/** What somebody may do is changed by another while their console is open: over a real Althing. */
const { althing, device, signIn } = await peopleOverAlthing({
  pages: ['ui', 'signin', 'account', 'admin'],
  env: { ALTHING_IDENTITY_BREACH_URL: '' },
})
const ada = await device()
await signIn(ada, 'admin@example.org')
await ada.goto(`${althing.url}/admin/people`)

/** Una with these roles, as soon as every door has heard of it. */
async function give(una: Page, ...roles: readonly string[]): Promise<void> {
  await giveRoles(ada, 'member2@example.org', roles)
  const own = async () =>
    una.evaluate(async () => ((await (await fetch('/session/may')).json()) as { roles: string[] }).roles)
  await until(async () => (await own()).filter((one) => one !== 'member').join() === roles.join())
}

const room = (page: Page, name: string) =>
  page.getByRole('navigation', { name: 'Console' }).getByRole('link', { name, exact: true })
const isNotAsked = async (page: Page) =>
  assert.equal(await page.getByRole('button', { name: 'Try again' }).count(), 0)

test('who is given a role finds its rooms at the next click; who loses one is told, keeps what they wrote where they may stay, and is not asked to try again', async () => {
  const una = await device()
  await signIn(una, 'member2@example.org')
  await give(una, 'election-manager')
  await una.goto(`${althing.url}/admin`)
  await heading(una, 'Elections')
  assert.equal(await room(una, 'People').count(), 0)
  let loads = 0
  una.on('load', () => (loads += 1))

  await give(una, 'auditor', 'election-manager')
  await room(una, 'Emergency access').click()
  await una.getByText('Your roles have changed.').waitFor()
  await room(una, 'People').click()
  await heading(una, 'People')
  // Said once.
  await una.getByText('Your roles have changed.').waitFor({ state: 'detached' })

  // The room stays theirs, and what they do in it does not.
  await room(una, 'Elections').click()
  await una.getByRole('link', { name: 'New election' }).click()
  await heading(una, 'New election')
  for (const [field, words] of [
    ['title', 'Kosning stjórnar'],
    ['questions-0-text', 'Hver?'],
    ['questions-0-answers-0', 'Ada'],
    ['questions-0-answers-1', 'Bea'],
  ] as const)
    await una.locator(`#f-${field}-is`).fill(words)
  await give(una, 'auditor')
  await press(una, 'Save the draft')
  await una.getByText('Your roles have changed.').waitFor()
  await una.getByText('You may not send what is written here.').waitFor()
  assert.equal(await una.locator('#f-title-is').inputValue(), 'Kosning stjórnar')
  await isNotAsked(una)

  // A room that is closed says so, and whom to ask.
  await give(una, 'election-manager')
  await room(una, 'People').click()
  await heading(una, '“People” is not open to you')
  await una.getByText(/If you need it, ask an administrator/).waitFor()
  await una.getByText('Your roles have changed.').waitFor()
  assert.equal(await room(una, 'People').count(), 0)
  await isNotAsked(una)
  await una.getByRole('link', { name: 'To what is open to you: Elections' }).click()
  await heading(una, 'Elections')

  await give(una, 'developer')
  await room(una, 'Emergency access').click()
  await room(una, 'Who may what').waitFor()
  await room(una, 'Who may what').click()
  await heading(una, 'Who may what')
  await give(una)
  await una.getByRole('link', { name: 'Policies', exact: true }).click()
  await heading(una, '“Policies” is not open to you')
  await una.getByRole('link', { name: 'To the front page' }).waitFor()
  await isNotAsked(una)
  assert.equal(loads, 0, 'nobody loaded a page again')
})
