/**
 * The permission matrix: every route of every service × who comes × whom it is about × how they proved who they are, decided by the policies
 * and by the table that people wrote (services/policy/evaluate/permissions.yaml). Where the two differ, one of them is wrong.
 */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { parse } from 'yaml'
import { z } from 'zod'
import { type Access, type Caller, type Permission, type Route, type route } from '@althing/kernel/http'
import { duties, ranks } from '@althing/policy/contract'
import { elections } from '../../services/elections/service.ts'
import { events } from '../../services/events/service.ts'
import { identity } from '../../services/identity/service.ts'
import { ownScopes } from '../../services/identity/service-identities/schema.ts'
import { members } from '../../services/members/service.ts'
import { policy } from '../../services/policy/service.ts'
import { ConsoleAction, roomsWhere, type ConsoleRoom } from '../../services/portal/contract.ts'
import { portal } from '../../services/portal/service.ts'
import { addressOf } from '../support/addresses.ts'
import { portalSecret } from '../support/identity.ts'
import { testService, type TestService } from '../support/service.ts'

const Table = z.strictObject({
  ranks: z.array(z.string()),
  duties: z.array(z.string()),
  outside: z.array(z.string()),
  actions: z.record(z.string(), z.array(z.string()).min(1)),
})
const file = new URL('../../services/policy/evaluate/permissions.yaml', import.meta.url)
const table = Table.parse(parse(readFileSync(file, 'utf8')))

const env = {
  ALTHING_IDENTITY_PORTAL_CLIENT_SECRET: portalSecret,
  ALTHING_IDENTITY_BREACH_URL: '',
  ALTHING_PORTAL_CLIENT_SECRET: portalSecret,
}
const services: TestService[] = []
for (const service of [identity, members, policy, events, elections, portal])
  services.push(await testService(service, { env }))

interface Guarded {
  readonly service: TestService
  readonly route: Route
  readonly access: Permission
}
const guarded: Guarded[] = services.flatMap((service) =>
  service.assembled.routes.flatMap((one) =>
    one.access === 'public' ? [] : [{ service, route: one, access: one.access }],
  ),
)
const me = 'acc_00000000-0000-7000-8000-000000000001'
const other = 'acc_00000000-0000-7000-8000-000000000002'
const outside = 'urn:althing:acr:outside'

/** Everybody who may come: each role by itself, none, two at once, every scope, every service; and how they proved who they are. */
const callers: readonly Caller[] = [
  ...[
    [],
    ...[...ranks, ...duties].map((role) => [role]),
    ['member', 'auditor'],
    ['operator', 'developer'],
  ].flatMap((roles) =>
    [undefined, 'urn:althing:acr:password', 'urn:althing:acr:mfa', outside].map((acr): Caller => ({
      kind: 'person',
      subject: me,
      roles,
      ...(acr === undefined ? {} : { acr }),
    })),
  ),
  ...[[], ...ownScopes.map((scope) => [scope]), [...ownScopes], ['superadmin'], ['members.write']].map(
    (scopes): Caller => ({ kind: 'machine', subject: 'svc_1', roles: [], scopes }),
  ),
  // A token in which somebody wrote more than there is to have.
  { kind: 'machine', subject: 'svc_1', roles: ['superadmin'], scopes: [...ownScopes] },
  ...['portal', 'identity', 'policy', 'members', 'events', 'elections', 'stranger'].map(
    (subject): Caller => ({ kind: 'service', subject, roles: [] }),
  ),
]

/** What the route asks about, when its address names oneself and when it names somebody else. */
function resourcesOf({ access }: Guarded, caller: Caller) {
  return [me, other].map((id) => {
    const params = new Proxy({}, { get: () => id })
    return access.resource({ params: params as never, caller })
  })
}

function expected(action: string, caller: Caller, isOwn: boolean): boolean {
  const who = table.actions[action] ?? []
  if (caller.kind === 'service') return who.includes('services') || who.includes(`service:${caller.subject}`)
  if (caller.kind === 'machine') return (caller.scopes ?? []).some((scope) => who.includes(`scope:${scope}`))
  if (caller.acr === outside && !table.outside.includes(action)) return false
  if (who.includes('own') && isOwn) return true
  return who.some((word) => holds(caller.roles, word))
}

function holds(roles: readonly string[], word: string): boolean {
  if (!word.endsWith('+')) return roles.includes(word)
  const least = table.ranks.indexOf(word.slice(0, -1))
  return least >= 0 && roles.some((role) => table.ranks.indexOf(role) >= least)
}

test('every route × who × about whom × how they came: the policies say what people decided', (t) => {
  const wrong: string[] = []
  let rows = 0
  for (const one of guarded) {
    const { action } = one.access
    for (const caller of callers)
      for (const resource of resourcesOf(one, caller)) {
        rows += 1
        const isOwn = resource.type === 'Person' && resource.id === me
        const { decision } = one.service.kit.authz.decide({ caller, action, resource })
        if (decision !== expected(action, caller, isOwn))
          wrong.push(
            `${described(one, caller)} on ${resource.type} ${resource.id}: ${decision ? 'may' : 'may not'}`,
          )
      }
  }
  t.diagnostic(`${rows} rows, of ${guarded.length} routes and ${callers.length} who come`)
  assert.deepEqual(wrong.slice(0, 20), [])
  assert.ok(rows > 5_000)
})

