import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLog } from '@althing/kernel/telemetry'
import { addAccount, createBrowser, password, signIn, testIdentity } from '../../../tests/support/identity.ts'

test('a password opens a session under a new cookie, and the account page shows it', async () => {
  const service = await testIdentity()
  await addAccount(service, { nationalId: '0101502909' })
  const browser = createBrowser(service.origin)
  browser.jar.set('althing_id', { value: 'planted-by-somebody-else', path: '/' })
  const answer = await signIn(browser)
  assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/account'])
  assert.notEqual(browser.jar.get('althing_id')?.value, 'planted-by-somebody-else')
  const page = await (await browser.go('/account')).text()
  assert.match(page, /Ada Jónsdóttir/)
  assert.match(page, /010150-\*\*\*\*/)
  assert.doesNotMatch(page, /0101502909/)

  const before = browser.jar.get('althing_id')?.value ?? ''
  const [row] = await service.kit.database.query<{ plain: number; sessions: number }>(
    `select count(*) filter (where session::text like '%' || $1 || '%')::int as plain, count(*)::int as sessions from session`,
    [before],
  )
  assert.deepEqual(row, { plain: 0, sessions: 1 })
})

test('nothing tells whether an account exists: unknown, wrong, closed and waiting are the same page', async () => {
  const service = await testIdentity()
  await addAccount(service)
  await addAccount(service, { email: 'closed@example.org', status: 'banned' })
  await addAccount(service, { email: 'waiting@example.org', status: 'pending', withPassword: false })
  const tries = [
    { identifier: 'nobody@example.org', secret: password },
    { identifier: 'ada@example.org', secret: 'not the password' },
    { identifier: 'closed@example.org', secret: password },
    { identifier: 'waiting@example.org', secret: password },
  ]
  const answers = await Promise.all(
    tries.map(async ({ identifier, secret }) => {
      const answer = await signIn(createBrowser(service.origin), { identifier, secret })
      const text = (await answer.text())
        .replaceAll(identifier, 'X')
        .replaceAll(/name="csrf" value="[^"]*"/g, '')
        .replaceAll(/attempt(=|" value=")[\w-]{12}/g, 'attempt')
        .replaceAll(/said=[\w-]+/g, 'said')
        .replaceAll(/&quot;challenge&quot;:&quot;[\w-]+/g, 'challenge')
      return { status: answer.status, text }
    }),
  )
  assert.equal(answers[0]?.status, 422)
  for (const answer of answers) assert.deepEqual(answer, answers[0])
})

test('five wrong ones, and that address waits from that network, known or not; the right one too', async () => {
  const service = await testIdentity()
  await addAccount(service)
  const statuses = async (identifier: string, secret: string, times: number) => {
    const seen: number[] = []
    for (let n = 0; n < times; n++)
      seen.push((await signIn(createBrowser(service.origin), { identifier, secret })).status)
    return seen
  }
  assert.deepEqual(await statuses('ada@example.org', 'wrong', 6), [422, 422, 422, 422, 422, 429])
  assert.deepEqual(await statuses('nobody@example.org', 'wrong', 6), [422, 422, 422, 422, 422, 429])
  assert.deepEqual(await statuses('ADA@example.org ', password, 1), [429])
  await service.kit.database.query(`update guess set ends_at = now() - interval '1 second'`)
  assert.deepEqual(await statuses('ada@example.org', password, 1), [303])
})

test('guesses at once are counted one by one', async () => {
  const service = await testIdentity({ env: { ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT: '1000' } })
  await addAccount(service)
  const browser = createBrowser(service.origin)
  const page = await (await browser.go('/sign-in')).text()
  const answers = await Promise.all(
    Array.from({ length: 30 }, () =>
      browser.submit(page, 'sign-in', { identifier: 'ada@example.org', password: 'wrong' }),
    ),
  )
  assert.equal(answers.filter(({ status }) => status === 422).length, 5)
})

