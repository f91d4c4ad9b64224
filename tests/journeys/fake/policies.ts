/** A policy service that is made up, for journeys through the rooms where policies are written and read. */
import type { Page, Route } from 'playwright-core'
import { roomsFor } from './rooms.ts'
import { sits } from './sitting.ts'
import type { DraftRead, Judged, Version } from '../../../web/admin/policies-api.ts'
import type { Override } from '../../../web/admin/overrides-api.ts'
import type { Fake } from './fake.ts'

const at = '2026-03-02T11:59:00.000Z'
const text = '@id("doors")\npermit (principal in Role::"member", action == Action::"doors.open", resource);\n'

/** Names are asked for of ids that are ones. */
export const ada = 'acc_00000000-0000-7000-8000-000000000001'

export const draft: DraftRead = {
  id: 'drf_00000000-0000-7000-8000-000000000001',
  title: 'Félagar opna dyr',
  version: 1,
  state: 'open',
  basedOn: 2,
  madeBy: 'person:acc_1',
  changedBy: 'person:acc_1',
  proposedBy: null,
  revision: null,
  madeAt: at,
  changedAt: at,
  proposedAt: null,
  note: 'Ákvörðun stjórnar nr. 7',
  policies: text,
  schema: '',
  links: '',
  tests: 'cases: []',
  inForce: 2,
  authors: [{ actor: 'person:acc_1', isAdministrator: true }],
}

const version = (revision: number): Version => ({
  revision,
  kind: revision === 1 ? 'release' : 'activation',
  publishedBy: revision === 1 ? 'service:policy' : 'person:acc_2',
  publishedAt: at,
  proposedBy: revision === 1 ? null : 'person:acc_1',
  isAlone: false,
  title: revision === 1 ? null : 'Dyr',
  reason: null,
  draft: revision === 1 ? null : draft.id,
  restores: null,
})

const line = (is: 'same' | 'gone' | 'new', said: string) => ({ is, text: said })
const differences = {
  inForce: 2,
  parts: [
    {
      part: 'policies',
      hunks: [
        {
          from: 1,
          to: 1,
          lines: [
            line('same', '@id("doors")'),
            line('gone', 'forbid (principal, action, resource);'),
            line('new', text.split('\n')[1] ?? ''),
          ],
        },
      ],
    },
  ],
}

export const well = 'permit (principal, action, resource); // why\n'

const judged = (policies: string): Judged => {
  const isWrong = policies.includes('wrong')
  const isFailing = policies.includes('failing')
  return {
    problems: isWrong
      ? [
          {
            part: 'policies',
            policy: null,
            line: 2,
            column: 3,
            code: 'cedar.scope-name',
            values: { name: 'wrong' },
            message: 'found an invalid variable in the policy scope: wrong',
          },
        ]
      : [],
    warnings: [
      {
        part: 'policies',
        policy: 'doors',
        line: 2,
        column: 1,
        code: 'cedar.other',
        values: {},
        message: 'Nobody knows `doors.open`.',
      },
    ],
    trials: isWrong
      ? []
      : [
          {
            file: 'althing.yaml',
            name: 'An administrator rolls back.',
            line: 41,
            passed: true,
            outcome: null,
          },
          ...(isFailing ? [{ file: 'tests', name: 'The doors', line: 2, passed: false, outcome: null }] : []),
        ],
    isRight: !isWrong && !isFailing,
  }
}

const impact = {
  looked: 100,
  replayed: 98,
  wouldAllow: 1,
  wouldDeny: 0,
  changedAlready: 1,
  unknown: { notKept: 1, readsMore: 1 },
  readsMore: ['resource.floor'],
  flips: [
    {
      id: '00000000-0000-4000-8000-000000000001',
      at,
      subject: { type: 'Person', id: 'acc_00000000-0000-7000-8000-000000000009' },
      action: 'doors.open',
      resource: { type: 'Door', id: 'main' },
      before: { decision: false, policies: [] },
      after: { decision: true, policies: ['doors'] },
    },
  ],
  oldest: at,
}

