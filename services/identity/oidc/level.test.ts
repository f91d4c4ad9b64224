import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addCalendar } from '../../../tests/support/client.ts'
import { codeOf, submitCode, turnOnTwoStep } from '../../../tests/support/factors.ts'
import { addAccount, createBrowser, password, signIn, testIdentity } from '../../../tests/support/identity.ts'
import { leastOf } from './level.ts'
import { assurance } from './schema.ts'

const service = await testIdentity()
const { begin, finish } = await addCalendar(service, 'openid email')

test('a level that nobody has is answered at once, and one that this person cannot reach after they have tried', async () => {
  await addAccount(service, { email: 'one@example.org' })
  const browser = createBrowser(service.origin)
  const unknown = await begin(browser, 'openid', { acr_values: 'urn:example:retina' })
  assert.equal(unknown.url.searchParams.get('error'), 'unmet_authentication_requirements')

  await signIn(browser, { identifier: 'one@example.org' })
  const asked = await begin(browser, 'openid', { acr_values: assurance.mfa })
  assert.equal(asked.url.pathname, '/sign-in', 'a password was shown before: it is asked again')
  const proof = await signIn(browser, { at: asked.url.href, identifier: 'one@example.org' })
  const { url } = await browser.follow(proof)
  assert.deepEqual(
    [url.origin, url.searchParams.get('error')],
    ['https://calendar.example', 'unmet_authentication_requirements'],
    'no loop',
  )
  const quiet = await begin(browser, 'openid', { acr_values: assurance.mfa, prompt: 'none' })
  assert.match(quiet.url.searchParams.get('error') ?? '', /required/)
})

test('who can show more is asked for it, once, and the application is told what was shown', async () => {
  await addAccount(service, { email: 'two@example.org' })
  const browser = createBrowser(service.origin)
  await signIn(browser, { identifier: 'two@example.org' })
  const { secret } = await turnOnTwoStep(browser)
  const asked = await begin(browser, 'openid', { acr_values: `${assurance.mfa} ${assurance.passkey}` })
  const first = await signIn(browser, { at: asked.url.href, identifier: 'two@example.org', secret: password })
  const { url } = await browser.follow(
    await submitCode(browser, first.headers.get('location') ?? '', codeOf(secret)),
  )
  const page = await (await browser.go(url.href)).text()
  const { url: back } = await browser.follow(await browser.submit(page, 'consent', { decision: 'allow' }))
  const { tokens } = await finish(back, asked.verifier)
  assert.equal(tokens.claims()?.['acr'], assurance.mfa)
  const again = await begin(browser, 'openid', { acr_values: assurance.password })
  assert.ok(again.url.searchParams.has('code'), 'more than was asked for is enough')
})

test('of several levels the weakest is enough, and words that are none of ours count for nothing', () => {
  assert.equal(leastOf('urn:example:x'), -1)
  assert.equal(leastOf(`${assurance.eid} urn:example:x ${assurance.code}`), leastOf(assurance.code))
  assert.ok(leastOf(assurance.link) < leastOf(assurance.password))
  assert.ok(leastOf(assurance.mfa) < leastOf(assurance.eid))
})
