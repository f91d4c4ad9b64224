/** `ui_locales`: in which language somebody is asked whom an application has sent. The browser of these tests asks for English. */
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
import { addClient } from '../../../tests/support/protocol.ts'

const service = await testIdentity()
await addAccount(service)
const { begin } = await addCalendar(service, 'openid email')
await addClient(service, 'device', {
  grant_types: ['urn:ietf:params:oauth:grant-type:device_code'],
  token_endpoint_auth_method: 'none',
  scope: 'openid',
})
await addClient(service, 'bye', { post_logout_redirect_uris: ['https://shop.example/done'] })

test('whoever is sent by an application in Icelandic is asked in Icelandic, at every step, until the answer goes back', async () => {
  const browser = createBrowser(service.origin)
  const { url } = await ask(browser, 'is')
  assert.equal(await languageAt(browser, url.href), 'is')
  const onward = await signIn(browser, { at: url.href })
  const { url: asked } = await browser.follow(onward, (there) => there.pathname === '/sign-in/consent')
  const question = await browser.go(asked.href)
  const text = await question.text()
  assert.match(text, /<html lang="is"/)
  assert.match(text, /Calendar biður um aðgang/)
  const { url: back } = await browser.follow(await browser.submit(text, 'consent', { decision: 'allow' }))
  assert.ok(back.searchParams.get('code'))
  assert.equal(await languageAt(browser, '/account'), 'en', 'the question is over')
})

test('an answer that a form takes back ends the question as well', async () => {
  const browser = createBrowser(service.origin)
  const more = { ui_locales: 'is', response_mode: 'form_post' }
  const { url } = await begin(browser, 'openid email', more, ({ pathname }) => pathname === '/sign-in')
  assert.equal(await languageAt(browser, url.href), 'is')
  const onward = await signIn(browser, { at: url.href })
  const { url: asked } = await browser.follow(onward, (there) => there.pathname === '/sign-in/consent')
  const text = asked.pathname === '/sign-in/consent' ? await (await browser.go(asked.href)).text() : ''
  const { response } = await browser.follow(await browser.submit(text, 'consent', { decision: 'allow' }))
  assert.match(await response.text(), /name="code"/)
  assert.equal(await languageAt(browser, '/account'), 'en', 'the question is over')
})

test('the first language of the list that we have is taken; none that we have, and none at all, are no mistake', async () => {
  const languageFor = async (tags: string) => {
    const browser = createBrowser(service.origin)
    const { response, url } = await ask(browser, tags)
    assert.equal(response.status, 303)
    return languageAt(browser, url.href)
  }
  assert.equal(await languageFor('fr IS-is en'), 'is')
  assert.equal(await languageFor('fr en is'), 'en')
  assert.equal(await languageFor('fr de'), 'en', 'as the browser wants')
  assert.equal(await languageFor('is"><script>'), 'en')
  assert.equal(await languageFor(''), 'en')
})

test('what the person chooses with the switch wins from then on, over the same application and over the next question', async () => {
  const browser = createBrowser(service.origin)
  const { url } = await ask(browser, 'is')
  assert.equal(await languageAt(browser, `${url.href}&lang=en`), 'en')
  assert.equal(await languageAt(browser, url.href), 'en')
  const again = await ask(browser, 'is')
  assert.equal(await languageAt(browser, again.url.href), 'en')
})

test('a later question without a language forgets that of the one before', async () => {
  const browser = createBrowser(service.origin)
  await ask(browser, 'is')
  const { url } = await ask(browser, '')
  assert.equal(await languageAt(browser, url.href), 'en')
})

test('a page that says what is wrong with the request says it in the language asked for', async () => {
  const wrong = `/oauth/authorize?${new URLSearchParams({ client_id: 'nobody', ui_locales: 'is' }).toString()}`
  assert.equal(await languageAt(createBrowser(service.origin), wrong, 400), 'is')
})

test('the code of a device is confirmed in the language that the device has asked for', async () => {
  const browser = createBrowser(service.origin)
  await signIn(browser)
  const answer = await fetch(`${service.origin}/oauth/device`, {
    method: 'POST',
    body: new URLSearchParams({ client_id: 'device', scope: 'openid', ui_locales: 'is' }),
  })
  const { user_code: code } = (await answer.json()) as { user_code: string }
  const page = await (await browser.go('/oauth/code')).text()
  assert.match(page, /<html lang="en"/)
  const confirm = await browser.submit(page, 'device-code', { user_code: code })
  assert.match(await confirm.text(), /<html lang="is"/)
})

test('the switch works on the page for the code of a device, and is kept', async () => {
  const browser = createBrowser(service.origin)
  await signIn(browser)
  assert.equal(await languageAt(browser, '/oauth/code?lang=is'), 'is')
  assert.equal(await languageAt(browser, '/oauth/code'), 'is')
})

test('the end is asked about in the language of the application that asks for it', async () => {
  const browser = createBrowser(service.origin)
  await signIn(browser)
  assert.equal(await languageAt(browser, '/oauth/logout?client_id=calendar&ui_locales=fr+is'), 'is')
  const page = await (await browser.go('/oauth/logout?client_id=calendar&ui_locales=is')).text()
  const done = await browser.follow(await browser.submit(page, 'sign-out', {}))
  assert.match(await done.response.text(), /Þú hefur skráð þig út/)
})

test('who is signed out already is told so, with the way back that the application has registered and no other', async () => {
  const browser = createBrowser(service.origin)
  const bare = await browser.go('/oauth/logout')
  assert.equal(bare.status, 200)
  assert.match(await bare.text(), /You are signed out/)
  const end = (target: string) =>
    `/oauth/logout?${new URLSearchParams({ client_id: 'bye', state: 's&1', post_logout_redirect_uri: target }).toString()}`
  const known = await browser.go(end('https://shop.example/done'))
  const text = await known.text()
  assert.equal(known.status, 200)
  assert.match(text, /You are signed out/)
  assert.match(text, /href="https:\/\/shop\.example\/done\?state=s%261"[^>]*>Back to The application bye</)
  assert.match(text, /href="\/oauth\/logout\?client_id=bye[^"]*lang=is"/)
  assert.equal((await browser.go(end('https://evil.example/done'))).status, 400)
  // Without an application nobody has registered it.
  const nobodys = await browser.go('/oauth/logout?post_logout_redirect_uri=https://evil.example/')
  assert.equal(nobodys.status, 200)
  assert.doesNotMatch(await nobodys.text(), /evil/)
  const icelandic = await browser.go(`${end('https://shop.example/done')}&ui_locales=is`)
  assert.match(await icelandic.text(), /Þú hefur skráð þig út.*Til baka: The application bye/s)
})

test('the button of the question, pressed a second time, leads to the same end as the first', async () => {
  const browser = createBrowser(service.origin)
  await signIn(browser)
  const page = await (await browser.go('/oauth/logout?client_id=calendar')).text()
  await browser.submit(page, 'sign-out', {})
  const again = await browser.follow(await browser.submit(page, 'sign-out', {}))
  assert.match(await again.response.text(), /You are signed out/)
})

const ask = (browser: Browser, tags: string) =>
  begin(browser, 'openid email', { ui_locales: tags }, (url) => url.pathname === '/sign-in')

/** As the page itself says it. */
async function languageAt(browser: Browser, path: string, status = 200): Promise<string | undefined> {
  const response = await browser.go(path)
  assert.equal(response.status, status)
  return /<html lang="(\w+)"/.exec(await response.text())?.[1]
}
