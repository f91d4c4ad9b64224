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

test('a second step turned on in a session was shown in it: nobody signs in once more, and it is as fresh as the first proof', async () => {
  const account = await addAccount(service, { email: 'here@example.org' })
  const browser = createBrowser(service.origin)
  await signIn(browser, { identifier: 'here@example.org' })
  const [proven] = await service.kit.database.query<{ at: Date }>(
    `update session set auth_time = date_trunc('second', now() - interval '10 minutes') where account = $1 returning auth_time as at`,
    [account],
  )
  const before = new Map(browser.jar)
  await turnOnTwoStep(browser)
  const asked = await begin(browser, 'openid', { acr_values: assurance.mfa })
  assert.equal(asked.url.pathname, '/sign-in/consent', 'and no sign-in before it')
  const page = await (await browser.go(asked.url.href)).text()
  const { url } = await browser.follow(await browser.submit(page, 'consent', { decision: 'allow' }))
  assert.equal((await finish(url, asked.verifier)).tokens.claims()?.['acr'], assurance.mfa)
  const [session] = await service.kit.database.query(
    'select amr, auth_time as at from session where account = $1',
    [account],
  )
  assert.deepEqual(session, { amr: ['pwd', 'otp', 'mfa'], at: proven?.at })
  const fresh = await begin(browser, 'openid', { acr_values: assurance.mfa, max_age: '60' })
  assert.equal(fresh.url.pathname, '/sign-in', 'of two proofs the older one counts')
  browser.jar.clear()
  for (const [name, cookie] of before) browser.jar.set(name, cookie)
  assert.equal((await browser.go('/account')).status, 303, 'the cookie of before opens nothing')
})

test('who came with a passkey has shown as much, and their session stays what it was', async () => {
  const account = await addAccount(service, { email: 'key@example.org' })
  const browser = createBrowser(service.origin)
  await signIn(browser, { identifier: 'key@example.org' })
  const { database } = service.kit
  await database.query(`update session set acr = $2, amr = '{pop,user,mfa}' where account = $1`, [
    account,
    assurance.passkey,
  ])
  await turnOnTwoStep(browser)
  assert.equal((await browser.go('/account')).status, 200)
  assert.deepEqual(await database.query('select acr, amr from session where account = $1', [account]), [
    { acr: assurance.passkey, amr: ['pop', 'user', 'mfa'] },
  ])
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
  const account = await addAccount(service, { email: 'two@example.org' })
  const browser = createBrowser(service.origin)
  await signIn(browser, { identifier: 'two@example.org' })
  const { secret } = await turnOnTwoStep(browser)
  await service.kit.database.query(`update session set acr = $2, amr = '{pwd}' where account = $1`, [
    account,
    assurance.password,
  ])
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
