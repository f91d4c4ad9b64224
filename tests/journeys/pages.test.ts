import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { buildWeb } from '../../tools/web.ts'
import type { Page } from 'playwright-core'
import { previews, startPreview } from './preview.ts'
import { bringAxe, openChromium, openStillChromium, overflow, put, violations } from './screenshots.ts'
import type { Browser } from './screenshots.ts'

/** Every server-rendered page, in both languages, looked at in a browser that nobody touches: no finding of axe-core, no word from the console, no sideways scroll. */
let browser: Browser
let still: Browser
let page: Page
const complaints: string[] = []
let preview: Awaited<ReturnType<typeof startPreview>>

before(async () => {
  await buildWeb({ only: ['ui', 'signin', 'account'] })
  preview = await startPreview(new URL('../../web/dist/', import.meta.url))
  browser = await openChromium()
  still = await openStillChromium()
  page = await still.context.newPage()
  await bringAxe(page)
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
})

after(async () => {
  await browser.close()
  await still.close()
  preview.close()
})

for (const name of Object.keys(previews))
  test(`${name}: anybody can use it, on a telephone and on a desk, by day and by night`, async () => {
    complaints.length = 0
    for (const lang of ['is', 'en']) {
      await put(page, { width: 1280, scheme: 'light' })
      await page.goto(`${preview.url}/${name}?lang=${lang}`)
      // The other language has other words in the same places: what may differ is how much room they take.
      if (lang === 'is') {
        assert.deepEqual(await violations(page), [])
        await put(page, { width: 1280, scheme: 'dark' })
        assert.deepEqual(await violations(page, 'colours'), [])
      }
      // 320 px is also what remains of 1280 at 400 % zoom (WCAG 1.4.10).
      await put(page, { width: 320, scheme: 'light' })
      assert.equal(await overflow(page), 0)
    }
    assert.deepEqual(complaints, [])
  })

test('what was written outlives the end of a session: back at the form it is there again, once, and for nobody else', async () => {
  const page = await browser.context.newPage()
  const profile = `${preview.url}/profile-plain?lang=en`
  const name = page.getByLabel('Name', { exact: true })
  const write = async () => {
    await page.goto(profile)
    await name.fill('Ada Nýja')
    // As identity answers whose session is over.
    await page.route('**/account', (route) =>
      route.fulfill({ status: 303, headers: { location: '/sign-in' } }),
    )
    await page.locator('#profile button').click()
    await page.waitForURL('**/sign-in')
  }
  await write()
  await page.goto(profile)
  assert.equal(await name.inputValue(), 'Ada Nýja')
  await page.reload()
  assert.notEqual(await name.inputValue(), 'Ada Nýja')
  await write()
  await page.addInitScript(() => {
    for (const key of Object.keys(sessionStorage))
      sessionStorage.setItem(
        key,
        (sessionStorage.getItem(key) ?? '').replace(/"person":"[^"]*"/, '"person":"Eve"'),
      )
  })
  await page.goto(profile)
  assert.notEqual(await name.inputValue(), 'Ada Nýja')
  await page.close()
})

test('the way to make a passkey is shown to browsers that know passkeys, and to no other', async () => {
  const page = await browser.context.newPage()
  const link = page.getByRole('link', { name: 'Add a passkey' })
  await page.goto(`${preview.url}/security?lang=en`)
  assert.deepEqual([await link.isVisible(), await page.locator('[data-unsupported]').count()], [true, 0])
  await page.addInitScript(() => Reflect.deleteProperty(globalThis, 'PublicKeyCredential'))
  for (const at of ['security', 'sign-in', 'password']) {
    await page.goto(`${preview.url}/${at}?lang=en`)
    assert.equal(await link.isVisible(), false, at)
    assert.equal(await page.getByRole('button', { name: 'Use a passkey' }).isVisible(), false, at)
  }
  await page.close()
})

test('a password can be shown, is hidden again when it is sent, and the form works by keyboard alone', async () => {
  const page = await browser.context.newPage()
  await put(page, { width: 1280, scheme: 'light' })
  await page.goto(`${preview.url}/sign-in?lang=is`)
  await page.keyboard.press('Tab')
  assert.equal(await page.evaluate(() => document.activeElement?.className), 'skip')
  await page.goto(`${preview.url}/password?lang=is`)
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'password')
  const password = page.locator('#password')
  await password.fill('leyndarmál')
  await page.getByRole('button', { name: 'Sýna' }).click()
  assert.equal(await password.getAttribute('type'), 'text')
  assert.equal(await page.getByRole('button', { name: 'Fela' }).getAttribute('aria-pressed'), 'true')
  await page
    .locator('#password-form')
    .evaluate((form) => form.addEventListener('submit', (event) => event.preventDefault()))
  await password.press('Enter')
  assert.equal(await password.getAttribute('type'), 'password')
  await page.close()
})
