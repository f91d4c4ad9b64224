import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { AccountDetail } from '@althing/identity/contract'
import type { Page } from 'playwright-core'
import { roomsFor } from './fake/rooms.ts'
import { sits } from './fake/sitting.ts'
import type { TimelineLine } from '../../services/identity/timeline/schema.ts'
import { fakeConsole } from './fake/console.ts'
import { lookedPage } from './looking.ts'
import { put } from './screenshots.ts'

/** The rooms of the console, and what an administrator sees of one person: over a made-up identity. */
const { fake, browser } = fakeConsole()

const id = 'acc_00000000-0000-7000-8000-000000000007'

for (const [lang, words] of [
  [
    'is',
    {
      console: 'Stjórnborð',
      folded: 'Stjórnborð: Fólk',
      mail: 'Póstur',
      groups: ['Atkvæði', 'Aðgangar', 'Öryggi', 'Rekstur kerfisins'],
      happened: 'Það sem gerst hefur',
      banned: 'Aðganginum lokað',
      roles: '(kosningastjóri, félagi)',
      reason: 'ástæða: Ákvörðun stjórnar nr. 7',
      changes: 'Breytingar',
      more: 'Meira',
      older: 'Aðgangur stofnaður',
      suspend: 'Setja í bið',
      why: /^Hvers vegna\?/,
      told: /^Hvað á að segja/,
    },
  ],
  [
    'en',
    {
      console: 'Console',
      folded: 'Console: People',
      mail: 'Mail',
      groups: ['Voting', 'Accounts', 'Safety', 'The system'],
      happened: 'What happened',
      banned: 'Account closed',
      roles: '(election manager, member)',
      reason: 'reason: Ákvörðun stjórnar nr. 7',
      changes: 'Changes',
      more: 'More',
      older: 'Account made',
      suspend: 'Suspend',
      why: /^Why\?/,
      told: /^What should the person be told\?/,
    },
  ],
] as const) {
  test(`${lang}: the rooms stand in groups beside the page, and on a telephone behind a button; the one we are in is said`, async () => {
    const { page, inspect } = await lookedPage(browser().context)
    await madeUpPerson(page)
    fake().state.rooms = roomsFor(['superadmin'])
    await page.goto(`${fake().personUrl}/admin/people/${id}?lang=${lang}`)
    const rooms = page.getByRole('navigation', { name: words.console })
    const folded = rooms.getByRole('button', { name: words.folded })
    await folded.waitFor()
    assert.equal(await rooms.getByRole('link').count(), 0, 'folded on a telephone')
    await folded.focus()
    await page.keyboard.press('Enter')
    const current = rooms.locator('[aria-current=page]')
    await current.waitFor()
    assert.equal(await current.getAttribute('href'), '/admin/people')
    assert.deepEqual(await rooms.getByRole('heading', { level: 2 }).allTextContents(), [...words.groups])
    await inspect('admin-rooms-open')
    await folded.focus()
    await page.keyboard.press('Escape')
    assert.equal(await rooms.getByRole('link').count(), 0)
    await page.keyboard.press('Enter')
    await rooms.getByRole('link', { name: words.mail, exact: true }).press('Enter')
    await page.getByRole('heading', { level: 1, name: words.mail }).waitFor()
    assert.equal(await rooms.getByRole('link').count(), 0, 'who has chosen sees the room')
    await put(page, { width: 1280, scheme: 'light' })
    assert.equal(await rooms.locator('[aria-current=page]').innerText(), words.mail)
    assert.equal(await rooms.getByRole('link').count(), roomsFor(['superadmin']).length)
    assert.equal(await rooms.getByRole('button').count(), 0)

    fake().state.rooms = ['elections']
    await page.goto(`${fake().personUrl}/admin/elections?lang=${lang}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    assert.equal(
      await page.getByRole('navigation', { name: words.console }).count(),
      0,
      'one room needs no list',
    )
    await page.close()
  })

  test(`${lang}: what happened to somebody is one list, with who and why; it is filtered, turned, and grows by what is done`, async () => {
    const { page, inspect } = await lookedPage(browser().context)
    const identity = await madeUpPerson(page)
    fake().state.rooms = roomsFor(['superadmin'])
    await page.goto(`${fake().personUrl}/admin/people/${id}?lang=${lang}`)
    const list = page.getByRole('list', { name: words.happened })
    await list.getByText(words.banned).waitFor()
    await list.getByText(words.reason).waitFor()
    await list.getByText(words.roles).waitFor()
    assert.equal(
      await list.getByRole('link', { name: 'Sólveig Arnardóttir' }).getAttribute('href'),
      '/admin/people/acc_chief',
    )
    assert.doesNotMatch((await page.locator('main').textContent()) ?? '', /other \{|undefined|null|NaN/)
    await inspect('admin-person')
    await page.getByRole('button', { name: words.more }).click()
    await list.getByText(words.older).waitFor()
    await page.locator('#timeline-kind').selectOption({ label: words.changes })
    await list.getByText(words.banned).waitFor()
    assert.equal(identity.asked.at(-1), 'kind=changes&limit=25')

    await page.getByRole('button', { name: words.suspend, exact: true }).click()
    const suspend = page.getByRole('alertdialog').getByRole('button', { name: words.suspend, exact: true })
    assert.equal(await suspend.getAttribute('aria-disabled'), 'true', 'not without a reason')
    await page.getByLabel(words.why).fill(' Kom sjálf og bað um það ')
    await page.getByLabel(words.told).fill(' Komdu á skrifstofuna. ')
    await inspect('admin-person-suspend')
    // Left without an answer, and the page in the other language and back: what was written is still there.
    await page.keyboard.press('Escape')
    await page.locator('.switch a[lang]').press('Enter')
    await page.locator(`html:not([lang=${lang}])`).waitFor()
    await list.or(page.locator('#timeline-kind')).first().waitFor()
    await page.locator('.switch a[lang]').press('Enter')
    await page.locator(`html[lang=${lang}]`).waitFor()
    await page.getByRole('button', { name: words.suspend, exact: true }).click()
    await suspend.click()
    await page.waitForFunction(() => document.querySelector('[role=alertdialog]') === null)
    await list.getByText(words.banned).waitFor()
    assert.deepEqual(identity.posted, [
      { status: 'suspended', reason: 'Kom sjálf og bað um það', told: 'Komdu á skrifstofuna.' },
    ])
    await page.close()
  })
}

for (const [lang, words] of [
  [
    'is',
    {
      keys: 'Flýtilyklar hér',
      singles: /Flýtilyklar með einu tákni/,
      close: 'Loka',
      find: 'Finna síðu eða manneskju',
      label: /^Heiti síðu/,
      mail: 'Póstur',
      search: 'Leita í nöfnum og netföngum',
      open: 'Finna …',
    },
  ],
  [
    'en',
    {
      keys: 'Keyboard shortcuts',
      singles: /Shortcuts of one character/,
      close: 'Close',
      find: 'Find a page or a person',
      label: /^Name of a page/,
      mail: 'Mail',
      search: 'Search names and addresses',
      open: 'Find …',
    },
  ],
] as const)
  test(`${lang}: keys list what they do, go to a room or to somebody, and can be turned off; none is taken from who writes`, async () => {
    const { page, inspect } = await lookedPage(browser().context, 1280)
    await madeUpPerson(page)
    fake().state.rooms = roomsFor(['superadmin'])
    await page.route(/\/api\/identity\/(users|clients|service-identities)\?/, (route) =>
      route.fulfill({
        json: {
          users: /q=.*sa/.test(route.request().url()) ? [listed] : [],
          clients: [],
          identities: [],
          next: null,
        },
      }),
    )
    await page.goto(`${fake().personUrl}/admin/people?lang=${lang}`)
    await page.getByLabel(words.search).waitFor()
    await page.keyboard.press('?')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('heading', { name: words.keys }).waitFor()
    await inspect('admin-keys')
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'detached' })

    await page.keyboard.press('/')
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'filter-q')
    await page.keyboard.type('a?/')
    assert.equal(await page.getByLabel(words.search).inputValue(), 'a?/')
    assert.equal(await dialog.count(), 0)

    await page.keyboard.press('Control+k')
    await dialog.getByLabel(words.label).fill(words.mail.slice(0, 4))
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: words.mail }).waitFor()

    await page.getByRole('button', { name: words.open }).click()
    await dialog.getByLabel(words.label).fill('Æsa')
    await dialog.getByRole('link', { name: /^Æsa Ýrr/ }).waitFor()
    await inspect('admin-find')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Æsa Ýrr Öxndal Guðmundsdóttir' }).waitFor()

    await page.keyboard.press('?')
    await dialog.getByText(words.singles).click()
    await dialog.getByRole('button', { name: words.close, exact: true }).click()
    await page.keyboard.press('?')
    assert.equal(await dialog.count(), 0, 'turned off')
    await page.keyboard.press('Control+k')
    await dialog.getByLabel(words.label).waitFor()
    await page.evaluate(() => localStorage.clear())
    await page.close()
  })

for (const [lang, room, param, label, tooLong] of [
  ['is', 'people', 'q', 'Leita í nöfnum og netföngum', /aðeins er leitað að fyrstu 100/],
  ['en', 'people', 'q', 'Search names and addresses', /only the first 100/],
  ['en', 'clients', 'search', 'Search in names and ids', /only the first 100/],
  ['en', 'service-identities', 'search', 'Search in names and purposes', /only the first 100/],
] as const)
  test(`${lang}: looking in ${room} for what is too long is no dead end: the text stays, and the room says what it looks for`, async () => {
    const { page, inspect } = await lookedPage(browser().context)
    fake().state.rooms = roomsFor(['superadmin'])
    const asked: string[] = []
    await page.route(/\/api\/identity\/(users|clients|service-identities)\?/, (route) => {
      asked.push(new URL(route.request().url()).searchParams.get(param) ?? '')
      return route.fulfill({ json: { users: [], clients: [], identities: [], next: null } })
    })
    const long = 'Æsa '.repeat(200).trim()
    await page.goto(`${fake().personUrl}/admin/${room}?lang=${lang}&${param}=${encodeURIComponent(long)}`)
    const field = page.getByLabel(label)
    await page.getByText(tooLong).waitFor()
    await inspect(`admin-${room}-long`)
    assert.equal(await field.inputValue(), long)
    await page.getByRole('link', { name: lang === 'is' ? 'Sýna allt' : 'Show all of them' }).waitFor()
    await field.fill(`${long} too`)
    await page.waitForFunction(
      (name) => (new URLSearchParams(location.search).get(name) ?? '').length <= 100,
      param,
    )
    assert.equal(await field.inputValue(), `${long} too`)
    await field.fill('Æsa')
    await page.waitForFunction(() => location.search.endsWith('=%C3%86sa'))
    assert.equal(await page.getByText(tooLong).count(), 0)
    // The room asks a moment after its address has changed.
    for (let waited = 0; waited < 5_000 && asked.at(-1) !== 'Æsa'; waited += 50) await page.waitForTimeout(50)
    assert.ok(
      asked.length >= 2 && asked.every((words) => words.length <= 100),
      String(asked.map((one) => one.length)),
    )
    assert.equal(asked.at(-1), 'Æsa')
    assert.equal(await page.locator('[role=alert]').count(), 0)
    await page.close()
  })

for (const [lang, words] of [
  [
    'is',
    {
      change: 'Breyta hlutverkum',
      title: /^Hvað má Æsa/,
      manager: /^kosningastjóri/i,
      superadmin: /^yfirstjórnandi/i,
      why: /^Hvers vegna\?/,
      save: 'Breyta hlutverkunum núna',
      done: 'Hlutverkunum er breytt.',
      same: 'Engu var breytt: hlutverkin voru þegar svona.',
    },
  ],
  [
    'en',
    {
      change: 'Change the roles',
      title: /^What may Æsa/,
      manager: /^election manager/i,
      superadmin: /^superadministrator/i,
      why: /^Why\?/,
      save: 'Change the roles now',
      done: 'The roles are changed.',
      same: 'Nothing was changed: the roles were so already.',
    },
  ],
] as const)
  test(`${lang}: roles are changed on a page that asks first and says what comes of it; none above one’s own is offered`, async () => {
    const { page, inspect } = await lookedPage(browser().context)
    await madeUpPerson(page)
    fake().state.rooms = roomsFor(['administrator'])
    const sent: unknown[] = []
    await sits(page, fake().ballotUrl, () => ({ me: 'acc_me', roles: ['administrator'] }))
    await page.route(`**/api/identity/users/${id}/roles`, (route) => {
      const body = route.request().postDataJSON() as { roles: string[] }
      sent.push(body)
      return route.fulfill({ json: { ...listed, roles: [...body.roles, 'member'] } })
    })
    await page.goto(`${fake().personUrl}/admin/people/${id}?lang=${lang}`)
    await page.getByRole('link', { name: words.change }).click()
    await page.getByRole('heading', { level: 1, name: words.title }).waitFor()
    assert.equal(await page.getByLabel(words.superadmin).isDisabled(), true)
    await page.getByLabel(words.manager).check()
    await inspect('admin-roles')
    assert.deepEqual(sent, [])
    await page.getByLabel(words.why).fill('Aðalfundur kaus')
    await page.getByRole('button', { name: words.save }).click()
    await page.getByRole('link', { name: words.change }).waitFor()
    assert.deepEqual(sent, [{ roles: ['election-manager'], reason: 'Aðalfundur kaus' }])
    await page.getByText(words.done).waitFor()
    await inspect('admin-person-roles-done')
    await page.getByRole('link', { name: words.change }).click()
    await page.getByRole('button', { name: words.save }).click()
    await page.getByText(words.same).waitFor()
    await page.goto(`${fake().personUrl}/admin/people/${id}?lang=${lang}`)
    await page.getByRole('link', { name: words.change }).waitFor()
    assert.equal(await page.getByText(words.same).count(), 0, 'said once')
    await page.close()
  })

for (const [lang, words] of [
  [
    'is',
    {
      reset: 'Fella niður annað skref og aðgangslykla',
      suspend: 'Setja í bið',
      change: 'Breyta hlutverkum',
      refused: /hlutverk sem er ekki fyrir neðan þitt\. Biddu yfirstjórnanda að gera þetta/,
      above: /hlutverk sem er ekki fyrir neðan þitt\. Biddu yfirstjórnanda ef/,
      why: /^Hvers vegna\?/,
    },
  ],
  [
    'en',
    {
      reset: 'Take second step and passkeys away',
      suspend: 'Suspend',
      change: 'Change the roles',
      refused: /a role that is not below yours\. Ask a superadministrator to do it/,
      above: /a role that is not below yours\. If they have to be/,
      why: /^Why\?/,
    },
  ],
] as const)
  test(`${lang}: what rank refuses is said in place of its buttons; what was written for what is refused at the door is still there`, async () => {
    const { page, inspect } = await lookedPage(browser().context)
    await madeUpPerson(page)
    fake().state.rooms = roomsFor(['administrator'])
    await sits(page, fake().ballotUrl, () => ({ me: 'acc_me', roles: ['administrator'] }))
    await page.route(`**/api/identity/users/${id}/reset-factors`, (route) =>
      route.fulfill({
        status: 403,
        contentType: 'application/problem+json',
        json: { status: 403, code: 'identity.accounts.above_you', title: 'Above.' },
      }),
    )
    await page.goto(`${fake().personUrl}/admin/people/${id}?lang=${lang}`)
    const reset = page.getByRole('button', { name: words.reset, exact: true }).first()
    await reset.click()
    await page.getByLabel(words.why).fill('Týndi símanum')
    const asked = page.getByRole('alertdialog')
    await asked.getByRole('button', { name: words.reset, exact: true }).click()
    await page.getByText(words.refused).waitFor()
    await reset.click()
    assert.equal(await page.getByLabel(words.why).inputValue(), 'Týndi símanum')
    await page.keyboard.press('Escape')

    for (const role of ['administrator', 'superadmin', 'auditor']) {
      await page.route(`**/api/identity/users/${id}`, (route) =>
        route.fulfill({ json: { ...detail, roles: ['member', role] } }),
      )
      await page.goto(`${fake().personUrl}/admin/people/${id}?lang=${lang}`)
      await page.getByText(words.above).waitFor()
      for (const name of [words.reset, words.suspend])
        assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0, role)
      assert.equal(await page.getByRole('link', { name: words.change }).count(), 0)
      await page.goto(`${fake().personUrl}/admin/people/${id}/edit?lang=${lang}`)
      await page.getByText(words.above).waitFor()
      assert.equal(await page.locator('main form').count(), 0, 'nothing is asked that would be refused')
    }
    await page.goto(`${fake().personUrl}/admin/people/${id}?lang=${lang}`)
    await page.getByText(words.above).waitFor()
    await inspect('admin-person-above')
    await page.close()
  })

test('who applies was born on a day that each language writes in its own way', async () => {
  for (const [lang, born] of [
    ['is', 'fæðingardagur 17. maí 1990'],
    ['en', 'born 17 May 1990'],
  ] as const) {
    const { page, inspect } = await lookedPage(browser().context)
    fake().state.rooms = roomsFor(['superadmin'])
    await page.route('**/api/identity/applications?*', (route) =>
      route.fulfill({ json: { applications: [application], next: null } }),
    )
    await page.goto(`${fake().personUrl}/admin/applications?lang=${lang}`)
    await page.getByText(born).waitFor()
    assert.doesNotMatch((await page.locator('main').textContent()) ?? '', /1990-05-17/)
    await inspect('admin-applications')
    await page.goto(`${fake().personUrl}/admin/people/new?lang=${lang}`)
    assert.equal(await page.locator('#f-locale').inputValue(), lang)
    await inspect('admin-person-new')
    await page.close()
  }
})

for (const [lang, words] of [
  [
    'is',
    {
      refuse: /^Hafna …/,
      title: 'Hafna umsókn: Óli Jónsson?',
      why: 'Hvers vegna?',
      act: 'Hafna',
      done: /Hafnað: Óli Jónsson/,
      all: 'Allar umsóknir',
      stands: /Staða hennar: Samþykkt/,
    },
  ],
  [
    'en',
    {
      refuse: /^Refuse …/,
      title: 'Refuse the application of Óli Jónsson?',
      why: 'Why?',
      act: 'Refuse',
      done: /Refused: Óli Jónsson/,
      all: 'Everybody who wants to join',
      stands: /Its state: Approved/,
    },
  ],
] as const) {
  test(`${lang}: an applicant is refused on a page that asks first, with a reason for them; nothing goes out before`, async () => {
    const { page, inspect } = await lookedPage(browser().context)
    fake().state.rooms = roomsFor(['superadmin'])
    const sent: unknown[] = []
    let now: Record<string, unknown> = application
    await page.route('**/api/identity/applications?*', (route) =>
      route.fulfill({ json: { applications: [application], next: null } }),
    )
    await page.route(`**/api/identity/applications/${application.id}`, (route) =>
      route.fulfill({ json: now }),
    )
    await page.route(`**/api/identity/applications/${application.id}/reject`, (route) => {
      const body = route.request().postDataJSON() as { reason: string }
      sent.push(body)
      now = { ...application, state: 'rejected', reason: body.reason, decidedAt: application.createdAt }
      return route.fulfill({ json: { done: true } })
    })
    await page.goto(`${fake().personUrl}/admin/applications?lang=${lang}`)
    await page.getByRole('link', { name: words.refuse }).click()
    await page.getByRole('heading', { level: 1, name: words.title }).waitFor()
    await inspect('admin-application-refuse')
    assert.deepEqual(sent, [], 'it asks first')
    await page.getByLabel(words.why).fill(' Enginn þekkir þig hér. ')
    await page.getByRole('button', { name: words.act, exact: true }).click()
    await page.getByText(words.done).waitFor()
    await page.getByText('Enginn þekkir þig hér.').waitFor()
    assert.deepEqual(sent, [{ reason: 'Enginn þekkir þig hér.' }])
    assert.equal(await page.getByRole('button', { name: words.act, exact: true }).count(), 0)

    now = { ...application, state: 'approved' }
    await page.goto(`${fake().personUrl}/admin/applications/${application.id}?lang=${lang}`)
    await page.getByText(words.stands).waitFor()
    assert.equal(await page.locator('main form').count(), 0, 'what is decided is not decided again')
    assert.equal(
      await page.getByRole('link', { name: words.all }).getAttribute('href'),
      '/admin/applications',
    )
    await page.close()
  })
}

const application = {
  id: 'app_00000000-0000-7000-8000-000000000001',
  email: 'oli@example.org',
  name: 'Óli Jónsson',
  phone: null,
  birthDate: '1990-05-17',
  guardianEmail: null,
  state: 'waiting',
  createdAt: '2026-11-20T09:00:00.000Z',
  decidedAt: null,
  decidedBy: null,
  reason: null,
}

/** Somebody with a history; how the console asks about it, and what it does. */
async function madeUpPerson(page: Page) {
  const asked: string[] = []
  const posted: unknown[] = []
  await page.route(`**/api/identity/users/${id}`, (route) => route.fulfill({ json: detail }))
  await page.route(`**/api/identity/users/${id}/timeline?*`, (route) => {
    const { searchParams } = new URL(route.request().url())
    asked.push(searchParams.toString())
    const isLater = searchParams.has('before')
    return route.fulfill({ json: { lines: isLater ? [oldest] : lines, next: isLater ? null : 'next' } })
  })
  await page.route(`**/api/identity/users/${id}/status`, (route) => {
    posted.push(route.request().postDataJSON())
    return route.fulfill({ json: detail })
  })
  for (const name of ['deliveries', 'queue', 'suppressions'])
    await page.route(`**/api/identity/mail/${name}*`, (route) =>
      route.fulfill({ json: { deliveries: [], letters: [], suppressions: [], next: null } }),
    )
  return { asked, posted }
}

const listed = {
  id: id as AccountDetail['id'],
  email: 'aesa@example.org',
  name: 'Æsa Ýrr Öxndal Guðmundsdóttir',
  status: 'active',
  roles: ['member'],
} as const

const detail: AccountDetail = {
  id: id as AccountDetail['id'],
  email: 'aesa@example.org',
  name: 'Æsa Ýrr Öxndal Guðmundsdóttir',
  status: 'active',
  roles: ['member'],
  phone: '+354 555 1234',
  locale: 'is',
  emailProven: true,
  erasedAt: null,
  hasNationalId: true,
  isOneself: false,
  factors: { password: true, codesLeft: 7, mailedCodes: ['sms'], passkeys: 2, electronicId: true },
  sessions: [{ method: 'passkey', device: 'Chrome, Android', seenAt: '2026-11-22T20:03:00.000Z' }],
  events: [],
}

const line = (given: Partial<TimelineLine> & Pick<TimelineLine, 'id'>): TimelineLine => ({
  at: '2026-11-22T20:03:00.000Z',
  kind: 'changes',
  action: 'accounts.banned',
  outcome: 'done',
  actor: { kind: 'self', id: null, name: null },
  reason: null,
  fields: [],
  login: null,
  letter: null,
  ...given,
})

const lines: readonly TimelineLine[] = [
  line({
    id: '1',
    actor: { kind: 'person', id: 'acc_chief', name: 'Sólveig Arnardóttir' },
    fields: ['status'],
    reason: 'Ákvörðun stjórnar nr. 7',
  }),
  line({
    id: '2',
    kind: 'sign-ins',
    action: 'sign-in',
    outcome: 'failed',
    actor: { kind: 'unknown', id: null, name: null },
    reason: 'wrong',
    login: {
      method: 'password',
      result: 'refused',
      network: '2001:db8:1234:5678::/64',
      device: 'Firefox, Windows',
    },
  }),
  line({
    id: '3',
    kind: 'letters',
    action: 'letter',
    actor: { kind: 'service', id: 'identity', name: null },
    letter: { channel: 'mail', subject: 'Nýtt tæki skráði sig inn · Althing', state: 'delivered' },
  }),
  line({ id: '4', action: 'accounts.profile', fields: ['name', 'phone'] }),
  line({ id: '9', action: 'accounts.roles', fields: ['roles', 'election-manager', 'member'] }),
  line({ id: '5', action: 'two-step.off', actor: { kind: 'operator', id: 'root', name: 'root' } }),
  line({ id: '6', action: 'privacy.erasure-asked', actor: { kind: 'person', id: 'acc_gone', name: null } }),
  line({
    id: '7',
    action: 'something.newer',
    outcome: 'denied',
    actor: { kind: 'service', id: 'members', name: null },
  }),
]
const oldest = line({ id: '8', action: 'accounts.created', at: '2024-01-02T09:00:00.000Z' })
