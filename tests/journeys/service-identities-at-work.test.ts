import assert from 'node:assert/strict'
import { test } from 'node:test'
import { heading, peopleOverAlthing, press } from './people-at-devices.ts'

/** A program from the console to the directory of members, and to its end: over a real Althing, through the portal. */
const { althing, device, signIn } = await peopleOverAlthing({
  pages: ['ui', 'signin', 'account', 'admin'],
  env: { ALTHING_IDENTITY_BREACH_URL: '' },
})

test('a key that was made in the console opens the directory and nothing else, from where it may, until it is revoked', async () => {
  const page = await device()
  await signIn(page, 'admin@example.org')
  await page.goto(`${althing.url}/admin/service-identities`)
  await heading(page, 'Service identities')
  await page.getByRole('link', { name: 'New service identity' }).click()
  await page.getByLabel('Its name').fill('The bookkeeper')
  await page.getByLabel('What is it for?').fill('Sends bills to members')
  await page.getByLabel('Whose is it?').fill('admin@example.org')
  await press(page, 'Make it')
  await heading(page, 'The bookkeeper')
  await page.locator('#app').getByRole('link', { name: 'Sólveig Arnardóttir' }).waitFor()

  const key = async (networks: string) => {
    await press(page, 'Make a key')
    await page.getByLabel('See the directory of members').check()
    await page.getByLabel('From these networks only').fill(networks)
    await press(page, 'Make this key')
    const made = (await page.locator('#program-key').textContent()) ?? ''
    await press(page, 'I have put it away')
    return made
  }
  const here = await key('127.0.0.0/8\n::1')
  const elsewhere = await key('203.0.113.0/24')
  assert.equal(await status('/api/members', here), 200)
  assert.equal(await status('/api/members', elsewhere), 403)
  assert.equal(await status('/api/identity/users', here), 403)
  assert.ok(
    [401, 403].includes(await status('/api/admin/elections', here)),
    'beside the ballots it is worth nothing',
  )
  assert.equal(await status('/api/members', `${here}0`), 401)

  const given = await fetch(`${althing.url}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      client_id: 'service-identities',
      subject_token: here,
      subject_token_type: 'urn:althing:token-type:api-key',
      purpose: 'The bills of November',
    }),
  })
  const { access_token: token } = (await given.json()) as { access_token: string }
  assert.equal(await status('/api/members', token), 200)

  await page
    .getByRole('button', { name: /^Revoke/ })
    .last()
    .click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click()
  await page.getByText('The key opens nothing any more.').waitFor()
  await refused(here, token)
  await page.close()
})

/** The feed is there in milliseconds; nobody says how many. */
async function refused(...tokens: readonly string[]): Promise<void> {
  const late = Date.now() + 5_000
  for (const token of tokens)
    while ((await status('/api/members', token)) !== 401) assert.ok(Date.now() < late, 'it goes on opening')
}

async function status(path: string, token: string): Promise<number> {
  const answer = await fetch(`${althing.url}${path}`, { headers: { authorization: `Bearer ${token}` } })
  return answer.status
}
