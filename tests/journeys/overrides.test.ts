import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page, Route } from 'playwright-core'
import { saidOf } from '../../services/policy/action-words.ts'
import { neededFor } from '../../services/policy/actions.ts'
import { roomsFor } from './fake/rooms.ts'
import { sits } from './fake/sitting.ts'
import type { Override } from '../../web/admin/overrides-api.ts'
import { fakeConsole } from './fake/console.ts'
import { lookedPage } from './looking.ts'

/** Exceptions for a while and emergency access: over a made-up policy service. */
const { fake, browser } = fakeConsole()

for (const [lang, words] of [
  [
    'is',
    {
      title: 'Undanþágur',
      empty: 'Engar undanþágur eru til',
      new: 'Ný undanþága',
      review: 'Skoða áður en það er gert',
      who: 'Veldu fyrir hvern þetta er.',
      actions: /^Veldu að minnsta kosti eina aðgerð/,
      until: /^Veldu tíma sem er ekki liðinn/,
      why: /^Skrifaðu ástæðuna/,
      search: 'Leita að manneskju',
      found: /^1 manneskja finnst/,
      lookFor: 'Leita að aðgerð',
      giving: 'Veita hlutverk og taka þau',
      ending: 'Ljúka undanþágu',
      give: 'Breyta hlutverkum',
      on: /^Á hverju\?/,
      when: /^Til hvenær\?/,
      reason: 'Hvers vegna?',
      right: 'Er þetta rétt?',
      consequence: /má ekki gera þetta héðan í frá/,
      ban: 'Banna þetta strax',
      proof: 'Sýndu fyrst að þetta ert þú',
      inForce: 'Í gildi',
      end: 'Enda núna',
      ended: 'Því er lokið.',
      written: /^Hvers vegna\? \(nauðsynlegt\)/,
      own: /^Þú baðst um þetta/,
      waits: /^Beiðnin bíður til .* og fellur þá niður/,
      falls: /fellur niður strax ef bundinn er endi á/,
      fell: /^Engin ákvörðun var tekin/,
      lost: 'Sá sem bað hefur ekki lengur hlutverkið sem þarf til þess.',
      holds: /^Bannið gildir til .* fellur úr gildi strax ef bundinn er endi á/,
      above: /^Einhver sem er ofar en þú ákvað þetta/,
      lent: /^Ef þú mátt þetta aðeins með tímabundinni heimild/,
      kept: '1 aðgerð er ekki á listanum. Hvers vegna?',
      keptWhy: /^overrides\.end: leiðin út úr því/,
      permit: /^Leyfa/,
      lentWhy: /^users\.set-roles: til þess þarf eigið hlutverk/,
      askFor: 'Biðja um leyfið',
      latest: /^Beiðnin bíður í síðasta lagi til/,
      another: /^Velja aðra manneskju/,
      noRole: /^Hér er ekki vitað um neitt hlutverk/,
      approve: 'Samþykkja',
      approved: 'Samþykkt. Það er í gildi.',
      others: /^Annar stjórnandi afgreiðir þetta/,
      none: 'Ég er ekki með annað skref',
      refuse: 'Hafna',
      refused: 'Því er hafnað.',
      optional: /^Hvers vegna\?|^Ástæða/,
      decided: /þegar/,
      emergency: 'Neyðaraðgangur',
      ask: 'Biðja um neyðaraðgang',
      nothing: 'Ekkert hlutverk er þér til láns',
      role: 'Veldu hlutverkið.',
      lends: /máttu allt sem stjórnandi má/,
      waiting: /^Ada Jónsdóttir biður um neyðaraðgang/,
      standing: /^Neyðaraðgangur er í gildi: Ada Jónsdóttir/,
      see: /^Skoða/,
    },
  ],
  [
    'en',
    {
      title: 'Overrides',
      empty: 'There are no overrides',
      new: 'New override',
      review: 'Review it',
      who: 'Choose for whom it is.',
      actions: /^Choose at least one action/,
      until: /^Choose a moment that is not over/,
      why: /^Write the reason/,
      search: 'Look for a person',
      found: /^1 person is found/,
      lookFor: 'Look for an action',
      giving: 'Give roles and take them',
      ending: 'End an override',
      give: 'Change the roles',
      on: /^On what\?/,
      when: /^Until when\?/,
      reason: 'Why?',
      right: 'Is this right?',
      consequence: /^From now on .* may not do this/,
      ban: 'Ban this now',
      proof: 'Show first that it is you',
      inForce: 'In force',
      end: 'End it now',
      ended: 'It is over.',
      written: /^Why\? \(/,
      own: /^You asked for this/,
      waits: /^It waits until .* Then it lapses/,
      falls: /lapses at once when what was lent/,
      fell: /^Nobody decided about it/,
      lost: 'Whoever asked has lost the role for it.',
      holds: /^It holds until .* ends at once when what was lent/,
      above: /^Somebody who ranks above you decided this/,
      lent: /^If you may do this because something was lent to you/,
      kept: '1 action is not in this list. Why?',
      keptWhy: /^overrides\.end: the way out of/,
      permit: /^Permit/,
      lentWhy: /^users\.set-roles: asks for a role of one’s own/,
      askFor: 'Ask for the permission',
      latest: /^The request waits until .* at the latest/,
      another: /^Choose somebody else/,
      noRole: /^Nothing is known here of a role/,
      approve: 'Agree',
      approved: 'Agreed. It is in force.',
      others: /^A second administrator decides about this/,
      none: 'I have no second step yet',
      refuse: 'Refuse',
      refused: 'It is refused.',
      optional: /^Why/,
      decided: /^Somebody has decided about this already/,
      emergency: 'Emergency access',
      ask: 'Ask for emergency access',
      nothing: 'No role can be lent to you',
      role: 'Choose the role.',
      lends: /may do all that an administrator may/,
      waiting: /^Ada Jónsdóttir asks for emergency access/,
      standing: /^Emergency access of Ada Jónsdóttir until/,
      see: /^See/,
    },
  ],
] as const) {
  /** The form of an exception for Ada, and on to the page on which it is looked over. */
  async function write(page: Page, action: string, reason: string): Promise<void> {
    await page.getByLabel(words.search).fill('ada@example.org')
    await page.getByRole('button', { name: /^Ada Jónsdóttir/ }).click()
    await page.getByRole('option', { name: action }).click()
    await page.getByLabel(words.when).fill(await localIn(page, 24))
    await page.getByLabel(words.reason).fill(reason)
    await page.getByRole('button', { name: words.review }).click()
  }

  test(`${lang}: a ban is written, mended at its fields, looked over, proven, and ended with a reason`, async () => {
    const { page, inspect, complaints } = await lookedPage(browser().context)
    const world = await madeUpPolicy(page)
    await page.goto(`${fake().personUrl}/admin/overrides?lang=${lang}`)
    await page.getByText(words.empty).waitFor()
    await inspect('admin-overrides-empty')
    await page.getByRole('link', { name: words.new }).click()
    await page.getByRole('button', { name: words.review }).click()
    for (const mistake of [words.who, words.actions, words.until, words.why])
      await page.getByText(mistake).waitFor()
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'override-who')
    await inspect('admin-override-refused')
    await page.getByLabel(words.search).fill('ada@example.org')
    await page.getByText(words.found).waitFor()
    await inspect('admin-override-who')
    await page.getByRole('button', { name: /^Ada Jónsdóttir/ }).click()
    assert.match(await page.evaluate(() => document.activeElement?.textContent ?? ''), words.another)
    assert.equal(await page.getByRole('option', { name: words.ending }).count(), 0, 'it is taken from nobody')
    await page.getByLabel(words.lookFor).fill('users.set')
    // One stop of the keyboard, however many there are.
    await page.getByRole('option', { name: 'doors.open' }).waitFor({ state: 'detached' })
    await page.getByLabel(words.lookFor).press('Tab')
    for (const key of ['ArrowDown', 'Space', 'ArrowUp', 'Space', 'End', 'Enter'])
      await page.keyboard.press(key)
    assert.deepEqual(await page.getByRole('option', { selected: true }).allInnerTexts(), [
      `${words.giving}\nusers.set-roles`,
    ])
    // Then what is not among them, and why; and then what it is about.
    for (const _ of ['Tab', 'Tab']) await page.keyboard.press('Tab')
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'override-on')
    await page.getByLabel(words.on).fill('Person::acc_9')
    await page.getByLabel(words.when).fill(await localIn(page, 24))
    await page.getByLabel(words.reason).fill('Laus úr starfi')
    await inspect('admin-override-new')
    await page.getByRole('button', { name: words.review }).click()
    await page.getByRole('heading', { level: 1, name: words.right }).waitFor()
    await page.getByText(words.consequence).waitFor()
    await inspect('admin-override-review')
    assert.equal(world.bodies.length, 0, 'nothing is done yet')
    await page.goBack()
    assert.equal(await page.getByLabel(words.reason).inputValue(), 'Laus úr starfi', 'nothing is lost')
    await page.goForward()
    await page.getByRole('heading', { level: 1, name: words.right }).waitFor()
    world.refuse = { status: 422, code: 'policy.overrides.no_role', pointer: '/subject' }
    await page.getByRole('button', { name: words.ban }).click()
    await page.getByText(words.noRole).waitFor()
    assert.equal(
      await page.getByRole('link', { name: words.give }).getAttribute('href'),
      `/admin/people/${ada}/edit`,
    )
    await inspect('admin-override-roleless')
    await page.getByRole('button', { name: words.review }).click()
    world.refuse = { status: 403, code: 'policy.proof.needed' }
    await page.getByRole('button', { name: words.ban }).click()
    await page.getByText(words.proof).waitFor()
    await inspect('admin-override-proof')
    // The way to the proof leads away; what was written is there again on the way back.
    await page.route('**/session/login**', (route) =>
      route.fulfill({
        status: 302,
        headers: { location: `${new URL(route.request().url()).searchParams.get('return')}&lang=${lang}` },
      }),
    )
    await page.locator('a[href^="/session/login?proof=fresh"]').click()
    await page.getByRole('button', { name: words.ban }).click()
    await page.getByText(words.inForce, { exact: true }).first().waitFor()
    assert.deepEqual(
      { ...world.bodies[0], until: '' },
      {
        kind: 'deny',
        subject: { type: 'Person', id: ada },
        actions: ['users.set-roles'],
        resource: { type: 'Person', id: 'acc_9' },
        until: '',
        reason: 'Laus úr starfi',
      },
    )
    await inspect('admin-override')
    await page.getByRole('button', { name: words.end }).click()
    const dialog = page.getByRole('alertdialog')
    const yes = dialog.getByRole('button', { name: words.end })
    assert.equal(await yes.getAttribute('aria-disabled'), 'true', 'without a reason nothing')
    await dialog.getByLabel(words.written).fill('Aftur í starfi')
    await yes.click()
    await page.getByText(words.ended).waitFor()
    assert.deepEqual(world.bodies.at(-1), { reason: 'Aftur í starfi' })
    await page.goto(`${fake().personUrl}/admin/overrides`)
    await page.getByRole('link', { name: 'Ada Jónsdóttir' }).waitFor()
    await inspect('admin-overrides')
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test(`${lang}: what is banned or lent to nobody is named with its reason; whoever has no role is refused where they were chosen`, async () => {
    const { page, inspect, complaints } = await lookedPage(browser().context)
    const world = await madeUpPolicy(page)
    await page.goto(`${fake().personUrl}/admin/overrides/new?lang=${lang}`)
    await page.getByText(words.kept).click()
    await page.getByText(words.keptWhy).waitFor()
    await page.getByRole('radio', { name: words.permit }).check()
    await page.getByText(words.lentWhy).waitFor()
    assert.equal(await page.getByRole('option', { name: words.giving }).count(), 0)
    await inspect('admin-override-withheld')
    await write(page, words.ending, 'Leysir af')
    await page.getByText(words.latest).waitFor()
    world.refuse = { status: 422, code: 'policy.overrides.no_role', pointer: '/subject' }
    await page.getByRole('button', { name: words.askFor }).click()
    await page.getByText(words.noRole).waitFor()
    assert.match(await page.evaluate(() => document.activeElement?.textContent ?? ''), words.another)
    await inspect('admin-override-no-role')
    assert.equal(await page.getByLabel(words.reason).inputValue(), 'Leysir af', 'the rest is as it was')
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test(`${lang}: who asked decides nothing; somebody else reads it, and agrees or refuses with a reason`, async () => {
    const { page, inspect, complaints } = await lookedPage(browser().context)
    const world = await madeUpPolicy(page)
    world.all = [made({ kind: 'allow', state: 'asked', askedBy: 'person:acc_1', until: later })]
    await page.goto(`${fake().personUrl}/admin/overrides/${world.all[0]?.id}?lang=${lang}`)
    await page.getByText(words.own).waitFor()
    await page.getByText(words.waits).waitFor()
    assert.equal(await page.getByRole('button', { name: words.approve, exact: true }).count(), 0)
    world.me = 'acc_2'
    world.change({ askedUnder: id })
    await page.reload()
    await page.getByText(words.falls).waitFor()
    await page.getByRole('button', { name: words.refuse, exact: true }).click()
    const dialog = page.getByRole('alertdialog')
    await dialog.getByLabel(words.written).fill('Ekki þörf á því')
    await inspect('admin-override-refuse')
    await dialog.getByRole('button', { name: words.refuse, exact: true }).click()
    await page.getByText(words.refused).waitFor()
    assert.deepEqual(world.bodies.at(-1), { approve: false, reason: 'Ekki þörf á því' })
    world.change({ state: 'asked' })
    await page.reload()
    const approve = page.getByRole('button', { name: words.approve, exact: true })
    world.refuse = { status: 403, code: 'policy.proof.needed' }
    await approve.click()
    await dialog.getByLabel(words.optional).fill('Rétt')
    await dialog.getByRole('button', { name: words.approve, exact: true }).click()
    await page.getByText(words.proof).waitFor()
    await page.route('**/session/login**', (route) =>
      route.fulfill({
        status: 302,
        headers: { location: `/admin/overrides/${world.all[0]?.id}?lang=${lang}` },
      }),
    )
    await page.locator('a[href^="/session/login?proof=fresh"]').click()
    await approve.click()
    assert.equal(await dialog.getByLabel(words.optional).inputValue(), 'Rétt', 'what was written is there')
    world.refuse = { status: 409, code: 'policy.overrides.decided' }
    world.change({ state: 'refused' })
    await dialog.getByRole('button', { name: words.approve, exact: true }).click()
    await page.getByText(words.decided).waitFor()
    // Somebody was quicker.
    await approve.waitFor({ state: 'detached' })
    await inspect('admin-override-decided')
    world.change({ state: 'asked' })
    await page.goto(`${fake().personUrl}/admin/overrides/${world.all[0]?.id}?lang=${lang}`)
    await approve.click()
    await dialog.getByRole('button', { name: words.approve, exact: true }).click()
    await page.getByText(words.approved).waitFor()
    assert.deepEqual(world.bodies.at(-1), { approve: true })
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test(`${lang}: emergency access is asked for with what comes of it before one's eyes, and everybody sees at once that it waits and that it stands`, async () => {
    const { page, inspect, complaints } = await lookedPage(browser().context)
    const world = await madeUpPolicy(page, ['election-manager'])
    world.roles = ['election-manager']
    await page.goto(`${fake().personUrl}/admin/emergency/new?lang=${lang}`)
    await page.getByText(words.nothing).waitFor()
    world.offer = ['election-manager', 'administrator']
    await page.reload()
    await page.getByRole('button', { name: words.ask }).click()
    await page.getByText(words.role).waitFor()
    await page.getByText(words.why).waitFor()
    await page.locator('#emergency-role-administrator').check()
    await page.getByLabel(words.reason).fill('Enginn annar er við')
    await page.getByText(words.lends).waitFor()
    await inspect('admin-emergency-ask')
    world.refuse = { status: 403, code: 'policy.proof.needed' }
    await page.getByRole('button', { name: words.ask }).click()
    await page.route('**/account/two-step**', (route) =>
      route.fulfill({ status: 302, headers: { location: `/admin/emergency/new?lang=${lang}` } }),
    )
    await page.getByRole('link', { name: words.none }).click()
    await page.getByText(words.lends).waitFor()
    assert.equal(
      await page.getByRole('link', { name: words.none }).count(),
      0,
      'nothing is left to do before',
    )
    await inspect('admin-emergency-second')
    await page.getByRole('button', { name: words.ask }).click()
    await page.getByText(words.own).waitFor()
    assert.deepEqual(world.bodies.at(-1), {
      role: 'administrator',
      minutes: 60,
      reason: 'Enginn annar er við',
    })
    world.change({ subject: { type: 'Person', id: ada } })
    world.me = 'acc_2'
    await page.goto(`${fake().personUrl}/admin?lang=${lang}`)
    await page.getByText(words.waiting).waitFor()
    await page.getByRole('link', { name: words.see }).click()
    await page.getByRole('button', { name: words.approve, exact: true }).waitFor()
    await inspect('admin-emergency-decide')
    world.change({ state: 'in-force', until: later })
    await page.goto(`${fake().personUrl}/admin?lang=${lang}`)
    await page.getByText(words.standing).waitFor()
    await inspect('admin-emergency-notice')
    await page.goto(`${fake().personUrl}/admin/emergency?lang=${lang}`)
    await page.getByRole('heading', { level: 1, name: words.emergency }).waitFor()
    // By name, and without a way to who they are: that room is not open to election managers.
    await page.getByText('Ada Jónsdóttir').first().waitFor()
    assert.equal(await page.getByRole('link', { name: 'Ada Jónsdóttir' }).count(), 0)
    await inspect('admin-emergency')
    assert.doesNotMatch((await page.locator('main').textContent()) ?? '', /other \{|undefined|\bnull\b|NaN/)
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test(`${lang}: whoever is lent something finds the button for it, and from whoever it is taken finds none, whatever their roles`, async () => {
    const { page, inspect, complaints } = await lookedPage(browser().context)
    const world = await madeUpPolicy(page, ['auditor'])
    const list = `${fake().personUrl}/admin/overrides?lang=${lang}`
    const begin = page.getByRole('link', { name: words.new })
    const end = page.getByRole('button', { name: words.end })
    const agree = page.getByRole('button', { name: words.approve, exact: true })
    world.all = [made({ askedBy: 'person:acc_2', until: later })]
    const [one] = world.all
    await page.goto(list)
    await page.getByRole('table').waitFor()
    assert.equal(await begin.count(), 0, 'an auditor looks')
    world.may = ['overrides.ask', 'overrides.end', 'overrides.decide']
    await page.goto(list)
    await begin.waitFor()
    await inspect('admin-overrides-lent')
    await begin.click()
    await write(page, words.giving, 'Laus úr starfi')
    await page.getByText(words.lent).waitFor()
    await inspect('admin-override-review-lent')
    const there = `${fake().personUrl}/admin/overrides/${one?.id}?lang=${lang}`
    await page.goto(there)
    await page.getByText(words.above).waitFor()
    assert.equal(await end.count(), 0, 'an administrator has banned it')
    world.change({ askedUnder: id })
    await page.goto(there)
    await end.waitFor()
    await page.getByText(words.holds).waitFor()
    await inspect('admin-override-lent')
    world.change({ kind: 'allow' })
    await page.goto(there)
    await page.getByText(words.above).waitFor()
    assert.equal(await end.count(), 0, 'an administrator has agreed to it')
    world.change({ kind: 'allow', state: 'lapsed', endedBy: 'service:policy', endedAt: at })
    await page.goto(there)
    await page.getByText(words.fell).waitFor()
    await inspect('admin-override-fell')
    world.change({ endedBy: 'service:identity', askedUnder: null })
    await page.goto(list)
    await page.getByText(words.lost).waitFor()
    await inspect('admin-overrides-fell')
    world.change({ state: 'asked', endedBy: null, endedAt: null, askedUnder: null })
    await page.goto(there)
    await page.getByRole('heading', { level: 1 }).waitFor()
    assert.equal(await agree.count(), 0, 'what is lent decides about nobody')
    world.roles = ['administrator']
    await page.goto(there)
    await agree.waitFor()
    world.may = []
    await page.goto(there)
    await page.getByText(words.others).waitFor()
    assert.equal(await agree.count(), 0)
    // Whoever waits sees it without a click.
    world.change({ state: 'in-force' })
    await page.evaluate(() => dispatchEvent(new Event('focus')))
    await page.getByText(words.approved).waitFor()
    await page.getByText(words.inForce, { exact: true }).waitFor()
    assert.equal(await end.count(), 0)
    await page.goto(list)
    await page.getByRole('table').waitFor()
    assert.equal(await begin.count(), 0)
    assert.deepEqual(complaints, [])
    await page.close()
  })
}

const at = '2026-03-02T11:59:00.000Z'
const later = '2026-03-02T13:15:00.000Z'
const ada = 'acc_00000000-0000-7000-8000-000000000001'
const id = 'ovr_00000000-0000-4000-8000-000000000001'

/** As a field of this browser holds it. */
const localIn = (page: Page, hours: number) =>
  page.evaluate((ahead) => {
    const at = new Date(Date.now() + ahead * 3_600_000)
    return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
  }, hours)

const made = (part: Partial<Override>): Override => ({
  id,
  kind: 'deny',
  state: 'in-force',
  subject: { type: 'Person', id: ada },
  actions: ['doors.open'],
  words: {},
  resource: null,
  role: null,
  reason: 'Af góðri ástæðu',
  askedBy: 'person:acc_1',
  askedUnder: null,
  askedAt: at,
  until: null,
  lastsSeconds: null,
  decideBy: later,
  decidedBy: null,
  decidedAt: null,
  decidedWhy: null,
  isAlone: false,
  endedBy: null,
  endedAt: null,
  endedWhy: null,
  ...part,
})

async function madeUpPolicy(page: Page, roles: readonly string[] = ['administrator']) {
  fake().state.rooms = roomsFor(roles)
  const world = {
    me: 'acc_1',
    roles: [...roles],
    may: undefined as readonly string[] | undefined,
    offer: [] as string[],
    all: [] as Override[],
    bodies: [] as Record<string, unknown>[],
    /** What the next change is answered. */
    refuse: null as { status: number; code: string; pointer?: string } | null,
    change(part: Partial<Override>) {
      world.all = world.all.map((one) => ({ ...one, ...part }))
    },
  }
  await sits(page, fake().ballotUrl, () => world)
  await page.route('**/api/identity/names**', (route) =>
    route.fulfill({
      json: { names: { [ada]: 'Ada Jónsdóttir', acc_1: 'Bea Arnardóttir', acc_2: 'Cleo Davíðsdóttir' } },
    }),
  )
  await page.route('**/api/identity/users**', (route) =>
    route.fulfill({
      json: {
        users: [
          {
            id: ada,
            name: 'Ada Jónsdóttir',
            email: 'ada@example.org',
            status: 'active',
            roles: [],
            createdAt: at,
          },
        ],
        next: null,
      },
    }),
  )
  await page.route('**/api/policy/**', (route) => answer(world, route))
  return world
}
type World = Awaited<ReturnType<typeof madeUpPolicy>>

function answer(world: World, route: Route) {
  const request = route.request()
  const [what = '', one = '', verb = ''] = new URL(request.url()).pathname
    .replace('/api/policy/', '')
    .split('/')
  if (request.method() === 'GET') return route.fulfill({ json: read(world, what, one) })
  if (world.refuse !== null) {
    const { status, code, pointer } = world.refuse
    world.refuse = null
    return route.fulfill({
      status,
      contentType: 'application/problem+json',
      json: {
        status,
        code,
        title: 'No.',
        ...(pointer === undefined ? {} : { errors: [{ pointer, message: 'No.' }] }),
      },
    })
  }
  const body = request.postDataJSON() as Partial<Override> & { approve?: boolean; minutes?: number }
  world.bodies.push({ ...body })
  if (verb === 'end') world.change({ state: 'ended', endedBy: `person:${world.me}`, endedAt: at })
  if (verb === 'decide') world.change({ state: body.approve === true ? 'in-force' : 'refused' })
  if (one === '')
    world.all = [
      what === 'emergency'
        ? made({
            kind: 'emergency',
            state: 'asked',
            subject: { type: 'Person', id: world.me },
            actions: [],
            role: body.role ?? null,
            reason: body.reason ?? '',
            lastsSeconds: 60 * (body.minutes ?? 0),
          })
        : made({ ...body, state: 'in-force' }),
    ]
  return route.fulfill({ json: world.all[0] })
}

function read({ all, offer }: World, what: string, one: string): unknown {
  if (what === 'actions')
    return {
      actions: ['doors.open', 'elections.open', 'overrides.end', 'users.set-roles', 'users.set-status'].map(
        (name) => ({
          name,
          isOwn: name !== 'doors.open',
          withheld: {
            deny: name === 'overrides.end' ? 'way-out' : null,
            allow: name === 'users.set-roles' ? 'of-roles' : null,
          },
          needs: neededFor(name),
          said: saidOf(name),
        }),
      ),
    }
  if (one !== '') return all[0]
  return {
    overrides: all,
    next: null,
    mostDays: 366,
    decideDays: 14,
    offer: { roles: offer, mostMinutes: 240, decideMinutes: 30 },
  }
}
