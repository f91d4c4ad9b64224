import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeConsole } from './fake/console.ts'
import { ada, draft as made, madeUp } from './fake/policies.ts'
import { lookedPage } from './looking.ts'

/** Whoever comes to a draft sees whose it is, what they can do with it, and why they cannot do the rest: over a made-up policy service. */
const { fake, browser } = fakeConsole()

const author = `person:${ada}`
const draft = {
  ...made,
  madeBy: author,
  changedBy: author,
  authors: [{ actor: author, isAdministrator: true }],
}
const proposed = { ...draft, proposedBy: author, proposedAt: draft.changedAt }
const ban = {
  id: 'ovr_00000000-0000-7000-8000-000000000001',
  kind: 'deny',
  state: 'in-force',
  subject: { type: 'Person', id: 'acc_2' },
  actions: ['policy.activate'],
  words: {},
  resource: null,
  role: null,
  reason: 'Until it is clear.',
  askedBy: 'person:acc_3',
  askedAt: draft.changedAt,
  until: '2026-04-02T09:30:00.000Z',
  lastsSeconds: null,
  decideBy: draft.changedAt,
  askedUnder: null,
  decidedBy: 'person:acc_3',
  decidedAt: draft.changedAt,
  decidedWhy: null,
  isAlone: false,
  endedBy: null,
  endedAt: null,
  endedWhy: null,
} as const