test('what no table could hold is refused, and is no failure of ours', async () => {
  const service = await testIdentity()
  const browser = createBrowser(service.origin)
  assert.equal((await signIn(browser, { identifier: 'ada\0@example.org' })).status, 400)
  for (const path of ['/sign-in?interaction=%00', '/activate?token=%00', '/sign-in/eid/callback?state=%00'])
    assert.ok((await browser.go(path)).status < 500, path)
  const listed = await service.asPerson(
    { subject: 'acc_1', roles: ['superadmin'] },
    'GET',
    '/api/identity/users?after=%00',
  )
  assert.ok([400, 401].includes(listed.status), String(listed.status))
})

test('whoever begins again and again does not drown in cookies', async () => {
  const service = await testIdentity({ env: { ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT: '1000' } })
  const browser = createBrowser(service.origin)
  for (let n = 0; n < 12; n += 1)
    await browser.submit(await (await browser.go('/sign-in')).text(), 'sign-in', {
      identifier: 'a@example.org',
    })
  const kept = [...browser.jar].filter(([name]) => name.startsWith('althing_attempt'))
  assert.ok(kept.length <= 5 && kept.every(([, { path }]) => path === '/sign-in'), String(kept.length))
})

test('a form of another site is refused, and so is one without our token', async () => {
  const service = await testIdentity()
  await addAccount(service)
  const body = new URLSearchParams({ identifier: 'ada@example.org', password })
  const browser = createBrowser(service.origin)
  const page = await (await browser.go('/sign-in')).text()
  assert.equal(
    (await browser.go('/sign-in', { method: 'POST', body, headers: { origin: service.origin } })).status,
    403,
  )
  const foreign = createBrowser(service.origin, (url, init) =>
    fetch(url, {
      ...init,
      headers: new Headers([...new Headers(init?.headers), ['origin', 'https://evil.example']]),
    }),
  )
  for (const [name, cookie] of browser.jar) foreign.jar.set(name, cookie)
  assert.equal(
    (await foreign.submit(page, 'sign-in', { identifier: 'ada@example.org', password })).status,
    403,
  )
})

test('only places of our own are returned to', async () => {
  const service = await testIdentity()
  await addAccount(service)
  const places = [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/\t/evil.example',
    '/%0d%0aevil',
    'javascript:alert(1)',
    '/votes?x=1',
  ]
  const targets: (string | null)[] = []
  for (const place of places) {
    const browser = createBrowser(service.origin)
    targets.push(
      (await signIn(browser, { at: `/sign-in?return=${encodeURIComponent(place)}` })).headers.get('location'),
    )
  }
  assert.deepEqual(targets, [
    '/account',
    '/account',
    '/account',
    '/account',
    '/%0d%0aevil',
    '/account',
    '/votes?x=1',
  ])
})

test('signing out is asked, then done, and the cookie is worth nothing after it', async () => {
  const service = await testIdentity()
  await addAccount(service)
  const browser = createBrowser(service.origin)
  await signIn(browser)
  const stolen = browser.jar.get('althing_id')?.value ?? ''
  assert.equal((await browser.go('/account')).status, 200)
  await browser.submit(await (await browser.go('/sign-out')).text(), 'sign-out', {})
  assert.equal(browser.jar.has('althing_id'), false)
  browser.jar.set('althing_id', { value: stolen, path: '/' })
  assert.equal((await browser.go('/account')).headers.get('location'), '/sign-in?return=%2Faccount')
})

test('the sixth session ends the first', async () => {
  const service = await testIdentity()
  await addAccount(service)
  const browsers = Array.from({ length: 6 }, () => createBrowser(service.origin))
  for (const browser of browsers) await signIn(browser)
  const statuses = await Promise.all(browsers.map(async (browser) => (await browser.go('/account')).status))
  assert.deepEqual(statuses, [303, 200, 200, 200, 200, 200])
})

test('a session ends after half an hour without use, and after eight hours in any case', async () => {
  const service = await testIdentity()
  await addAccount(service)
  const browser = createBrowser(service.origin)
  await signIn(browser)
  await service.kit.database.query(`update session set seen_at = now() - interval '29 minutes'`)
  assert.equal((await browser.go('/account')).status, 200)
  await service.kit.database.query(`update session set seen_at = now() - interval '31 minutes'`)
  assert.equal((await browser.go('/account')).status, 303)
  await signIn(browser)
  await service.kit.database.query(`update session set ends_at = now() - interval '1 second'`)
  assert.equal((await browser.go('/account')).status, 303)
})

