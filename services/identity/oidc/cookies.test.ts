import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codeOf, submitCode, turnOnTwoStep } from '../../../tests/support/factors.ts'
import { addAccount, createBrowser, signIn, testIdentity } from '../../../tests/support/identity.ts'

/** As it is deployed: reached by https, behind something that speaks it. */
const origin = 'https://id.example.org'
const service = await testIdentity({ origin })
const send: typeof fetch = (url, init) => fetch(`${service.origin}${String(url).slice(origin.length)}`, init)

async function member(email: string) {
  await addAccount(service, { email })
  const set: string[] = []
  const browser = createBrowser(origin, async (url, init) => {
    const answer = await send(url as URL, init)
    set.push(...answer.headers.getSetCookie())
    return answer
  })
  return { browser, set }
}

const authorize = `/oauth/authorize?${new URLSearchParams({
  client_id: 'portal',
  response_type: 'code',
  scope: 'openid',
  redirect_uri: `${origin}/session/callback`,
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
}).toString()}`

test('over https every cookie of ours is of this host alone, through the whole conversation', async () => {
  const { browser, set } = await member('one@example.org')
  const { url } = await browser.follow(await browser.go(authorize), (there) => there.pathname === '/sign-in')
  const { url: back } = await browser.follow(
    await signIn(browser, { at: url.href, identifier: 'one@example.org' }),
    (there) => there.pathname === '/session/callback',
  )
  assert.ok(back.searchParams.has('code'))
  const { secret } = await turnOnTwoStep(browser)
  await browser.submit(await (await browser.go('/account')).text(), 'sign-out', {})
  const next = await signIn(browser, { identifier: 'one@example.org' })
  const done = await submitCode(browser, next.headers.get('location') ?? '', codeOf(secret))
  assert.equal(done.headers.get('location'), '/account')
  await browser.go('/account?lang=en&theme=dark')

  for (const line of set) {
    assert.match(line, /; secure/i, line)
    assert.match(line, /; httponly/i, line)
    assert.doesNotMatch(line, /; domain/i, line)
    // The engine binds these two to a path; what guards its questions is ours.
    if (/^__Secure-althing_(interaction|resume)(\.sig)?=/.test(line)) continue
    assert.match(line, /^__Host-/, line)
    assert.match(line, /; path=\/(;|$)/i, line)
  }
  const names = new Set(set.map((line) => line.split('=')[0]?.replace(/_begun_.*|_attempt_.*/, '')))
  for (const name of ['althing_id', 'althing_device', 'althing', 'lang', 'theme'])
    assert.ok(names.has(`__Host-${name}`), `${name} of ${[...names].join(' ')}`)
})

test('a session that another host of the domain has planted is none', async () => {
  const { browser } = await member('two@example.org')
  await signIn(browser, { identifier: 'two@example.org' })
  const value = browser.jar.get('__Host-althing_id')?.value ?? ''
  for (const name of ['althing_id', '__Secure-althing_id', '__host-althing_id']) {
    const planted = createBrowser(origin, send)
    planted.jar.set(name, { value, path: '/' })
    assert.equal((await planted.go('/account')).status, 303, name)
  }
  const own = createBrowser(origin, send)
  own.jar.set('__Host-althing_id', { value, path: '/' })
  assert.equal((await own.go('/account')).status, 200)
})
