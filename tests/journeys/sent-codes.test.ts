import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { demoPassword } from '../../run/demo/people.ts'
import { buildWeb } from '../../tools/web.ts'
import { startAlthing, type Althing } from '../support/althing.ts'
import { openChromium, overflow, put, type Browser } from './screenshots.ts'

/** Codes by text message and mail, in a browser whose scripts are switched off, read in the demonstration's mailbox. */
let althing: Althing
let browser: Browser

before(async () => {
  await buildWeb({ only: ['ui', 'signin', 'account'] })
  althing = await startAlthing()
  browser = await openChromium({ locale: 'en', script: false })
})
after(async () => {
  await browser.close()
  await althing.remove()
})

const email = 'member2@example.org'
const phone = '+3545550123'
const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click()
const heading = (page: Page, name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor()

async function signIn(page: Page): Promise<void> {
  await page.goto(`${althing.url}/session/login?return=/account`)
  await page.getByLabel('E-mail address').fill(email)
  await press(page, 'Continue')
  await page.getByLabel('Password', { exact: true }).fill(demoPassword)
  await press(page, 'Sign in')
}

/** It is there before the page is: nobody waits for a queue. */
async function codeTo(to: string): Promise<string> {
  const { messages } = (await (await fetch(`${althing.managementUrl}/outbox.json`)).json()) as {
    messages: { to: string; text: string }[]
  }
  const found = messages.find((one) => one.to === to && /\b\d{6}\b/.test(one.text))
  return /\b(\d{6})\b/.exec(found?.text ?? '')?.[1] ?? ''
}

test('a telephone is confirmed, codes are turned on, and each of them lets in where the other cannot', async () => {
  const page = await browser.context.newPage()
  await put(page, { width: 320, scheme: 'light' })
  await signIn(page)
  await heading(page, 'My account')
  await page.goto(`${althing.url}/account/profile`)
  await page.getByLabel('Phone').fill('555 0123')
  await press(page, 'Save')
  await page.goto(`${althing.url}/account/security`)
  await press(page, 'Confirm this phone')
  await heading(page, 'Confirm your phone')
  const sent = await codeTo(phone)
  await page.getByLabel('The six digits').fill(sent.replace(/^(...)/, '$1 '))
  await press(page, 'Confirm')
  await page.getByText('The phone is confirmed').waitFor()
  await press(page, 'Turn on (Code by text message)')
  await page.getByText('The code is on').waitFor()
  await press(page, 'Turn on (Code by e-mail)')
  await page.getByText('The code is on').waitFor()
  assert.equal(await overflow(page), 0)

  await browser.context.clearCookies()
  await signIn(page)
  await heading(page, 'How do you want to confirm that it is you?')
  assert.equal(await overflow(page), 0)
  await press(page, 'Send me a text message')
  await heading(page, 'Enter the code')
  assert.equal(await overflow(page), 0)
  const first = await codeTo(phone)
  await page.getByLabel('Code').fill(first === '000000' ? '111111' : '000000')
  await press(page, 'Continue')
  await page.getByRole('alert').waitFor()
  await press(page, 'Send another code')
  await heading(page, 'Enter the code')
  // A reload sends nothing more.
  const second = await codeTo(phone)
  await page.reload()
  assert.equal(await codeTo(phone), second)
  await page.getByRole('link', { name: 'Another second step' }).click()
  await press(page, 'Send me an e-mail')
  await heading(page, 'Enter the code')
  await page.getByLabel('Code').fill(await codeTo(email))
  await press(page, 'Continue')
  await heading(page, 'My account')
  await page.close()
})
