import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, beforeEach, test } from 'node:test'
import { p256PublicKey, toBase64url } from '@althing/kernel/crypto'
import type { BrowserContext, Page } from 'playwright-core'
import { buildWeb } from '../../tools/web.ts'
import { samples, startFake, type Fake } from './fake/fake.ts'
import type { FakeElection } from './fake/box.ts'
import { lookedPage, type Looked } from './looking.ts'
import { openChromium } from './screenshots.ts'
import type { Browser } from './screenshots.ts'

/** Voting, in a real browser over made-up services with real cryptography: every state that a voter can come to. */
let fake: Fake
let browser: Browser
let page: Page
let election: FakeElection
let looked: Looked
const secret = new Uint8Array(randomBytes(32))
secret[0] = 1 // Below the order of the curve.

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
  Object.assign(fake.state, { subject: 'acc_1', membership: 'active', onRoll: true, loseTickets: 0 })
  Object.assign(fake.state.lose, { times: 0, stored: true })
  fake.state.ballotRequests.length = 0
  election = await fake.add(samples.board(toBase64url(p256PublicKey(secret))))
  await election.publish(480)
  await page?.close()
  page = await freshPage(browser.context)
})

const inspect = (name: string) => looked.inspect(name)

async function freshPage(context: BrowserContext): Promise<Page> {
  looked = await lookedPage(context)
  return looked.page
}

const press = (name: string | RegExp) => page.getByRole('button', { name }).click()
const heading = (name: string | RegExp) => page.getByRole('heading', { level: 1, name }).waitFor()

async function collectInto(lang: 'is' | 'en') {
  await page.goto(`${fake.personUrl}/vote?lang=${lang}`)
  await press(/Sækja kjörseðilinn minn|Get my ballot/)
  await heading(/tilbúinn|ready/)
}

async function toPaper(lang: 'is' | 'en') {
  await collectInto(lang)
  await press(/Fara í kjörklefann|Go to the booth/)
  await heading(/Stjórnarkjör|Election of the board/)
}

async function markPaper(chair: string, members: readonly string[]) {
  await page.getByRole('radio', { name: chair }).check()
  for (const name of members) await page.getByRole('checkbox', { name }).check()
}

