import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, test } from 'node:test'
import type { BrowserContext } from 'playwright-core'
import { turnstileAttester } from '@althing/kernel/testing'
import { openAssets } from '@althing/web-ui/assets.ts'
import { addAccount, testIdentity } from '../support/identity.ts'
import { lookedPage } from './looking.ts'
import { heading, press } from './people-at-devices.ts'
import { openChromium, type Browser } from './screenshots.ts'

/** The widget as its documents describe it, in real Chromium, under the policy of our own pages. */
const attester = await turnstileAttester()
const service = await testIdentity({
  env: {
    ALTHING_IDENTITY_ATTESTATION: 'turnstile',
    ALTHING_IDENTITY_TURNSTILE_SITE_KEY: '0x4AAAAAAAsite',
    ALTHING_IDENTITY_TURNSTILE_SECRET: attester.secret,
    ALTHING_IDENTITY_TURNSTILE_URL: attester.url,
  },
})
await addAccount(service)

const assets = openAssets(new URL('../../web/dist/', import.meta.url))
const browsers: Browser[] = []
after(() => Promise.all(browsers.map((browser) => browser.close())))

async function device(more: { readonly script?: boolean } = {}): Promise<BrowserContext> {
  const browser = await openChromium({ locale: 'en', ...more })
  browsers.push(browser)
  // Style and scripts are the portal's to serve; here they come as they were built.
  await browser.context.route('**/assets/**', (route) => {
    const served = assets.serve(new URL(route.request().url()).pathname)
    if (served === null) return route.abort()
    return route.fulfill({ contentType: served.contentType, body: readFileSync(served.file) })
  })
  return browser.context
}

/** A frame of their own, and the response in a hidden field of the form around the box. */
const script = (response: string) => `
  for (const box of document.querySelectorAll('.cf-turnstile')) {
    const frame = document.createElement('iframe')
    frame.src = 'https://challenges.cloudflare.com/frame'
    frame.title = 'Widget'
    const input = document.createElement('input')
    Object.assign(input, { type: 'hidden', name: 'cf-turnstile-response', value: '${response}' })
    box.append(frame, input)
  }`

test('a widget comes up under our policy, answers into the form, and the form is taken', async () => {
  const context = await device()
  const response = attester.solve({ hostname: 'localhost', action: 'recover' })
  const framed: string[] = []
  await context.route('https://challenges.cloudflare.com/**', (route) => {
    const { pathname } = new URL(route.request().url())
    if (pathname === '/frame') framed.push(pathname)
    return pathname === '/turnstile/v0/api.js'
      ? route.fulfill({ contentType: 'text/javascript', body: script(response) })
      : route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Widget</title>' })
  })
  const { page, complaints } = await lookedPage(context)
  await page.goto(`${service.origin}/recover`)
  await page.locator('.cf-turnstile iframe').waitFor()
  await page.getByLabel('E-mail address').fill('ada@example.org')
  await press(page, 'Send me the link')
  await page.waitForURL('**/recover/sent')
  assert.deepEqual([framed, complaints], [['/frame'], []])
  await page.goto(`${service.origin}/recover`)
  await page.locator('.cf-turnstile iframe').waitFor()
  await page.getByLabel('E-mail address').fill('ada@example.org')
  await press(page, 'Send me the link')
  await page.getByText('We could not see that this comes from a browser').waitFor()
  assert.equal(
    await page.getByLabel('E-mail address').inputValue(),
    'ada@example.org',
    'nothing is typed twice',
  )
})

test('no other origin gets into the page, and none at all into one that asks for no widget', async () => {
  const context = await device()
  await context.route(/evil\.example|cloudflare/, (route) =>
    route.fulfill({ contentType: 'text/javascript', body: 'document.title = "taken"' }),
  )
  const { page } = await lookedPage(context)
  const isTaken = (source: string) =>
    page.evaluate(
      (src) =>
        new Promise<boolean>((resolve) => {
          const element = document.createElement('script')
          // Trusted Types stand in the way of strings; a script that was let in could make a policy as this does.
          const policy = globalThis as unknown as {
            trustedTypes: { createPolicy: (n: string, r: object) => { createScriptURL(s: string): string } }
          }
          element.src = policy.trustedTypes
            .createPolicy(src, { createScriptURL: (s: string) => s })
            .createScriptURL(src)
          element.addEventListener('load', () => resolve(true))
          element.addEventListener('error', () => resolve(false))
          document.head.append(element)
        }),
      source,
    )
  await page.goto(`${service.origin}/recover`)
  assert.equal(await isTaken('https://challenges.cloudflare.com/turnstile/v0/api.js'), true)
  assert.equal(await isTaken('https://evil.example/x.js'), false)
  await page.goto(`${service.origin}/recover/sent`)
  assert.equal(await isTaken('https://challenges.cloudflare.com/turnstile/v0/api.js'), false)
})

test('without script each page says what to do, and what is sent all the same is answered in words', async () => {
  const context = await device({ script: false })
  const page = await context.newPage()
  for (const path of ['/recover', '/register', '/sign-in']) {
    await page.goto(`${service.origin}${path}`)
    await page.locator('noscript p').waitFor()
  }
  await page.getByLabel('E-mail address').fill('ada@example.org')
  await press(page, 'Continue')
  await heading(page, 'Sign in')
  await page.getByText('We could not see that this comes from a browser').waitFor()
})
