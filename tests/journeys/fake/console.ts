/** The console over a made-up identity: how every story of one of its rooms begins and ends. */
import { after, before } from 'node:test'
import { buildWeb } from '../../../tools/web.ts'
import { openChromium, type Browser } from '../screenshots.ts'
import { startFake, type Fake } from './fake.ts'

/** At the top of a file: there from its first test to its last. */
export function fakeConsole(): { readonly fake: () => Fake; readonly browser: () => Browser } {
  let fake: Fake
  let browser: Browser
  before(async () => {
    await buildWeb({ only: ['ui', 'admin'] })
    fake = await startFake(new URL('../../../web/dist/', import.meta.url))
    browser = await openChromium()
  })
  after(async () => {
    await browser.close()
    fake.close()
  })
  return { fake: () => fake, browser: () => browser }
}
