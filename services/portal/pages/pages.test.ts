import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createTestClock, seconds } from '@althing/kernel/testing'
import { addAccount, createBrowser, signIn } from '../../../tests/support/identity.ts'
import { signedIn, testPortal } from '../../../tests/support/portal.ts'

test('every page has the strict policy, and none is kept or framed', async () => {
  const world = await testPortal()
  await addAccount(world.identity, { roles: ['election-manager', 'member'] })
  const browser = await signedIn(world)
  for (const path of [
    '/',
    '/vote',
    '/admin',
    '/admin/elections',
    '/nothing/there',
    '/session/callback?state=x',
  ]) {
    const answer = await browser.go(path)
    const policy = answer.headers.get('content-security-policy') ?? ''
    assert.match(policy, /^default-src 'none'; script-src 'self'; style-src 'self';/, path)
    assert.match(policy, /frame-ancestors 'none'; require-trusted-types-for 'script'$/, path)
    assert.doesNotMatch(policy, /unsafe|https?:/, path)
    assert.equal(answer.headers.get('cache-control'), 'no-store', path)
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff', path)
    assert.equal(answer.headers.get('referrer-policy'), 'no-referrer', path)
    assert.doesNotMatch(await answer.text(), /<script>|<script [^>]*>[^<]|\son\w+=|style="/, path)
  }
})

test('who is about to be forgotten reads on the front page when, and where that is called off; and no longer when it was', async () => {
  const world = await testPortal({ ownTokens: true })
  const account = await addAccount(world.identity, { roles: ['member'] })
  const browser = await signedIn(world)
  const notice = /Everything will be erased on[^]*href="\/account\/privacy"/
  assert.doesNotMatch(await (await browser.go('/')).text(), notice)
  const { database } = world.identity.kit
  await database.query(
    `insert into erasure (id, person, state, asked_by, reason, asked_at, due_at) values ('era_1', $1, 'waiting', $2, null, now(), '2027-01-15 12:00Z')`,
    [account, `person:${account}`],
  )
  const told = await (await browser.go('/')).text()
  assert.match(told, notice)
  assert.match(told, /15 January 2027/)
  assert.doesNotMatch(await (await createBrowser(world.origin).go('/')).text(), notice, 'of nobody')
  await database.query(`update erasure set state = 'cancelled'`)
  assert.doesNotMatch(await (await browser.go('/')).text(), notice)
})

test('a front page is shown when identity does not say who leaves', async () => {
  const world = await testPortal()
  await addAccount(world.identity, { roles: ['member'] })
  const browser = await signedIn(world)
  await world.identity.close()
  const answer = await browser.go('/')
  assert.equal(answer.status, 200)
  assert.match(await answer.text(), /Hello, Ada/)
})

test('an application is for whoever is signed in, the officers’ for officers', async () => {
  const world = await testPortal()
  await addAccount(world.identity, { roles: ['member'] })
  for (const [asked, back] of [
    ['/admin/elections?state=open&q=%C3%A6', '/admin/elections?state=open&q=%C3%A6'],
    [`/admin/elections?q=${'x'.repeat(600)}`, '/admin/elections'],
  ] as const) {
    const nobody = await createBrowser(world.origin).go(asked)
    assert.deepEqual(
      [nobody.status, nobody.headers.get('location')],
      [303, `/session/login?return=${encodeURIComponent(back)}`],
    )
  }
  const browser = await signedIn(world)
  assert.deepEqual([(await browser.go('/vote')).status, (await browser.go('/admin')).status], [200, 403])
  assert.equal(
    (await browser.go('/admin/nonsense')).status,
    403,
    'what the console has is told to officers only',
  )
})

test('a room is shown to whoever may enter it, and an address that the console does not have is not found', async () => {
  const world = await testPortal()
  await addAccount(world.identity, { roles: ['election-manager'] })
  const officer = await signedIn(world)
  const page = await officer.go('/admin/elections/elc_1/edit')
  assert.deepEqual(
    [page.status, /data-rooms="([^"]*)"/.exec(await page.text())?.[1]],
    [200, 'elections emergency'],
  )
  for (const room of [
    'people',
    'people/acc_1',
    'applications',
    'clients',
    'clients/shop/edit',
    'service-identities',
    'service-identities/new',
    'login-events',
    'alerts',
    'policies',
    'policies/new',
    'permissions',
    'decisions',
    'overrides',
    'overrides/new',
    'mail',
    'signals',
    'settings',
  ])
    assert.equal((await officer.go(`/admin/${room}`)).status, 403, room)
  for (const path of [
    'nonsense',
    'elections/a/b',
    'elections/a/edit/b',
    'elections/',
    'Elections',
    'alerts/a/edit',
    'permissions/a',
    'decisions/a/edit',
    'service-identities/a/edit',
  ]) {
    const missing = await officer.go(`/admin/${path}`)
    assert.equal(missing.status, 404, path)
    assert.match(await missing.text(), /id="app"/, 'the console says it, in its own frame')
  }
  await addAccount(world.identity, { email: 'adam@example.org', roles: ['administrator'] })
  const administrator = await signedIn(world, { identifier: 'adam@example.org' })
  const list = await administrator.go('/admin/people')
  assert.equal(list.status, 200)
  assert.match(
    await list.text(),
    /data-rooms="elections people applications clients service-identities login-events alerts policies permissions decisions overrides emergency mail signals settings"/,
  )
  assert.equal((await administrator.go('/admin/alerts/nonsense/edit')).status, 404)
})

