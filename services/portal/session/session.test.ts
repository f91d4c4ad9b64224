import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemClock } from '@althing/kernel/context'
import { until } from '@althing/kernel/testing'
import { decodeJwt } from 'jose'
import { addAccount, createBrowser } from '../../../tests/support/identity.ts'
import { comeBack, signedIn, testPortal, type TestPortal } from '../../../tests/support/portal.ts'
import { LoginQuery } from './schema.ts'

const me = '/api/members/me/membership'
const sessions = async ({ service }: TestPortal) =>
  (
    await service.kit.database.query<{ count: number }>('select count(*)::int as count from browser_session')
  )[0]?.count
const tokens = ({ behind }: TestPortal) =>
  behind.reached.map(({ headers }) => String(headers.authorization).slice(7))

test('the cookie is for the server alone, means nothing, and is not in the table', async () => {
  const world = await testPortal()
  await addAccount(world.identity)
  const browser = createBrowser(world.origin)
  let line = ''
  const kept = createBrowser(world.origin, async (url, init) => {
    const answer = await fetch(url, init)
    line = answer.headers.getSetCookie().find((one) => one.startsWith('althing=')) ?? line
    return answer
  })
  await comeBack(kept, await kept.go('/session/login'))
  assert.match(line, /^althing=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax$/)
  const dump = JSON.stringify(
    await world.service.kit.database.query(
      'select browser_session::text, login_attempt::text from browser_session, login_attempt',
    ),
  )
  assert.equal(dump.includes(kept.jar.get('althing')?.value ?? '-'), false)
  assert.doesNotMatch(
    JSON.stringify(
      await world.service.kit.database.query("select encode(tokens, 'escape') from browser_session"),
    ),
    /eyJ/,
  )
  assert.deepEqual(
    await (await browser.go('/session/me')).json().then((one) => (one as { signedIn: boolean }).signedIn),
    false,
  )
})

test('over https every cookie is for https, and browsers are told to stay there', async () => {
  const world = await testPortal({ env: { ALTHING_URL: 'https://althing.example' } })
  const answer = await fetch(`${world.origin}/session/me`)
  assert.match(answer.headers.getSetCookie().join(), /; Secure/)
  assert.equal(answer.headers.get('strict-transport-security'), 'max-age=31536000')
})

test('a page may ask for a second factor, shown just now or in this session, and for nothing else in that place', async () => {
  const world = await testPortal()
  const browser = createBrowser(world.origin)
  const asked = async (query: string) => {
    const location = (await browser.go(`/session/login?return=/admin${query}`)).headers.get('location') ?? ''
    const { searchParams } = new URL(location)
    return [searchParams.get('acr_values'), searchParams.get('max_age'), searchParams.get('prompt')]
  }
  assert.deepEqual(await asked('&proof=fresh'), ['urn:althing:acr:mfa', '60', null])
  assert.deepEqual(await asked('&proof=second'), ['urn:althing:acr:mfa', null, null])
  for (const query of [
    '',
    '&proof=',
    '&proof=none',
    '&proof=quiet',
    '&proof=fresh&proof=fresh',
    '&acr_values=x&max_age=1',
  ])
    assert.deepEqual(await asked(query), [null, null, null], query)
})

test('a sign-in is finished by the browser that began it, once, from the one we asked', async () => {
  const world = await testPortal()
  await addAccount(world.identity)
  const browser = createBrowser(world.origin)
  const { url } = await browser.follow(
    await browser.go('/session/login'),
    (there) => there.pathname === '/sign-in',
  )
  const page = await (await browser.go(url.href)).text()
  const proven = await browser.submit(page, 'sign-in', {
    identifier: 'ada@example.org',
    password: 'correct horse battery',
  })
  const { url: callback } = await browser.follow(proven, (there) => there.pathname === '/session/callback')
  assert.match(callback.search, /iss=/)

  const changed = (name: string, value: string | null) => {
    const other = new URL(callback)
    if (value === null) other.searchParams.delete(name)
    else other.searchParams.set(name, value)
    return other.href
  }
  const stranger = createBrowser(world.origin)
  await stranger.go('/session/login')
  assert.equal((await stranger.go(callback.href)).status, 400, 'another browser')
  assert.equal((await browser.go(changed('state', 'x'.repeat(43)))).status, 400, 'another state')
  assert.equal((await browser.go(changed('iss', 'https://evil.example'))).status, 403, 'another issuer')
  assert.equal((await browser.go(callback.href)).status, 400, 'burned by the try before')
  assert.equal(await sessions(world), 0)
  const shown = await browser.go(callback.href)
  assert.equal(shown.headers.get('location'), null)
  assert.match(await shown.text(), /\/session\/login/, 'the page says where to begin again')
})

