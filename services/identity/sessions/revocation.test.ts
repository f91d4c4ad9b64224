import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compose, type IdentityKit } from '../compose.ts'
import { Registry } from '@althing/kernel/telemetry'
import { until } from '@althing/kernel/testing'
import { createMetrics } from '../metrics.ts'
import {
  addAccount,
  askToken,
  codeFlow,
  createBrowser,
  testIdentity,
  type TestIdentity,
} from '../../../tests/support/identity.ts'

const feed = async (service: TestIdentity, after: number) =>
  (await (await service.asService('members', 'GET', `/internal/revocations?after=${after}`)).json()) as {
    entries: Record<string, unknown>[]
    latest: number
  }

/** One wait of the feed is short in tests: on a busy machine the news may take several. */
async function newsAfter(service: TestIdentity, latest: number) {
  for (;;) {
    const news = await feed(service, latest)
    if (news.entries.length > 0) return news
  }
}

const identityAccounts = ({ kit }: TestIdentity) =>
  compose(kit as unknown as IdentityKit, unmeasured).accounts
const unmeasured = createMetrics(new Registry())

test('who signs out everywhere is refused on another node within a moment, with every token there is', async () => {
  const one = await testIdentity()
  const two = await testIdentity({ like: one, origin: one.origin })
  const account = await addAccount(one)
  const browser = createBrowser(one.origin)
  const { tokens } = await codeFlow(one, browser)

  const { latest } = await feed(two, 0)
  const waiting = newsAfter(two, latest)
  await browser.submit(await (await browser.go('/account')).text(), 'sign-out-everywhere', {})
  const { entries } = await waiting
  assert.ok(
    entries.some(({ session }) => typeof session === 'string') ||
      entries.some(({ subject, stamp }) => subject === account && stamp === 1),
  )
  for (const { kit } of [one, two]) await until(() => kit.revocations.latest() > latest)
  assert.throws(() => two.kit.revocations.check({ sub: account, stamp: 0 }), { code: 'kernel.token.revoked' })
  assert.throws(() => one.kit.revocations.check({ sub: account, stamp: 0 }), { code: 'kernel.token.revoked' })
  assert.doesNotThrow(() => two.kit.revocations.check({ sub: account, stamp: 1 }))
  assert.equal(
    (await askToken(two.origin, { grant_type: 'refresh_token', refresh_token: tokens.refresh_token ?? '' }))
      .status,
    400,
  )
  // Before the database goes, which belongs to the first.
  await two.close()
})

test('an access token of the portal opens our own door until its session ends', async () => {
  const service = await testIdentity({ jwksFromSelf: true })
  await addAccount(service, { roles: ['member'] })
  const browser = createBrowser(service.origin)
  const { tokens } = await codeFlow(service, browser)
  const me = () =>
    fetch(`${service.origin}/api/identity/me`, {
      headers: { authorization: `Bearer ${tokens.access_token}` },
    })
  const answer = await me()
  assert.equal(answer.status, 200)
  const { name, roles } = (await answer.json()) as { name: string; roles: string[] }
  assert.deepEqual([name, roles], ['Ada Jónsdóttir', ['member']])
  await browser.submit(await (await browser.go('/sign-out')).text(), 'sign-out', {})
  await until(async () => (await me()).status === 401)
})

test('a role that members gives is in the next token, and the one before is refused; saying it twice changes nothing', async () => {
  const service = await testIdentity()
  const account = await addAccount(service)
  const browser = createBrowser(service.origin)
  const { tokens, portal } = await codeFlow(service, browser)
  const tell = (topic: string) =>
    service.asService('members', 'POST', '/internal/messages', {
      id: crypto.randomUUID(),
      topic,
      payload: { person: account, member: 'mem_00000000-0000-7000-8000-000000000001' },
    })
  assert.equal((await tell('members.joined')).status, 200)
  assert.equal((await tell('members.joined')).status, 200)
  const { refreshTokenGrant } = await import('openid-client')
  const { decodeJwt } = await import('jose')
  const refreshed = await refreshTokenGrant(portal, tokens.refresh_token ?? '')
  const claims = decodeJwt(refreshed.access_token)
  assert.deepEqual([claims['roles'], claims['stamp']], [['member'], 1])
  const { entries } = await feed(service, 0)
  assert.deepEqual(
    entries.filter(({ subject }) => subject === account),
    [{ seq: 1, subject: account, stamp: 1 }],
  )
  await tell('members.left')
  const [row] = await service.kit.database.query('select roles, stamp from account where id = $1', [account])
  assert.deepEqual(row, { roles: [], stamp: 2 })
  const sent = await service.kit.database.query<{ topic: string; payload: unknown }>(
    `select topic, payload from outbox_message where topic = 'identity.roles_changed' order by payload->>'stamp'`,
  )
  assert.deepEqual(
    sent.map(({ payload }) => payload),
    [
      { person: account, roles: ['member'], stamp: 1 },
      { person: account, roles: [], stamp: 2 },
    ],
  )
})

