import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fakeConsole } from './fake/console.ts'
import { draft, madeUp, well } from './fake/policies.ts'
import { lookedPage } from './looking.ts'

/** Policies are written, checked, read by a second person and taken back: over a made-up policy service. */
const { fake, browser } = fakeConsole()

for (const [lang, words] of [
  [
    'is',
    {
      title: 'Reglur',
      misfit: /passa ekki við þessa útgáfu/,
      empty: 'Engin drög eru opin',
      text: 'Reglur félagsins',
      mend: '1 atriði þarf að laga',
      wrong: '„wrong“ á ekki heima í haus reglunnar.',
      other: 'Cedar segir, á ensku:',
      format: 'Snyrta reglurnar',
      formatted: 'Reglurnar eru snyrtar. Merking þeirra er óbreytt.',
      undo: 'Taka til baka',
      undone: 'Textinn er aftur eins og hann var.',
      refused: /^Ekki er hægt að snyrta reglurnar/,
      same: 'Reglurnar voru þegar vel settar.',
      goTo: /^Fara þangað/,
      name: 'Heiti draganna',
      save: 'Vista drögin',
      overtaken: /Einhver annar hefur vistað/,
      takesBack: /^Þessi drög hafa verið lögð til\. Ef þú vistar/,
      takenBack: 'Drögin eru vistuð. Það þarf að leggja þau til að nýju.',
      onTop: 'Vista mitt ofan á það',
      propose: 'Leggja til',
      waits: /Biddu annan stjórnanda/,
      proof: 'Sýndu fyrst að þetta ert þú',
      again: 'Skrá mig aftur inn',
      activate: 'Láta taka gildi',
      inForce: 'Reglurnar hafa tekið gildi.',
      changed: /hefur verið breytt síðan þú last/,
      readAgain: 'Lesa drögin aftur',
      outdated: /Aðrar reglur hafa tekið gildi/,
      base: 'Byggja á útgáfu 2',
      impact: 'Reikna áhrifin',
      flips: 'Ákvarðanir sem yrðu aðrar',
      back: 'Snúa til baka í þessa útgáfu',
      yes: 'Snúa til baka',
      why: /^Hvers vegna\?/,
      backDone: /Það er nú í gildi sem útgáfa 3/,
      tried: /^Þessi drög, eins og þau voru vistuð 2. mars 2026 kl. 11:59/,
      triedOlder: /Þau hafa verið vistuð síðan/,
      endTrial: 'Hætta að reyna',
      isInForce: 'Tóku gildi sem útgáfa 2',
      wasInForce: /ekki lengur í gildi/,
      alone: 'Af einum, við vélina sjálfa',
      showAll: 'Sýna þær líka',
      look: 'Þegar stjórnandi byrjar á drögum standa þau hér.',
    },
  ],
  [
    'en',
    {
      title: 'Policies',
      misfit: /do not fit this release/,
      empty: 'No draft is open',
      text: 'The organisation’s policies',
      mend: '1 thing has to be mended',
      wrong: '“wrong” does not belong in the head of a policy.',
      other: 'Cedar says:',
      format: 'Format the policies',
      formatted: 'The policies are formatted. They mean what they meant.',
      undo: 'Undo',
      undone: 'The text is again as it was.',
      refused: /^The policies cannot be formatted/,
      same: 'The policies were well set already.',
      goTo: /^Go there/,
      name: 'Title of the draft',
      save: 'Save the draft',
      overtaken: /Somebody else has saved/,
      takesBack: /^This draft is proposed\. Saving takes/,
      takenBack: 'The draft is saved. It has to be proposed anew.',
      onTop: 'Save mine on top of it',
      propose: 'Propose',
      waits: /Ask a second administrator/,
      proof: 'Show first that it is you',
      again: 'Sign in again',
      activate: 'Bring into force',
      inForce: 'The policies are in force.',
      changed: /has been changed since you read it/,
      readAgain: 'Read the draft again',
      outdated: /Other policies have come into force/,
      base: 'Put it on top of version 2',
      impact: 'See the impact',
      flips: 'Decisions that would be others',
      back: 'Roll back to this version',
      yes: 'Roll back',
      why: /^Why\?/,
      backDone: /in force now as version 3/,
      tried: /^This draft, as saved on 2 March 2026 at 11:59/,
      triedOlder: /It has been saved since/,
      endTrial: 'End the trial',
      isInForce: 'In force as version 2',
      wasInForce: /not any more/,
      alone: 'By one alone, at the machine itself',
      showAll: 'Show those too',
      look: 'When an administrator begins a draft, it stands here.',
    },
  ],
] as const) {
  test(`${lang}: what is in force, what does not fit, and what to do where there is nothing; who may only look is offered nothing`, async () => {
    const { page, inspect, complaints } = await lookedPage(browser().context)
    const policy = await madeUp(page, fake())
    policy.state.misfit = ['doors: Action::"doors.open" is not known.']
    await page.goto(`${fake().personUrl}/admin/policies?lang=${lang}`)
    await page.getByRole('heading', { level: 1, name: words.title }).waitFor()
    await page.getByText(words.misfit).waitFor()
    await page.getByText(words.empty).waitFor()
    await inspect('admin-policies-empty')
    policy.roles = ['auditor']
    policy.drafts = [draft]
    await page.reload()
    await page.getByRole('link', { name: draft.title }).waitFor()
    assert.equal(await page.locator('a[href="/admin/policies/new"]').count(), 0)
    await inspect('admin-policies')
    await page.getByRole('link', { name: draft.title }).click()
    await page.getByRole('heading', { level: 1, name: draft.title }).waitFor()
    await page.getByRole('button', { name: words.impact }).waitFor()
    assert.equal(await page.getByRole('button', { name: words.propose }).count(), 0)
    policy.drafts = []
    await page.goto(`${fake().personUrl}/admin/policies?lang=${lang}`)
    await page.getByText(words.look).waitFor()
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test(`${lang}: a draft is checked as it is typed, and what was typed stays when somebody else was quicker`, async () => {
    const { page, inspect, complaints } = await lookedPage(browser().context)
    const policy = await madeUp(page, fake())
    policy.drafts = [draft]
    await page.goto(`${fake().personUrl}/admin/policies/${draft.id}/edit?lang=${lang}`)
    const field = page.getByRole('textbox', { name: words.text })
    await field.fill('permit (principal,\n  wrong, resource);\n')
    await page.getByText(words.mend).waitFor()
    await page.getByText(words.wrong).waitFor()
    await page.getByText(words.other).waitFor()
    assert.equal(await page.locator('span[lang=en]', { hasText: 'Nobody knows' }).count(), 1)
    await inspect('admin-policy-edit')
    await page.getByRole('button', { name: words.goTo }).first().click()
    assert.deepEqual(
      await field.evaluate((area: HTMLTextAreaElement) => [
        document.activeElement === area,
        area.value.slice(area.selectionStart, area.selectionEnd),
      ]),
      [true, 'wrong, resource);'],
    )
    await page.getByLabel(words.name).fill('')
    await page.getByRole('button', { name: words.save }).click()
    assert.equal(policy.asked.filter((one) => one.startsWith('PATCH')).length, 0, 'it needs its title')
    await page.getByLabel(words.name).fill('Mine')
    policy.change({ version: 2, title: 'Theirs' })
    await page.getByRole('button', { name: words.save }).click()
    await page.getByText(words.overtaken).waitFor()
    assert.equal(await field.inputValue(), 'permit (principal,\n  wrong, resource);\n')
    assert.equal(await page.getByLabel(words.name).inputValue(), 'Mine')
    await inspect('admin-policy-edit-overtaken')
    await page.getByRole('button', { name: words.onTop }).click()
    await page.getByRole('heading', { level: 1, name: 'Mine' }).waitFor()
    assert.deepEqual(
      policy.asked.filter((one) => one.startsWith('PATCH')),
      ['PATCH "1"', 'PATCH "2"'],
    )
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test(`${lang}: whoever changes what is proposed reads before that it takes the proposal back, and after`, async () => {
    const { page, inspect } = await lookedPage(browser().context)
    const policy = await madeUp(page, fake())
    policy.drafts = [draft]
    await page.goto(`${fake().personUrl}/admin/policies/${draft.id}/edit?lang=${lang}`)
    await page.getByRole('button', { name: words.save }).waitFor()
    assert.equal(
      await page.getByText(words.takesBack).count(),
      0,
      'nothing is taken back that was not proposed',
    )
    policy.change({ proposedBy: 'person:acc_1', proposedAt: draft.changedAt })
    await page.reload()
    await page.getByText(words.takesBack).waitFor()
    await inspect('admin-policy-edit-proposed')
    await page.getByLabel(words.name).fill('Anew')
    policy.change({ proposedBy: null, proposedAt: null })
    await page.getByRole('button', { name: words.save }).click()
    await page.getByText(words.takenBack).waitFor()
    await inspect('admin-policy-draft-taken-back')
    await page.close()
  })

  test(`${lang}: policies are set well with their comments, and taken back by a button or by the keyboard; what cannot be read stays as it is`, async () => {
    const { page, inspect, complaints } = await lookedPage(browser().context)
    const policy = await madeUp(page, fake())
    policy.drafts = [draft]
    await page.goto(`${fake().personUrl}/admin/policies/${draft.id}/edit?lang=${lang}`)
    const field = page.getByRole('textbox', { name: words.text })
    const format = page.getByRole('button', { name: words.format })
    const written = 'permit(principal,action,resource); // why\n'
    await field.fill(written)
    await format.click()
    await page.getByText(words.formatted).waitFor()
    assert.equal(await field.inputValue(), well)
    assert.ok(await format.evaluate((button) => button === document.activeElement))
    await inspect('admin-policy-formatted')
    await page.getByRole('button', { name: words.undo }).click()
    await page.getByText(words.undone).waitFor()
    assert.equal(await field.inputValue(), written)
    await format.click()
    await page.getByText(words.formatted).waitFor()
    await field.focus()
    await page.keyboard.press('Control+z')
    assert.equal(await field.inputValue(), written, 'the browser takes it back like what was typed')
    await field.fill(well)
    await format.click()
    await page.getByText(words.same).waitFor()
    await field.fill('permit (principal,\n  wrong, resource);\n')
    await format.click()
    await page.getByText(words.refused).waitFor()
    assert.equal(await field.inputValue(), 'permit (principal,\n  wrong, resource);\n')
    await inspect('admin-policy-format-refused')
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test(`${lang}: one proposes, another one reads and brings into force what they have read, with a proof of now`, async () => {
    const { page, inspect } = await lookedPage(browser().context)
    const policy = await madeUp(page, fake())
    policy.drafts = [{ ...draft, basedOn: 1, inForce: 2 }]
    await page.goto(`${fake().personUrl}/admin/policies/${draft.id}?lang=${lang}`)
    await page.getByText(words.outdated).waitFor()
    await inspect('admin-policy-draft-outdated')
    await page.getByRole('button', { name: words.base }).click()
    await page.getByText(words.outdated).waitFor({ state: 'detached' })
    policy.refuse = { status: 403, code: 'policy.proof.needed' }
    await page.getByRole('button', { name: words.propose, exact: true }).click()
    await page.getByText(words.proof).waitFor()
    assert.match(
      (await page.getByRole('link', { name: words.again }).getAttribute('href')) ?? '',
      /^\/session\/login\?proof=fresh&return=%2Fadmin%2Fpolicies%2Fdrf_/,
    )
    await inspect('admin-policy-draft-proof')
    await page.getByRole('button', { name: words.propose, exact: true }).click()
    await page.getByText(words.waits).first().waitFor()
    assert.equal(await page.getByRole('button', { name: words.activate }).count(), 0, 'not by one alone')

    policy.me = 'acc_2'
    await page.reload()
    await page.getByRole('button', { name: words.impact }).click()
    await page.getByRole('region', { name: words.flips }).waitFor()
    await inspect('admin-policy-draft')
    const activate = async () => {
      await page.getByRole('button', { name: words.activate }).click()
      await page.getByRole('alertdialog').getByRole('button', { name: words.activate }).click()
    }
    policy.refuse = { status: 412, code: 'policy.publish.changed' }
    await activate()
    await page.getByText(words.changed).waitFor()
    await page.getByRole('button', { name: words.readAgain }).click()
    await page.getByText(words.changed).waitFor({ state: 'detached' })
    await activate()
    await page.getByText(words.inForce).waitFor()
    assert.deepEqual(policy.bodies.at(-1), { version: 2 })
    assert.doesNotMatch((await page.locator('main').textContent()) ?? '', /other \{|undefined|\bnull\b|NaN/)
    await page.close()
  })

  test(`${lang}: two versions are compared, and one comes back with a reason`, async () => {
    const { page, inspect, complaints } = await lookedPage(browser().context)
    const policy = await madeUp(page, fake())
    await page.goto(`${fake().personUrl}/admin/policies/compare?from=1&to=2&lang=${lang}`)
    await page.locator('.diff-new').first().waitFor()
    await inspect('admin-policy-compare')
    await page.goto(`${fake().personUrl}/admin/policies/1?lang=${lang}`)
    await page.getByRole('button', { name: words.back }).click()
    const dialog = page.getByRole('alertdialog')
    const yes = dialog.getByRole('button', { name: words.yes, exact: true })
    assert.equal(await yes.getAttribute('aria-disabled'), 'true', 'without a reason nothing')
    await dialog.getByLabel(words.why).fill('Wrong doors')
    await inspect('admin-policy-back')
    await yes.click()
    await page.getByText(words.backDone).waitFor()
    assert.deepEqual(policy.bodies.at(-1), { reason: 'Wrong doors' })
    await inspect('admin-policy-version')
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test(`${lang}: a trial is seen where it runs, a draft says whether it is still in force, and versions that overrides made are shown to who wants them`, async () => {
    const { page, inspect, complaints } = await lookedPage(browser().context)
    const policy = await madeUp(page, fake())
    const address = `${fake().personUrl}/admin/policies/${draft.id}?lang=${lang}`
    policy.drafts = [draft]
    policy.tried = 1
    await page.goto(address)
    await page.getByText(words.tried).waitFor()
    await page.getByRole('button', { name: words.endTrial }).waitFor()
    await inspect('admin-policy-draft-tried')
    policy.change({ version: 2 })
    await page.goto(address)
    await page.getByText(words.triedOlder).waitFor()
    policy.change({ state: 'activated', revision: 2 })
    await page.goto(address)
    await page.getByText(words.isInForce, { exact: true }).waitFor()
    policy.change({ inForce: 3 })
    await page.goto(address)
    await page.getByText(words.wasInForce).waitFor()
    policy.drafts = []
    await page.goto(`${fake().personUrl}/admin/policies?lang=${lang}`)
    await page.getByText(words.alone).waitFor()
    assert.equal(await page.locator('a[href="/admin/policies/3"]').count(), 0)
    await page.getByRole('checkbox', { name: words.showAll }).check()
    await page.locator('a[href="/admin/policies/3"]').waitFor()
    await inspect('admin-policies-all')
    assert.deepEqual(complaints, [])
    await page.close()
  })
}
