import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { demoPassword, demoPeople } from '../../run/demo/people.ts'
import { buildWeb } from '../../tools/web.ts'
import { startAlthing, type Althing } from '../support/althing.ts'
import { readLogs } from '../linkage/dumps.ts'
import { lookedPage, type Looked } from './looking.ts'
import { openChromium, type Browser } from './screenshots.ts'

/**
 * The main job on real input: an officer makes an election of two questions; three members sign in, fetch a ballot and vote in
 * the booth, each in another way; it closes by its clock; the result is right, and the verifier believes it, but not one byte more.
 */
let althing: Althing
const browsers: Browser[] = []
const kept = mkdtempSync(join(tmpdir(), 'althing-journey-'))
const people = demoPeople()

before(async () => {
  await buildWeb()
  althing = await startAlthing({ env: { ALTHING_ELECTIONS_TURNOUT_SECONDS: '1' } })
})
after(async () => {
  for (const browser of browsers) await browser.close()
  await althing.remove()
  rmSync(kept, { recursive: true, force: true })
})

/** Somebody at a device of their own. */
async function person(width = 360): Promise<Looked> {
  const browser = await openChromium({ locale: 'is' })
  browsers.push(browser)
  const looked = await lookedPage(browser.context, width)
  return looked
}

async function signInByPassword({ page, inspect }: Looked, email: string): Promise<void> {
  await page.goto(`${althing.url}/`)
  await page
    .getByRole('link', { name: /Skrá mig inn|Innskráning|Skrá inn/ })
    .first()
    .click()
  await page.getByLabel('Netfang').fill(email)
  await inspect('sign-in')
  await page.getByRole('button', { name: 'Halda áfram' }).click()
  await page.getByLabel('Lykilorð', { exact: true }).fill(demoPassword)
  await inspect('password')
  await page.getByRole('button', { name: 'Skrá mig inn' }).click()
  await page.waitForURL(`${althing.url}/`)
}

async function signInByEid({ page }: Looked, kennitala: string): Promise<void> {
  await page.goto(`${althing.url}/`)
  await page
    .getByRole('link', { name: /Skrá mig inn|Innskráning|Skrá inn/ })
    .first()
    .click()
  await page.getByRole('button', { name: 'Nota rafræn skilríki' }).click()
  assert.equal(new URL(page.url()).origin, althing.eidUrl)
  await page.getByLabel('Kennitala').fill(kennitala)
  await page.getByRole('button', { name: /Áfram með þessa/ }).click()
  await page.waitForURL(`${althing.url}/`)
}

async function toTheBooth({ page, inspect }: Looked, title: string): Promise<void> {
  await page.goto(`${althing.url}/vote`)
  const card = page.locator('section, article, li').filter({ hasText: title }).last()
  await page.getByRole('heading', { level: 1, name: 'Kosningarnar mínar' }).waitFor()
  await inspect('collect')
  await card.getByRole('button', { name: 'Sækja kjörseðilinn minn' }).click()
  await page.getByRole('heading', { level: 1, name: /tilbúinn/ }).waitFor()
  await page.getByRole('button', { name: 'Fara í kjörklefann' }).click()
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
  assert.equal(new URL(page.url()).origin, althing.ballotUrl)
}

async function cast({ page }: Looked): Promise<string[]> {
  await page.getByRole('button', { name: /Yfirfara/ }).click()
  await page.getByRole('button', { name: /Greiða atkvæði/ }).click()
  await page.getByRole('heading', { level: 1, name: /í kassanum/ }).waitFor()
  return page.locator('.words li').allInnerTexts()
}

