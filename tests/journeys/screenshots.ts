import { existsSync, readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { after } from 'node:test'
import { chromium } from 'playwright-core'
import type { Browser as Chromium, BrowserContext, Page } from 'playwright-core'

/** Looks at pages as people do: small and large, in both languages, by day and by night. */
const executablePath = '/usr/bin/chromium'

/** As root in a container there is no sandbox to be had; the rest keeps the browser from talking to anybody else. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
]

/**
 * For pages that nobody touches: they are drawn in the thread that lays them out, as in Chromium's own tests, which is a quarter less to do.
 * Such a program hears no mouse.
 */
const stillFlags = ['--disable-threaded-compositing']

/** How long a page may take: a machine that is busy with other things is no fault of the page. */
const patienceMs = 30_000

/** What somebody browses with: its cookies, storage and keys are its own. */
export interface Browser {
  readonly context: BrowserContext
  close(): Promise<void>
}

/** One program for all the devices of a story; it ends with the last of them. */
let program: Promise<Chromium> | undefined
let devices = 0

/** A story that failed half-way has closed nothing, and a browser that is left open holds its file for ten minutes. */
after(async () => (await program)?.close())

/** A browser with an empty profile of its own. */
export async function openChromium(
  options: { locale?: 'is' | 'en'; script?: boolean } = {},
): Promise<Browser> {
  if (!existsSync(executablePath)) throw new Error(`No Chromium. Run: apt-get install -y chromium`)
  program ??= chromium.launch({ executablePath, headless: true, args: flags })
  devices += 1
  const chrome = await program
  const context = await chrome.newContext({
    locale: options.locale === 'en' ? 'en-GB' : 'is-IS',
    javaScriptEnabled: options.script ?? true,
  })
  context.setDefaultTimeout(patienceMs)
  return {
    context,
    async close() {
      await context.close()
      devices -= 1
      if (devices > 0) return
      program = undefined
      await chrome.close()
    },
  }
}

/** For what is looked at and not touched: a program of its own. */
export async function openStillChromium(): Promise<Browser> {
  const still = await chromium.launch({ executablePath, headless: true, args: [...flags, ...stillFlags] })
  const context = await still.newContext({ locale: 'is-IS' })
  context.setDefaultTimeout(patienceMs)
  return { context, close: () => still.close() }
}

export const widths = [360, 1280] as const
export const schemes = ['light', 'dark'] as const

export interface Look {
  readonly width: number
  readonly scheme: 'light' | 'dark'
}

/** Every combination that a page is looked at in. */
export const looks: readonly Look[] = widths.flatMap((width) => schemes.map((scheme) => ({ width, scheme })))

export async function put(page: Page, { width, scheme }: Look): Promise<void> {
  await page.setViewportSize({ width, height: width < 600 ? 740 : 860 })
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
}

/** Writes `<folder>/<name>-<lang>-<width>-<scheme>.png` of the whole page, for each look, and says which files. */
export async function capture(page: Page, name: string, folder: string, which = looks): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const lang = await page.evaluate(() => document.documentElement.lang)
  const files: string[] = []
  for (const look of which) {
    await put(page, look)
    await page.evaluate(() => document.fonts.ready.then(() => undefined))
    const path = join(folder, `${name}-${lang}-${look.width}-${look.scheme}.png`)
    await page.screenshot({ path, fullPage: true })
    files.push(path)
  }
  return files
}

const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js')
const rules = {
  all: { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] },
  /** The only ones that see colours: by night nothing else of a page is different. */
  colours: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
} as const

/** What axe-core finds, a line for each place: WCAG 2.2 AA and good practice. Our pages have no frames for it to look into. */
export async function violations(page: Page, which: keyof typeof rules = 'all'): Promise<string[]> {
  // Half a megabyte of program, and the dearest part of looking: once for each document is enough.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(readFileSync(axeFile, 'utf8'))
  const options = { runOnly: rules[which], resultTypes: ['violations'], preload: false }
  return page.evaluate(async (options) => {
    const { axe } = window as unknown as { axe: Axe }
    const { violations } = await axe.run(document, options)
    return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 160)}`))
  }, options)
}

/** For a page that is looked at at many addresses: the browser keeps the program, and is not sent it again for each. */
export const bringAxe = (page: Page): Promise<unknown> => page.addInitScript({ path: axeFile })

interface Axe {
  run(where: Document, options: unknown): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }>
}

/** A page never scrolls sideways: how many pixels it is too wide. */
export async function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
}

/** Targets that a finger would miss: smaller than 24 pixels and not a word within a sentence. */
export async function smallTargets(page: Page, least = 24): Promise<string[]> {
  return page.evaluate((least) => {
    const targets = [
      ...document.querySelectorAll<HTMLElement>('a, button, input:not([type=hidden]), summary'),
    ]
    const small = targets.filter((target) => {
      const { width, height } = target.getBoundingClientRect()
      const inSentence = target.matches('p a, li a') && getComputedStyle(target).display === 'inline'
      return width > 1 && height > 1 && (width < least || height < least) && !inSentence
    })
    return small.map((target) => target.outerHTML.slice(0, 120))
  }, least)
}
