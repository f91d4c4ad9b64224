import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heading, peopleOverAlthing, press } from './people-at-devices.ts'

/** A service of somebody’s, from the console to its tokens, and to their end: over a real Althing, through the portal. */
const { althing, device, signIn } = await peopleOverAlthing({
  pages: ['ui', 'signin', 'account', 'admin'],
  env: { ALTHING_IDENTITY_BREACH_URL: '' },
})

test('what is registered in the console gets tokens with the secret that was shown, with the second one too, and none when it is shut', async () => {
  const page = await device()
  await signIn(page, 'admin@example.org')
  await page.goto(`${althing.url}/admin/clients`)
  await heading(page, 'Connected applications')
  await page.getByRole('link', { name: 'Connect an application' }).click()
  await page.getByLabel('What kind of application is it?').selectOption('machine')
  await page.getByLabel('Name, as people read it').fill('The nightly worker')
  await page.getByLabel('Client id').fill('portal')
  await press(page, 'Register it')
  await page.getByText('Letters, digits, dots and dashes only').waitFor()
  await page.getByLabel('Client id').fill('worker')
  await press(page, 'Register it')
  const shown = page.locator('#client-secret')
  const first = (await shown.textContent()) ?? ''
  assert.equal(await token(first), 200)
  await press(page, 'I have kept it')
  await heading(page, 'The nightly worker')

  await press(page, 'Make a second secret')
  await shown.waitFor()
  const second = (await shown.textContent()) ?? ''
  await press(page, 'I have kept it')
  assert.deepEqual([await token(first), await token(second)], [200, 200])
  await press(page, /^Retire ?: Secret 1/)
  await press(page, 'Retire this secret')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Retire', exact: true }).click()
  await page.getByText('The end of the secret is settled.').waitFor()
  assert.deepEqual([await token(first), await token(second)], [401, 200])

  await page.getByRole('link', { name: 'Change', exact: true }).click()
  await page.getByLabel('Seconds that an access token lives').fill('60')
  await page.getByLabel('Name, as people read it').fill('The worker')
  await press(page, 'Save changes')
  await heading(page, 'The worker')
  await page.getByRole('button', { name: 'Disable', exact: true }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Disable', exact: true }).click()
  await page.getByText('It can do nothing from now on.').waitFor()
  assert.equal(await token(second), 401)
  await press(page, 'Let it be used again')
  await page.getByText('It may be used again.').waitFor()
  assert.equal(await token(second), 200)
  await page.getByRole('button', { name: 'Delete', exact: true }).click()
  await page.getByRole('alertdialog').getByRole('textbox').fill('DELETE')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete', exact: true }).click()
  await heading(page, 'Connected applications')
  assert.equal(await token(second), 401)
})

async function token(secret: string): Promise<number> {
  const answer = await fetch(`${althing.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
    headers: { authorization: `Basic ${Buffer.from(`worker:${secret}`).toString('base64')}` },
  })
  return answer.status
}