test('from a draft to a result that anybody can check', { timeout: 300_000 }, async () => {
  const title = 'Stjórnarkjör 2026'
  const officer = await person(1280)
  await signInByPassword(officer, 'officer@example.org')
  const { page } = officer

  // --- the officer prepares -------------------------------------------------------------------------------------
  await page.goto(`${althing.url}/admin/elections`)
  await page.getByRole('link', { name: 'Ný kosning' }).click()
  await page.locator('#f-title-is').fill(title)
  await page.locator('#f-title-en').fill('Election of the board 2026')
  await page.locator('#f-questions-0-text-is').fill('Hver á að vera formaður?')
  await page.locator('#f-questions-0-answers-0-is').fill('Ada')
  await page.locator('#f-questions-0-answers-1-is').fill('Björk')
  await page.getByRole('button', { name: 'Bæta við spurningu' }).click()
  await page.locator('#f-questions-1-text-is').fill('Hverjir eiga að vera í stjórn?')
  await page.locator('#f-questions-1-voting_type').selectOption('multi-choice')
  await page.locator('#f-questions-1-max_selections').fill('2')
  await page.locator('#f-questions-1').getByRole('button', { name: 'Bæta við svari' }).click()
  for (const [at, name] of ['Ari', 'Birna', 'Cecilia'].entries())
    await page.locator(`#f-questions-1-answers-${at}-is`).fill(name)
  await page.getByRole('button', { name: 'Vista drögin' }).click()
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
  const saving = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Búa til lykilinn og vista skrána' }).click()
  const keyFile = readFileSync(await (await saving).path(), 'utf8')
  assert.match(keyFile, /private_key|"d"/)
  await page.getByLabel(/Ég á skrána/).check()
  await officer.inspect('admin-ready')
  const election = /[0-9a-f-]{36}/.exec(page.url())?.[0] ?? ''
  assert.notEqual(election, '')
  // The page knows minutes; the story cannot wait for one, so its own route is told the second.
  await page.evaluate(closeIn, { election, seconds: 100 })
  await page.reload()
  await page.getByLabel(/Ég á skrána/).check()
  await page.getByRole('button', { name: 'Birta og opna núna' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Birta', exact: true }).click()
  await page.getByRole('button', { name: 'Gera hlé' }).waitFor()
  await officer.inspect('admin-open')

  // --- the first member: password, and a vote that is changed -----------------------------------------------------
  const ada = await person()
  await signInByPassword(ada, 'member3@example.org')
  await ada.page.goto(`${althing.url}/account`)
  await ada.page.getByText('Félagi', { exact: true }).waitFor()
  await ada.inspect('account')
  await toTheBooth(ada, title)
  await ada.page.getByRole('radio', { name: 'Björk' }).check()
  await ada.page.getByRole('checkbox', { name: 'Ari' }).check()
  const firstWords = await cast(ada)
  await ada.inspect('booth-receipt')
  await ada.page.getByRole('link', { name: 'Breyta atkvæði' }).click()
  await ada.page.getByRole('radio', { name: 'Ada' }).check()
  await ada.page.getByRole('checkbox', { name: 'Ari' }).check()
  await ada.page.getByRole('checkbox', { name: 'Cecilia' }).check()
  const adaWords = await cast(ada)
  assert.notDeepEqual(adaWords, firstWords)
  assert.equal(adaWords.length, 4)

  // --- the second: eID, and the keyboard alone ----------------------------------------------------------------------
  const bea = await person()
  await signInByEid(bea, people[40]?.national_id ?? '')
  await bea.page.goto(`${althing.url}/vote`)
  await bea.page.getByRole('button', { name: 'Sækja kjörseðilinn minn' }).first().waitFor()
  await byKeyboard(bea, title)
  const beaWords = await bea.page.locator('.words li').allInnerTexts()

  // --- the third: eID, and a reload half-way ------------------------------------------------------------------------
  const cid = await person()
  await signInByEid(cid, people[41]?.national_id ?? '')
  await toTheBooth(cid, title)
  await cid.page.getByRole('radio', { name: 'Björk' }).check()
  await cid.page.reload()
  assert.equal(await cid.page.getByRole('radio', { name: 'Björk' }).isChecked(), true)
  await cid.page
    .getByLabel(/Skila auðu/)
    .nth(1)
    .check()
  await cid.page.getByRole('button', { name: /Yfirfara/ }).click()
  await cid.page.reload()
  await cid.page.getByRole('button', { name: /Greiða atkvæði/ }).click()
  await cid.page.getByRole('heading', { level: 1, name: /í kassanum/ }).waitFor()
  const cidWords = await cid.page.locator('.words li').allInnerTexts()

  // --- two origins: nothing of the one reaches the other -------------------------------------------------------------
  for (const { page: one } of [ada, bea, cid]) {
    const cookies = await one.context().cookies(althing.ballotUrl)
    // Cookies do not know ports; what matters is that the booth sends none.
    const sent: string[] = []
    one.on('request', (request) => {
      const { cookie, referer } = request.headers()
      if (
        request.url().startsWith(althing.ballotUrl) &&
        (cookie !== undefined || referer?.startsWith(althing.url))
      )
        sent.push(request.url())
      if (!request.url().startsWith(althing.ballotUrl)) sent.push(`left its origin: ${request.url()}`)
    })
    await one.reload()
    await one.getByRole('heading', { level: 1 }).waitFor()
    assert.deepEqual(
      sent.filter((url) => url.includes('/api/') || url.startsWith('left')),
      [],
      JSON.stringify(cookies.map(({ name }) => name)),
    )
  }

  // --- it closes by its clock; the officer counts ---------------------------------------------------------------------
  await page.reload()
  await page.getByRole('button', { name: 'Telja með lyklinum í þessum vafra' }).waitFor({ timeout: 120_000 })
  await page.getByRole('button', { name: 'Telja með lyklinum í þessum vafra' }).click()
  await page.getByRole('heading', { name: 'Úrslit', exact: true }).waitFor()
  await officer.inspect('admin-tallied')
  const result = (await (await fetch(`${althing.ballotUrl}/api/elections/${election}/results`)).json()) as {
    ballots: number
    superseded: number
    questions: { options: { votes: number }[]; blank: number; winners: string[] }[]
  }
  assert.equal(result.ballots, 3)
  assert.equal(result.superseded, 1)
  assert.deepEqual(
    result.questions.map(({ options, blank }) => [options.map(({ votes }) => votes), blank]),
    [
      [[1, 2], 0],
      [[1, 1, 1], 1],
    ],
  )

  // --- receipts and the proof --------------------------------------------------------------------------------------------
  const bundle = await (await fetch(`${althing.ballotUrl}/api/elections/${election}/bundle`)).text()
  const file = join(kept, 'bundle.json')
  writeFileSync(file, bundle)
  assert.equal(verify(file).status, 0, verify(file).stdout)
  for (const words of [adaWords, beaWords, cidWords, firstWords])
    assert.equal(verify(file, '--receipt', words.join(' ')).status, 0, words.join(' '))
  const at = bundle.indexOf('"ct\\":\\"') + 20
  writeFileSync(file, `${bundle.slice(0, at)}${bundle[at] === 'A' ? 'B' : 'A'}${bundle.slice(at + 1)}`)
  const altered = verify(file)
  assert.equal(altered.status, 2)
  assert.match(altered.stdout, /FAILS/)

  await cid.page.goto(`${althing.ballotUrl}/results/${election}`)
  await cid.page.getByRole('heading', { level: 1, name: title }).waitFor()
  await cid.inspect('booth-results')

  // --- the ballot world logs counts, never requests: no ticket, receipt or person in any log -------------------------------
  const logs = `${althing
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .join('\n')}\n${readLogs(althing.folder)}`
  const leaves = (JSON.parse(bundle) as { entries: string[] }).entries.flatMap(
    (entry) => /"otk":"([^"]+)"/.exec(entry)?.[1] ?? [],
  )
  for (const needle of [
    ...leaves,
    ...adaWords.map((word) => ` ${word} `),
    'member3@example.org',
    people[40]?.national_id ?? '?',
    people[41]?.national_id ?? '?',
  ]) {
    assert.ok(!logs.includes(needle), `a log holds ${needle}`)
  }
})