export async function madeUp(page: Page, { state, ballotUrl }: Fake) {
  state.rooms = roomsFor(['superadmin'])
  const world = {
    me: 'acc_1',
    roles: ['administrator'],
    /** What they may where it is not what their roles may. */
    may: undefined as string[] | undefined,
    rooms: undefined as string[] | undefined,
    /** What was banned for them. */
    bans: [] as Override[],
    drafts: [] as DraftRead[],
    state: {
      revision: 2,
      written: 2,
      overrides: 0,
      kind: 'activation',
      digest: 'd'.repeat(64),
      own: 40,
      organisation: 1,
      misfit: null as string[] | null,
    },
    /** What the next change is answered. */
    refuse: null as { status: number; code: string } | null,
    /** Which version of the draft is tried beside what is in force. */
    tried: null as number | null,
    asked: [] as string[],
    bodies: [] as unknown[],
    change(part: Partial<DraftRead>) {
      world.drafts = world.drafts.map((one) => ({ ...one, ...part }))
    },
  }
  await sits(page, ballotUrl, () => world)
  await page.route('**/api/identity/names**', (route) =>
    route.fulfill({
      json: { names: { acc_1: 'Ada Jónsdóttir', acc_2: 'Bea Arnardóttir', [ada]: 'Ada Jónsdóttir' } },
    }),
  )
  await page.route('**/api/policy/**', (route) => answer(world, route))
  return world
}
type World = Awaited<ReturnType<typeof madeUp>>

const refused = (route: Route, { status, code }: { readonly status: number; readonly code: string }) =>
  route.fulfill({ status, contentType: 'application/problem+json', json: { status, code, title: 'No.' } })

function answer(world: World, route: Route) {
  const request = route.request()
  const path = new URL(request.url()).pathname.replace('/api/policy/', '')
  const method = request.method()
  const [what = '', id = '', verb = ''] = path.split('/')
  const isAll = new URL(request.url()).searchParams.get('overrides') === 'true'
  if (method === 'GET') return route.fulfill({ json: read(world, what, verb, isAll) })
  const body = (request.postDataJSON() ?? {}) as { policies?: string }
  if (what === 'format') {
    const { problems } = judged(body.policies ?? '')
    return route.fulfill({ json: { text: problems.length > 0 ? null : well, problems } })
  }
  if (what === 'check' || verb === 'check') return route.fulfill({ json: judged(body.policies ?? text) })
  if (world.refuse !== null) {
    const { refuse } = world
    world.refuse = null
    return refused(route, refuse)
  }
  world.bodies.push(body)
  if (verb === 'roll-back') {
    world.state.written = 3
    return route.fulfill({ json: { revision: 3 } })
  }
  const [one = draft] = world.drafts.filter((each) => each.id === id)
  if (method === 'PATCH') {
    world.asked.push(`PATCH ${request.headers()['if-match'] ?? ''}`)
    if (request.headers()['if-match'] !== `"${one.version}"`)
      return refused(route, { status: 412, code: 'policy.drafts.changed' })
    world.change({ ...body, version: one.version + 1 })
    return route.fulfill({ json: world.drafts[0] })
  }
  if (verb === 'propose') world.change({ proposedBy: `person:${world.me}`, proposedAt: at })
  if (verb === 'activate') world.change({ state: 'activated', revision: 3 })
  return route.fulfill({ json: verb === 'activate' ? { revision: 3 } : world.drafts[0] })
}

function read({ drafts, state, tried, bans }: World, what: string, verb: string, isAll: boolean): unknown {
  if (what === 'state') return state
  if (verb === 'diff') return differences
  if (verb === 'impact') return impact
  if (what === 'overrides') return { overrides: bans, next: null, mostDays: 366, decideDays: 14 }
  if (what === 'actions')
    return {
      actions: [
        { name: 'doors.open', isOwn: false, withheld: { deny: null, allow: null }, needs: [], said: null },
      ],
    }
  if (verb === 'shadow')
    return {
      running: tried === null ? null : { version: tried, startedAt: at, compared: 4, differed: 1 },
      differences: [],
    }
  if (what === 'drafts') return verb === '' && drafts.length > 0 ? { ...drafts[0], drafts } : { drafts }
  return {
    ...version(1),
    source: '// Althing',
    policies: text,
    schema: '',
    links: '',
    tests: '',
    versions: [
      ...(isAll ? [{ ...version(3), kind: 'override' as const }] : []),
      { ...version(2), isAlone: true },
      version(1),
    ],
    next: null,
  }
}