test('a code that the eyes of others have seen gives them nothing: state, cookie and verifier stay with the browser', async () => {
  const world = await testPortal()
  await addAccount(world.identity)
  const [ada, eve] = [createBrowser(world.origin), createBrowser(world.origin)]
  const { url } = await ada.follow(await ada.go('/session/login'), (there) => there.pathname === '/sign-in')
  const page = await (await ada.go(url.href)).text()
  const proven = await ada.submit(page, 'sign-in', {
    identifier: 'ada@example.org',
    password: 'correct horse battery',
  })
  const { url: callback } = await ada.follow(proven, (there) => there.pathname === '/session/callback')
  const begun = await eve.go('/session/login')
  const own = new URL(begun.headers.get('location') ?? '')
  const injected = new URL(callback)
  injected.searchParams.set('state', own.searchParams.get('state') ?? '')
  assert.equal((await eve.go(injected.href)).status, 403)
  assert.equal(await sessions(world), 0)
})

test('two tabs that begin to sign in both come back', async () => {
  const world = await testPortal()
  await addAccount(world.identity)
  const browser = createBrowser(world.origin)
  const first = await browser.go('/session/login?return=/vote')
  const second = await browser.go('/session/login?return=/admin')
  assert.equal((await comeBack(browser, first)).headers.get('location'), '/vote')
  const { response } = await browser.follow(second, (there) => there.pathname === '/admin')
  assert.equal(response.headers.get('location'), '/admin')
})

test('whoever signs in gets a new cookie, and the one before is worth nothing', async () => {
  const world = await testPortal()
  await addAccount(world.identity)
  const browser = await signedIn(world)
  const before = browser.jar.get('althing')
  await browser.follow(await browser.go('/session/login'), (there) => there.pathname === '/')
  assert.notEqual(browser.jar.get('althing')?.value, before?.value)
  assert.equal(await sessions(world), 1)
  const thief = createBrowser(world.origin)
  thief.jar.set('althing', before ?? { value: '', path: '/' })
  assert.equal(((await (await thief.go('/session/me')).json()) as { signedIn: boolean }).signedIn, false)
})

test('the way back leads to a page of ours', () => {
  const back = (value: unknown) => LoginQuery.parse({ return: value }).return
  for (const bad of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    'javascript:alert(1)',
    '/\t/evil.example',
    '/a\\b',
    '/session/callback',
    '',
    ['/a', '/b'],
    '/'.padEnd(501, 'x'),
  ])
    assert.equal(back(bad), '/', String(bad))
  for (const good of ['/', '/vote', '/admin/elections/el_1?tab=a%20b']) assert.equal(back(good), good)
})

test('of many requests at once one renews the token, and all get it', async () => {
  const world = await testPortal()
  await addAccount(world.identity)
  const browser = await signedIn(world)
  await world.service.kit.database.query(
    `update browser_session set access_expires_at = now() + interval '30 seconds'`,
  )
  const answers = await Promise.all(Array.from({ length: 24 }, () => browser.go(me)))
  assert.ok(answers.every(({ status }) => status === 200))
  assert.equal(new Set(tokens(world)).size, 1)
  const [row] = await world.identity.kit.database.query<{ used: number }>(
    `select count(*) filter (where consumed_at is not null)::int as used from oidc_record where kind = 'RefreshToken'`,
  )
  assert.equal(row?.used, 1)
})

