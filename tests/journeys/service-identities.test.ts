import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page, Route } from 'playwright-core'
import type { Key, Program } from '../../web/admin/programs-api.ts'
import { fakeConsole } from './fake/console.ts'
import { lookedPage } from './looking.ts'

/** An administrator makes a program, gives it a key, rotates and revokes it, shuts it out and ends it: over a made-up identity. */
const { fake, browser } = fakeConsole()

for (const [lang, words] of [
  [
    'is',
    {
      title: 'Þjónustuauðkenni',
      keyless: 'Á engan lykil sem opnar',
      ownerless: 'Eigandinn er enginn lengur',
      none: 'Ekkert þjónustuauðkenni passar við þetta.',
      new: 'Nýtt þjónustuauðkenni',
      kind: 'Hvers konar forrit kemur?',
      assistant: /lyklar hennar opna engar dyr/,
      name: 'Heiti þess',
      purpose: 'Til hvers er það?',
      create: 'Stofna það',
      wrong: 'Skrifaðu 8 til 200 stafi, í einni línu.',
      add: 'Búa til lykil',
      sees: 'Sjá félagatalið',
      days: /^Dagar/,
      networks: 'Aðeins af þessum netum',
      from: 'Frá klukkan',
      to: 'Til klukkan',
      make: 'Búa þennan lykil til',
      daysWrong: 'Skrifaðu tölu sem tegundin leyfir.',
      once: 'Þessi lykill sést aðeins núna',
      kept: 'Ég hef komið honum fyrir',
      rotate: /^Skipta um/,
      until: 'Hve lengi opnar sá gamli?',
      next: 'Búa til næsta lykil',
      rotated: 'Annar hefur tekið við',
      revoke: /^Afturkalla/,
      revoked: 'Lykillinn opnar ekkert lengur.',
      shut: 'Loka á það',
      off: 'Það opnar ekkert héðan í frá.',
      open: 'Opna aftur',
      on: 'Lyklar þess opna aftur.',
      remove: 'Eyða',
      word: 'eyða',
    },
  ],
  [
    'en',
    {
      title: 'Service identities',
      keyless: 'Has no key that opens',
      ownerless: 'Its owner is nobody any more',
      none: 'No service identity matches this.',
      new: 'New service identity',
      kind: 'What kind of program is it?',
      assistant: /its keys open no door alone/,
      name: 'Its name',
      purpose: 'What is it for?',
      create: 'Make it',
      wrong: 'Write 8 to 200 characters, in one line.',
      add: 'Make a key',
      sees: 'See the directory of members',
      days: /^Days until/,
      networks: 'From these networks only',
      from: 'From',
      to: 'To',
      make: 'Make this key',
      daysWrong: 'Write a number that its kind allows.',
      once: 'This key is shown only now',
      kept: 'I have put it away',
      rotate: /^Rotate/,
      until: 'Until when does the old one open?',
      next: 'Make the next key',
      rotated: 'Has a successor',
      revoke: /^Revoke/,
      revoked: 'The key opens nothing any more.',
      shut: 'Shut it out',
      off: 'It opens nothing from now on.',
      open: 'Let it be used again',
      on: 'Its keys open again.',
      remove: 'Delete',
      word: 'delete',
    },
  ],
] as const) {
  test(`${lang}: the list says which have no key and no owner, and is looked through`, async () => {
    const { page, inspect, complaints } = await lookedPage(browser().context)
    await madeUpIdentity(page, [
      bookkeeper,
      { ...bookkeeper, id: id(2), name: 'Old one', ownerKind: 'person', disabled: true, keys: [key(1)] },
    ])
    await page.goto(`${fake().personUrl}/admin/service-identities?lang=${lang}`)
    await page.getByRole('heading', { level: 1, name: words.title }).waitFor()
    await page.getByText(words.keyless).waitFor()
    await page.getByText(words.ownerless).waitFor()
    await inspect('admin-service-identities')
    await page.getByRole('searchbox').fill('nothing like it')
    await page.getByText(words.none).waitFor()
    assert.equal(new URL(page.url()).searchParams.get('search'), 'nothing like it')
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test(`${lang}: one is made, and its key is seen until somebody has kept it`, async () => {
    const { page, inspect, complaints } = await lookedPage(browser().context)
    const identity = await madeUpIdentity(page, [])
    await page.goto(`${fake().personUrl}/admin/service-identities/new?lang=${lang}`)
    await page.getByRole('heading', { level: 1, name: words.new }).waitFor()
    await page.getByLabel(words.kind).selectOption('assistant')
    await page.getByText(words.assistant).waitFor()
    await page.getByLabel(words.kind).selectOption('integration')
    await page.getByLabel(words.name, { exact: true }).fill('The bookkeeper')
    await page.getByLabel(words.purpose).fill('bills')
    await page.getByRole('button', { name: words.create }).click()
    await page.getByText(words.wrong).waitFor()
    assert.equal(await page.getByLabel(words.purpose).getAttribute('aria-invalid'), 'true')
    assert.equal(await page.getByLabel(words.name, { exact: true }).inputValue(), 'The bookkeeper')
    await inspect('admin-service-identity-refused')
    await page.getByLabel(words.purpose).fill('Sends bills to members')
    await page.getByRole('button', { name: words.create }).click()
    await page.getByRole('heading', { level: 1, name: 'The bookkeeper' }).waitFor()
    assert.deepEqual(identity.bodies.at(-1), {
      kind: 'integration',
      name: 'The bookkeeper',
      purpose: 'Sends bills to members',
      owner: null,
    })

    await page.getByRole('button', { name: words.add, exact: true }).click()
    await page.getByLabel(words.sees).check()
    await page.getByLabel(words.days).fill('999')
    await page.getByLabel(words.networks).fill('192.0.2.0/24\n2001:db8::/32\n')
    await page.getByLabel(words.from, { exact: true }).fill('22')
    await page.getByLabel(words.to, { exact: true }).fill('6')
    await page.getByRole('button', { name: words.make }).click()
    await page.getByText(words.daysWrong).waitFor()
    await inspect('admin-service-identity-key-refused')
    await page.getByLabel(words.days).fill('90')
    await page.getByRole('button', { name: words.make }).click()
    await page.getByText(words.once).waitFor()
    assert.equal(await page.locator('#program-key').textContent(), 'althing_key-1')
    assert.deepEqual(identity.bodies.at(-1), {
      scopes: ['members.read'],
      days: 90,
      networks: ['192.0.2.0/24', '2001:db8::/32'],
      hours: [22, 6],
    })
    await inspect('admin-service-identity-key')
    await page.getByRole('button', { name: words.kept }).click()
    assert.equal(await page.getByText('althing_key-1').count(), 0, 'nobody sees it again')
    assert.doesNotMatch((await page.locator('main').textContent()) ?? '', /other \{|undefined|\bnull\b/)
    await inspect('admin-service-identity')
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test(`${lang}: whose it is stands there by name, and the other language keeps a half-written key`, async () => {
    const { page } = await lookedPage(browser().context)
    await madeUpIdentity(page, [
      { ...bookkeeper, ownerKind: 'person', owner: 'acc_00000000-0000-7000-8000-0000000000ad' },
    ])
    await page.route('**/api/identity/names?*', (route) =>
      route.fulfill({ json: { names: { 'acc_00000000-0000-7000-8000-0000000000ad': 'Ada Jónsdóttir' } } }),
    )
    fake().state.rooms = ['people', 'service-identities']
    await page.goto(`${fake().personUrl}/admin/service-identities/${bookkeeper.id}?lang=${lang}`)
    const owner = page.getByRole('link', { name: 'Ada Jónsdóttir' })
    await owner.waitFor()
    assert.equal(await owner.getAttribute('href'), '/admin/people/acc_00000000-0000-7000-8000-0000000000ad')
    await page.getByRole('button', { name: words.add, exact: true }).click()
    await page.getByLabel(words.days).fill('12')
    await page.locator('.switch a[lang]').press('Enter')
    await page.locator(`html:not([lang=${lang}])`).waitFor()
    assert.equal(await page.locator('#f-days').inputValue(), '12')
    await page.close()
  })

  test(`${lang}: a key is rotated and revoked, and its program shut out and ended, each asked as it deserves`, async () => {
    const { page, inspect } = await lookedPage(browser().context)
    const identity = await madeUpIdentity(page, [{ ...bookkeeper, keys: [key(1)] }])
    await page.goto(`${fake().personUrl}/admin/service-identities/${bookkeeper.id}?lang=${lang}`)
    await page.getByRole('button', { name: words.rotate }).click()
    await page.getByLabel(words.until).selectOption('7')
    await inspect('admin-service-identity-rotate')
    await page.getByRole('button', { name: words.next }).click()
    await page.getByText(words.once).waitFor()
    await page.getByText(words.rotated, { exact: true }).waitFor()
    await page.getByRole('button', { name: words.kept }).click()
    assert.equal(
      await page.getByRole('button', { name: words.rotate }).count(),
      1,
      'the old one has its successor',
    )

    await page.getByRole('button', { name: words.revoke }).last().click()
    await inspect('admin-service-identity-revoke')
    await page.getByRole('alertdialog').getByRole('button', { name: words.revoke }).click()
    await page.getByText(words.revoked).waitFor()
    assert.ok(identity.asked.some((one) => /^POST \/svc_[^/]+\/keys\/\w+\/revoke$/.test(one)))

    await page.getByRole('button', { name: words.shut, exact: true }).click()
    await page.getByRole('alertdialog').getByRole('button', { name: words.shut, exact: true }).click()
    await page.getByText(words.off).waitFor()
    assert.equal(
      await page.getByRole('button', { name: words.add, exact: true }).count(),
      0,
      'shut out, it gets no key',
    )
    await page.getByRole('button', { name: words.open }).click()
    await page.getByText(words.on).waitFor()
    await page.getByRole('button', { name: words.remove, exact: true }).click()
    const dialog = page.getByRole('alertdialog')
    assert.equal(
      await dialog.getByRole('button', { name: words.remove, exact: true }).getAttribute('aria-disabled'),
      'true',
      'its word is written first',
    )
    await dialog.getByRole('textbox').fill(words.word)
    await dialog.getByRole('button', { name: words.remove, exact: true }).click()
    await page.getByRole('heading', { level: 1, name: words.title }).waitFor()
    assert.equal(identity.asked.filter((one) => one === `DELETE /${bookkeeper.id}`).length, 1)
    await page.close()
  })
}

const id = (n: number) => `svc_00000000-0000-7000-8000-00000000000${n}`

const key = (n: number): Key => ({
  id: `${n}`.repeat(16),
  state: 'live',
  scopes: ['members.read'],
  resources: {},
  networks: ['192.0.2.0/24'],
  hours: [22, 6],
  madeAt: '2026-03-02T11:59:00.000Z',
  endsAt: '2026-06-02T11:59:00.000Z',
  rotated: false,
  usedAt: null,
})

const bookkeeper: Program = {
  id: id(1),
  kind: 'integration',
  name: 'The bookkeeper',
  purpose: 'Sends bills to members',
  ownerKind: 'organisation',
  owner: null,
  disabled: false,
  madeAt: '2026-03-01T11:59:00.000Z',
  usedAt: '2026-03-02T11:00:00.000Z',
  limits: { tokenMinutes: 30, keyDays: 180, atDoors: true },
  keys: [],
}

const refusal = (pointer: string) => ({
  status: 422,
  contentType: 'application/problem+json',
  json: {
    code: 'identity.service-identities.key_words',
    title: 'Wrong.',
    status: 422,
    errors: [{ pointer, message: 'is wrong' }],
  },
})

async function madeUpIdentity(page: Page, known: readonly Program[]) {
  let programs = [...known]
  const [asked, bodies]: [string[], unknown[]] = [[], []]
  const change = (part: (program: Program) => Partial<Program>) => {
    programs = programs.map((one) => ({ ...one, ...part(one) }))
  }
  const withKey = (route: Route, n: number) => {
    change(({ keys }) => ({ keys: [key(n), ...keys] }))
    return route.fulfill({ json: { identity: programs[0], key: `althing_key-${n}` } })
  }
  await page.route('**/api/identity/service-identities**', (route) => {
    const request = route.request()
    const url = new URL(request.url())
    const path = url.pathname.replace('/api/identity/service-identities', '')
    const [which = '', verb = '', shown = '', what = ''] = path.split('/').slice(1)
    asked.push(`${request.method()} ${path}`)
    if (request.method() === 'GET' && which === '') {
      const search = (url.searchParams.get('search') ?? '').toLowerCase()
      const found = programs.filter(({ name }) => name.toLowerCase().includes(search))
      return route.fulfill({ json: { identities: found, next: null } })
    }
    const isRead = request.method() === 'GET' || request.method() === 'DELETE'
    const body = isRead ? {} : (request.postDataJSON() as { purpose?: string; days?: number })
    if (!isRead) bodies.push(body)
    if ((body.purpose?.length ?? 8) < 8) return route.fulfill(refusal('/purpose'))
    if ((body.days ?? 1) > 180) return route.fulfill(refusal('/days'))
    if (request.method() === 'DELETE') {
      programs = []
      return route.fulfill({ json: { done: true } })
    }
    if (which === '') programs = [bookkeeper]
    if (verb === 'keys' && shown === '') return withKey(route, 1)
    if (what === 'rotate') {
      change(({ keys }) => ({ keys: keys.map((one) => ({ ...one, rotated: true })) }))
      return withKey(route, 2)
    }
    if (what === 'revoke')
      change(({ keys }) => ({
        keys: keys.map((one) => (one.id === shown ? { ...one, state: 'revoked' } : one)),
      }))
    if (verb === 'disable' || verb === 'enable') change(() => ({ disabled: verb === 'disable' }))
    return route.fulfill({ json: programs[0] })
  })
  return { asked, bodies }
}