/** Runs in the officer's page. */
async function closeIn({ election, seconds }: { election: string; seconds: number }): Promise<void> {
  const { csrf } = (await (await fetch('/session/me')).json()) as { csrf: string }
  const body = JSON.stringify({ scheduled_end: new Date(Date.now() + seconds * 1000).toISOString() })
  const answer = await fetch(`/api/admin/elections/${election}`, {
    method: 'PATCH',
    body,
    headers: { 'content-type': 'application/json', 'x-csrf-token': csrf },
  })
  if (!answer.ok) throw new Error(await answer.text())
}

/** Tab, space, arrows and enter, and nothing else. */
async function byKeyboard({ page, inspect }: Looked, title: string): Promise<void> {
  const focusOn = async (name: RegExp, role: 'button' | 'radio' | 'checkbox' = 'button') => {
    for (let presses = 0; presses < 80; presses += 1) {
      const focused = page.locator(':focus')
      if ((await focused.count()) > 0 && (await page.getByRole(role, { name }).and(focused).count()) > 0)
        return
      await page.keyboard.press('Tab')
    }
    throw new Error(`The keyboard does not reach ${name.source}.`)
  }
  const cards = await page.getByRole('button', { name: 'Sækja kjörseðilinn minn' }).count()
  assert.ok(cards >= 1)
  // The newest election stands first; its button is the first the keyboard comes to.
  await focusOn(/Sækja kjörseðilinn minn/)
  const isWanted = await page
    .locator(':focus')
    .evaluate(
      (button, wanted) => button.closest('section, article, li')?.textContent?.includes(wanted) ?? false,
      title,
    )
  if (!isWanted) {
    await page.keyboard.press('Tab')
    await focusOn(/Sækja kjörseðilinn minn/)
  }
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: /tilbúinn/ }).waitFor()
  await focusOn(/Fara í kjörklefann/)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: title }).waitFor()
  await focusOn(/Ada|Björk/, 'radio')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Space')
  await page.getByRole('radio', { name: 'Björk' }).check({ trial: true })
  if (!(await page.getByRole('radio', { name: 'Björk' }).isChecked())) await page.keyboard.press('ArrowUp')
  await focusOn(/Birna/, 'checkbox')
  await page.keyboard.press('Space')
  await focusOn(/Yfirfara/)
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: /Greiða atkvæði/ }).waitFor()
  await inspect('booth-review')
  await focusOn(/Greiða atkvæði/)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: /í kassanum/ }).waitFor()
}

function verify(file: string, ...more: string[]) {
  const command = fileURLToPath(new URL('../../cli/althing-verify.mjs', import.meta.url))
  return spawnSync(process.execPath, [command, file, ...more], { encoding: 'utf8' })
}