test('who proves themselves again keeps the session, and the cookie from before is worth nothing', async () => {
  const service = await testIdentity()
  await addAccount(service)
  const browser = createBrowser(service.origin)
  await codeFlow(service, browser)
  const before = browser.jar.get('althing_id')?.value ?? ''
  const { tokens } = await codeFlow(service, browser, { prompt: 'login' })
  assert.ok(tokens.access_token.length > 0)
  const thief = createBrowser(service.origin)
  thief.jar.set('althing_id', { value: before, path: '/' })
  assert.equal((await thief.go('/account')).status, 303)
  assert.equal((await browser.go('/account')).status, 200)
  const [row] = await service.kit.database.query<{ count: number }>(
    'select count(*)::int as count from session',
  )
  assert.equal(row?.count, 1)
})

test('numbers of the feed have no gaps, whoever adds at once', async () => {
  const service = await testIdentity()
  const accounts = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      addAccount(service, { email: `p${n}@example.org`, withPassword: false }),
    ),
  )
  await Promise.all(
    accounts.map((id) =>
      service.asService('members', 'POST', '/internal/messages', {
        id: crypto.randomUUID(),
        topic: 'members.joined',
        payload: { person: id, member: 'mem_00000000-0000-7000-8000-000000000001' },
      }),
    ),
  )
  const { entries, latest } = await feed(service, 0)
  assert.deepEqual(
    entries.map(({ seq }) => seq),
    Array.from({ length: 20 }, (_, n) => n + 1),
  )
  assert.equal(latest, 20)
})

test('elections hears of officers only, also when the office was just taken from them, and the numbers stay', async () => {
  const service = await testIdentity()
  const voter = await addAccount(service, { email: 'v@example.org', roles: ['member'], withPassword: false })
  const officer = await addAccount(service, { roles: ['election-manager', 'member'] })
  const end = (account: string) =>
    service.kit.database.query(
      `insert into session (id, token_hash, account, method, acr, amr, device, network, auth_time, started_at, seen_at, ends_at)
      values ($1, sha256(convert_to($1, 'UTF8')), $2, 'password', '', '{}', '', '', now(), now(), now(), now() + interval '1 hour')`,
      [`ses_${crypto.randomUUID()}`, account],
    )
  await Promise.all([end(voter), end(officer)])
  await identityAccounts(service).setOffice(officer, [], 'operator:test')
  for (const account of [voter, officer])
    await identityAccounts(service).signOutEverywhere(account, 'service:members')
  const asked = await service.asService('elections', 'GET', '/internal/revocations?after=0')
  const told = (await asked.json()) as { entries: Record<string, unknown>[]; latest: number }
  const all = await feed(service, 0)
  assert.deepEqual([all.entries.length, all.latest, told.latest], [5, 5, 5])
  assert.equal(JSON.stringify(told).includes(voter), false)
  assert.deepEqual(
    told.entries.map(({ subject, session }) => subject ?? typeof session),
    [officer, 'string', officer],
  )
})

test('a service that has just started is not kept waiting for news when there are none: it could let nobody in', async () => {
  const service = await testIdentity({ env: { ALTHING_IDENTITY_FEED_WAIT_MS: '20000' } })
  const began = performance.now()
  assert.deepEqual((await feed(service, 0)).entries, [])
  assert.ok(performance.now() - began < 5_000)
})
