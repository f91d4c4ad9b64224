import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '@althing/kernel/testing'
import type { Page } from 'playwright-core'
import { heading, peopleOverAlthing, press } from './people-at-devices.ts'
import { enrolIn, makeAdministrator, proveIn, turnOnTwoStep } from './two-steps.ts'

/** Somebody is banned from something and let again; another is lent a role by two: over a real Althing, in the console. */
const { althing, device, signIn, mailTo } = await peopleOverAlthing({
  pages: ['ui', 'signin', 'account', 'admin'],
  env: { ALTHING_IDENTITY_BREACH_URL: '' },
})

test('an administrator bans an officer from elections for a day and ends it; the officer is lent a role by a second person, and everybody sees it', async () => {
  const ada = await device()
  await signIn(ada, 'admin@example.org')
  await makeAdministrator(ada, althing.url, 'member2@example.org')
  const adas = await turnOnTwoStep(ada, althing.url)
  const officer = await device()
  await signIn(officer, 'officer@example.org')
  assert.equal(await statusOf(officer), 200)
  await officer.goto(`${althing.url}/admin/elections`)
  await heading(officer, 'Elections')

  await ada.goto(`${althing.url}/admin/overrides`)
  await ada.getByText('There are no overrides').waitFor()
  await ada.getByRole('link', { name: 'New override' }).click()
  await ada.getByLabel('Look for a person').fill('officer@example.org')
  await ada.getByRole('button', { name: /officer@example\.org/ }).click()
  await ada.getByLabel('Look for an action').fill('elections.list')
  await ada.getByRole('option', { name: 'See the list of elections' }).click()
  await ada.getByLabel(/^Until when\?/).fill(await tomorrow(ada))
  await ada.getByLabel('Why?').fill('Away until tomorrow')
  await press(ada, 'Review it')
  await heading(ada, 'Is this right?')
  await press(ada, 'Ban this now')
  await proveIn(ada, 'admin@example.org', adas)
  await heading(ada, 'Is this right?')
  await press(ada, 'Ban this now')
  await ada.getByText('In force', { exact: true }).waitFor()
  await answers(officer, 403)
  const banned = await mailTo('officer@example.org', 'Lokað fyrir þig tímabundið: sjá ')
  assert.match(banned, /sjá [^.]*\(alls staðar\)/)
  assert.doesNotMatch(banned, /Away|elections\.list/, 'in words, and without the reason')
  // The console that was open all the while notices at the next click; no role has changed.
  await answers(officer, 403, '/admin/elections')
  await officer.getByRole('link', { name: 'Emergency access', exact: true }).click()
  await officer.getByText('What you may do here has changed.').waitFor()
  assert.equal(await officer.getByRole('link', { name: 'Elections', exact: true }).count(), 0)
  await press(ada, 'End it now')
  const why = ada.getByRole('alertdialog').getByLabel(/^Why\?/)
  await why.fill('x'.repeat(501))
  await ada.getByText('This has 501 characters; at most 500 are possible.').waitFor()
  await ada.getByRole('alertdialog').getByRole('button', { name: 'End it now' }).click({ force: true })
  await why.fill('Back earlier')
  await ada.getByRole('alertdialog').getByRole('button', { name: 'End it now' }).click()
  await ada.getByText('It is over.').waitFor()
  await answers(officer, 200)
  await mailTo('officer@example.org', 'Takmörkun var aflétt')

  await officer.goto(`${althing.url}/admin/emergency`)
  await officer.getByRole('link', { name: 'Ask for emergency access' }).click()
  await officer.getByRole('radio', { name: /^administrator/ }).check()
  await officer.getByLabel('Why?').fill('Nobody else is here')
  await press(officer, 'Ask for emergency access')
  // Whoever has no second step yet sets it up and comes back, and what they wrote is there. They have just shown it: once is enough.
  await officer.getByRole('link', { name: 'I have no second step yet' }).click()
  await enrolIn(officer)
  await officer.getByRole('link', { name: 'I have them in a safe place' }).click()
  await heading(officer, 'Ask for emergency access')
  assert.equal(await officer.getByLabel('Why?').inputValue(), 'Nobody else is here')
  await press(officer, 'Ask for emergency access')
  await officer.getByText(/^You asked for this/).waitFor()
  assert.equal(await statusOf(officer, '/api/identity/users'), 403, 'asked for is not given')

  await ada.goto(`${althing.url}/admin`)
  await ada.getByText(/asks for emergency access/).waitFor()
  await ada.getByRole('link', { name: /^See/ }).click()
  await press(ada, 'Agree')
  await ada.getByRole('alertdialog').getByRole('button', { name: 'Agree' }).click()
  await ada.getByText('Agreed. It is in force.').waitFor()
  await answers(officer, 200, '/api/identity/users')
  await officer.goto(`${althing.url}/admin`)
  await officer.getByText(/^Emergency access of/).waitFor()

  await officer.goto(`${althing.url}/account`)
  await officer
    .getByRole('region', { name: 'For a while' })
    .getByText('Reason: Nobody else is here')
    .waitFor()

  // What is lent opens pages too, as long as it is lent.
  await officer.goto(`${althing.url}/`)
  await officer.getByRole('link', { name: /^Administration/ }).click()
  await heading(officer, 'People')
  await officer.getByText('member2@example.org').waitFor()
  await officer.goto(`${althing.url}/admin/emergency`)
  await officer.getByRole('table').getByRole('link', { name: 'Emergency access' }).first().click()
  await heading(officer, /^Emergency access of (?!Person)/)
  await press(officer, 'End it now')
  await officer
    .getByRole('alertdialog')
    .getByLabel(/^Why\?/)
    .fill('All is well again')
  await officer.getByRole('alertdialog').getByRole('button', { name: 'End it now' }).click()
  await officer.getByText('It is over.').waitFor()
  await answers(officer, 403, '/api/identity/users')
  await officer.goto(`${althing.url}/admin/people`)
  await heading(officer, 'You do not have access to this page')
})

