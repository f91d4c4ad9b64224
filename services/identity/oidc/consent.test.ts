import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addCalendar } from '../../../tests/support/client.ts'
import {
  addAccount,
  createBrowser,
  signIn,
  testIdentity,
  type Browser,
} from '../../../tests/support/identity.ts'

test('another application is asked about once per session, and gets what was allowed and no more', async () => {
  const { service, ask, exchange } = await setUp()
  const browser = createBrowser(service.origin)
  const page = await ask(browser)
  assert.equal(page.url.pathname, '/sign-in')
  const { response, url } = await browser.follow(
    await signIn(browser, { at: page.url.href }),
    (there) => there.pathname === '/sign-in/consent',
  )
  assert.equal(response.status, 303)
  const question = await browser.go(url.href)
  const text = await question.text()
  assert.match(text, /Calendar asks for access/)
  assert.match(
    question.headers.get('content-security-policy') ?? '',
    /form-action 'self' https:\/\/calendar\.example/,
  )
  const { url: callback } = await browser.follow(await browser.submit(text, 'consent', { decision: 'allow' }))
  const { tokens, info } = await exchange(callback, page.verifier)
  assert.deepEqual(info, { sub: tokens.claims()?.sub, email: 'ada@example.org', email_verified: true })
  assert.equal(tokens.refresh_token, undefined)
  assert.equal((await ask(browser)).url.origin, 'https://calendar.example', 'not asked again')
  const answer = await fetch(`${service.origin}/api/identity/me`, {
    headers: { authorization: `Bearer ${tokens.access_token}` },
  })
  assert.equal(answer.status, 401, 'its token opens no door of ours')
  // As the page has said: this is how it is taken back.
  await browser.submit(await (await browser.go('/account')).text(), 'sign-out-everywhere', {})
  await assert.rejects(exchange(callback, page.verifier))
  const anew = await ask(browser)
  const { url: asked } = await browser.follow(
    await signIn(browser, { at: anew.url.href }),
    (there) => there.pathname === '/sign-in/consent',
  )
  assert.match(await (await browser.go(asked.href)).text(), /Calendar asks for access/)
})

test('who says no is brought back with a word, and another person cannot answer', async () => {
  const { service, ask } = await setUp()
  await addAccount(service, { email: 'eve@example.org', name: 'Eve' })
  const browser = createBrowser(service.origin)
  const page = await ask(browser)
  const { url } = await browser.follow(
    await signIn(browser, { at: page.url.href }),
    (there) => there.pathname === '/sign-in/consent',
  )
  const eve = createBrowser(service.origin)
  await signIn(eve, { identifier: 'eve@example.org' })
  assert.equal((await eve.go(url.href)).status, 410)
  const { url: back } = await browser.follow(
    await browser.submit(await (await browser.go(url.href)).text(), 'consent', { decision: 'deny' }),
  )
  assert.deepEqual(
    [back.origin, back.searchParams.get('error')],
    ['https://calendar.example', 'access_denied'],
  )
})

test('an end that an application asks for is a question, whatever it shows', async () => {
  const { service } = await setUp()
  const { codeFlow } = await import('../../../tests/support/identity.ts')
  const browser = createBrowser(service.origin)
  const { tokens } = await codeFlow(service, browser)
  const asked = await browser.go('/oauth/logout?client_id=calendar')
  assert.match(await asked.text(), /Do you want to sign out/)
  assert.equal((await browser.go('/account')).status, 200)
  const end = `/oauth/logout?${new URLSearchParams({ id_token_hint: tokens.id_token ?? '', post_logout_redirect_uri: `${service.origin}/` }).toString()}`
  const foreign = end.replace(
    encodeURIComponent(`${service.origin}/`),
    encodeURIComponent('https://evil.example/'),
  )
  assert.equal((await browser.go(foreign)).status, 400)
  assert.match(await (await browser.go(end)).text(), /Do you want to sign out/)
  assert.equal((await browser.go('/account')).status, 200)
})

async function setUp() {
  const service = await testIdentity()
  await addAccount(service)
  const { begin, finish: exchange } = await addCalendar(service, 'openid email')
  const ask = (browser: Browser) => begin(browser, 'openid email', {}, (url) => url.pathname === '/sign-in')
  return { service, ask, exchange }
}
