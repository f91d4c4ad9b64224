import assert from 'node:assert/strict'
import type { BrowserContext, Page } from 'playwright-core'
import { capture, overflow, put, smallTargets, violations } from './screenshots.ts'

const folder = process.env['ALTHING_SCREENSHOTS']

/** A page and all that its console complained of. */
export interface Looked {
  readonly page: Page
  readonly complaints: readonly string[]
  /** Anybody can use this page as it is now; with ALTHING_SCREENSHOTS it is also put on paper. */
  inspect(name: string): Promise<void>
}

export async function lookedPage(context: BrowserContext, width = 360): Promise<Looked> {
  await context.clearCookies()
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    // The browser itself reports every answer that is not 2xx; refusals are part of the story.
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  await put(page, { width, scheme: 'light' })

  async function inspect(name: string): Promise<void> {
    const lang = await page.evaluate(() => document.documentElement.lang)
    await put(page, { width: 320, scheme: 'light' })
    assert.equal(await overflow(page), 0, `${name} scrolls sideways`)
    // A dialog's hidden way out for screen readers is no target for fingers.
    const small = (await smallTargets(page)).filter(
      (target) => !/aria-label="Dismiss" tabindex="-1"/.test(target),
    )
    assert.deepEqual(small, [], name)
    await put(page, { width: 1280, scheme: 'light' })
    assert.deepEqual(await violations(page), [], `${name} ${lang} by day`)
    await put(page, { width: 1280, scheme: 'dark' })
    assert.deepEqual(await violations(page, 'colours'), [], `${name} ${lang} by night`)
    if (folder !== undefined) await capture(page, name, folder)
    await put(page, { width, scheme: 'light' })
    assert.deepEqual(complaints, [], name)
  }
  return { page, complaints, inspect }
}