for (const [lang, words] of [
  [
    'is',
    {
      activate: 'Láta taka gildi',
      edit: 'Breyta drögunum',
      newDraft: 'Ný drög',
      onlyRead: 'Stjórnendur skrifa reglurnar',
      unproposed: /Enn er verið að skrifa þessi drög/,
      read: /Lestu það sem breytist/,
      written: /^Höfundar: Ada Jónsdóttir\. Héðan í frá ráða drögin/,
      impact: 'Reikna áhrifin',
      inForce: 'Reglurnar hafa tekið gildi.',
      banned: /^Þér er bannað að láta reglur taka gildi til 2. apríl 2026 kl. 09:30\./,
      see: 'Sjá bannið',
      barred: /^Þú mátt ekki skrifa reglur eins og er/,
      others: /^Annar stjórnandi les drögin/,
      former: 'Ada Jónsdóttir er ekki stjórnandi núna',
      title: 'Heiti draganna',
      long: 'Heitið er 201 stafur en má vera 200 í mesta lagi.',
      save: 'Vista drögin',
      tests: 'Prófanir',
      example: 'Dæmi um prófun',
      take: 'Nota þetta dæmi',
      mended: 'Prófanir draganna eru gerðar þegar þetta er komið í lag.',
      policies: 'Reglur félagsins',
      passed: 'Sjá prófunina sem stenst',
    },
  ],
  [
    'en',
    {
      activate: 'Bring into force',
      edit: 'Change the draft',
      newDraft: 'New draft',
      onlyRead: 'Administrators write the policies',
      unproposed: /This draft is still being written/,
      read: /Read below what is different/,
      written: /^Written by: Ada Jónsdóttir\. From now on the draft/,
      impact: 'See the impact',
      inForce: 'The policies are in force.',
      banned: /^You are banned from bringing policies into force until 2 April 2026 at 09:30\./,
      see: 'See the ban',
      barred: /^You may not write policies at the moment/,
      others: /^A second administrator reads the draft/,
      former: 'Ada Jónsdóttir is not an administrator now',
      title: 'Title of the draft',
      long: 'The title has 201 characters; at most 200 are possible.',
      save: 'Save the draft',
      tests: 'Tests',
      example: 'An example of a test',
      take: 'Take over this example',
      mended: 'The tests of the draft run when this is mended.',
      policies: 'The organisation’s policies',
      passed: 'See the test that holds',
    },
  ],
] as const) {
  const at = (path: string) => `${fake().personUrl}/admin/policies${path}?lang=${lang}`

  test(`${lang}: who may bring into force and not write sees what they need, and no editor`, async () => {
    const { page, inspect, complaints } = await lookedPage(browser().context)
    const policy = await madeUp(page, fake())
    policy.me = 'acc_2'
    policy.roles = ['member']
    policy.may = ['policy.activate']
    policy.rooms = ['policies']
    policy.drafts = [draft]
    await page.goto(at(''))
    await page.getByRole('link', { name: draft.title }).waitFor()
    assert.equal(await page.getByRole('link', { name: words.newDraft }).count(), 0)
    await page.goto(at(`/${draft.id}`))
    await page.getByText(words.unproposed).waitFor()
    assert.equal(await page.getByRole('button', { name: words.activate }).count(), 0)
    policy.drafts = [proposed]
    await page.goto(at(`/${draft.id}`))
    await page.getByText(words.read).waitFor()
    await page.getByRole('button', { name: words.impact }).waitFor()
    assert.equal(await page.getByRole('link', { name: words.edit }).count(), 0)
    await page.goto(at(`/${draft.id}/edit`))
    await page.getByText(words.onlyRead).waitFor()
    assert.equal(await page.getByRole('textbox').count(), 0)
    await page.goto(at(`/${draft.id}`))
    await inspect('admin-policy-draft-activates')
    await page.getByRole('button', { name: words.activate }).click()
    const dialog = page.getByRole('alertdialog')
    await dialog.getByText(words.written).waitFor()
    await inspect('admin-policy-draft-activate')
    await dialog.getByRole('button', { name: words.activate }).click()
    await page.getByText(words.inForce).waitFor()
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test(`${lang}: who misses a button is told why: it was banned for them, others may, or somebody else does it`, async () => {
    const { page, inspect, complaints } = await lookedPage(browser().context)
    const policy = await madeUp(page, fake())
    policy.me = 'acc_2'
    policy.may = ['policy.draft', 'policy.roll-back']
    policy.bans = [{ ...ban, actions: [...ban.actions] }]
    policy.drafts = [proposed]
    await page.goto(at(`/${draft.id}`))
    await page.getByText(words.banned).waitFor()
    assert.equal(await page.getByRole('button', { name: words.activate }).count(), 0)
    assert.match(
      (await page.getByRole('link', { name: words.see }).getAttribute('href')) ?? '',
      /overrides\/ovr_/,
    )
    await inspect('admin-policy-draft-banned')
    policy.may = []
    await page.goto(at(''))
    await page.getByText(words.barred).waitFor()
    await page.goto(at('/new'))
    await page.getByText(words.barred).waitFor()
    assert.equal(await page.getByRole('textbox').count(), 0)
    policy.may = undefined
    policy.roles = ['auditor']
    await page.goto(at(`/${draft.id}`))
    await page.getByText(words.others).waitFor()
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test(`${lang}: whose draft it is stands on it, also when their office is over`, async () => {
    const { page, inspect, complaints } = await lookedPage(browser().context)
    const policy = await madeUp(page, fake())
    policy.me = 'acc_2'
    policy.drafts = [{ ...proposed, authors: [{ actor: author, isAdministrator: false }] }]
    await page.goto(at(`/${draft.id}`))
    await page.getByText(words.former, { exact: true }).waitFor()
    assert.equal(await page.getByRole('button', { name: words.activate }).count(), 1)
    await inspect('admin-policy-draft-former')
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test(`${lang}: a title that is too long is said and not cut, a test is begun with an example, and what is wrong is said in one sentence`, async () => {
    const { page, inspect, complaints } = await lookedPage(browser().context)
    const policy = await madeUp(page, fake())
    policy.drafts = [{ ...draft, tests: '' }]
    await page.goto(at(`/${draft.id}/edit`))
    const title = page.getByLabel(words.title)
    await title.fill('x'.repeat(201))
    await page.getByText(words.long).waitFor()
    assert.equal((await title.inputValue()).length, 201)
    await page.getByRole('button', { name: words.save }).click()
    assert.ok(await title.evaluate((field) => field === document.activeElement))
    assert.deepEqual(policy.asked, [], 'nothing was sent')
    await inspect('admin-policy-title-long')
    await title.fill('Short')
    await page.getByRole('heading', { level: 2, name: words.tests, exact: true }).click()
    await page.getByText(words.example, { exact: true }).click()
    await inspect('admin-policy-tests-example')
    await page.getByRole('button', { name: words.take }).click()
    assert.match(await page.locator('#policy-tests').inputValue(), /subject: Person::una/)
    assert.equal(
      await page.getByRole('button', { name: words.take }).count(),
      0,
      'nothing takes the place of it',
    )
    await page.getByText(words.passed).waitFor()
    await page
      .getByRole('textbox', { name: words.policies })
      .fill('permit (principal,\n  wrong, resource);\n')
    await page.getByText(words.mended).waitFor()
    assert.equal(await page.getByText(words.passed).count(), 0)
    assert.deepEqual(complaints, [])
    await page.close()
  })
}
