import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, beforeEach, test } from 'node:test'
import type { Page } from 'playwright-core'
import { buildWeb } from '../../tools/web.ts'
import { rebuilt, wholeElection, type Election } from '../support/elections-bundle.ts'
import {
  capture,
  openChromium,
  overflow,
  put,
  smallTargets,
  violations,
  type Browser,
} from './screenshots.ts'

/** The verifier as the ballot origin serves it, in a real browser, with the proof of a real election, and without a network. */
// Here, not in a hook: what a hook opens is closed when the hook ends.
const election: Election = await wholeElection()
let server: Server
let browser: Browser
let page: Page
let url = ''
const requests: string[] = []
const complaints: string[] = []
const folder = process.env['ALTHING_SCREENSHOTS']

before(async () => {
  await buildWeb({ only: ['ui', 'verifier'] })
  server = createServer((request, response) => {
    requests.push(request.url ?? '')
    void election.box.quiet('GET', request.url ?? '/').then(async (answer) => {
      response.writeHead(answer.status, Object.fromEntries(answer.headers))
      response.end(new Uint8Array(await answer.arrayBuffer()))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  url = `http://localhost:${(server.address() as AddressInfo).port}/verify`
  browser = await openChromium()
})
after(async () => {
  await browser.close()
  server.close()
  server.closeAllConnections()
})
beforeEach(async () => {
  await page?.close()
  await browser.context.setOffline(false)
  page = await browser.context.newPage()
  complaints.length = 0
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(error.message))
})

async function visit(lang: 'is' | 'en'): Promise<void> {
  await put(page, { width: 360, scheme: 'light' })
  await page.goto(`${url}?lang=${lang}`)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.waitForFunction(() => [...document.fonts].every(({ status }) => status === 'loaded'))
  requests.length = 0
  await browser.context.setOffline(true)
}

const give = (name: string, text: string, field = 0) =>
  page
    .locator('input[type=file]')
    .nth(field)
    .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) })
const heading = (name: string) => page.getByRole('heading', { level: 1, name }).waitFor()

async function inspect(name: string): Promise<void> {
  const lang = await page.evaluate(() => document.documentElement.lang)
  await put(page, { width: 320, scheme: 'light' })
  assert.equal(await overflow(page), 0, `${name} scrolls sideways`)
  assert.deepEqual(await smallTargets(page), [], name)
  await put(page, { width: 1280, scheme: 'light' })
  assert.deepEqual(await violations(page), [], `${name} ${lang} by day`)
  await put(page, { width: 1280, scheme: 'dark' })
  assert.deepEqual(await violations(page, 'colours'), [], `${name} ${lang} by night`)
  if (folder !== undefined) await capture(page, name, folder)
  assert.deepEqual(complaints, [], name)
  assert.deepEqual(requests, [], `${name} asked the network for something`)
}

const titles = {
  is: ['Teldu atkvæðin aftur', 'Allt stenst', 'Þetta stenst ekki'],
  en: ['Count the votes again', 'Everything holds', 'This does not hold'],
} as const

/** Another character at the front: every bit of it counts, and it is there in every receipt. */
const turned = (leaf: string) => `${leaf.startsWith('A') ? 'B' : 'A'}${leaf.slice(1)}`

for (const lang of ['is', 'en'] as const) {
  const [start, holds, fails] = titles[lang]
  test(`a proof that holds, a receipt on it, and a proof that does not, in ${lang}, offline`, async () => {
    await visit(lang)
    await heading(start)
    await inspect('verify-start')

    await give('kosning.json', election.text)
    await heading(holds)
    assert.equal(await page.locator('.checks .tone-go').count(), 8)
    const words = await page.locator('.words li').allTextContents()
    assert.equal(words.length, 6)
    await inspect('verify-holds')

    const receipt = election.receipts[8]?.[0]
    assert.ok(receipt)
    await page.locator('#words').fill(receipt.words.join(' '))
    await page.keyboard.press('Enter')
    await page.locator('.notice-title').last().waitFor()
    await inspect('verify-receipt')
    await give('receipt.txt', receipt.note.replace(receipt.leaf, turned(receipt.leaf)))
    await page.locator('.notice.tone-stop').waitFor()

    await page.getByRole('button', { name: /Opna aðra skrá|Open another file/ }).click()
    await heading(start)
    await give('kosning.json', election.text.replace('"votes":3', '"votes":4'))
    await heading(fails)
    assert.equal(await page.locator('.checks .tone-stop').count(), 1)
    await inspect('verify-fails')
  })
}

test('a promise that was not kept, and the numbers of tickets left out', async () => {
  await visit('is')
  const others = await rebuilt(election, election.proof.entries.slice(2, -1))
  await give('kosning.json', JSON.stringify({ ...others, issued: null }))
  await heading('Allt stenst')
  await page.getByText('Ekki gefið upp').first().waitFor()
  for (const kept of election.receipts.flat()) {
    await give('receipt.txt', kept.note)
    await page.locator('.card .notice').waitFor()
    if (await page.locator('.card .tone-stop').isVisible()) break
  }
  await page.getByText('Kjörkassinn lofaði þessum seðli en hann vantar').waitFor()
  await inspect('verify-broken-promise')
})

test('a file can be dropped, and the whole page works by keyboard', async () => {
  await visit('en')
  await page.evaluate((text) => {
    const data = new DataTransfer()
    data.items.add(new File([text], 'dropped.json'))
    document.body.dispatchEvent(
      new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }),
    )
  }, election.text)
  await heading('Everything holds')
  await page.reload().catch(() => undefined) // There is no network: the page is gone, and comes back with it.
  await browser.context.setOffline(false)
  await page.goto(`${url}?lang=en`)
  const chooser = page.waitForEvent('filechooser')
  for (let presses = 0; presses < 3; presses += 1) {
    await page.keyboard.press('Tab')
    if (await page.evaluate(() => document.activeElement?.matches('input[type=file]') === true)) break
  }
  await page.keyboard.press('Enter')
  await (await chooser).setFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from('{}') })
  await heading('This does not hold')
})
