import assert from 'node:assert/strict'
import { test } from 'node:test'
import { TOTP } from 'otpauth'
import type { Page } from 'playwright-core'
import { lookedPage } from './looking.ts'
import { heading, linkIn, peopleOverAlthing, press } from './people-at-devices.ts'

/** Everything that a person does to come in, stay in control, and come back when something is lost, in real Chromium. */
const { althing, anew, device, writeAddress, writePassword, signIn, mailTo } = await peopleOverAlthing()

/** Turns the second step on and writes the codes down. */
async function turnOnTwoStep(page: Page): Promise<{ secret: string; codes: string[] }> {
  await page.goto(`${althing.url}/account/two-step`)
  await page.getByText('Enter the secret by hand').click()
  const secret = ((await page.locator('.code-block').textContent()) ?? '').replaceAll(' ', '')
  await page
    .getByLabel('The six digits that the application shows')
    .fill(new TOTP({ secret }).generate({ timestamp: Date.now() - 30_000 }))
  await press(page, 'Turn on')
  await heading(page, 'Your recovery codes')
  const codes = await page.locator('#codes code').allTextContents()
  await page.getByRole('link', { name: 'I have them in a safe place' }).click()
  await heading(page, 'Passwords and passkeys')
  return { secret, codes }
}

const code = (secret: string) => new TOTP({ secret }).generate().replace(/^(...)/, '$1 ')

test('password and second step; the lost phone; a forgotten password with the second step on', async () => {
  const email = 'member11@example.org'
  const page = await device()
  await signIn(page, email)
  const { secret, codes } = await turnOnTwoStep(page)
  assert.equal(codes.length, 10)

  const other = await device()
  await writeAddress(other, email)
  await writePassword(other)
  await heading(other, 'Enter the code')
  await other.getByLabel('Code').fill(code(secret))
  await press(other, 'Continue')
  await heading(other, 'My account')
  assert.match(await mailTo(email, 'Innskráning úr nýju tæki'), /Chrome/)

  const lost = await device()
  await writeAddress(lost, email)
  await writePassword(lost)
  await lost.getByText('The phone is not at hand').click()
  await lost.getByLabel('Code').fill(codes[3] ?? '')
  await press(lost, 'Continue')
  await heading(lost, 'My account')
  await lost.getByRole('link', { name: 'Change how you sign in' }).click()
  await lost.getByText('You have 9 recovery codes left.').waitFor()

  const forgetful = await device()
  await writeAddress(forgetful, email)
  await forgetful.getByRole('link', { name: 'I forgot my password' }).click()
  await forgetful.getByLabel('E-mail address').fill(email)
  await press(forgetful, 'Send me the link')
  await forgetful.goto(linkIn(await mailTo(email, 'Veldu nýtt lykilorð')))
  await forgetful.getByLabel('New password').fill('four other words are plenty')
  await press(forgetful, 'Save the password')
  await heading(forgetful, 'Sign in')
  await lost.goto(`${althing.url}/account`)
  await heading(lost, 'Sign in')
  await writeAddress(forgetful, email)
  await writePassword(forgetful, 'four other words are plenty')
  await heading(forgetful, 'Enter the code')
  await forgetful.goto(`${althing.url}/account`)
  await heading(forgetful, 'Sign in')
  await writeAddress(forgetful, email)
  await writePassword(forgetful, 'four other words are plenty')
  await forgetful.getByLabel('Code').fill(codes[4] ?? '')
  await press(forgetful, 'Continue')
  await heading(forgetful, 'My account')
})

test('a passkey: added, used from the first page without a name, named and removed', async () => {
  const page = await device()
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  await signIn(page, 'member12@example.org')
  await page.goto(`${althing.url}/account/passkeys/add`)
  await page.getByLabel('Name').fill('The key of the journey')
  await press(page, 'Make the passkey')
  await page.getByText('The passkey is ready.').waitFor()
  await page.goto(`${althing.url}/sign-out`)
  await press(page, 'Sign out')
  await heading(page, 'You are signed out')

  await page.goto(`${althing.url}/session/login?return=/account`)
  // With a key at hand the browser may offer it by itself, before anybody presses anything.
  await Promise.race([heading(page, 'My account'), press(page, 'Use a passkey').catch(() => undefined)])
  await heading(page, 'My account')
  await page.getByText('with a passkey').waitFor()

  await page.goto(`${althing.url}/account/security`)
  await page.locator('#passkeys-title').waitFor()
  await page.getByRole('link', { name: 'Remove The key of the journey' }).click()
  await heading(page, 'Remove this passkey?')
  await page.getByText('Wherever else you are signed in, that ends now').waitFor()
  await press(page, 'Remove the passkey')
  await page.getByText('The passkey is removed here.').waitFor()
})

