import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ClientSecretBasic, fetchUserInfo, refreshTokenGrant } from 'openid-client'
import { addCalendar } from '../../../tests/support/client.ts'
import {
  addAccount,
  createBrowser,
  signIn,
  testIdentity,
  type Browser,
} from '../../../tests/support/identity.ts'
import { addClient, addResource, api, callback, codeGrant, strict } from '../../../tests/support/protocol.ts'
import { told } from '../../../tests/support/told.ts'

const path = '/account/connected'
const service = await testIdentity()
const {
  client: calendar,
  begin: ask,
  finish,
} = await addCalendar(service, 'openid profile email phone offline_access')

async function member(email: string) {
  const account = await addAccount(service, { email })
  await service.kit.database.query(`update account set phone = '+3545551234' where id = $1`, [account])
  const browser = createBrowser(service.origin)
  await signIn(browser, { identifier: email })
  return { account, browser }
}

const begin = (browser: Browser, scope: string) =>
  ask(browser, scope, scope.includes('offline_access') ? { prompt: 'consent' } : {})

async function allow(browser: Browser, question: URL) {
  const text = await (await browser.go(question.href)).text()
  const { url } = await browser.follow(await browser.submit(text, 'consent', { decision: 'allow' }))
  return { url, text }
}

async function choose(
  browser: Browser,
  choices: Partial<Record<'profile' | 'email' | 'phone' | 'roles', string>>,
) {
  const asked = { profile: 'ask', email: 'ask', phone: 'ask', roles: 'ask' }
  return browser.submit(await (await browser.go(path)).text(), 'choices', { ...asked, ...choices })
}

test('what somebody keeps to themselves no application is told, however often it asks', async () => {
  const { browser } = await member('one@example.org')
  await choose(browser, { email: 'deny', phone: 'deny' })
  const { url, verifier } = await begin(browser, 'openid profile email phone')
  const answer = await allow(browser, url)
  assert.match(answer.text, /In your settings you have forbidden it to[^]*e-mail address[^]*phone/)
  const { info } = await finish(answer.url, verifier)
  assert.deepEqual(Object.keys(info).sort(), ['locale', 'name', 'sub'])
  const again = await begin(browser, 'openid profile email phone')
  assert.equal(again.url.origin, 'https://calendar.example', 'refused is answered too')
  assert.deepEqual(Object.keys((await finish(again.url, again.verifier)).info).sort(), [
    'locale',
    'name',
    'sub',
  ])
})

test('“never” holds from that moment on: for tokens of before, their successors, and a new question in the same session', async () => {
  const { browser } = await member('late@example.org')
  const { url, verifier } = await begin(browser, 'openid profile email offline_access')
  const { tokens, info } = await finish((await allow(browser, url)).url, verifier)
  assert.equal(info.email, 'late@example.org')
  await choose(browser, { email: 'deny' })
  const told = async (token: string) =>
    Object.keys(await fetchUserInfo(calendar, token, tokens.claims()?.sub ?? '')).sort()
  assert.deepEqual(await told(tokens.access_token), ['locale', 'name', 'sub'])
  const fresh = await refreshTokenGrant(calendar, tokens.refresh_token ?? '')
  assert.deepEqual(await told(fresh.access_token), ['locale', 'name', 'sub'])
  const again = await begin(browser, 'openid email')
  const later = again.url.pathname === '/sign-in/consent' ? (await allow(browser, again.url)).url : again.url
  assert.equal((await finish(later, again.verifier)).info.email, undefined)
  await choose(browser, {})
  const asked = await begin(browser, 'openid email offline_access')
  const allowed = await finish((await allow(browser, asked.url)).url, asked.verifier)
  assert.equal(allowed.info.email, 'late@example.org', 'and what is allowed again is told again')
})

test('an application that wants the question asked gets it, and what another tab changed meanwhile is shown before it is given', async () => {
  const { browser } = await member('tabs@example.org')
  await choose(browser, { email: 'allow' })
  const first = await begin(browser, 'openid email offline_access')
  await allow(browser, first.url)
  const second = await begin(browser, 'openid email offline_access')
  assert.equal(second.url.pathname, '/sign-in/consent', 'prompt=consent asks')
  await choose(browser, { email: 'deny' })
  const page = await (await browser.go(second.url.href)).text()
  await choose(browser, { email: 'ask' })
  const answer = await browser.submit(page, 'consent', { decision: 'allow' })
  assert.match(answer.headers.get('location') ?? '', /^\/sign-in\/consent\?/)
})