for (const lang of ['is', 'en'] as const)
  test(`${lang}: a person fetches a ballot, votes in the booth, votes again, and sees the result`, async () => {
    await page.goto(`${fake.personUrl}/vote?lang=${lang}`)
    await heading(/Kosningarnar mínar|My votes/)
    await inspect('collect-list')
    await collectInto(lang)
    await inspect('collect-ready')
    await press(/Fara í kjörklefann|Go to the booth/)
    await heading(/Stjórnarkjör|Election of the board/)
    assert.doesNotMatch(page.url(), /ticket/)
    assert.match(page.url(), new RegExp(`^${fake.ballotUrl}/vote#e=`))
    await inspect('booth-paper-empty')
    await press(/Yfirfara|Review/)
    await page.getByRole('alert').waitFor()
    await inspect('booth-paper-missing')
    await markPaper('Björk Þorgrímsdóttir', ['Ari', 'Þóra', 'Birna'])
    await inspect('booth-paper-too-many')
    await page.getByLabel('Birna').uncheck()
    await inspect('booth-paper-marked')
    await press(/Yfirfara|Review/)
    await heading(/Er þetta|Is this/)
    await inspect('booth-review')
    await press(/Greiða atkvæði|Cast my vote/)
    await heading(/í kassanum|in the box/)
    await page.getByText(/Hvernig get ég|How do I check/).click()
    await press(/Athuga hvort|Check whether/)
    await page.getByText(/ekki enn á töflunni|not on the board yet/).waitFor()
    await inspect('booth-receipt')
    assert.equal(election.casts().length, 1)

    await page.getByRole('link', { name: /Breyta atkvæði|Change my vote/ }).click()
    await heading(/Stjórnarkjör|Election of the board/)
    await inspect('booth-paper-again')
    assert.equal(await page.getByLabel('Björk Þorgrímsdóttir').isChecked(), false, 'marks do not stay')
    await page.getByLabel('Ada Lovelace').check()
    await page
      .getByLabel(/Skila auðu|Blank vote/)
      .nth(1)
      .check()
    await press(/Yfirfara|Review/)
    await press(/Greiða atkvæði|Cast my vote/)
    await heading(/í kassanum|in the box/)
    assert.equal(election.casts().length, 2)
    const words = await page.locator('.words li').allInnerTexts()

    await page.goto(`${fake.ballotUrl}/`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await inspect('booth-list')
    election.close()
    await page.goto(`${fake.ballotUrl}/results/${election.admin.id}`)
    await heading(/Úrslit liggja|There is no result/)
    await inspect('booth-results-not-yet')
    await election.tally(toBase64url(secret))
    await page.reload()
    await heading(/Stjórnarkjör|Election of the board/)
    await inspect('booth-results')
    assert.match(await page.locator('.bars li').first().innerText(), /Ada Lovelace/)
    assert.equal(election.result()?.superseded, 1)

    await page.getByRole('link', { name: /Kvittunin mín|My receipt/ }).click()
    await heading(/í kassanum|in the box/)
    assert.deepEqual(await page.locator('.words li').allInnerTexts(), words)
    await page.getByText(/Hvernig get ég|How do I check/).click()
    await press(/Athuga hvort|Check whether/)
    await page.getByText(/Hún er á töflunni|It is on the board/).waitFor()
    await inspect('booth-receipt-on-board')
    const leaf = await page.locator('.code').innerText()
    await press(/Fjarlægja úr|Remove from/)
    await heading(/^Kosningar$|^Votes$/)
    await page.goto(`${fake.ballotUrl}/receipt#e=${election.admin.id}&leaf=${leaf}`)
    await press(/Athuga hvort|Check whether/)
    await page.getByText(/Hún er á töflunni|It is on the board/).waitFor()
    await inspect('booth-receipt-elsewhere')
    assert.deepEqual(
      fake.state.ballotRequests.filter(
        ({ url, cookie, referer }) =>
          cookie !== undefined || (referer !== undefined && !url.startsWith('/assets/')),
      ),
      [],
    )
    assert.deepEqual(
      fake.state.ballotRequests.filter(({ url }) => /acc_|ticket|leaf=/.test(url)),
      [],
    )
    await page.goto(`${fake.personUrl}/vote?lang=${lang}`)
    await page.getByRole('link', { name: /Sjá úrslitin|See the result/ }).waitFor()
    await inspect('collect-list-past')
  })

test('a reload at any moment asks for the same ballot and finds the same marks', async () => {
  fake.state.loseTickets = 1
  await page.goto(`${fake.personUrl}/vote?lang=is`)
  await press('Sækja kjörseðilinn minn')
  await page.getByText('Ekkert svar barst').waitFor()
  await inspect('collect-offline')
  await page.reload()
  await heading('Kjörseðillinn þinn er tilbúinn')
  await press('Fara í kjörklefann')
  await heading('Stjórnarkjör 2026')
  await markPaper('Ada Lovelace', ['Cecilia'])
  await page.reload()
  await heading('Stjórnarkjör 2026')
  assert.equal(await page.getByLabel('Ada Lovelace').isChecked(), true)
  assert.equal(await page.getByLabel('Cecilia').isChecked(), true)
  await press('Yfirfara atkvæðið')
  await page.reload()
  await heading('Er þetta atkvæðið þitt?')
  await page.goBack()
  await heading('Stjórnarkjör 2026')
  await page.goForward()
  await heading('Er þetta atkvæðið þitt?')
  assert.equal(election.casts().length, 0)
})

for (const stored of [true, false])
  test(`an answer of the box that is lost (ballot ${stored ? 'stored' : 'not stored'}): the same bytes again, one ballot`, async () => {
    await toPaper('is')
    await markPaper('Ada Lovelace', ['Cecilia'])
    await press('Yfirfara atkvæðið')
    Object.assign(fake.state.lose, { times: 2, stored })
    await press('Greiða atkvæði')
    await heading('Við vitum ekki hvort það barst')
    await page.reload()
    await heading('Við vitum ekki hvort það barst')
    await press('Senda sama seðil aftur')
    await page.getByText('Enn kom ekkert svar').waitFor()
    await inspect('booth-unknown')
    await press('Senda sama seðil aftur')
    await heading('Atkvæðið þitt er í kassanum')
    assert.equal(election.casts().length, 1)
  })

test('a browser that forgot the number of its ballot casts under the next one, when the person says so', async () => {
  await toPaper('is')
  await markPaper('Ada Lovelace', ['Cecilia'])
  await press('Yfirfara atkvæðið')
  await press('Greiða atkvæði')
  await heading('Atkvæðið þitt er í kassanum')
  await press('Fjarlægja úr þessu tæki')
  await heading('Kosningar')
  await page.goto(`${fake.personUrl}/vote`)
  await press('Fara í kjörklefann')
  await heading('Stjórnarkjör 2026')
  await markPaper('Björk Þorgrímsdóttir', ['Ari'])
  await press('Yfirfara atkvæðið')
  await press('Greiða atkvæði')
  await heading('Eldra atkvæði er til með þessum seðli')
  await inspect('booth-number-taken')
  await press('Greiða það í stað hins eldra')
  await heading('Atkvæðið þitt er í kassanum')
  assert.deepEqual(
    election.casts().map(({ seq }) => seq),
    [1, 2],
  )
})

test('keyboard only: from the list to the receipt', async () => {
  await page.goto(`${fake.personUrl}/vote?lang=en`)
  await heading('My votes')
  await tabTo(/Get my ballot/)
  await page.keyboard.press('Enter')
  await heading('Your ballot is ready')
  await tabTo(/Go to the booth/)
  await page.keyboard.press('Enter')
  await heading('Election of the board 2026')
  await tabTo(/Ada Lovelace/)
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowDown')
  await tabTo(/Birna/)
  await page.keyboard.press('Space')
  await tabTo(/Review my vote/)
  await page.keyboard.press('Enter')
  await heading('Is this your vote?')
  await tabTo(/Cast my vote/)
  await page.keyboard.press('Enter')
  await heading('Your vote is in the box')
  election.close()
  await election.tally(toBase64url(secret))
  assert.deepEqual(
    election.result()?.questions.map(({ winners }) => winners),
    [['a2'], ['a2']],
  )
})

async function tabTo(name: RegExp): Promise<void> {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab')
    const said = await page.evaluate(() => {
      const at = document.activeElement
      const label = at instanceof HTMLInputElement ? at.labels?.[0]?.textContent : at?.textContent
      return at === document.body ? '' : (label ?? '')
    })
    if (name.test(said)) return
  }
  throw new Error(`The keyboard does not come to ${name}.`)
}

