/** Who is to go on: the hint of the application, its wish that the person chooses, and the way back to a question that is over. */
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

const service = await testIdentity()
await addAccount(service)
await addAccount(service, { email: 'eve@example.org', name: 'Eve' })
const { begin, finish } = await addCalendar(service, 'openid email')

test('whom the application believes it to be stands in the field, and nothing else of what it says', async () => {
  const field = async (hint: string) => {
    const browser = createBrowser(service.origin)
    const { url } = await ask(browser, { login_hint: hint })
    return /<input[^>]*name="identifier"[^>]*>/.exec(await (await browser.go(url.href)).text())?.[0] ?? ''
  }
  assert.match(await field('ada@example.org'), /value="ada@example\.org"/)
  assert.match(await field('"><script>'), /value="&quot;&gt;&lt;script&gt;"/)
  for (const none of ['', 'two\nlines', 'x'.repeat(300)])
    assert.doesNotMatch(await field(none), /value=/, none)
  const browser = createBrowser(service.origin)
  const { url } = await ask(browser, { login_hint: 'eve@example.org' })
  const onward = await signIn(browser, { at: url.href, identifier: 'ada@example.org' })
  assert.equal((await subjectOf(browser, onward)).email, 'ada@example.org', 'whoever signs in has signed in')
})

test('whoever is signed in is asked whether it is to be them, and goes on as who they are', async () => {
  const browser = createBrowser(service.origin)
  await signIn(browser)
  const { url } = await ask(browser, { prompt: 'select_account' })
  assert.equal(url.pathname, '/sign-in/account')
  const text = await (await browser.go(url.href)).text()
  assert.match(text, /ada@example\.org/)
  const onward = await browser.submit(text, 'account-same', {})
  assert.equal((await subjectOf(browser, onward)).email, 'ada@example.org')
})

test('somebody else signs in instead, and whoever was signed in is not any more', async () => {
  const browser = createBrowser(service.origin)
  await signIn(browser)
  const { url } = await ask(browser, { prompt: 'select_account' })
  const text = await (await browser.go(url.href)).text()
  const next = await browser.follow(await browser.submit(text, 'account-other', {}), at('/sign-in'))
  assert.equal((await browser.go('/account')).status, 303, 'nobody is signed in')
  const onward = await signIn(browser, { at: next.url.href, identifier: 'eve@example.org' })
  assert.equal((await subjectOf(browser, onward)).email, 'eve@example.org')
})

test('where nobody is signed in there is nobody to choose; with a fresh proof as well both are asked for', async () => {
  const alone = createBrowser(service.origin)
  const first = await ask(alone, { prompt: 'select_account' })
  const { url: onward } = await alone.follow(await alone.go(first.url.href), at('/sign-in'))
  assert.equal(onward.pathname, '/sign-in')
  const browser = createBrowser(service.origin)
  await signIn(browser)
  const { url } = await ask(browser, { prompt: 'select_account login' })
  const text = await (await browser.go(url.href)).text()
  const next = await browser.follow(await browser.submit(text, 'account-same', {}), at('/sign-in'))
  assert.equal(next.url.pathname, '/sign-in')
  const anew = await signIn(browser, { at: next.url.href })
  assert.equal((await subjectOf(browser, anew)).email, 'ada@example.org')
})