test('what is allowed once for all is not asked again on the next device, by an application that was allowed before', async () => {
  const { browser } = await member('two@example.org')
  await choose(browser, { email: 'allow' })
  const first = await begin(browser, 'openid email')
  assert.equal(first.url.pathname, '/sign-in/consent', 'a stranger is asked about all the same')
  await allow(browser, first.url)
  const phone = createBrowser(service.origin)
  await signIn(phone, { identifier: 'two@example.org' })
  assert.equal((await begin(phone, 'openid email')).url.origin, 'https://calendar.example')
  const more = await begin(phone, 'openid email profile')
  assert.equal(more.url.pathname, '/sign-in/consent', 'what is more is asked about')
})

test('what was told by a name of its own stands in the list as well', async () => {
  const { browser } = await member('named@example.org')
  const claims = JSON.stringify({ id_token: { name: null } })
  const { url, verifier } = await ask(browser, 'openid', { claims })
  const { tokens } = await finish((await allow(browser, url)).url, verifier)
  assert.equal(typeof tokens.claims()?.['name'], 'string')
  const [, known] =
    /What it knows[^]*?<p class="soft small">([^<]*)</.exec(await (await browser.go(path)).text()) ?? []
  assert.equal(known, 'Who you are, Name and language')
})

test('a connected application is listed with what it is told; disconnected, it gets nothing more and is asked about anew', async () => {
  const { browser, account } = await member('three@example.org')
  const { url, verifier } = await begin(browser, 'openid email offline_access')
  const { tokens } = await finish((await allow(browser, url)).url, verifier)
  assert.ok(tokens.refresh_token !== undefined)
  const page = await (await browser.go(path)).text()
  assert.match(page, /Calendar[^]*Who you are, E-mail address, Also when you are away/)

  const other = await member('eve@example.org')
  const theirs = await (await other.browser.go(path)).text()
  assert.match(theirs, /No application is connected/)
  const forged = await other.browser.go(`${path}/end`, {
    method: 'POST',
    body: new URLSearchParams({
      client: 'calendar',
      csrf: /name="csrf" value="([^"]*)"/.exec(theirs)?.[1] ?? '',
    }),
    headers: { origin: service.origin },
  })
  assert.equal(await told(other.browser, forged), `${path}: done.gone`, 'one ends one’s own')
  const fresh = await refreshTokenGrant(calendar, tokens.refresh_token)

  const form = /<form[^>]*action="\/account\/connected\/end"[^]*?<\/form>/.exec(
    await (await browser.go(path)).text(),
  )?.[0]
  const ended = await browser.go(`${path}/end`, {
    method: 'POST',
    body: new URLSearchParams({
      client: 'calendar',
      csrf: /name="csrf" value="([^"]*)"/.exec(form ?? '')?.[1] ?? '',
    }),
    headers: { origin: service.origin },
  })
  assert.equal(await told(browser, ended), `${path}: done.ended`)
  await assert.rejects(refreshTokenGrant(calendar, fresh.refresh_token ?? ''))
  assert.match(await (await browser.go(path)).text(), /No application is connected/)
  assert.equal((await begin(browser, 'openid email')).url.pathname, '/sign-in/consent')
  assert.equal((await browser.go('/account')).status, 200, 'the person stays signed in here')
  const audited = await service.kit.audit.search({ action: 'connections.ended', limit: 10 })
  assert.deepEqual(
    audited.map(({ actor, targetId }) => [actor, targetId]),
    [[`person:${account}`, 'calendar']],
  )
})

test('a choice that is none is refused, and nothing is changed', async () => {
  const { browser } = await member('four@example.org')
  for (const bad of ['', 'always', 'ALLOW'])
    assert.equal((await choose(browser, { email: bad })).status, 400, bad)
  assert.match(await (await browser.go(path)).text(), /name="email"[^>]*value="ask" checked/)
})

test('the page says all that was allowed: claims that were asked for by themselves, and what may be done at which server', async () => {
  const { browser } = await member('whole@example.org')
  await addResource(service)
  const secret = await addClient(service, 'planner', {
    redirect_uris: [callback],
    grant_types: ['authorization_code', 'refresh_token'],
    scope: 'openid profile email',
    resources: { [api]: 'read write' },
  })
  const config = await strict(service, 'planner', ClientSecretBasic(secret))
  const { grant } = await codeGrant(config, browser, {
    scope: 'openid read',
    resource: api,
    claims: JSON.stringify({ userinfo: { name: null } }),
  })
  await grant()
  const text = await (await browser.go(path)).text()
  const row = text.slice(text.indexOf('The application planner'))
  assert.match(row, /Who you are, Name and language/)
  assert.match(row, /At the service[^<]*<\/h3>.*<code>https:\/\/api\.example\/<\/code>.*use “read”/s)
  assert.doesNotMatch(row, /“write”|E-mail address, /, 'and nothing that was not')
})