test('on another device there is no second ballot, and it says why', async () => {
  await collectInto('is')
  const other = await openChromium()
  page = await freshPage(other.context)
  await page.goto(`${fake.personUrl}/vote?lang=is`)
  await page.getByText('Kjörseðillinn þinn er í öðru tæki').waitFor()
  await inspect('collect-elsewhere')
  fake.state.subject = 'acc_2'
  await page.goto(`${fake.ballotUrl}/vote?lang=is#e=${election.admin.id}`)
  await heading('Enginn kjörseðill er í þessu tæki')
  await inspect('booth-no-ticket')
  await page.goto(`${fake.ballotUrl}/vote?lang=is#ticket=abc`)
  await page.reload()
  await other.close()
})

test('a ticket cut off on its way, a state that does not allow it, a refusal: each says what to do', async () => {
  await page.goto(`${fake.ballotUrl}/vote?lang=is#ticket=abc`)
  await heading('Kjörseðillinn skemmdist á leiðinni')
  assert.equal(new URL(page.url()).hash, '')
  await inspect('booth-broken')
  await toPaper('is')
  await markPaper('Ada Lovelace', ['Cecilia'])
  await press('Yfirfara atkvæðið')
  election.admin.status = 'paused'
  await press('Greiða atkvæði')
  await page.getByText('Hlé er á kosningunni. Kjörseðillinn gildir áfram').waitFor()
  await inspect('booth-refused-paused')
  await press('Reyna aftur')
  await heading('Hlé er á kosningunni')
  await inspect('booth-paused')
  election.admin.status = 'open'
  await press('Reyna aftur')
  await heading('Er þetta atkvæðið þitt?')
  election.close()
  await press('Greiða atkvæði')
  await page.getByText('Kosningunni er lokið og því').waitFor()
  await press('Reyna aftur')
  await heading('Kosningunni er lokið')
  await inspect('booth-over')
  await page.goto(`${fake.ballotUrl}/results/00000000-0000-4000-8000-000000000000`)
  await page.getByText('Engin slík kosning er hér').waitFor()
  await inspect('booth-unknown-election')
})

