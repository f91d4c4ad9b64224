import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Signal } from '../../web/admin/signals-api.ts'
import { fakeConsole } from './fake/console.ts'
import { lookedPage } from './looking.ts'

/** An administrator sees what applications were told, and has told again what they never took: over a made-up identity. */
const { fake, browser } = fakeConsole()

for (const [lang, words] of [
  [
    'is',
    {
      title: 'Tilkynningar til forrita',
      why: 'Forritið svaraði 503.',
      again: /^Segja aftur ?: Aðgangi var lokað/,
      done: 'Þetta er sagt aftur.',
      state: 'Staða',
      none: 'Ekkert var sagt á þeim dögum sem eru geymdir.',
      waiting: /Segja aftur ?: Setu lauk/,
      gone: /er enn á leiðinni/,
    },
  ],
  [
    'en',
    {
      title: 'Signals',
      why: 'The application answered 503.',
      again: /^Tell again ?: An account was shut/,
      done: 'It is told again.',
      state: 'State',
      none: 'Nothing was told in the days that are kept.',
      waiting: /Tell again ?: A session ended/,
      gone: /is still on its way/,
    },
  ],
] as const)
  test(`${lang}: what was told, what was not taken, and once more`, async () => {
    const { page, inspect } = await lookedPage(browser().context)
    const identity = await madeUpIdentity(page)
    await page.goto(`${fake().personUrl}/admin/signals?lang=${lang}`)
    await page.getByRole('heading', { level: 1, name: words.title }).waitFor()
    await page.getByText(words.why).waitFor()
    assert.equal(
      await page.getByRole('button', { name: words.waiting }).count(),
      0,
      'what is on its way is left',
    )
    assert.doesNotMatch(
      (await page.locator('main').textContent()) ?? '',
      /other \{|undefined|null|schemas\.openid/,
    )
    await inspect('admin-signals')

    identity.refuseOnce()
    await page.getByRole('button', { name: words.again }).click()
    await page.getByText(words.gone).waitFor()
    await page.getByRole('button', { name: words.again }).click()
    await page.getByText(words.done).waitFor()
    assert.deepEqual(identity.replayed, ['sgd_3'])
    await inspect('admin-signals-again')

    await page.getByLabel(words.state).selectOption('dead')
    await page.getByText(words.none).waitFor()
    assert.equal(new URL(page.url()).searchParams.get('state'), 'dead')
    await inspect('admin-signals-none')
    await page.close()
  })

async function madeUpIdentity(page: Page) {
  const [caep, risc] = ['caep', 'risc'].map(
    (kind) => `https://schemas.openid.net/secevent/${kind}/event-type`,
  )
  const common = {
    client: 'calendar',
    method: 'push',
    account: 'acc_00000000-0000-7000-8000-000000000002',
  } as const
  const at = '2026-03-02T11:59:00.000Z'
  let deliveries: Signal[] = [
    {
      ...common,
      id: 'sgd_4',
      type: `${caep}/session-revoked`,
      at,
      state: 'waiting',
      attempts: 3,
      reason: 'silent',
    },
    {
      ...common,
      id: 'sgd_3',
      type: `${risc}/account-disabled`,
      at,
      state: 'dead',
      attempts: 31,
      reason: 'answered 503',
    },
    {
      ...common,
      id: 'sgd_2',
      type: `${caep}/credential-change`,
      at,
      state: 'delivered',
      attempts: 1,
      reason: null,
      method: 'webhook',
    },
    {
      ...common,
      id: 'sgd_1',
      type: 'https://schemas.openid.net/secevent/ssf/event-type/verification',
      at,
      state: 'delivered',
      attempts: 1,
      reason: null,
      account: null,
      method: 'poll',
    },
  ]
  let isRefused = false
  const replayed: string[] = []
  await page.route('**/api/identity/signals**', (route) => {
    const { pathname, searchParams } = new URL(route.request().url())
    const id = /\/signals\/(\w+)\/replay$/.exec(pathname)?.[1]
    if (id === undefined) {
      const state = searchParams.get('state')
      return route.fulfill({
        json: { deliveries: deliveries.filter((one) => state === null || one.state === state), next: null },
      })
    }
    if (isRefused) {
      isRefused = false
      return route.fulfill({
        status: 409,
        contentType: 'application/problem+json',
        json: { code: 'identity.signals.waiting', title: 'Waiting.', status: 409 },
      })
    }
    replayed.push(id)
    deliveries = deliveries.map((one) =>
      one.id === id ? { ...one, state: 'waiting', attempts: 0, reason: null } : one,
    )
    return route.fulfill({ json: { done: true } })
  })
  return { replayed, refuseOnce: () => void (isRefused = true) }
}
