import assert from 'node:assert/strict'
import { createServer, type OutgoingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import type { Assembled } from '@althing/kernel/service'
import { freePort } from '../../run/ports.ts'
import { elections } from '../../services/elections/service.ts'
import { events } from '../../services/events/service.ts'
import { paths as enginePaths } from '../../services/identity/oidc/schema.ts'
import { members } from '../../services/members/service.ts'
import { policy } from '../../services/policy/service.ts'
import { mountedPaths, serviceFor } from '../../services/portal/gateway/table.ts'
import { portal } from '../../services/portal/service.ts'
import { addAccount, createBrowser, portalSecret, signIn, testIdentity } from '../support/identity.ts'
import { mutations, sendPath } from '../support/mutated-paths.ts'
import { testService, type TestService } from '../support/service.ts'

/**
 * Attacks 47 to 49, on every route that there is: the list is what each service has declared, so a new route is among them by itself. However
 * a path is written, nobody gets by it what its plain form does not give them, nothing breaks, and no answer tells where in the code it broke.
 */
const services = { identity: await testIdentity(), ...(await others()) }

async function others() {
  const listening = async (service: Parameters<typeof testService>[0], env: Record<string, string> = {}) => {
    const own = (word: string) => `ALTHING_${service.name.toUpperCase()}_${word}`
    const at = { [own('PORT')]: String(await freePort()), [own('HOST')]: '127.0.0.1' }
    return testService(service, { listen: true, env: { ...at, ...env } })
  }
  return {
    policy: await listening(policy),
    members: await listening(members),
    events: await listening(events),
    elections: await listening(elections, { ALTHING_ELECTIONS_BALLOT_PORT: String(await freePort()) }),
    portal: await listening(portal, {
      ALTHING_PORTAL_CLIENT_SECRET: portalSecret,
      ALTHING_PORTAL_INTERNAL_PORT: String(await freePort()),
    }),
  }
}

interface Door {
  readonly method: string
  readonly path: string
  readonly base: string
}

const filled = (path: string): string => path.replaceAll(/:\w+/g, 'x1').replace('*', 'x1')

/** Where a mount says only that everything below is its own, what is there. */
function mountedIn(name: string, { mounts = [] }: Assembled): string[] {
  const said = mounts.flatMap(({ paths }) => paths).filter((path) => !path.endsWith('*'))
  if (name === 'identity') return [...new Set([...said, ...Object.values(enginePaths)])]
  return name === 'portal' ? mountedPaths.map(filled) : said
}

function doorsOf(name: string, { assembled, addresses }: TestService): Door[] {
  const main = addresses['main'] ?? ''
  const at = (path: string) => (path.startsWith('/internal/') ? addresses['internal'] : undefined) ?? main
  const quiet = Object.entries(addresses).find(
    ([door]) => !['main', 'internal', 'management'].includes(door),
  )?.[1]
  return [
    ...assembled.routes.map(({ method, path }) => ({ method, path: filled(path), base: at(path) })),
    ...(assembled.quiet?.routes ?? []).map(({ method, path }) => ({
      method,
      path: filled(path),
      base: quiet ?? '',
    })),
    ...['/internal/messages', '/internal/openapi.json', '/internal/person-data'].map((path) => ({
      method: 'POST',
      path,
      base: at(path),
    })),
    ...mountedIn(name, assembled).flatMap((path) =>
      ['GET', 'POST'].map((method) => ({ method, path: filled(path), base: main })),
    ),
  ]
}

const leaks = /node_modules|node:internal|\.(ts|js):\d+|^\s+at \S+ \(/m

for (const [name, service] of Object.entries(services))
  test(
    `47, 48, 49 · no spelling of a path opens more than the path itself: ${name}`,
    { timeout: 300_000 },
    async () => {
      const doors = doorsOf(name, service)
      assert.ok(doors.length >= service.assembled.routes.length + 3)
      const found: string[] = []
      for (const [caller, headers] of await callersOf(name, service))
        for (const door of doors) {
          const plain = await sendPath(door.base, door.method, door.path, headers)
          if (isBroken(plain)) found.push(`${caller} ${door.method} ${door.path} as it is: ${plain.status}`)
          const spelled = Object.entries(mutations).map(async ([how, spell]) => {
            const path = spell(door.path)
            const answer = await sendPath(door.base, door.method, path, headers)
            const opens = answer.status < 300 && plain.status >= 300
            if (opens || isBroken(answer))
              found.push(`${caller} ${door.method} ${path} (${how}): ${answer.status}`)
          })
          await Promise.all(spelled)
        }
      assert.deepEqual(found, [])
    },
  )

/** Another service that is not here is an answer; what nobody had planned is none. */
const isBroken = ({ status, text }: { status: number; text: string }): boolean =>
  status === 500 || status === 501 || leaks.test(text)

async function callersOf(name: string, service: TestService): Promise<[string, OutgoingHttpHeaders][]> {
  const person = { subject: 'acc_00000000-0000-7000-8000-000000000000', roles: ['member'] }
  const issued =
    name === 'identity' ? { iss: services.identity.origin, aud: `${services.identity.origin}/api` } : {}
  const token = service.issuer.token(person, issued)
  const callers: [string, OutgoingHttpHeaders][] = [
    ['nobody', {}],
    ['a member', { authorization: `Bearer ${token}` }],
    ['a page that is asked for', { accept: 'text/html' }],
  ]
  if (name !== 'identity') return callers
  await addAccount(services.identity)
  const browser = createBrowser(services.identity.origin)
  await signIn(browser)
  const cookie = [...browser.jar].map(([key, { value }]) => `${key}=${value}`).join('; ')
  return [...callers, ['somebody who is signed in', { cookie, accept: 'text/html' }]]
}

test('48 · guesses at the code of a device are counted under the one spelling that there is', async () => {
  const { origin } = services.identity
  for (const path of [
    '/oauth/code/',
    '/oauth/CODE',
    '/oauth/Code',
    '/oauth/code//',
    '/oauth/./code',
    '/oauth/%63ode',
  ])
    for (const method of ['GET', 'POST'])
      assert.equal((await sendPath(origin, method, path)).status, 404, `${method} ${path}`)
  assert.notEqual((await sendPath(origin, 'GET', '/oauth/code')).status, 404)
  // What stands below it is the way back from signing in, and takes no code.
  assert.ok((await sendPath(origin, 'POST', '/oauth/code/x')).status >= 400)
})

test('47, 48, 49 · the one door of the person origin leads to each service by its own paths only, byte by byte, and never inside', async () => {
  const reached: { service: string; url: string }[] = []
  const peerUrls = Object.fromEntries(
    await Promise.all(
      ['identity', 'policy', 'members', 'events', 'elections'].map(async (name) => {
        const server = createServer(({ url = '', headers }, response) => {
          // What the portal itself asks is signed by it; a stranger's signature goes no further than its door.
          if (headers['signature-input'] === undefined) reached.push({ service: name, url })
          response.end('{}')
        })
        await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
        after(() => server.close().closeAllConnections())
        return [name, `http://127.0.0.1:${(server.address() as AddressInfo).port}`] as const
      }),
    ),
  )
  const gateway = await testService(portal, {
    listen: true,
    peerUrls,
    env: {
      ALTHING_PORTAL_CLIENT_SECRET: portalSecret,
      ALTHING_PORTAL_PORT: String(await freePort()),
      ALTHING_PORTAL_INTERNAL_PORT: String(await freePort()),
    },
  })
  const base = gateway.addresses['main'] ?? ''
  const doors = Object.entries(services)
    .filter(([name]) => name !== 'portal')
    .flatMap(([name, service]) => doorsOf(name, service).map((door) => ({ ...door, name })))
  const isOurs = (path: string) => path.startsWith('/internal/') || path === '/'
  for (const { method, path, name } of doors) {
    if (name === 'elections' && serviceFor(path) === null && !isOurs(path)) continue // The ballot origin has a door of its own.
    reached.length = 0
    await sendPath(base, method, path)
    assert.deepEqual(
      reached,
      isOurs(path) ? [] : [{ service: name, url: path }],
      `${method} ${path} of ${name}: the gateway has to know each address, and no internal one`,
    )
    for (const [how, spell] of Object.entries(mutations)) {
      reached.length = 0
      const spelled = spell(path)
      await sendPath(base, method, spelled)
      for (const { service, url } of reached) {
        assert.equal(url, spelled, how)
        assert.equal(serviceFor(readAs(url)), service, `${how}: ${url} is read as ${readAs(url)}`)
      }
    }
  }
})

/** As the most forgiving server would read it. */
function readAs(path: string): string {
  const decoded = decodeURIComponent(decodeURIComponent(path)).replaceAll('\\', '/').replaceAll(/\/+/g, '/')
  return new URL(decoded.replaceAll(/;[^/]*/g, ''), 'http://here').pathname
}