test('who works all the time is not idle for identity, an administrator least of all', async () => {
  let seconds = 0
  const clock = { now: () => new Date(systemClock.now().getTime() + seconds * 1000) }
  const world = await testPortal({ clock })
  await addAccount(world.identity, { roles: ['administrator'] })
  await addAccount(world.identity, { email: 'bea@example.org', roles: ['member'] })
  const seen: boolean[] = []
  for (const identifier of ['ada@example.org', 'bea@example.org']) {
    seconds = 0
    const browser = await signedIn(world, { identifier })
    const tokenAfter = async (passed: number) => {
      seconds = passed
      await browser.go(me)
      return tokens(world).at(-1)
    }
    const first = await tokenAfter(0)
    seen.push(
      (await tokenAfter(50)) === first,
      (await tokenAfter(70)) === first,
      (await tokenAfter(370)) === first,
    )
  }
  assert.deepEqual(seen, [true, false, false, true, true, false])
})

test('while identity is away a token that still opens doors is used, and after it nobody is let in on trust', async () => {
  const world = await testPortal()
  await addAccount(world.identity)
  const browser = await signedIn(world)
  await browser.go(me)
  await world.identity.close()
  await world.service.kit.database.query(
    `update browser_session set access_expires_at = now() + interval '30 seconds'`,
  )
  assert.equal((await browser.go(me)).status, 200)
  await world.service.kit.database.query(`update browser_session set access_expires_at = now()`)
  const answer = await browser.go(me, { headers: { accept: 'application/json' } })
  assert.deepEqual(
    [answer.status, ((await answer.json()) as { code: string }).code],
    [503, 'portal.session.unavailable'],
  )
  for (let n = 0; n < 4; n++) await browser.go(me)
  const [breaker] = world.service.kit.breakers.list().filter(({ name }) => name === 'identity-tokens')
  assert.equal(breaker?.state, 'open')
})

test('a role that changes is in the next token, and a session that ends at identity ends here', async () => {
  const world = await testPortal()
  const account = await addAccount(world.identity, { roles: ['member'] })
  const browser = await signedIn(world)
  await browser.go(me)
  await world.identity.asService('members', 'POST', '/internal/messages', {
    id: crypto.randomUUID(),
    topic: 'members.left',
    payload: { person: account, member: 'mem_00000000-0000-7000-8000-000000000001' },
  })
  await until(() => world.service.kit.revocations.latest() >= 1)
  await browser.go(me)
  assert.deepEqual(
    tokens(world).map((token) => decodeJwt(token)['roles']),
    [['member'], []],
  )

  await browser.submit(await (await browser.go('/account')).text(), 'sign-out-everywhere', {})
  await until(async () => (await sessions(world)) === 0)
  assert.equal(((await (await browser.go('/session/me')).json()) as { signedIn: boolean }).signedIn, false)
})

test('half an hour without a request ends it, and eight hours in any case', async () => {
  const world = await testPortal()
  await addAccount(world.identity)
  const browser = await signedIn(world)
  const isIn = async () =>
    ((await (await browser.go('/session/me')).json()) as { signedIn: boolean }).signedIn
  const age = (column: string, minutes: number) =>
    world.service.kit.database.query(
      `update browser_session set ${column} = now() - make_interval(mins => $1)`,
      [minutes],
    )
  await age('seen_at', 29)
  assert.equal(await isIn(), true)
  await age('seen_at', 31)
  assert.equal(await isIn(), false)
  await age('seen_at', 0)
  await age('ends_at', 0)
  assert.equal(await isIn(), false)
})

test('sign-ins that one network begins are counted', async () => {
  const world = await testPortal({ env: { ALTHING_PORTAL_LOGIN_PER_NETWORK: '2' } })
  const statuses: number[] = []
  for (let n = 0; n < 3; n++) statuses.push((await createBrowser(world.origin).go('/session/login')).status)
  assert.deepEqual(statuses, [303, 303, 429])
})
