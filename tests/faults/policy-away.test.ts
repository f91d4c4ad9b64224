/**
 * Without policies that are fresh, whole and signed by the policy service nothing is permitted: at every door of every service that declares
 * a permission, whoever comes. And it is seen (functional-spec E3, check 7; B6.1).
 */
import assert from 'node:assert/strict'
import { sign } from 'node:crypto'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { signingKey, type Route } from '@althing/kernel/http'
import type { Service } from '@althing/kernel/service'
import { createTestClock, seconds, until } from '@althing/kernel/testing'
import { elections } from '../../services/elections/service.ts'
import { events } from '../../services/events/service.ts'
import { identity } from '../../services/identity/service.ts'
import { members } from '../../services/members/service.ts'
import { portal } from '../../services/portal/service.ts'
import { addressOf } from '../support/addresses.ts'
import { portalSecret } from '../support/identity.ts'
import { baseBundle } from '../support/policies.ts'
import { testService, type TestService } from '../support/service.ts'

/** All but the policy service, which has its own policies in hand before it listens. */
const services: readonly Service[] = [identity, members, events, elections, portal]
const env = {
  ALTHING_IDENTITY_PORTAL_CLIENT_SECRET: portalSecret,
  ALTHING_IDENTITY_BREACH_URL: '',
  ALTHING_PORTAL_CLIENT_SECRET: portalSecret,
}
const seeds = Object.fromEntries(
  ['portal', 'identity', 'policy', 'members', 'events', 'elections'].map((name, n) => [
    name,
    Buffer.alloc(32, n + 1).toString('base64url'),
  ]),
)
const key = signingKey(seeds['policy'] ?? '')
const signed = (bundle: string, by = key) => ({
  bundle,
  signature: sign(null, Buffer.from(`althing/bundle/v1\n${bundle}`), by).toString('base64url'),
})
const good = await baseBundle(key, 7)
const everything = {
  all: {
    effect: 'permit',
    principal: { op: 'All' },
    action: { op: 'All' },
    resource: { op: 'All' },
    conditions: [],
  },
}
const bundleOf = (revision: number, policies: unknown) => JSON.stringify({ revision, policies, entities: [] })

type Answers = RequestListener | null
const json =
  (value: unknown): RequestListener =>
  (_asked, answer) =>
    void answer.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))

/** How the policy service may be there and be of no use; what each is counted as. */
const ways: Readonly<Record<string, readonly [answers: Answers, outcome: string]>> = {
  'is down': [null, 'unreachable'],
  hangs: [() => {}, 'none'],
  breaks: [(_asked, answer) => void answer.writeHead(500).end('{}'), 'unreachable'],
  'answers garbage': [
    (_asked, answer) => void answer.writeHead(200, { 'content-type': 'application/json' }).end('<html>'),
    'unreadable',
  ],
  'answers something else': [json({ decision: true, permit: 'everything' }), 'unreadable'],
  'serves a bundle without a signature': [
    json({ bundle: bundleOf(9, everything), signature: '' }),
    'untrusted',
  ],
  'serves a bundle of another signer': [
    json(signed(bundleOf(9, everything), signingKey(Buffer.alloc(32, 99).toString('base64url')))),
    'untrusted',
  ],
  'serves an altered bundle': [
    json({ ...good, bundle: good.bundle.replace('"revision":7', '"revision":8') }),
    'untrusted',
  ],
  'serves a bundle that does not compile': [
    json(
      signed(
        bundleOf(9, {
          ...everything,
          odd: { ...everything.all, conditions: [{ kind: 'when', body: { rm: {} } }] },
        }),
      ),
    ),
    'unreadable',
  ],
}

const superadmin = { subject: 'acc_00000000-0000-7000-8000-00000000000a', roles: ['superadmin'] }

for (const [way, [answers, outcome]] of Object.entries(ways))
  test(`a policy service that ${way}: every door denies`, { timeout: 120_000 }, async () => {
    const url = await standIn(answers)
    await forEach(async (service) => {
      const started = await testService(service, {
        env,
        seeds,
        withoutBundle: true,
        peerUrls: { policy: url },
      })
      const denied = await deniesEverything(started)
      if (outcome !== 'none') await counts(started, 'id_policy_bundle_total', `outcome="${outcome}"`)
      if (denied > 0) await counts(started, 'id_policy_evaluations_total', 'decision="unavailable"')
    })
  })

test(
  'who had policies keeps them for five minutes without a word, and then denies; an older bundle brings nothing back',
  { timeout: 120_000 },
  async () => {
    for (const [answers, outcome] of [
      [null, 'unreachable'],
      [json(signed(bundleOf(6, everything))), 'untrusted'],
    ] as const) {
      const url = await standIn(answers)
      await forEach(async (service) => {
        const clock = createTestClock(new Date().toISOString())
        const started = await testService(service, {
          env,
          seeds,
          clock,
          withoutBundle: true,
          peerUrls: { policy: url },
        })
        started.kit.authz.install(good)
        const routes = protectedRoutes(started)
        const before = await Promise.all(routes.map((route) => ask(started, route)))
        assert.ok(before.every(({ status }) => status !== 503) || routes.length === 0)
        await counts(started, 'id_policy_bundle_total', `outcome="${outcome}"`)
        clock.tick(seconds(301))
        started.kit.revocations.apply({ entries: [], latest: 0 })
        await deniesEverything(started)
      })
    }
  },
)

const forEach = (work: (service: Service) => Promise<void>) => Promise.all(services.map(work))

/** @returns at how many doors */
async function deniesEverything(started: TestService): Promise<number> {
  const routes = protectedRoutes(started)
  assert.ok(routes.length > 0 || started.name === 'portal', started.name)
  for (const route of routes) {
    const { status, code } = await ask(started, route)
    // A page says it in words.
    const said = code ?? 'kernel.authz.unavailable'
    assert.deepEqual(
      [status, said],
      [503, 'kernel.authz.unavailable'],
      `${started.name}: ${route.method} ${route.path}`,
    )
  }
  return routes.length
}

const protectedRoutes = ({ assembled }: TestService): Route[] =>
  assembled.routes.filter(({ access }) => access !== 'public')

/** By whoever may do the most; services' own doors by a service. */
async function ask(started: TestService, route: Route) {
  const path = addressOf(route)
  const body = route.method === 'GET' ? undefined : {}
  const answer = path.startsWith('/internal/')
    ? await started.asService(started.name === 'events' ? 'identity' : 'events', route.method, path, body)
    : await started.asPerson(superadmin, route.method, path, body)
  const said = (await answer.json().catch(() => ({}))) as { code?: string }
  return { status: answer.status, code: said.code }
}

async function counts(started: TestService, metric: string, label: string): Promise<void> {
  await until(async () => {
    const text = await (await started.fetchManagement(new Request('http://localhost/metrics'))).text()
    const line = text.split('\n').find((one) => one.startsWith(`${metric}{`) && one.includes(label))
    return Number(line?.split(' ').at(-1) ?? 0) > 0
  }, `${started.name}: ${metric} with ${label} moves`)
}

async function standIn(answers: Answers): Promise<string> {
  const server = createServer(answers ?? (() => {}))
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  const close = () => (server.closeAllConnections(), server.close())
  if (answers === null) close()
  else after(close)
  return `http://127.0.0.1:${port}`
}