test(
  'over the wire too, whoever may not is refused at the door, and whoever may is not',
  { timeout: 120_000 },
  async (t) => {
    const wrong: string[] = []
    let asked = 0
    for (const one of guarded) {
      if (one.route.kind === 'page') continue // A page takes a cookie; what it decides stands in the rows above.
      for (const caller of callers.filter(
        ({ kind, acr }) => kind === 'person' && (acr === undefined || acr === outside),
      )) {
        asked += 1
        const isRefused = await refusedAtTheDoor(one, caller)
        const isOwn =
          one.access.resource({ params: new Proxy({}, { get: () => other }) as never, caller }).id === me
        if (isRefused === expected(one.access.action, caller, isOwn)) wrong.push(described(one, caller))
      }
    }
    t.diagnostic(`${asked} requests`)
    assert.deepEqual(wrong.slice(0, 20), [])
  },
)

test('every action that a route asks for stands in the table, and no other', () => {
  const declared = new Set(guarded.map(({ access }) => access.action))
  // Answered by the kernel in every service, and declared by none.
  const byKernel = ['messages.deliver', 'privacy.collect']
  for (const action of declared)
    assert.ok(
      Object.hasOwn(table.actions, action),
      `${action} stands nowhere in services/policy/evaluate/permissions.yaml: decide who may, and write it there first.`,
    )
  for (const action of ConsoleAction.options)
    assert.ok(declared.has(action), `The console has a button for ${action}, and no route asks for it.`)
  for (const action of Object.keys(table.actions))
    assert.ok(declared.has(action) || byKernel.includes(action), `No route asks for ${action}.`)
  assert.deepEqual([table.ranks, table.duties], [[...ranks], [...duties]])
})

/** What the page of each room of the console asks first (web/admin). */
const firstQuestions: Readonly<Record<ConsoleRoom, string>> = {
  elections: 'GET /api/admin/elections',
  people: 'GET /api/identity/users',
  applications: 'GET /api/identity/applications',
  clients: 'GET /api/identity/clients',
  'service-identities': 'GET /api/identity/service-identities',
  'login-events': 'GET /api/identity/login-events',
  alerts: 'GET /api/identity/alerts',
  policies: 'GET /api/policy/state',
  permissions: 'POST /api/policy/explain',
  decisions: 'GET /api/policy/decisions',
  overrides: 'GET /api/policy/overrides',
  emergency: 'GET /api/policy/emergency',
  mail: 'GET /api/identity/mail/queue',
  signals: 'GET /api/identity/signals',
  settings: 'GET /api/identity/settings',
}

test('a room of the console opens to whoever may ask its first question: the portal decides by the action of that route', () => {
  const actions: string[] = []
  const rooms = roomsWhere((action) => actions.push(action) > 0)
  const declared = new Map(
    guarded.map(({ route: { method, path }, access }) => [`${method} ${path}`, access.action]),
  )
  const pairs = (of: (room: ConsoleRoom, place: number) => string | undefined) =>
    rooms.map((room, place) => [room, of(room, place)])
  assert.deepEqual(
    pairs((_, place) => actions[place]),
    pairs((room) => declared.get(firstQuestions[room])),
    'services/portal/contract.ts says which action opens which room: write there what the route asks for.',
  )
})

test('a route without a permission is none', () => {
  // Where `access` could be left out this line would not compile, and neither would the build.
  const isDemanded: Parameters<typeof route>[0] extends { readonly access: Access } ? true : false = true
  assert.ok(isDemanded)
  for (const { assembled, name } of services)
    for (const { method, path, access } of assembled.routes)
      assert.ok(access === 'public' || access.action !== '', `${name}: ${method} ${path}`)
})

async function refusedAtTheDoor(
  { service, route: asked }: Guarded,
  { roles, acr }: Caller,
): Promise<boolean> {
  const token = service.issuer.token({ subject: me, roles }, acr === undefined ? {} : { acr })
  const { method } = asked
  const address = addressOf(asked, other)
  const answer = await service.fetch(
    new Request(`http://localhost:8080${address}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(method === 'GET' ? {} : { body: '{}' }),
    }),
  )
  const said = await answer.text()
  return answer.status === 403 && said.includes('kernel.http.forbidden')
}

function described(
  { service, route: { method, path } }: Guarded,
  { kind, subject, roles, scopes = [], acr }: Caller,
): string {
  const who =
    kind === 'service'
      ? subject
      : kind === 'machine'
        ? `program(${scopes.join(' ')})`
        : `person(${roles.join(' ')})`
  return `${who}${acr === undefined ? '' : ` by ${acr}`}: ${service.name} ${method} ${path}`
}