test('a paper whose signature or hash is not right is not shown', async () => {
  await toPaper('en')
  const right = election.manifest()
  await page.route('**/manifest', (route) =>
    route.fulfill({ json: { ...right, manifest: { ...right.manifest, organisation: 'Somebody else' } } }),
  )
  await page.reload()
  await heading('Do not vote here')
  await inspect('booth-distrust')
  await page.unroute('**/manifest')
  await page.route('**/ballots', async (route) => {
    const answer = await route.fetch()
    const receipt = (await answer.json()) as { note: string }
    await route.fulfill({ json: { ...receipt, note: receipt.note.replace(/.{4}\n$/, 'AAA=\n') } })
  })
  await page.reload()
  await markPaper('Ada Lovelace', ['Ari'])
  await press('Review my vote')
  await press('Cast my vote')
  await heading('The receipt is not genuine')
  await inspect('booth-false-receipt')
})

test('without a vote for me: why, by what the register says', async () => {
  fake.state.onRoll = false
  for (const [membership, said] of [
    ['active', 'Þú ert á félagaskrá'],
    ['unpaid', 'Félagsgjaldið þitt er ógreitt'],
    ['not_found', 'Við fundum engan félaga'],
  ] as const) {
    fake.state.membership = membership
    await page.goto(`${fake.personUrl}/vote?lang=is`)
    await page.getByText(said).waitFor()
    await inspect(`collect-none-${membership}`)
  }
  fake.state.subject = null
  await page.reload()
  await page.getByRole('link', { name: 'Skrá mig inn aftur' }).waitFor()
  await inspect('collect-signed-out')
})

test('many questions come one after the other, and the back button goes one back', async () => {
  const sample = samples.board(toBase64url(p256PublicKey(secret)))
  fake.elections.clear()
  election = await fake.add({
    ...sample,
    scheduled_end: samples.soon(3),
    questions: [...sample.questions, ...sample.questions],
  })
  await election.publish(480)
  await toPaper('en')
  await page.getByText('Question 1 of 4').waitFor()
  await inspect('booth-paper-long')
  await page.getByLabel('Ada Lovelace').check()
  await press('Next question')
  await page.getByText('Question 2 of 4').waitFor()
  await page.goBack()
  await page.getByText('Question 1 of 4').waitFor()
  assert.equal(await page.getByLabel('Ada Lovelace').isChecked(), true)
  await page.goForward()
  for (let n = 2; n <= 4; n++) {
    await page.getByText(`Question ${n} of 4`).waitFor()
    await page.getByLabel('Blank vote').check()
    await press(n < 4 ? 'Next question' : 'Review my vote')
  }
  await heading('Is this your vote?')
  await page
    .getByRole('link', { name: /Change the answer to: Who shall be the chair/ })
    .last()
    .click()
  await page.getByText('Question 3 of 4').waitFor()
})