test('a link by mail, opened on another device, signs that one in; the list of sessions ends it, and then all', async () => {
  const email = 'member13@example.org'
  const [desk, phone] = [await device(), await device()]
  await writeAddress(desk, email)
  await press(desk, 'Send me a link by e-mail instead')
  await heading(desk, 'Look at your e-mail')
  await phone.goto(linkIn(await mailTo(email, 'Innskráning hjá')))
  await phone.getByText(`You are about to sign in as ${email}.`).waitFor()
  await press(phone, 'Sign in')
  await heading(phone, 'My account')

  await signIn(desk, email)
  await desk.getByText('with a link by e-mail').waitFor()
  await desk.getByRole('button', { name: /^Sign out Chrome/ }).click()
  await desk.getByText('That session has been ended.').waitFor()
  await phone.goto(`${althing.url}/account`)
  await heading(phone, 'Sign in')

  await signIn(phone, email)
  await press(desk, 'Sign out everywhere')
  for (const page of [desk, phone]) {
    await page.goto(`${althing.url}/account`)
    await heading(page, 'Sign in')
  }
})

test('from an application to an account: the person asks, the administrator decides, and a code on paper for who has no mailbox', async () => {
  const email = 'new-member@example.org'
  const person = await device()
  await person.goto(`${althing.url}/session/login?return=/account`)
  await person.getByRole('link', { name: 'I have no account yet' }).click()
  await person.getByLabel('Full name').fill('Ný Manneskja')
  await person.getByLabel('E-mail address', { exact: true }).fill(email)
  await person.getByLabel('Date of birth').fill('1990-05-17')
  await person.getByLabel('I agree to the terms').check()
  await press(person, 'Ask for an account')
  await heading(person, 'Look at your e-mail')
  await person.goto(linkIn(await mailTo(email, 'Confirm your address')))
  await press(person, 'Yes, it is mine')
  await heading(person, 'Your application is with us')

  const looked = await lookedPage((await anew()).context, 1280)
  const admin = looked.page
  await signIn(admin, 'admin@example.org')
  await admin.goto(`${althing.url}/admin/applications`)
  await admin.getByText('Ný Manneskja').first().waitFor()
  await looked.inspect('admin-applications')
  await press(admin, 'Approve Ný Manneskja')
  await admin.getByText('Nobody is waiting').waitFor()

  await person.goto(linkIn(await mailTo(email, 'Activate your account')))
  await person.getByLabel('New password').fill('four other words are plenty')
  await press(person, 'Save the password')
  await writeAddress(person, email)
  await writePassword(person, 'four other words are plenty')
  await heading(person, 'My account')

  await admin.getByRole('link', { name: 'People', exact: true }).click()
  await heading(admin, 'People')
  await admin.getByLabel('Search names and addresses').fill('manneskja')
  await admin.waitForURL(/q=manneskja/)
  await admin.getByRole('link', { name: 'Ný Manneskja' }).click()
  await heading(admin, 'Ný Manneskja')
  await looked.inspect('admin-person')
  await press(admin, 'Suspend')
  await admin.getByRole('alertdialog').getByRole('textbox').first().fill('The board asked for it')
  await admin.getByRole('alertdialog').getByRole('button', { name: 'Suspend' }).click()
  await admin.getByText('The account is suspended.').waitFor()
  await person.goto(`${althing.url}/account`)
  await heading(person, 'Sign in')

  await admin.getByRole('link', { name: 'All people' }).click()
  await admin.getByRole('link', { name: 'New account' }).click()
  await admin.getByLabel('Kennitala').fill('12')
  await press(admin, 'Make the account')
  await admin.getByText('Enter ten digits').waitFor()
  await admin.getByLabel('Full name').fill('Jón á Hóli')
  await admin.getByLabel('Kennitala').fill('010150-2909')
  await press(admin, 'Make the account')
  await heading(admin, 'Jón á Hóli')
  await press(admin, 'Make a code on paper')
  await admin.getByRole('alertdialog').getByRole('button', { name: 'Make a code on paper' }).click()
  const paper = (await admin.locator('.code-block').textContent()) ?? ''
  const jon = await device()
  await jon.goto(`${althing.url}/activate`)
  await jon.getByLabel('Code').fill(paper.toUpperCase())
  await press(jon, 'Continue')
  await jon.getByLabel('New password').fill('four other words are plenty')
  await press(jon, 'Save the password')
  await jon.getByText('Without your agreement').first().waitFor()
  await jon.getByLabel('New password').fill('four other words are plenty')
  await jon.getByLabel('I agree to the terms').check()
  await press(jon, 'Save the password')
  await writeAddress(jon, '0101502909')
  await writePassword(jon, 'four other words are plenty')
  await heading(jon, 'My account')

  await admin.goto(`${althing.url}/admin/login-events`)
  await admin.getByRole('heading', { name: 'Why people were refused' }).waitFor()
  await admin.getByRole('link', { name: 'Jón á Hóli' }).first().waitFor()
})