test('of an account that was never given a role the form says so where the person is chosen, and leads to where one is given', async () => {
  const ada = await device()
  await signIn(ada, 'member2@example.org')
  const theirs = await turnOnTwoStep(ada, althing.url)
  await ada.goto(`${althing.url}/admin/people/new`)
  await ada.getByLabel('Full name').fill('Nanna Nýja')
  await ada.getByLabel('E-mail address').fill('nanna@example.org')
  await press(ada, 'Make the account')
  await heading(ada, 'Nanna Nýja')
  await ada.goto(`${althing.url}/admin/overrides/new`)
  await ada.getByLabel('Look for a person').fill('nanna@example.org')
  await ada.getByRole('button', { name: /nanna@example\.org/ }).click()
  await ada.getByRole('option', { name: 'See the list of elections' }).click()
  await ada.getByLabel(/^Until when\?/).fill(await tomorrow(ada))
  await ada.getByLabel('Why?').fill('Away until tomorrow')
  await press(ada, 'Review it')
  await press(ada, 'Ban this now')
  await proveIn(ada, 'member2@example.org', theirs)
  await heading(ada, 'Is this right?')
  await press(ada, 'Ban this now')
  await ada.getByText(/^Nothing is known here of a role/).waitFor()
  await ada.getByRole('link', { name: 'Change the roles' }).click()
  await heading(ada, /Nanna Nýja/)
})

const statusOf = (page: Page, path = '/api/admin/elections') =>
  page.evaluate(async (at) => (await fetch(at)).status, path)

/** In a second, says the promise; on a busy machine it may be a few. */
const answers = (page: Page, status: number, path?: string) =>
  until(async () => (await statusOf(page, path)) === status, `${path ?? 'the page'} answers ${status}`)

const tomorrow = (page: Page) =>
  page.evaluate(() => {
    const at = new Date(Date.now() + 86_400_000)
    return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
  })
