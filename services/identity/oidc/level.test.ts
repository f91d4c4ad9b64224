import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addCalendar } from '../../../tests/support/client.ts'
import { codeOf, submitCode, turnOnTwoStep } from '../../../tests/support/factors.ts'
import { addAccount, createBrowser, password, signIn, testIdentity } from '../../../tests/support/identity.ts'
import { reaches } from './level.ts'
import { assurance } from './schema.ts'

const service = await testIdentity()
const { begin, finish } = await addCalendar(service, 'openid email')

test('a level is a wish: whoever cannot reach it is asked once, signed in, and the application told what was reached', async () => {
  await addAccount(service, { email: 'one@example.org' })
  const browser = createBrowser(service.origin)
  await signIn(browser, { identifier: 'one@example.org' })
  const unknown = await begin(browser, 'openid', { acr_values: 'urn:example:retina' })
  assert.equal(unknown.url.pathname, '/sign-in/consent', 'one that is none of ours asks for nothing')
  const page = await (await browser.go(unknown.url.href)).text()
  await browser.follow(await browser.submit(page, 'consent', { decision: 'allow' }))

  const asked = await begin(browser, 'openid', { acr_values: assurance.mfa })
  assert.equal(asked.url.pathname, '/sign-in', 'a password was shown before: it is asked again')
  const proof = await signIn(browser, { at: asked.url.href, identifier: 'one@example.org' })
  const { url } = await browser.follow(proof)
  const { tokens } = await finish(url, asked.verifier)
  assert.equal(tokens.claims()?.['acr'], assurance.password)
  const quiet = await begin(browser, 'openid', { acr_values: assurance.mfa, prompt: 'none' })
  assert.match(quiet.url.searchParams.get('error') ?? '', /required/)
})

test('of a level that is essential the application is told when it cannot be reached: at once, or after the person has tried', async () => {
  await addAccount(service, { email: 'three@example.org' })
  const browser = createBrowser(service.origin)
  await signIn(browser, { identifier: 'three@example.org' })
  const wanting = (acr: object) =>
    begin(browser, 'openid', { claims: JSON.stringify({ id_token: { acr: { essential: true, ...acr } } }) })
  const errorOf = (url: URL) => url.searchParams.get('error')
  const unmet = 'unmet_authentication_requirements'
  assert.equal(errorOf((await wanting({ value: 'urn:example:retina' })).url), unmet)
  for (const acr of [{ value: assurance.mfa }, { values: [assurance.mfa, assurance.eid] }]) {
    const asked = await wanting(acr)
    assert.equal(asked.url.pathname, '/sign-in')
    assert.match(await (await browser.go(asked.url.href)).text(), /id="sign-in"/, 'the session is not enough')
    const { url } = await browser.follow(
      await signIn(browser, { at: asked.url.href, identifier: 'three@example.org' }),
    )
    assert.equal(errorOf(url), unmet, 'no loop')
  }
  assert.equal((await wanting({ value: assurance.password })).url.pathname, '/sign-in/consent')
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
  assert.ok(reaches(assurance.link, 'urn:example:x'), 'a wish that nobody can have is none')
  const either = `${assurance.eid} urn:example:x ${assurance.code}`
  assert.deepEqual([reaches(assurance.code, either), reaches(assurance.eid, either)], [true, true])
  assert.deepEqual([reaches(assurance.link, assurance.password), reaches('', assurance.link)], [false, false])
  assert.deepEqual(
    [reaches(assurance.mfa, assurance.eid), reaches(assurance.eid, assurance.mfa)],
    [false, true],
  )
})
