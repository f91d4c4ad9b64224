/** A role that is given or taken is felt at the next page, by whoever is signed in already: over a real identity, as an officer does it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addAccount } from '../../../tests/support/identity.ts'
import { signedIn, testPortal } from '../../../tests/support/portal.ts'
import { until } from '@althing/kernel/testing'

/** Una, signed in with these roles, and an officer who changes them. */
async function office(...roles: readonly string[]) {
  const world = await testPortal({ ownTokens: true })
  const una = await addAccount(world.identity, { email: 'una@example.org', roles })
  await addAccount(world.identity, { email: 'sunna@example.org', roles: ['superadmin'] })
  const [browser, officer] = [
    await signedIn(world, { identifier: 'una@example.org' }),
    await signedIn(world, { identifier: 'sunna@example.org' }),
  ]
  const csrf = async () => ((await (await officer.go('/session/me')).json()) as { csrf: string }).csrf
  const page = async (path: string) => {
    const answer = await browser.go(path)
    return { status: answer.status, text: await answer.text() }
  }
  return {
    ...world,
    una,
    page,
    /** Until the portal has heard of it, as it does by the feed that every door follows. */
    async give(...given: readonly string[]) {
      const { latest } = world.service.kit.revocations
      const before = latest()
      const answer = await officer.go(`/api/identity/users/${una}/roles`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'x-csrf-token': await csrf(),
          'sec-fetch-site': 'same-origin',
        },
        body: JSON.stringify({ roles: given, reason: 'The board decided so.' }),
      })
      assert.equal(answer.status, 200, await answer.clone().text())
      await until(() => latest() > before)
    },
    me: async () => JSON.parse((await page('/session/me')).text) as { signedIn: boolean; roles: string[] },
    rooms: async () => /data-rooms="([^"]*)"/.exec((await page('/admin')).text)?.[1] ?? '',
  }
}

test('whoever has lost a role finds no room at the next page, whichever that is, and stays signed in', async () => {
  const { give, page, me } = await office('member', 'election-manager')
  assert.equal((await page('/admin/elections')).status, 200)
  await give()
  assert.equal((await page('/admin/elections')).status, 403)
  await give('election-manager')
  assert.match((await page('/')).text, /href="\/admin\/elections"/)
  await give()
  assert.doesNotMatch((await page('/')).text, /href="\/admin/)
  await give('auditor')
  await give()
  assert.deepEqual(await me().then(({ signedIn, roles }) => [signedIn, roles]), [true, ['member']])
})

test('whoever is given a role finds its rooms at the next page, whichever that is, without signing in anew', async () => {
  const { give, page, me, rooms } = await office('member')
  assert.equal((await page('/admin')).status, 403)
  await give('election-manager')
  assert.equal(await rooms(), 'elections emergency')
  await give('operator')
  assert.match((await page('/')).text, /href="\/admin\/alerts"/)
  await give('auditor')
  assert.deepEqual((await me()).roles.sort(), ['auditor', 'member'])
})

test('so it is for whoever was away for longer than anybody remembers that it was changed', async () => {
  const { service, identity, una, page } = await office('member')
  await identity.kit.database.query(`update account set roles = '{election-manager}' where id = $1`, [una])
  assert.equal((await page('/admin')).status, 403, 'their token is still good')
  await service.kit.database.query('update browser_session set access_expires_at = now()')
  assert.equal((await page('/admin/elections')).status, 200)
})

test('where identity cannot be asked whoever was away finds what was theirs, and whose roles have changed finds no room', async () => {
  const { service, identity, una, page, me } = await office('member', 'election-manager')
  await identity.close()
  await service.kit.database.query(
    'update browser_session set access_expires_at = now() where subject = $1',
    [una],
  )
  assert.deepEqual(
    [(await page('/admin/elections')).status, (await me()).roles],
    [200, ['member', 'election-manager']],
  )
  service.kit.revocations.apply({ entries: [{ seq: 1000, subject: una, stamp: 1000 }], latest: 1000 })
  assert.deepEqual([(await page('/vote')).status, (await page('/admin/elections')).status], [200, 403])
  assert.deepEqual((await me()).roles, [])
})

test('no page waits for an identity that does not answer', async () => {
  const { service, identity, page } = await office('member')
  await service.kit.database.query('update browser_session set access_expires_at = now()')
  // What is held is let go only when the page is there: a page that waited would never be.
  await identity.kit.database.transaction(async (db) => {
    await db.query('lock table account in access exclusive mode')
    assert.equal((await page('/vote')).status, 200)
  })
})

test('a browser whose token cannot be renewed holds nobody else up, and is shown its pages', async (t) => {
  const world = await testPortal()
  await addAccount(world.identity)
  await addAccount(world.identity, { email: 'bea@example.org', roles: ['member'] })
  const [ada, bea] = [await signedIn(world), await signedIn(world, { identifier: 'bea@example.org' })]
  const { database } = world.service.kit
  const statusOf = async (browser: typeof ada) => (await browser.go('/session/me')).status
  await database.query(
    `update browser_session set access_expires_at = now() where subject = (select min(subject) from browser_session)`,
  )
  assert.equal(
    (await database.query('select from browser_session where access_expires_at <= now()')).length,
    1,
  )
  // Identity takes connections, and answers nothing.
  const real = globalThis.fetch
  let asked = 0
  t.mock.method(globalThis, 'fetch', (url: string | URL, init: RequestInit) => {
    if (!String(url).includes('/oauth/token')) return real(url, init)
    asked += 1
    return new Promise((_, no) =>
      init.signal?.addEventListener('abort', () => no(init.signal?.reason as Error)),
    )
  })
  const crowds = [ada, bea].map((browser) => Promise.all(Array.from({ length: 30 }, () => statusOf(browser))))
  await until(() => asked > 0)
  const held = () => database.stats().connections - database.stats().idle
  await until(() => held() === 1, 'one browser holds one connection while identity is asked')
  for (const statuses of await Promise.all(crowds)) assert.deepEqual([...new Set(statuses)], [200])
  assert.ok(asked <= 3, `identity was asked ${asked} times`)
})
