/** Whoever is shut out is out everywhere: what they held a moment ago opens no door of any service, and says nothing of what is behind it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Route } from '@althing/kernel/http'
import { duties } from '@althing/policy/contract'
import { elections } from '../../services/elections/service.ts'
import { events } from '../../services/events/service.ts'
import { members } from '../../services/members/service.ts'
import { policy } from '../../services/policy/service.ts'
import { addressOf } from '../support/addresses.ts'
import { addAccount, askToken, codeFlow, createBrowser, signIn, testIdentity } from '../support/identity.ts'
import { testService, type TestService } from '../support/service.ts'
import { until } from '@althing/kernel/testing'

const identity = await testIdentity({ jwksFromSelf: true })
const { origin, seeds } = identity
await addAccount(identity, { email: 'chief@example.org', roles: ['superadmin'] })
const services: TestService[] = [identity]
for (const service of [members, policy, events, elections])
  services.push(
    await testService(service, { seeds, peerUrls: { identity: origin }, env: { ALTHING_URL: origin } }),
  )

interface Door {
  readonly service: TestService
  readonly route: Route
}
const doors: readonly Door[] = services.flatMap((service) =>
  service.assembled.routes.flatMap((one) =>
    one.access === 'public' || one.path.startsWith('/internal/') ? [] : [{ service, route: one }],
  ),
)
const api = doors.filter(({ route }) => route.kind !== 'page')
const pages = doors.filter(({ route: { kind, method } }) => kind === 'page' && method === 'GET')

const by = async (method: string, path: string, body?: unknown) => {
  // Somebody of the office who is signed in like anybody else.
  const answer = await asked(identity, method, path, await tokenOf('chief@example.org'), body)
  assert.equal(answer.status, 200, await answer.text())
}
const ways: Readonly<Record<string, (account: string) => Promise<void>>> = {
  suspended: (id) =>
    by('POST', `/api/identity/users/${id}/status`, { status: 'suspended', reason: 'Case 12' }),
  banned: (id) => by('POST', `/api/identity/users/${id}/status`, { status: 'banned', reason: 'Case 13' }),
  'signed out everywhere': (id) => by('POST', `/api/identity/users/${id}/sign-out`),
}

let people = 0
for (const [way, shut] of Object.entries(ways))
  test(`the tokens and the session of somebody who is ${way} open nothing any more, at any door of any service`, async (t) => {
    people += 1
    const email = `shut${people}@example.org`
    const account = await addAccount(identity, { email, roles: ['administrator', ...duties].toSorted() })
    const browser = createBrowser(origin)
    await signIn(browser, { identifier: email })
    const { tokens } = await codeFlow(identity, browser)
    const enter = async ({ service, route }: Door) =>
      (await asked(service, route.method, addressOf(route), tokens.access_token)).status
    const look = async ({ route }: Door) => (await browser.go(addressOf(route))).headers.get('location') ?? ''

    const before = await Promise.all(api.filter(({ route }) => route.method === 'GET').map(enter))
    assert.ok(!before.includes(401), 'it is known at every door')
    assert.ok(!(await look(pageOf('/account'))).startsWith('/sign-in'))
    await shut(account)
    for (const service of services) {
      const first = api.find((door) => door.service === service) ?? assert.fail(service.name)
      await until(async () => (await enter(first)) === 401)
    }
    const open: string[] = []
    for (const door of api) if ((await enter(door)) !== 401) open.push(described(door))
    for (const door of pages) if (!(await look(door)).startsWith('/sign-in')) open.push(described(door))
    assert.deepEqual(open, [])
    const refreshed = await askToken(origin, {
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token ?? '',
    })
    assert.equal(refreshed.status, 400)
    t.diagnostic(`${api.length} routes of ${services.length} services, and ${pages.length} pages`)
  })

function asked(service: TestService, method: string, path: string, token: string, body: unknown = {}) {
  return service.fetch(
    new Request(`${origin}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
    }),
  )
}

async function tokenOf(identifier: string): Promise<string> {
  const browser = createBrowser(origin)
  await signIn(browser, { identifier })
  return (await codeFlow(identity, browser)).tokens.access_token
}

const pageOf = (path: string): Door => pages.find(({ route }) => route.path === path) ?? assert.fail(path)
const described = ({ service: { name }, route: { method, path } }: Door) => `${name} ${method} ${path}`
