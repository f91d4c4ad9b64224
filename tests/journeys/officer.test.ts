import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, beforeEach, test } from 'node:test'
import type { Page } from 'playwright-core'
import { buildWeb } from '../../tools/web.ts'
import { startFake, type Fake } from './fake/fake.ts'
import { lookedPage, type Looked } from './looking.ts'
import { openChromium } from './screenshots.ts'
import type { Browser } from './screenshots.ts'

/** An officer prepares, opens, watches, closes and counts: over made-up services with real keys. */
let fake: Fake
let browser: Browser
let page: Page
let looked: Looked

before(async () => {
  await buildWeb({ only: ['ui', 'collect', 'booth', 'admin'] })
  fake = await startFake(new URL('../../web/dist/', import.meta.url))
  browser = await openChromium()
})
after(async () => {
  await browser.close()
  fake.close()
})
beforeEach(async () => {
  fake.elections.clear()
  fake.state.subject = 'acc_1'
  await page?.close()
  looked = await lookedPage(browser.context, 1280)
  page = looked.page
})

const press = (name: string | RegExp) => page.getByRole('button', { name, exact: true }).click()
const confirm = (name: string) =>
  page.getByRole('alertdialog').getByRole('button', { name, exact: true }).click()

for (const [lang, words] of [
  [
    'is',
    {
      empty: 'Engar kosningar enn',
      new: 'Ný kosning',
      save: 'Vista drögin',
      wrong: 'Gefðu kosningunni heiti.',
      key: 'Búa til lykilinn og vista skrána',
      safe: /Ég á skrána/,
      open: 'Birta og opna núna',
      publish: 'Birta',
      pause: 'Gera hlé',
      resume: 'Halda áfram',
      hide: 'Fela',
      show: 'Sýna aftur',
      close: 'Loka',
      word: 'LOKA',
      count: 'Telja með lyklinum í þessum vafra',
      results: 'Úrslit',
      all: 'Allar kosningar',
    },
  ],
  [
    'en',
    {
      empty: 'No elections here yet',
      new: 'New election',
      save: 'Save the draft',
      wrong: 'Give the election a title.',
      key: 'Make the key and save the file',
      safe: /I have the file/,
      open: 'Publish and open now',
      publish: 'Publish',
      pause: 'Pause',
      resume: 'Go on',
      hide: 'Hide',
      show: 'Show again',
      close: 'Close',
      word: 'CLOSE',
      count: 'Count with the key in this browser',
      results: 'Result',
      all: 'All elections',
    },
  ],
] as const)
  test(`${lang}: from the empty first day to the counted result`, async () => {
    await page.goto(`${fake.personUrl}/admin/elections?lang=${lang}`)
    await page.getByRole('heading', { name: words.empty }).waitFor()
    await looked.inspect('admin-empty')
    await page.getByRole('link', { name: words.new }).click()
    await press(words.save)
    await page.getByRole('alert').getByText(words.wrong).waitFor()
    await looked.inspect('admin-new-missing')
    await page.locator('#f-title-is').fill('Stjórnarkjör 2026')
    await page.locator('#f-title-en').fill('Election of the board 2026')
    await page.locator('#f-questions-0-text-is').fill('Hver á að vera formaður?')
    await page.locator('#f-questions-0-answers-0-is').fill('Ada')
    await page.locator('#f-questions-0-answers-1-is').fill('Björk')
    await press(lang === 'is' ? 'Bæta við spurningu' : 'Add a question')
    await page.locator('#f-questions-1-text-is').fill('Hverjir eiga að vera í stjórn?')
    await page.locator('#f-questions-1-voting_type').selectOption('multi-choice')
    await page.locator('#f-questions-1-max_selections').fill('2')
    for (const [at, name] of ['Ari', 'Birna', 'Cecilia'].entries()) {
      if (at === 2)
        await page
          .locator('#f-questions-1')
          .getByRole('button', { name: lang === 'is' ? 'Bæta við svari' : 'Add an answer' })
          .click()
      await page.locator(`#f-questions-1-answers-${at}-is`).fill(name)
    }
    await looked.inspect('admin-new')
    await press(words.save)
    await page.getByRole('heading', { level: 1, name: /Stjórnarkjör|Election of/ }).waitFor()
    await looked.inspect('admin-draft')
    const saving = page.waitForEvent('download')
    await press(words.key)
    const file = await readFile(await (await saving).path(), 'utf8')
    await page.getByLabel(words.safe).check()
    await looked.inspect('admin-ready')
    await press(words.open)
    await page.getByRole('alertdialog').waitFor()
    await looked.inspect('admin-confirm-open')
    await confirm(words.publish)
    await page.getByRole('button', { name: words.pause }).waitFor()
    await looked.inspect('admin-open')
    await press(words.pause)
    await confirm(words.pause)
    await press(words.resume)
    await press(words.hide)
    await confirm(words.hide)
    await press(words.show)
    await press(words.close)
    const dialog = page.getByRole('alertdialog')
    await dialog.getByRole('textbox').press('Enter')
    assert.equal(await dialog.isVisible(), true, 'without the word nothing happens')
    await looked.inspect('admin-confirm-close')
    await dialog.getByRole('textbox').fill(words.word)
    await confirm(words.close)
    await page.getByRole('button', { name: words.count }).waitFor()
    await looked.inspect('admin-closed')
    await page
      .locator('#key-file')
      .setInputFiles({ name: 'k.json', mimeType: 'application/json', buffer: Buffer.from('{}') })
    await page.getByRole('alert').waitFor()
    await page
      .locator('#key-file')
      .setInputFiles({ name: 'k.json', mimeType: 'application/json', buffer: Buffer.from(file) })
    await page.getByRole('heading', { name: words.results, exact: true }).waitFor()
    await looked.inspect('admin-tallied')
    await page.getByRole('link', { name: words.all }).click()
    await page.getByRole('cell', { name: /0 (af|of) 480/ }).waitFor()
    await looked.inspect('admin-list')
    await page.locator('#filter-state').selectOption('draft')
    assert.match(page.url(), /state=draft/)
  })
