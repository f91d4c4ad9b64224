import assert from 'node:assert/strict'
import { test } from 'node:test'
import { loadConfig } from '@althing/kernel/config'
import type { ListedDelivery, QueuedLetter, Suppressed } from '@althing/identity/contract'
import type { Page } from 'playwright-core'
import { settingsOf } from '../../services/identity/compose-settings.ts'
import { Config } from '../../services/identity/config.ts'
import { fakeConsole } from './fake/console.ts'
import { roomsFor } from './fake/rooms.ts'
import { lookedPage } from './looking.ts'

/** An administrator sees what became of letters, and what is in force: over a made-up identity with its real settings. */
const { fake, browser } = fakeConsole()

for (const [lang, words] of [
  [
    'is',
    {
      mail: 'Póstur',
      who: 'Sjá manneskjuna',
      again: /^Reyna núna/,
      done: 'Reynt er núna.',
      lift: /^Leyfa bréfum að fara ?: gone@/,
      kept: /póstþjónustan tók það ekki af sínum listum/,
      yes: 'Leyfa bréfum að fara',
      asked: /Leyfa bréfum að fara aftur á gone@example.org/,
      none: 'Ekkert pósthólf er stöðvað.',
      empty: 'Ekkert bíður: allt er farið.',
      state: 'Staða',
      nothing: 'Ekkert var sent á þeim dögum sem eru geymdir.',
      settings: 'Stillingar',
      passwords: 'Lykilorð',
      second: /atriði er vert að skoða betur/,
      source: 'Úr umhverfinu',
      meaning: 'Hversu marga stafi nýtt lykilorð þarf.',
      secret: 'Er stillt (ekki sýnt)',
    },
  ],
  [
    'en',
    {
      mail: 'Mail',
      who: 'See the person',
      again: /^Try now/,
      done: 'It is tried now.',
      lift: /^Let letters go again ?: gone@/,
      kept: /the carrier did not take it off its own lists/,
      yes: 'Let letters go again',
      asked: /Let letters go to gone@example.org again/,
      none: 'No mailbox is held back.',
      empty: 'Nothing is waiting: everything has gone out.',
      state: 'State',
      nothing: 'Nothing was sent in the days that are kept.',
      settings: 'Settings',
      passwords: 'Passwords',
      second: /things are worth a second look/,
      source: 'From the environment',
      meaning: 'Characters that a new password needs.',
      secret: 'Is set (not shown)',
    },
  ],
] as const) {
  test(`${lang}: what waits is tried now, what is held back is let go, and the rest is seen`, async () => {
    const { page, inspect } = await lookedPage(browser().context)
    const identity = await madeUpMail(page)
    fake().state.rooms = roomsFor(['administrator'])
    await page.goto(`${fake().personUrl}/admin/mail?lang=${lang}`)
    await page.getByRole('heading', { level: 1, name: words.mail }).waitFor()
    await page.getByText('gone@example.org').first().waitFor()
    // By name, as soon as it is known: of the queue and of what went out, one question each.
    await page.getByRole('link', { name: 'Ada Jónsdóttir' }).nth(4).waitFor()
    assert.deepEqual(new Set(identity.named), new Set([account]))
    assert.ok(identity.named.length <= 4, 'not one for each line')
    await inspect('admin-mail')
    // Who may not read names sees where each line leads; and who may see letters, and not people, is not led where nothing opens.
    identity.hideNames()
    await page.reload()
    await page.getByRole('link', { name: words.who }).first().waitFor()
    fake().state.rooms = roomsFor(['operator'])
    await page.reload()
    await page.getByText(account).first().waitFor()
    assert.equal(await page.getByRole('link', { name: words.who }).count(), 0)
    assert.equal(await page.getByRole('alert').count(), 0)

    await page.getByRole('button', { name: words.again }).first().click()
    await page.getByText(words.done).waitFor()
    await page.getByRole('button', { name: words.lift }).click()
    await page.getByText(words.asked).waitFor()
    await inspect('admin-mail-lift')
    await page.getByRole('alertdialog').getByRole('button', { name: words.yes, exact: true }).click()
    await page.getByText(words.none).waitFor()
    await page.getByText(words.kept).waitFor()
    assert.deepEqual([identity.retried, identity.lifted], [['17'], ['gone@example.org']])

    await page.getByLabel(words.state).selectOption('dropped')
    await page.getByText(words.nothing).waitFor()
    assert.equal(new URL(page.url()).searchParams.get('state'), 'dropped')
    identity.goOut()
    await page.reload()
    await page.getByText(words.empty).waitFor()
    await inspect('admin-mail-empty')
    await page.close()
  })

  test(`${lang}: what is in force, what it means, where it comes from, and what is weaker than decided`, async () => {
    const { page, inspect } = await lookedPage(browser().context)
    await page.route('**/api/identity/settings', (route) => route.fulfill({ json: inForce() }))
    await page.goto(`${fake().personUrl}/admin/settings?lang=${lang}`)
    await page.getByRole('heading', { level: 1, name: words.settings }).waitFor()
    await page.getByText(words.second).waitFor()
    assert.equal(await page.getByText(words.meaning).isVisible(), false, 'what is as usual lies folded')
    await page.getByRole('heading', { name: words.passwords }).click()
    await page.getByText(words.meaning).waitFor()
    await page.getByText(words.secret).first().waitFor()
    assert.ok((await page.getByText(words.source).count()) >= 3)
    assert.equal(
      await page.locator('main input, main select, main form').count(),
      0,
      'nothing is changed here',
    )
    assert.doesNotMatch((await page.locator('main').textContent()) ?? '', /hush|other \{|undefined|null/)
    await page.evaluate(() => document.querySelectorAll('details').forEach((one) => (one.open = false)))
    await inspect('admin-settings-folded')
    await page.evaluate(() => document.querySelectorAll('details').forEach((one) => (one.open = true)))
    await inspect('admin-settings')
    await page.close()
  })
}

function inForce() {
  const env: Record<string, string> = {
    ALTHING_IDENTITY_PORTAL_CLIENT_SECRET: 'hush '.repeat(10),
    ALTHING_IDENTITY_MAIL_URL: 'smtps://user:hush@mail.example.org',
    ALTHING_IDENTITY_MAIL_FROM: 'kosningar@example.org',
    ALTHING_IDENTITY_LOCK_AFTER: '20',
    ALTHING_IDENTITY_REMEMBER_DAYS: '7',
    ALTHING_IDENTITY_PRESET: 'suma',
    ALTHING_IDENTITY_TOKEN_ISSUERS:
      '[{"id":"old","kind":"firebase","name":"The old app","project":"our-old-project","kennitalaClaim":"kennitala"}]',
  }
  const config = { ...loadConfig(Config, env), url: 'https://vote.example.org' }
  return settingsOf({ config: config as never, isGiven: (name) => env[name] !== undefined }, { kinds: [] })
}

const account = 'acc_00000000-0000-7000-8000-000000000002'

async function madeUpMail(page: Page) {
  const [at, retried, lifted] = ['2026-03-02T11:59:00.000Z', [] as string[], [] as string[]]
  let suppressions: Suppressed[] = [
    {
      address: 'gone@example.org',
      reason: 'bounced',
      detail: '550 5.1.1 No such user here',
      since: at,
      endsAt: at,
    },
  ]
  const common = { mostAttempts: 12, account, nextAt: at }
  let letters: QueuedLetter[] = [
    { ...common, id: '17', job: 'identity.recover', state: 'given-up', attempts: 12, error: 'Fault' },
    { ...common, id: '18', job: 'identity.notice', state: 'failing', attempts: 3, error: 'Fault' },
    { ...common, id: '19', job: 'identity.join', state: 'waiting', attempts: 0, error: null, account: null },
  ]
  const sent = { channel: 'mail', account, tries: 1, reason: null, beganAt: at, changedAt: at } as const
  const deliveries: ListedDelivery[] = [
    {
      ...sent,
      id: 'l4',
      address: 'ada@example.org',
      subject: 'Your password was changed',
      state: 'delivered',
    },
    {
      ...sent,
      id: 'l3',
      channel: 'sms',
      address: '+3548000001',
      subject: null,
      state: 'sent',
      account: null,
    },
    {
      ...sent,
      id: 'l2',
      address: 'away@example.org',
      subject: 'A new password',
      state: 'failed',
      tries: 4,
      reason: 'kernel.mail.unavailable',
    },
    {
      ...sent,
      id: 'l1',
      address: 'gone@example.org',
      subject: 'Activate your account',
      state: 'bounced',
      reason: '550 5.1.1 No such user here',
    },
  ]
  const named: string[] = []
  let mayName = true
  await page.route('**/api/identity/names?*', (route) => {
    if (!mayName) return route.fulfill({ status: 403, json: { type: 'urn:fault:kernel.authz.denied' } })
    const of = new URL(route.request().url()).searchParams.get('of') ?? ''
    named.push(of)
    return route.fulfill({ json: { names: { [of]: 'Ada Jónsdóttir' } } })
  })
  await page.route('**/api/identity/mail/**', (route) => {
    const { pathname, searchParams } = new URL(route.request().url())
    const done = { json: { done: true } }
    if (pathname.endsWith('/retry')) {
      retried.push(pathname.split('/').at(-2) ?? '')
      return route.fulfill(done)
    }
    if (pathname.endsWith('/lift')) {
      const { address } = route.request().postDataJSON() as { address: string }
      lifted.push(address)
      suppressions = suppressions.filter((one) => one.address !== address)
      return route.fulfill({ json: { done: true, carrier: 'kept' } })
    }
    if (pathname.endsWith('/queue')) return route.fulfill({ json: { letters } })
    if (pathname.endsWith('/suppressions')) return route.fulfill({ json: { suppressions } })
    const state = searchParams.get('state')
    const shown = deliveries.filter((one) => state === null || one.state === state)
    return route.fulfill({ json: { deliveries: shown, next: null } })
  })
  const hideNames = () => void (mayName = false)
  return { retried, lifted, named, hideNames, goOut: () => void (letters = []) }
}