test('an administrator’s session ends after a quarter of an hour without use', async () => {
  const service = await testIdentity()
  await addAccount(service, { roles: ['administrator'] })
  const browser = createBrowser(service.origin)
  await signIn(browser)
  await service.kit.database.query(`update session set seen_at = now() - interval '14 minutes'`)
  assert.equal((await browser.go('/account')).status, 200)
  await service.kit.database.query(`update session set seen_at = now() - interval '16 minutes'`)
  assert.equal((await browser.go('/account')).status, 303)
})

test('when the queue is full the answer is to come back, not to wait', async () => {
  const service = await testIdentity({
    env: {
      ALTHING_IDENTITY_PASSWORD_QUEUE: '0',
      ALTHING_IDENTITY_PASSWORD_MEMORY_KIB: '19456',
      ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT: '1000',
      ALTHING_IDENTITY_LOCK_AFTER: '1000',
    },
  })
  await addAccount(service)
  const browser = createBrowser(service.origin)
  const page = await (await browser.go('/sign-in')).text()
  const answers = await Promise.all(
    Array.from({ length: 40 }, () =>
      browser.submit(page, 'sign-in', { identifier: 'ada@example.org', password: 'wrong' }),
    ),
  )
  const full = answers.filter(({ status }) => status === 503)
  assert.ok(full.length > 0)
  assert.equal(full[0]?.headers.get('retry-after'), '2')
  const [row] = await service.kit.database.query<{ wrong: number }>('select wrong from guess')
  assert.equal(row?.wrong, answers.length - full.length, 'who was sent away has tried nothing')
})

test('no log line, metric or audit entry holds a password, a cookie, an address or a kennitala', async () => {
  const lines: string[] = []
  const service = await testIdentity({
    log: createLog({ service: 'identity', destination: { write: (line: string) => void lines.push(line) } }),
  })
  await addAccount(service, { nationalId: '0101502909' })
  const browser = createBrowser(service.origin)
  await signIn(browser, { secret: 'a wrong secret word' })
  await signIn(browser, { identifier: 'my-secret-typed-as-name' })
  await signIn(browser)
  await browser.go('/account')
  const cookie = browser.jar.get('althing_id')?.value ?? ''
  const metrics = await (await service.fetchManagement(new Request('http://x/metrics'))).text()
  const audit = JSON.stringify(await service.kit.database.query('select * from audit_entry'))
  const everything = `${lines.join('')}${metrics}${audit}`
  assert.ok(lines.length > 0 && audit.length > 10)
  for (const secret of [
    'a wrong secret word',
    password,
    cookie,
    '0101502909',
    'my-secret-typed-as-name',
    'ada@example.org',
  ])
    assert.equal(everything.includes(secret), false, secret)
  assert.match(metrics, /id_auth_login_attempts_total\{service="identity",method="password"\} 3/)
  assert.match(metrics, /id_auth_login_success_total\{service="identity"\} 1/)
})

test('a sign-in that comes to its end at once keeps nothing of itself; one that has a next step can go on', async () => {
  const service = await testIdentity()
  await addAccount(service)
  const kept = async () =>
    (await service.kit.database.query<{ n: number }>('select count(*)::int as n from sign_in_attempt'))[0]?.n
  assert.equal((await signIn(createBrowser(service.origin))).headers.get('location'), '/account')
  assert.equal(await kept(), 0)
  const browser = createBrowser(service.origin)
  const wrong = await signIn(browser, { secret: 'a wrong one' })
  assert.equal(await kept(), 1)
  const again = await browser.submit(await wrong.text(), 'password-form', { password })
  assert.equal(again.headers.get('location'), '/account')
  assert.equal(await kept(), 0)
})

test('who is refused by the limit of their address spends nothing of the network that others share', async () => {
  const service = await testIdentity({ env: { ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT: '1' } })
  await addAccount(service)
  for (const status of [422, 429, 429])
    assert.equal((await signIn(createBrowser(service.origin), { secret: 'wrong' })).status, status)
  const counted = await service.kit.limits.show({})
  assert.deepEqual(
    counted.map(({ name, highest }) => [name, highest]).filter(([name]) => name !== 'sign-in-account'),
    [
      ['sign-in-everywhere', 1],
      ['sign-in-network', 1],
    ],
  )
})
