/** What people do at their devices in every journey: open a browser, sign in, read their mail. */
import { after } from 'node:test'
import { until } from '@althing/kernel/testing'
import type { Page } from 'playwright-core'
import { demoPassword } from '../../run/demo/people.ts'
import { buildWeb, type App } from '../../tools/web.ts'
import { startAlthing, type Althing } from '../support/althing.ts'
import { openChromium, type Browser } from './screenshots.ts'

export const press = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).click()
export const heading = (page: Page, name: string | RegExp) =>
  page.getByRole('heading', { level: 1, name }).waitFor()
export const linkIn = (text: string) => /https?:\S+/.exec(text)?.[0] ?? ''

export async function writePassword(page: Page, password = demoPassword): Promise<void> {
  await page.getByLabel('Password', { exact: true }).fill(password)
  await press(page, 'Sign in')
}

type AlthingOptions = NonNullable<Parameters<typeof startAlthing>[0]>

/**
 * A whole Althing for one journey, and people at their devices; both are gone after it.
 * @param pages those of its applications that the journey opens; all when none is named
 */
export async function peopleOverAlthing({
  pages,
  ...how
}: AlthingOptions & { readonly pages?: readonly App[] } = {}) {
  await buildWeb(pages === undefined ? {} : { only: pages })
  const althing = await startAlthing(how)
  const devices = createDevices(() => althing)
  after(async () => {
    await devices.close()
    await althing.remove()
  })
  return { althing, ...devices }
}

/** @param at says where; the journey may start its Althing later */
export function createDevices(at: () => Pick<Althing, 'url' | 'managementUrl'>) {
  const browsers: Browser[] = []

  /** A device of its own, with nothing in it. */
  async function anew(): Promise<Browser> {
    const browser = await openChromium({ locale: 'en' })
    browsers.push(browser)
    return browser
  }

  async function device(): Promise<Page> {
    const { context } = await anew()
    await context.clearCookies()
    return context.newPage()
  }

  async function writeAddress(page: Page, email: string): Promise<void> {
    await page.goto(`${at().url}/session/login?return=/account`)
    await page.getByLabel('E-mail address').fill(email)
    await press(page, /^Continue$/)
    await heading(page, 'Your password')
  }

  async function signIn(page: Page, email: string): Promise<void> {
    await writeAddress(page, email)
    await writePassword(page)
    await heading(page, 'My account')
  }

  async function mailTo(email: string, subject: string): Promise<string> {
    const { text } = await until(async () => {
      const { messages } = (await (await fetch(`${at().managementUrl}/outbox.json`)).json()) as {
        messages: { to: string; subject: string; text: string }[]
      }
      return messages.findLast((mail) => mail.to === email && mail.subject.startsWith(subject))
    }, `the letter “${subject}” to ${email}`)
    return text
  }

  async function close(): Promise<void> {
    for (const browser of browsers) await browser.close()
  }

  return { anew, device, writeAddress, writePassword, signIn, mailTo, close }
}
