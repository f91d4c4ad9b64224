import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page, Route } from 'playwright-core'
import { roomsFor } from './fake/rooms.ts'
import { sits } from './fake/sitting.ts'
import { fakeConsole } from './fake/console.ts'
import { lookedPage } from './looking.ts'

/** Who may what and why, and what was decided: over a made-up policy service. */
const { fake, browser } = fakeConsole()

for (const [lang, words] of [
  [
    'is',
    {
      who: 'Hver?',
      action: 'Má gera hvað?',
      what: 'Við hvað?',
      context: 'Samhengi',
      ask: 'Spyrja',
      missing: 'Þetta vantar.',
      written: /tveimur tvípunktum/,
      json: 'Þetta er ekki JSON-hlutur.',
      nobody: /^Enginn finnst með/,
      many: /Fleiri en ein manneskja/,
      no: 'Nei: engin regla leyfir það.',
      needed: /væri í Role/,
      tryIt: /^Reyna þetta/,
      allowed: 'Þá væri það leyft',
      whatIf: 'Hvað ef?',
      in: 'Í hverju?',
      add: 'Bæta við breytingu',
      attempt: 'Reyna',
      author: 'Höfundur reglunnar segir: aðeins félagar',
      whatMay: 'Hvað má þessi?',
      any: 'Hvaða Election sem er',
      mayTable: 'Það sem má, og samkvæmt hvaða reglu',
      more: 'Það sem fylgir spurningunni',
      whoCan: 'Hverjir mega þetta?',
      table: 'Þau sem mega þetta',
      decisions: 'Ákvarðanir',
      subject: /^Hver \(/,
      look: 'Leita',
      none: 'Engin ákvörðun passar við þetta.',
      all: 'Sýna allt',
      more_: 'Meira',
      verify: 'Sannreyna skrána',
      intact: 'Skráin er óskert',
      broken: /ekki eins og það var skrifað/,
      altered: /Breytt: bunki 7/,
      seen: 'Það sem hún var gerð úr',
      ofThen: 'Með reglum þess tíma',
      now: 'Með reglum dagsins í dag',
      sameAgain: 'Niðurstaðan er hin sama, með útgáfu 2',
      different: 'Niðurstaðan er önnur með útgáfu 3',
      notRead: 'Ekki var skráð: resource.floor.',
      verifyOne: 'Sannreyna þessa ákvörðun',
      verified: /^Hún er óbreytt/,
      batchBroken: 'Bunki 7 er ekki eins og hann var skrifaður',
      take: 'Taka ákvarðanir með',
      csv: 'Sækja sem töflu (CSV)',
      again: 'Spyrja sömu spurningar núna',
      which: 'Hvern áttu við?',
      byName: /ef Ada Jónsdóttir væri í/,
      unknown: 'Engin aðgerð heitir þetta',
      meant: 'Áttirðu við doors.open?',
      rightName: 'Er þetta rétt heiti?',
      withFactor: 'Já, eftir innskráningu í tveimur skrefum',
      until: /^Nei: undanþága bannar það til 2. mars 2026 kl. 11:59/,
      ended: 'Skoða undanþáguna',
      form: /^Ekki er hægt að leita að þessu/,
      to: /^Á hvað|^Hvað \(|^Við hvað/,
      second: '2. mars 2026 kl. 11:59:00',
      forgotten: /eytt með manneskjunni/,
    },
  ],
  [
    'en',
    {
      who: 'Who?',
      action: 'May do what?',
      what: 'To what?',
      context: 'Context',
      ask: 'Ask',
      missing: 'This is missing.',
      written: /two colons/,
      json: 'This is no JSON object.',
      nobody: /^Nobody with this name/,
      many: /More than one person/,
      no: 'No: no policy permits it.',
      needed: /were in Role/,
      tryIt: /^Try this/,
      allowed: 'Then it would be allowed',
      whatIf: 'What if?',
      in: 'In what?',
      add: 'Add a change',
      attempt: 'Try',
      author: 'Its author says: members only',
      whatMay: 'What may they do?',
      any: 'Any Election',
      mayTable: 'What they may do, and through which policy',
      more: 'What stands around the question',
      whoCan: 'Who can do this?',
      table: 'Those who can do this',
      decisions: 'Decisions',
      subject: /^Who \(/,
      look: 'Look',
      none: 'No decision matches this.',
      all: 'Show all of them',
      more_: 'More',
      verify: 'Verify the log',
      intact: 'The log is intact',
      broken: /not as it was written/,
      altered: /Altered: batch 7/,
      seen: 'What it was made of',
      ofThen: 'With the policies of then',
      now: 'With the policies of today',
      sameAgain: 'It comes out the same, with version 2',
      different: 'It comes out otherwise with version 3',
      notRead: 'Not written down: resource.floor.',
      verifyOne: 'Verify this decision',
      verified: /^It is unaltered/,
      batchBroken: 'Batch 7 is not as it was written',
      take: 'Take decisions along',
      csv: 'Download as a table (CSV)',
      again: 'Ask the same question now',
      which: 'Which one do you mean?',
      byName: /if Ada Jónsdóttir were in/,
      unknown: 'No action is called so',
      meant: 'Did you mean doors.open?',
      rightName: 'Is that the right name?',
      withFactor: 'Yes, when signed in with two steps',
      until: /^No: an override forbids it until 2 March 2026 at 11:59/,
      ended: 'See the override',
      form: /^This cannot be looked for/,
      to: /^To what \(/,
      second: '2 March 2026 at 11:59:00',
      forgotten: /went with the person/,
    },
  ],
] as const) {
  test(`${lang}: a question that is none is mended at its fields; of one that is, the answer says why and what it would take`, async () => {
    const { page, inspect, complaints } = await lookedPage(browser().context)
    const policy = await madeUpPolicy(page)
    await page.goto(`${fake().personUrl}/admin/permissions?lang=${lang}`)
    await page.getByRole('button', { name: words.ask, exact: true }).click()
    await page.getByText(words.missing).first().waitFor()
    assert.equal(await page.getByText(words.missing).count(), 3)
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'permission-who')
    await inspect('admin-permissions-refused')
    await page.getByLabel(words.who).fill('nobody@example.org')
    await page.getByLabel(words.action).fill('doors.open')
    await page.getByLabel(words.what).fill('main')
    await page.getByText(words.more).click()
    await page.getByLabel(words.context).fill('[1]')
    const ask = () => page.getByRole('button', { name: words.ask, exact: true }).click()
    await ask()
    await page.getByText(words.written).waitFor()
    await page.getByText(words.json).waitFor()
    await page.getByLabel(words.what).fill('Door::main')
    await page.getByLabel(words.context).fill('')
    await ask()
    await page.getByText(words.nobody).waitFor()
    await page.getByLabel(words.who).fill('ada')
    await ask()
    await page.getByText(words.many).waitFor()
    assert.deepEqual(policy.asked, [], 'nothing was asked so far')
    await inspect('admin-permissions-many')
    await page.getByRole('list', { name: words.which }).getByRole('button').first().click()
    await page.getByText(words.no).waitFor()
    assert.equal(await page.getByLabel(words.who).inputValue(), 'ada@example.org')
    await page.getByText(words.needed).first().waitFor()
    assert.deepEqual(policy.asked.at(-1), {
      subject: { type: 'Person', id: 'acc_00000000-0000-7000-8000-000000000001' },
      action: { name: 'doors.open' },
      resource: { type: 'Door', id: 'main' },
    })
    assert.equal(new URL(page.url()).searchParams.get('what'), 'Door::main')
    await page.getByRole('button', { name: words.tryIt }).click()
    await page.getByText(words.allowed).waitFor()
    assert.deepEqual(policy.simulated.at(-1), [{ kind: 'join', of: ada, in: member }])
    await page.locator('details.fold', { hasText: 'doors' }).first().locator('summary').click()
    await page.getByText(words.author).waitFor()
    await page.getByText(words.whatIf, { exact: true }).click()
    await page.getByRole('button', { name: words.add }).click()
    await page.getByText(words.missing).waitFor()
    await page.getByLabel(words.in).fill('Role::member')
    await page.getByRole('button', { name: words.add }).click()
    await page.getByRole('button', { name: words.attempt, exact: true }).click()
    await page.getByText(words.allowed).nth(1).waitFor()
    assert.deepEqual(policy.simulated.at(-1), [{ kind: 'join', of: ada, in: member }])
    await inspect('admin-permissions')
    await again(page, lang)
    await page.getByText(words.no).waitFor()
    await page.getByText(words.byName).first().waitFor()
    await page.getByRole('button', { name: words.whoCan }).click()
    await page.getByRole('region', { name: words.table }).waitFor()
    await again(page, lang)
    await page.getByRole('region', { name: words.table }).waitFor()
    await page.getByRole('link', { name: 'Ada Jónsdóttir' }).waitFor()
    await inspect('admin-permissions-who')
    await page.getByLabel(words.action).fill('')
    await page.getByLabel(words.what).fill('')
    await page.getByRole('button', { name: words.whatMay }).click()
    await page.getByRole('region', { name: words.mayTable }).waitFor()
    await page.getByText(words.any, { exact: true }).first().waitFor()
    await page.getByRole('button', { name: words.more_ }).click()
    await page.getByRole('link', { name: 'windows.open' }).waitFor()
    await inspect('admin-permissions-may')
    await page.getByRole('link', { name: 'windows.open' }).click()
    await page.getByText(words.no).waitFor()
    assert.equal(await page.getByLabel(words.what).inputValue(), 'Door::main')
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test(`${lang}: an action that nobody knows is no no, and neither is a sign-in that is too weak; what ends says when`, async () => {
    const { page, inspect, complaints } = await lookedPage(browser().context)
    const policy = await madeUpPolicy(page)
    const question = `${fake().personUrl}/admin/permissions?lang=${lang}&who=ada@example.org&what=Door::main`
    await page.goto(`${question}&action=door.open`)
    await page.getByText(words.unknown).waitFor()
    assert.equal(await page.getByText(words.no).count(), 0)
    await inspect('admin-permissions-unknown')
    await page.getByRole('link', { name: words.meant }).click()
    await page.getByText(words.no).waitFor()
    assert.equal(await page.getByLabel(words.action).inputValue(), 'doors.open')
    policy.explained = {
      ...explanation,
      needed: explanation.needed.map((need) => ({
        ...need,
        changes: [{ kind: 'set', of: null, path: ['acr'], value: 'two', sort: 'factor' }],
      })),
    }
    await again(page, lang)
    await page.getByText(words.withFactor).waitFor()
    await inspect('admin-permissions-factor')
    const [given] = explanation.policies
    policy.explained = {
      ...explanation,
      determining: ['doors'],
      policies: [{ ...given, override: { id: 'ovr_1', reason: 'x', until: '2026-03-02T11:59:00.000Z' } }],
      words: {
        en: ['No: an override forbids it until 2026-03-02T11:59:00.000Z.'],
        is: ['Nei: undanþága bannar það til 2026-03-02T11:59:00.000Z.'],
      },
      needed: explanation.needed.map((need) => ({
        ...need,
        changes: [],
        ends: ['ovr_00000000-0000-7000-8000-000000000009'],
      })),
    }
    await again(page, lang)
    await page.getByText(words.until).waitFor()
    const ways = page.getByRole('link', { name: words.ended })
    assert.deepEqual(
      await ways.evaluateAll((links) => links.map((link) => link.getAttribute('href'))),
      ['/admin/overrides/ovr_1', '/admin/overrides/ovr_00000000-0000-7000-8000-000000000009'],
      'where it is said, and where its end is said to help',
    )
    await inspect('admin-permissions-override')
    const name = { type: 'Door', id: 'main', meant: 'mains' }
    policy.explained = {
      ...explanation,
      unknown: [
        {
          ...name,
          words: {
            en: 'Nothing is known here of Door::main: no application has told of it. Did you mean Door::mains?',
            is: 'Ekkert er vitað hér um Door::main: ekkert forrit hefur sagt frá því. Áttirðu við Door::mains?',
          },
        },
      ],
    }
    await again(page, lang)
    await page.getByText(words.rightName).waitFor()
    await page.getByText(words.no).waitFor()
    await inspect('admin-permissions-nobody')
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test(`${lang}: decisions are looked for by a name or an address; what cannot be looked for says so at its field, and shows nothing`, async () => {
    const { page, inspect, complaints } = await lookedPage(browser().context)
    await madeUpPolicy(page)
    await page.goto(`${fake().personUrl}/admin/decisions?lang=${lang}`)
    const rows = page.getByRole('link', { name: 'doors.open' })
    await rows.first().waitFor()
    const look = async (who: string, what: string) => {
      await page.getByLabel(words.subject).fill(who)
      await page.getByLabel(words.to).first().fill(what)
      await page.getByRole('button', { name: words.look, exact: true }).click()
    }
    await look('nobody@example.org', 'main')
    await page.getByText(words.nobody).waitFor()
    await page.getByText(words.written).waitFor()
    assert.equal(await rows.count(), 0)
    await inspect('admin-decisions-wrong')
    await look('ada', '')
    await page.getByRole('list', { name: words.which }).getByRole('button').first().click()
    await rows.first().waitFor()
    assert.equal(new URL(page.url()).searchParams.get('subject'), 'ada@example.org')
    await page.goto(`${fake().personUrl}/admin/decisions?lang=${lang}&from=yesterday`)
    await page.getByText(words.form).waitFor()
    assert.equal(await rows.count(), 0)
    assert.doesNotMatch((await page.locator('main').textContent()) ?? '', /query\/|Is not right/)
    assert.deepEqual(complaints, [])
    await page.close()
  })

  test(`${lang}: decisions are looked for and turned, one is seen with all that it was made of, and the log is verified`, async () => {
    const { page, inspect, complaints } = await lookedPage(browser().context)
    const policy = await madeUpPolicy(page)
    await page.goto(`${fake().personUrl}/admin/decisions?lang=${lang}`)
    await page.getByRole('heading', { level: 1, name: words.decisions }).waitFor()
    await page.getByRole('link', { name: 'Ada Jónsdóttir' }).first().waitFor()
    await page.getByRole('button', { name: words.verify }).click()
    await page.getByText(words.intact).waitFor()
    assert.deepEqual(policy.verified, [0, 4], 'a part after the other')
    await inspect('admin-decisions')
    policy.isBroken = true
    await page.getByRole('button', { name: words.verify }).click()
    await page.getByText(words.broken).waitFor()
    await page.getByText(words.altered).waitFor()
    await inspect('admin-decisions-broken')
    await page.getByRole('button', { name: words.more_ }).click()
    await page.getByRole('link', { name: 'windows.open' }).waitFor()
    await page.getByLabel(words.subject).fill('Person::nobody')
    await page.getByText(words.take).click()
    await inspect('admin-decisions-take')
    await page.getByRole('button', { name: words.look, exact: true }).click()
    await page.getByText(words.none).waitFor()
    assert.equal(new URL(page.url()).searchParams.get('subject'), 'Person::nobody')
    await page.goto(`${fake().personUrl}/admin/decisions?lang=${lang}&decision=deny`)
    await page.getByText(words.take).click()
    assert.equal(
      await page.getByRole('link', { name: words.csv }).getAttribute('href'),
      '/api/policy/decisions/export?decision=deny&format=csv',
    )
    await page.goto(`${fake().personUrl}/admin/decisions?lang=${lang}&subject=Person::nobody`)
    await page.getByRole('link', { name: words.all }).click()
    await page.getByRole('link', { name: 'doors.open' }).first().click()
    await page.getByRole('heading', { level: 1, name: 'doors.open' }).waitFor()
    await page.getByText('"floor": 2').waitFor()
    await page.getByText('"now": "2026-03-02T11:59:00.000Z"').waitFor()
    await page.getByText(words.second).first().waitFor()
    await page.getByRole('link', { name: 'Night shift' }).waitFor()
    await page.getByRole('button', { name: words.ofThen }).click()
    await page.getByText(words.sameAgain).waitFor()
    await page.getByRole('button', { name: words.now }).click()
    await page.getByText(words.different).waitFor()
    await page.getByRole('link', { name: 'locked' }).waitFor()
    policy.isBroken = false
    await page.getByRole('button', { name: words.verifyOne }).click()
    await page.getByText(words.verified).waitFor()
    await inspect('admin-decision')
    policy.readsMore = ['resource.floor']
    await page.getByRole('button', { name: words.now }).click()
    await page.getByText(words.notRead).waitFor()
    policy.isBroken = true
    await page.getByRole('button', { name: words.verifyOne }).click()
    await page.getByText(words.batchBroken).waitFor()
    await inspect('admin-decision-broken')
    policy.isForgotten = true
    await page.goto(`${page.url()}?lang=${lang}`)
    await page.getByText(words.forgotten).waitFor()
    assert.doesNotMatch((await page.locator('main').textContent()) ?? '', /other \{|undefined|\bnull\b|NaN/)
    await page.getByRole('link', { name: words.again }).click()
    assert.equal(await page.getByLabel(words.what).inputValue(), 'Door::main')
    assert.deepEqual(complaints, [])
    await page.close()
  })
}

/** The same page once more; its address has lost the language on the way. */
const again = (page: Page, lang: string) => page.goto(`${page.url()}&lang=${lang}`)

const ada = { type: 'Person', id: 'acc_00000000-0000-7000-8000-000000000001' }
const door = { type: 'Door', id: 'main' }
const member = { type: 'Role', id: 'member' }

const explanation = {
  decision: false,
  determining: [],
  errors: [],
  revision: '2.7',
  ends: [],
  words: {
    en: ['No: no policy permits it.', '“doors” does not apply: `principal in Role::"member"` is not so.'],
    is: ['Nei: engin regla leyfir það.', '„doors“ á ekki við: `principal in Role::"member"` stenst ekki.'],
  },
  policies: [
    {
      id: 'doors',
      effect: 'permit',
      applies: 'no',
      goals: [
        { of: 'principal', text: 'principal in Role::"member"', holds: 'no', because: null },
        { of: 'action', text: 'action == Action::"doors.open"', holds: 'yes', because: null },
      ],
      reason: { en: 'members only', is: 'aðeins félagar' },
      advice: null,
      override: null,
    },
  ],
  looked: 41,
  needed: [
    {
      policy: 'doors',
      changes: [{ kind: 'join', of: ada, in: member, sort: 'role' }],
      ends: [] as string[],
      words: {
        en: '“doors” would permit it if Person::"acc_00000000-0000-7000-8000-000000000001" were in Role::"member".',
        is: '„doors“ myndi leyfa það ef Person::"acc_00000000-0000-7000-8000-000000000001" væri í Role::"member".',
      },
    },
  ],
}

const told = (n: number, action = 'doors.open') => ({
  id: `00000000-0000-4000-8000-00000000000${n}`,
  at: '2026-03-02T11:59:00.000Z',
  caller: 'machine:svc_00000000-0000-7000-8000-000000000001',
  request: null,
  subject: ada,
  action,
  resource: door,
  decision: n % 2 === 1,
  determining: n % 2 === 1 ? ['doors'] : [],
  errors: [],
  policies: 2,
  world: 17,
  digest: 'd'.repeat(64),
  cached: false,
  microseconds: 41,
})

const seen = {
  entities: [
    { ...ada, attributes: {}, ancestors: [{ type: 'Role', id: 'member' }] },
    { ...door, attributes: { floor: 2 }, ancestors: [] },
  ],
  context: {
    now: {
      __extn: {
        fn: 'offset',
        args: [
          { __extn: { fn: 'datetime', arg: '1970-01-01' } },
          { __extn: { fn: 'duration', arg: '1772452740000ms' } },
        ],
      },
    },
  },
  redacted: ['pin'],
}

async function madeUpPolicy(page: Page) {
  fake().state.rooms = roomsFor(['administrator'])
  const world = {
    asked: [] as unknown[],
    simulated: [] as unknown[],
    verified: [] as number[],
    isBroken: false,
    isForgotten: false,
    readsMore: [] as string[],
    explained: explanation as unknown,
  }
  await sits(page, fake().ballotUrl, () => ({ me: 'acc_1', roles: ['administrator'] }))
  await page.route('**/api/identity/names**', (route) =>
    route.fulfill({ json: { names: { [ada.id]: 'Ada Jónsdóttir' } } }),
  )
  await page.route('**/api/identity/users**', (route) => route.fulfill({ json: found(route) }))
  await page.route('**/api/identity/service-identities/**', (route) =>
    route.fulfill({
      json: {
        id: 'svc_00000000-0000-7000-8000-000000000001',
        kind: 'service',
        name: 'Night shift',
        purpose: 'Opens doors at night',
        ownerKind: 'organisation',
        owner: null,
        disabled: false,
        madeAt: '2026-03-02T11:59:00.000Z',
        usedAt: null,
        limits: { tokenMinutes: 15, keyDays: 90, atDoors: false },
        keys: [],
      },
    }),
  )
  await page.route('**/api/policy/**', (route) => answer(world, route))
  return world
}

function found(route: Route) {
  const words = new URL(route.request().url()).searchParams.get('q') ?? ''
  const how = { nobody: 0, 'ada@': 1 }
  const many = Object.entries(how).find(([begin]) => words.startsWith(begin))?.[1] ?? 2
  const user = (n: number) => ({
    id: `acc_00000000-0000-7000-8000-00000000000${n}`,
    name: 'Ada Jónsdóttir',
    email: 'ada@example.org',
    status: 'active',
    roles: [],
    createdAt: '2026-03-02T11:59:00.000Z',
  })
  return { users: Array.from({ length: many }, (_, n) => user(n + 1)), next: null }
}

type World = Awaited<ReturnType<typeof madeUpPolicy>>

function answer(world: World, route: Route) {
  const url = new URL(route.request().url())
  const [what = '', id = '', verb = ''] = url.pathname.replace('/api/policy/', '').split('/')
  if (what === 'explain') {
    world.asked.push(route.request().postDataJSON())
    return route.fulfill({ json: world.explained })
  }
  if (what === 'actions')
    return route.fulfill({
      json: {
        actions: ['doors.open', 'windows.open'].map((name) => ({
          name,
          isOwn: false,
          withheld: { deny: null, allow: null },
          needs: [],
          said: null,
        })),
      },
    })
  if (what === 'drafts') return route.fulfill({ json: { drafts: [] } })
  if (what === 'simulate') {
    const { changes } = route.request().postDataJSON() as { changes: unknown[] }
    world.simulated.push(changes)
    const now = { decision: false, determining: [], errors: [] }
    return route.fulfill({ json: { now, supposed: { ...now, decision: true, determining: ['doors'] } } })
  }
  if (what === 'what-may') {
    const { page } = route.request().postDataJSON() as { page: { token?: string } }
    const name = page.token === undefined ? 'doors.open' : 'windows.open'
    const through = [{ policy: 'doors', in: member }]
    return route.fulfill({
      json: {
        page: { next_token: page.token === undefined ? 'more' : '', count: 1 },
        results: [
          { resource: door, actions: [{ name, through }] },
          { resource: { type: 'Election', id: null }, actions: [{ name: 'elections.open', through }] },
        ],
      },
    })
  }
  if (verb === 'replay') {
    const { policies } = route.request().postDataJSON() as { policies: 'then' | 'now' }
    const was = { decision: true, determining: ['doors'], errors: [] }
    const isThen = policies === 'then'
    const isUnknown = world.readsMore.length > 0
    return route.fulfill({
      json: {
        revision: isThen ? 2 : 3,
        was,
        is: isThen ? was : isUnknown ? null : { decision: false, determining: ['locked'], errors: [] },
        not: isUnknown ? 'reads-more' : null,
        readsMore: world.readsMore,
      },
    })
  }
  if (what === 'who-can')
    return route.fulfill({
      json: {
        page: { next_token: '', count: 1 },
        results: [{ ...ada, through: [{ policy: 'doors', in: { type: 'Role', id: 'member' } }] }],
      },
    })
  if (id === 'verify') {
    const { after } = route.request().postDataJSON() as { after: number }
    world.verified.push(after)
    const findings = world.isBroken ? [{ batch: 7, place: 3, decision: told(1).id, what: 'altered' }] : []
    return route.fulfill({
      json: {
        batches: 4,
        rows: 40,
        erased: 1,
        intact: !world.isBroken,
        findings: after === 0 ? findings : [],
        next: after === 0 ? 4 : null,
      },
    })
  }
  if (id !== '')
    return route.fulfill({
      json: {
        ...told(1),
        seen: world.isForgotten ? null : seen,
        replayable: world.isForgotten ? 'forgotten' : 'redacted',
        batch: 7,
        place: 3,
      },
    })
  if (url.searchParams.get('from') === 'yesterday')
    return route.fulfill({
      status: 400,
      contentType: 'application/problem+json',
      json: {
        status: 400,
        code: 'request.invalid',
        title: 'Not right.',
        errors: [{ pointer: '/query/from', message: 'Is not right.' }],
      },
    })
  const isNobody = url.searchParams.get('subject') === 'Person::nobody'
  const isNext = url.searchParams.has('cursor')
  const decisions = isNobody ? [] : isNext ? [told(3, 'windows.open')] : [told(1), told(2)]
  return route.fulfill({ json: { decisions, next: isNobody || isNext ? null : 'more' } })
}
