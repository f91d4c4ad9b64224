/** When people are asked what an application may know: as it is registered, and never less than they have kept to themselves. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Registry } from '@althing/kernel/telemetry'
import { addCalendar } from '../../../tests/support/client.ts'
import {
  addAccount,
  createBrowser,
  signIn,
  testIdentity,
  type Browser,
} from '../../../tests/support/identity.ts'
import { compose, type IdentityKit } from '../compose.ts'
import { createMetrics } from '../metrics.ts'

test('an application that remembers asks once, and again when it wants more', async () => {
  const { consent, come } = await setUp()
  await consent('remember')
  assert.equal(await come('openid email'), 'asked')
  assert.equal(await come('openid email'), 'not asked', 'in another session')
  assert.equal(await come('openid'), 'not asked', 'less than before')
  assert.equal(await come('openid email profile'), 'asked', 'more than before')
  assert.equal(await come('openid email profile'), 'not asked')
  assert.equal(
    await come('openid email', { prompt: 'consent' }),
    'asked',
    'the application wants it to be asked',
  )
  await consent('session')
  assert.equal(await come('openid email'), 'asked', 'in each session')
})

test('the organisation’s own asks nobody, and is told nothing that somebody keeps to themselves', async () => {
  const { consent, come, keep, told } = await setUp()
  await consent('skip')
  assert.equal(await come('openid email'), 'not asked')
  assert.equal((await told()).email, 'ada@example.org')
  assert.equal(await come('openid email', { prompt: 'consent' }), 'asked')
  await keep('email')
  assert.equal(await come('openid email'), 'not asked')
  assert.equal((await told()).email, undefined)
})

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='

async function setUp() {
  const service = await testIdentity()
  const account = await addAccount(service)
  const { begin, finish } = await addCalendar(service, 'openid email profile')
  const parts = compose(service.kit as unknown as IdentityKit, createMetrics(new Registry()))
  await parts.clientLogos.put('calendar', png, 'operator:test')
  let last: { url: URL; verifier: string } | undefined

  /** In a browser that nobody has used before. */
  async function come(scope: string, more: Readonly<Record<string, string>> = {}) {
    const browser: Browser = createBrowser(service.origin)
    const start = await begin(browser, scope, more, (url) => url.pathname === '/sign-in')
    const signedIn = await browser.follow(await signIn(browser, { at: start.url.href }))
    if (signedIn.url.origin !== service.origin) {
      last = { url: signedIn.url, verifier: start.verifier }
      return 'not asked'
    }
    const page = await signedIn.response.text()
    assert.match(page, /<img class="client-logo" src="\/sign-in\/logos\/calendar\?v=[\w-]{12}" alt=""/)
    const { url } = await browser.follow(await browser.submit(page, 'consent', { decision: 'allow' }))
    assert.equal(url.origin, 'https://calendar.example')
    last = { url, verifier: start.verifier }
    return 'asked'
  }
  return {
    come,
    consent: (how: string) =>
      parts.clientOperations.change('calendar', { metadata: { consent: how } }, 'operator:test'),
    keep: async (scope: 'email') => {
      const before = await parts.connections.choicesOf(account)
      await parts.connections.choose(account, { ...before, [scope]: 'deny' })
    },
    told: async () => {
      const { url, verifier } = last ?? assert.fail()
      return (await finish(url, verifier)).info
    },
  }
}
