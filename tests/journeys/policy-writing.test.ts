import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeConsole } from './fake/console.ts'
import { draft, madeUp } from './fake/policies.ts'
import { lookedPage } from './looking.ts'

/** Nothing that somebody wrote is lost before they save it or throw it away: over a made-up policy service. */
const { fake, browser } = fakeConsole()

for (const [lang, words] of [
  [
    'is',
    {
      text: 'Reglur félagsins',
      unsaved: /^Þú átt óvistaðan texta frá /,
      since: /Drögin hafa verið vistuð síðan/,
      goOn: 'Halda áfram með hann',
      drop: 'Henda honum',
      save: 'Vista drögin',
      overtaken: 'Einhver annar hefur vistað þessi drög á meðan',
      failed: 'Þetta tókst ekki',
      out: 'Þetta tókst ekki: innskráningin er útrunnin',
      again: 'Skrá mig aftur inn í nýjum flipa',
      begin: 'Hvernig er byrjað?',
      actions: 'Allar aðgerðir sem eru þekktar',
      onlyRead: 'Stjórnendur skrifa reglurnar',
      goTo: /^Fara þangað.*The doors$/,
      tests: 'Prófanir',
    },
  ],
  [
    'en',
    {
      text: 'The organisation’s policies',
      unsaved: /^You have unsaved text from /,
      since: /The draft has been saved since/,
      goOn: 'Go on with it',
      drop: 'Throw it away',
      save: 'Save the draft',
      overtaken: 'Somebody else has saved this draft meanwhile',
      failed: 'It did not work',
      out: 'It is not done: your sign-in has ended',
      again: 'Sign in again in a new tab',
      begin: 'How to begin',
      actions: 'All actions that are known',
      onlyRead: 'Administrators write the policies',
      goTo: /^Go there.*The doors$/,
      tests: 'Tests',
    },
  ],
] as const) {
  test(`${lang}: what was written and not saved is there after a reload and after a way elsewhere, until it is saved or thrown away`, async () => {
    const { page, inspect, complaints } = await lookedPage(browser().context)
    const policy = await madeUp(page, fake())
    policy.drafts = [draft]
    await page.goto(`${fake().personUrl}/admin/policies/${draft.id}/edit?lang=${lang}`)
    const field = page.getByRole('textbox', { name: words.text })
    await field.fill('// mine\n')
    await page.reload()
    await page.getByText(words.unsaved).waitFor()
    assert.equal(await field.count(), 0, 'nothing is written over it before somebody chooses')
    await inspect('admin-policy-unsaved')
    await page.getByRole('button', { name: words.goOn }).click()
    assert.equal(await field.inputValue(), '// mine\n')
    await field.fill('// mine, further\n')
    await page.locator(`a[href="/admin/policies/${draft.id}"]`).click()
    await page.getByRole('heading', { level: 1, name: draft.title }).waitFor()
    policy.change({ version: 2, title: 'Theirs' })
    await page.goBack()
    await page.getByText(words.since).waitFor()
    await page.getByRole('button', { name: words.goOn }).click()
    assert.equal(await field.inputValue(), '// mine, further\n')
    await page.getByRole('button', { name: words.save }).click()
    await page.getByText(words.overtaken).waitFor()
    assert.equal(await page.getByText(words.failed).count(), 0, 'it is said once, and in one way')
    await page.reload()
    await page.getByRole('button', { name: words.drop }).click()
    assert.notEqual(await field.inputValue(), '// mine, further\n')
    await page.reload()
    await field.waitFor()
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test(`${lang}: when the session ends while somebody writes, the text stays on the page and is saved from there; nobody else is offered it`, async () => {
    const { page, inspect } = await lookedPage(browser().context)
    const policy = await madeUp(page, fake())
    await page.goto(`${fake().personUrl}/admin/policies/new?lang=${lang}`)
    const field = page.getByRole('textbox', { name: words.text })
    await page.locator('#policy-title').fill('Mine')
    await field.fill('// mine\n')
    policy.refuse = { status: 401, code: 'session.ended' }
    await page.getByRole('button', { name: words.save }).click()
    await page.getByText(words.out).waitFor()
    assert.equal(
      await page.getByRole('link', { name: words.again }).getAttribute('href'),
      '/session/login?return=/admin/policies',
    )
    assert.equal(await field.inputValue(), '// mine\n')
    await inspect('admin-policy-signed-out')
    policy.me = 'acc_2'
    await page.reload()
    await field.waitFor()
    assert.equal(await page.getByText(words.unsaved).count(), 0, 'it is not theirs')
    policy.me = 'acc_1'
    await page.reload()
    await page.getByRole('button', { name: words.goOn }).click()
    policy.drafts = [draft]
    await page.getByRole('button', { name: words.save }).click()
    await page.getByRole('heading', { level: 1, name: draft.title }).waitFor()
    await page.goto(`${fake().personUrl}/admin/policies/new?lang=${lang}`)
    await field.waitFor()
    assert.equal(await page.getByText(words.unsaved).count(), 0, 'what is saved is no longer unsaved')
    await page.close()
  })

  test(`${lang}: whoever begins is shown how, and led to a test that does not hold; whoever may only read is told so`, async () => {
    const { page, inspect, complaints } = await lookedPage(browser().context)
    const policy = await madeUp(page, fake())
    policy.drafts = [{ ...draft, tests: 'cases:\n  - name: The doors\n' }]
    await page.goto(`${fake().personUrl}/admin/policies/${draft.id}/edit?lang=${lang}`)
    await page.getByText(words.begin).click()
    await page.getByText(words.actions).click()
    await page.getByText('doors.open', { exact: true }).waitFor()
    await inspect('admin-policy-begin')
    await page.getByRole('textbox', { name: words.text }).fill('// failing\n')
    await page.getByRole('button', { name: words.goTo }).click()
    assert.equal(
      await page
        .getByRole('textbox', { name: words.tests, exact: true })
        .evaluate((area: HTMLTextAreaElement) => area.value.slice(area.selectionStart, area.selectionEnd)),
      '  - name: The doors',
    )
    policy.roles = ['auditor']
    await page.goto(`${fake().personUrl}/admin/policies/new?lang=${lang}`)
    await page.getByText(words.onlyRead).waitFor()
    assert.equal(await page.getByRole('button', { name: words.save }).count(), 0)
    assert.deepEqual(complaints, [])
    await page.close()
  })
}
