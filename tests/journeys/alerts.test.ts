import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { SecurityAlertDetail } from '@althing/identity/contract'
import type { Page } from 'playwright-core'
import { fakeConsole } from './fake/console.ts'
import { lookedPage } from './looking.ts'

/** An administrator finds an alert, looks at it, and settles it with a reason: over a made-up identity. */
const { fake, browser } = fakeConsole()

for (const [lang, words] of [
  [
    'is',
    {
      title: 'Öryggisviðvaranir',
      none: 'Engar viðvaranir hér',
      state: 'Staða',
      grave: 'Alvarleiki',
      blocked: 'Innskráningu var hafnað',
      settle: 'Ljúka',
      missing: /Skrifaðu nokkur orð/,
      why: /Hvers vegna er henni lokið/,
      done: 'Hvers vegna henni er lokið',
      taken: /Einhver hefur þegar lokið/,
    },
  ],
  [
    'en',
    {
      title: 'Security alerts',
      none: 'No alerts here',
      state: 'State',
      grave: 'Severity',
      blocked: 'A sign-in was refused',
      settle: 'Resolve',
      missing: /Write a few words/,
      why: /Why is it settled/,
      done: 'Why it is settled',
      taken: /Somebody has resolved this alert already/,
    },
  ],
] as const)
  test(`${lang}: what is open, what it is about, and why it is settled`, async () => {
    const { page, inspect } = await lookedPage(browser().context, 1280)
    const identity = await madeUpIdentity(page)
    await page.goto(`${fake().personUrl}/admin/alerts?lang=${lang}&severity=low`)
    await page.getByRole('heading', { name: words.none }).waitFor()
    await inspect('admin-alerts-none')

    await page.getByLabel(words.grave).selectOption('')
    await page.getByRole('heading', { name: words.title }).waitFor()
    await page.getByRole('link', { name: words.blocked }).waitFor()
    assert.equal(new URL(page.url()).searchParams.get('severity'), null)
    await page.getByLabel(words.state).selectOption('resolved')
    await page.getByRole('heading', { name: words.none }).waitFor()
    assert.equal(new URL(page.url()).searchParams.get('state'), 'resolved')
    await page.getByLabel(words.state).selectOption('open')
    await page.getByRole('link', { name: words.blocked }).waitFor()
    await inspect('admin-alerts')

    await page.getByRole('link', { name: words.blocked }).click()
    await page.getByRole('heading', { name: words.blocked }).waitFor()
    await inspect('admin-alert')
    await page.getByRole('button', { name: words.settle, exact: true }).click()
    await page.getByText(words.missing).waitFor()
    await inspect('admin-alert-missing')
    identity.takenByAnother()
    await page.getByLabel(words.why).fill('The person was on a journey and called us.')
    await page.getByRole('button', { name: words.settle, exact: true }).click()
    await page.getByText(words.taken).waitFor()
    identity.free()
    await page.getByRole('button', { name: words.settle, exact: true }).click()
    await page.getByText(words.done).waitFor()
    await page.getByText('The person was on a journey and called us.').waitFor()
    await inspect('admin-alert-resolved')
    assert.deepEqual(identity.reasons, ['The person was on a journey and called us.'])
    await page.close()
  })

async function madeUpIdentity(page: Page) {
  let alert: SecurityAlertDetail = {
    id: 'alr_00000000-0000-7000-8000-000000000001',
    kind: 'blocked-sign-in',
    severity: 'high',
    account: 'acc_00000000-0000-7000-8000-000000000002',
    network: '203.0.113.0/24',
    signals: ['new-device', 'impossible-travel', 'velocity'],
    firstSeen: '2026-03-02T11:59:00.000Z',
    lastSeen: '2026-03-02T12:04:00.000Z',
    count: 3,
    state: 'open',
    resolvedAt: null,
    resolvedBy: null,
    reason: null,
    deliveries: [
      { sink: 'mail', deliveredAt: '2026-03-02T11:59:04.000Z' },
      { sink: 'chat', deliveredAt: null },
    ],
  }
  let isTaken = false
  const reasons: string[] = []
  await page.route('**/api/identity/alerts**', async (route) => {
    const { pathname, searchParams } = new URL(route.request().url())
    if (pathname.endsWith('/resolve')) {
      const { reason } = route.request().postDataJSON() as { reason: string }
      if (isTaken)
        return route.fulfill({
          status: 409,
          contentType: 'application/problem+json',
          json: { code: 'identity.alerts.resolved', title: 'Taken.', status: 409 },
        })
      reasons.push(reason)
      alert = {
        ...alert,
        state: 'resolved',
        resolvedAt: '2026-03-02T13:00:00.000Z',
        resolvedBy: 'person:x',
        reason,
      }
      return route.fulfill({ json: alert })
    }
    if (pathname.endsWith(alert.id)) return route.fulfill({ json: alert })
    const isShown = [null, alert.severity].includes(searchParams.get('severity') as never)
    const { deliveries: _apart, ...listed } = alert
    const alerts = isShown && searchParams.get('state') === alert.state ? [listed] : []
    return route.fulfill({ json: { alerts, next: null } })
  })
  return { reasons, takenByAnother: () => void (isTaken = true), free: () => void (isTaken = false) }
}