test('whoever may enter one room finds the way to it on the front page, and comes to it at /admin', async () => {
  const world = await testPortal()
  for (const [role, rooms, doors] of [
    ['member', null, []],
    ['election-manager', 'elections emergency', ['/admin/elections', '/admin/emergency']],
    ['developer', 'clients service-identities policies permissions emergency signals', ['/admin/clients']],
    ['operator', 'alerts emergency mail signals settings', ['/admin/alerts']],
    [
      'auditor',
      'elections people applications clients service-identities login-events alerts policies permissions decisions overrides emergency mail signals settings',
      ['/admin/elections', '/admin/people'],
    ],
  ] as const) {
    const email = `${role}@example.org`
    await addAccount(world.identity, { email, roles: [role] })
    const browser = await signedIn(world, { identifier: email })
    const front = await (await browser.go('/')).text()
    assert.deepEqual(
      [...front.matchAll(/href="(\/admin[^"]*)"/g)].map(([, href]) => href),
      doors,
      role,
    )
    const begin = await browser.go('/admin')
    assert.equal(begin.status, rooms === null ? 403 : 200, role)
    assert.equal(/data-rooms="([^"]*)"/.exec(await begin.text())?.[1] ?? null, rooms, role)
  }
})

test('where nobody can say who may do what, everybody finds their votes and nobody a room', async () => {
  const clock = createTestClock(new Date().toISOString())
  const world = await testPortal({ clock })
  await addAccount(world.identity, { roles: ['administrator'] })
  const browser = await signedIn(world)
  clock.tick(seconds(301))
  const front = await browser.go('/')
  assert.deepEqual([front.status, /href="\/admin/.test(await front.text())], [200, false])
  assert.deepEqual(
    [(await browser.go('/vote')).status, (await browser.go('/admin/people')).status],
    [200, 503],
  )
})

test('the front page knows who is signed in at identity alone, and asks nobody twice who is not', async () => {
  const world = await testPortal()
  await addAccount(world.identity, { roles: ['member'] })
  const browser = createBrowser(world.origin)
  assert.match(await (await browser.go('/')).text(), /href="\/session\/login\?return=\//)
  await signIn(browser)
  assert.equal(browser.jar.has('althing'), false, 'signed in at identity, and not here')
  const { response, url } = await browser.follow(await browser.go('/'))
  assert.equal(url.pathname, '/')
  assert.match(await response.text(), /Hello, Ada/)
  // A cookie of a session that is over: one question, and then the page for guests, however often they come.
  const stale = createBrowser(world.origin)
  stale.jar.set('althing_id', { value: 'x'.repeat(43), path: '/' })
  const guest = await stale.follow(await stale.go('/'))
  assert.equal(guest.url.pathname, '/')
  assert.match(await guest.response.text(), /Welcome/)
  assert.equal((await stale.go('/')).status, 200)
  assert.equal(stale.jar.has('althing'), false)
  // A minute later it is asked again, and who has signed in there meanwhile is known.
  await signIn(stale)
  stale.jar.delete('althing_asked')
  const known = await stale.follow(await stale.go('/'))
  assert.match(await known.response.text(), /Hello, Ada/)
})

test('whoever comes back from turning on a second step is asked for no more than their session has shown by now', async () => {
  const world = await testPortal()
  const browser = createBrowser(world.origin)
  const asked = await browser.go('/admin/emergency/new?lang=en&second=on')
  assert.equal(
    asked.headers.get('location'),
    `/session/login?${new URLSearchParams({ proof: 'second', return: '/admin/emergency/new?lang=en' }).toString()}`,
  )
  const engine = await browser.go(asked.headers.get('location') ?? '')
  const { searchParams } = new URL(engine.headers.get('location') ?? '')
  assert.deepEqual(
    [searchParams.get('acr_values'), searchParams.has('max_age')],
    ['urn:althing:acr:mfa', false],
  )
})

test('a question that nobody waited for keeps nobody from the front page, whatever becomes of it', async () => {
  const world = await testPortal({ env: { ALTHING_PORTAL_LOGIN_PER_NETWORK: '2' } })
  const ask = async (change: (answer: URL) => void) => {
    const browser = createBrowser(world.origin)
    browser.jar.set('althing_id', { value: 'x'.repeat(43), path: '/' })
    const begun = await browser.go((await browser.go('/')).headers.get('location') ?? '')
    const to = new URL(begun.headers.get('location') ?? '', world.origin)
    if (to.pathname === '/') return to.pathname
    const answer = new URL('/session/callback', world.origin)
    answer.searchParams.set('state', to.searchParams.get('state') ?? '')
    answer.searchParams.set('iss', world.origin)
    change(answer)
    const back = await browser.go(`${answer.pathname}${answer.search}`)
    assert.equal(browser.jar.has('althing'), false)
    return back.headers.get('location')
  }
  assert.equal(await ask(({ searchParams }) => searchParams.set('error', 'server_error')), '/')
  assert.equal(await ask(({ searchParams }) => searchParams.set('code', 'made-up')), '/')
  assert.equal(await ask(() => assert.fail('the hall has used up its sign-ins')), '/')
})

test('a file is served when a build names it, and nothing beside it', async () => {
  const world = await testPortal()
  for (const path of [
    '/assets/ui/manifest.json',
    '/assets/ui/..%2f..%2fpackage.json',
    '/assets/none/x.js',
    '/assets/__proto__/x',
    '/assets/ui/constructor',
  ])
    assert.equal((await fetch(`${world.origin}${path}`)).status, 404, path)
})

test('an address that is none, or another’s method, is refused in words for people and as a problem for programs', async () => {
  const world = await testPortal()
  const page = await createBrowser(world.origin).go('/nothing')
  assert.deepEqual([page.status, (await page.text()).includes('Page not found')], [404, true])
  const program = await fetch(`${world.origin}/session/me`, { method: 'DELETE' })
  assert.deepEqual(
    [program.status, program.headers.get('allow'), ((await program.json()) as { code: string }).code],
    [405, 'GET, HEAD', 'kernel.http.wrong_method'],
  )
  const head = await fetch(`${world.origin}/`, { method: 'HEAD' })
  assert.deepEqual([head.status, await head.text()], [200, ''])
})