test('an answer from another browser, a second one, or one that is none changes nothing; without a person nobody is asked', async () => {
  const browser = createBrowser(service.origin)
  await signIn(browser)
  const { url } = await ask(browser, { prompt: 'select_account' })
  const text = await (await browser.go(url.href)).text()
  const eve = createBrowser(service.origin)
  await signIn(eve, { identifier: 'eve@example.org' })
  assert.equal((await eve.go(url.href)).status, 410)
  assert.equal(
    (await browser.submit(text.replace('value="same"', 'value="all"'), 'account-same', {})).status,
    400,
  )
  const answers = await Promise.all([0, 1, 2].map(() => browser.submit(text, 'account-same', {})))
  assert.deepEqual(
    answers.map(({ status }) => status).sort((a, b) => a - b),
    [303, 410, 410],
    'of three at once one is taken',
  )
  const late = await browser.submit(text, 'account-other', {})
  assert.match(await late.text(), /You have answered this already/)
  assert.equal(
    (await browser.go('/account')).status,
    200,
    'nobody is signed out by an answer that comes too late',
  )
  const taken = answers.find(({ status }) => status === 303)
  assert.ok(taken)
  assert.equal((await subjectOf(browser, taken)).email, 'ada@example.org')
  const silent = await begin(browser, 'openid email', { prompt: 'none select_account' })
  assert.equal(silent.url.searchParams.get('error'), 'invalid_request')
  const { prompt_values_supported: known } = (await (
    await fetch(`${service.origin}/.well-known/openid-configuration`)
  ).json()) as { prompt_values_supported: string[] }
  assert.deepEqual(known, ['none', 'login', 'consent', 'select_account'])
})

test('whoever goes back to a question that they have answered reads that they have, and where to go on; others read that it is over', async () => {
  for (const decision of ['allow', 'deny']) {
    const browser = createBrowser(service.origin)
    const { url } = await ask(browser, { prompt: 'consent' })
    const asked = await browser.follow(await signIn(browser, { at: url.href }), at('/sign-in/consent'))
    const text = await (await browser.go(asked.url.href)).text()
    await browser.follow(await browser.submit(text, 'consent', { decision }))
    const back = await browser.go(asked.url.href)
    assert.equal(back.status, 410)
    assert.match(await back.text(), /You have answered this already.*Go on in Calendar/s)
    const again = await browser.submit(text, 'consent', { decision })
    assert.match(await again.text(), /You have answered this already/)
    const other = await createBrowser(service.origin).go(asked.url.href)
    assert.match(await other.text(), /This page has expired/)
  }
})

test('whatever number of questions is begun in a browser, it keeps few of them, and the last ones can be answered', async () => {
  const browser = createBrowser(service.origin)
  const urls: URL[] = []
  for (let n = 0; n < 40; n += 1) urls.push((await ask(browser, { prompt: 'consent' })).url)
  const kept = [...browser.jar].filter(([name]) => /begun|asked/.test(name))
  assert.equal(kept.filter(([name]) => name.includes('begun')).length, 24)
  const length = kept.reduce(
    (sum, [name, { value }]) => sum + name.length + encodeURIComponent(value).length,
    0,
  )
  assert.ok(length < 4_000, String(length))
  for (const [, { value }] of kept.filter(([name]) => name.includes('begun'))) assert.equal(value, '1')
  assert.equal((await browser.go(urls.at(-24)?.href ?? '')).status, 200)
  assert.equal((await browser.go(urls.at(-25)?.href ?? '')).status, 410, 'the oldest are over')
  const onward = await signIn(browser, { at: urls.at(-1)?.href ?? '' })
  assert.equal((await subjectOf(browser, onward)).email, 'ada@example.org')
})

test('whoever runs an application that is not registered rightly reads what is wrong, and by what to find it', async () => {
  const wrong = new URLSearchParams({ client_id: 'nobody', response_type: 'code' })
  const text = await (await fetch(`${service.origin}/oauth/authorize?${wrong.toString()}`)).text()
  assert.match(text, /<code>[0-9a-f-]{36} invalid_client<\/code>/)
})

const at = (path: string) => (url: URL) => url.pathname === path
/** Of the question that was asked last. */
let verifier = ''

async function ask(browser: Browser, more: Readonly<Record<string, string>>) {
  const begun = await begin(browser, 'openid email', more, (url) => url.pathname.startsWith('/sign-in'))
  verifier = begun.verifier
  return begun
}

/** Through the consent, when there is one, to what the application is told. */
async function subjectOf(browser: Browser, onward: Response): Promise<{ readonly email?: unknown }> {
  const { url } = await browser.follow(onward, at('/sign-in/consent'))
  if (url.pathname !== '/sign-in/consent') return (await finish(url, verifier)).info
  const text = await (await browser.go(url.href)).text()
  const end = await browser.follow(await browser.submit(text, 'consent', { decision: 'allow' }))
  return (await finish(end.url, verifier)).info
}
