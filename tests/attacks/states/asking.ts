/** Every route about a thing × who comes × whose it is × the state it is in: asked over the wire, and compared with what people decided. */
import type { Permission, Route } from '@althing/kernel/http'
import { duties, ranks } from '@althing/policy/contract'
import { decided, table } from './table.ts'
import { askerAt, type Answered, type Asker, type Thing, type Things, type Who } from './things.ts'

const person = (name: string, roles: readonly string[]): Who => ({ kind: 'person', name, roles })
/** Each rank and duty by itself, none of them, the services that ask such questions, and programs that read. */
export const everybody: readonly Who[] = [
  person('nobody', []),
  ...[...ranks, ...duties].map((role) => person(role, [role])),
  ...['identity', 'events', 'portal'].map((name): Who => ({ kind: 'service', name })),
  ...['people.read', 'members.read', 'clients.read', 'alerts.read'].map((scope): Who => ({
    kind: 'machine',
    name: `scope:${scope}`,
    scope,
  })),
]
const keeper = person('superadmin', ['superadmin'])

export interface Found {
  readonly rows: number
  readonly wrong: readonly string[]
}

export async function askAll(things: Things): Promise<Found> {
  const wrong: string[] = []
  let rows = 0
  for (const state of Object.keys(things.make))
    for (const whose of things.whose ?? ['others']) {
      hear(things)
      const found = await askIn(things, state, whose)
      rows += found.rows
      wrong.push(...found.wrong)
    }
  return { rows, wrong }
}

/** Services that hear nothing of those whom they follow believe nobody after a minute; those do not run here, and have nothing to tell. */
function hear({ service: { name, kit } }: Things): void {
  if (name === 'identity') return // It hears from itself.
  kit.revocations.apply({ entries: [], latest: 0 })
  kit.authz.confirm()
}

async function askIn(things: Things, state: string, whose: string): Promise<Found> {
  const found: Found[] = []
  if (whose === 'others') found.push(await askTogether(things, { state, whose }, everybody))
  // What is theirs is another thing for everybody who comes.
  else
    for (const who of everybody) {
      const one = await askTogether(things, { state, whose }, [who])
      found.push(one, { rows: 0, wrong: unlikeTable(things, { state, whose }, who, one.rows > 0) })
    }
  return { rows: found.reduce((sum, { rows }) => sum + rows, 0), wrong: found.flatMap(({ wrong }) => wrong) }
}

/** Whoever ought to have one and could not get it would be missing in silence. */
function unlikeTable({ name }: Things, { state, whose }: Of, who: Who, isThere: boolean): string[] {
  const { own = {}, strangers = [] } = table.things[name] ?? {}
  const isMeant = !strangers.includes(state) && (own[whose] ?? []).includes(who.name)
  if (isThere === isMeant) return []
  return [
    `${who.name}, ${whose}, ${state}: there is ${isThere ? 'one' : 'none'}, and people decided otherwise`,
  ]
}

/**
 * One thing serves all who look at it or are refused: they change nothing of it, or that is what is wrong. Whoever moves it on has one of their own,
 * made afterwards: of some things there can be one at a time.
 */
async function askTogether(things: Things, of: Of, group: readonly Who[]): Promise<Found> {
  const [first = keeper] = group
  const kept = await madeFor(things, of, first)
  if (kept === null) return { rows: 0, wrong: [] }
  const before = await seen(things, kept.thing)
  const rows: Row[] = []
  for (const who of group) {
    const asker = of.whose === 'others' ? await askerOf(things, who) : kept.asker
    for (const name of Object.keys(table.things[things.name]?.routes ?? {}))
      rows.push(rowOf(things, of, name, { who, asker, thing: kept.thing }))
  }
  const wrong: string[] = []
  for (const row of rows.filter(({ isMoved }) => !isMoved)) wrong.push(...(await judged(things, of, row)))
  if (JSON.stringify(before) !== JSON.stringify(await seen(things, kept.thing)))
    wrong.push(`${of.state}, ${of.whose}: it is not as it was before others were refused`)
  await things.putAway?.(kept.thing)
  for (const row of rows.filter(({ isMoved }) => isMoved)) {
    const own = await madeFor(things, of, row.who)
    if (own === null)
      throw new Error(`${things.name}: there was one that is ${of.state}, and now there is none.`)
    wrong.push(...(await judged(things, of, { ...row, ...own })))
    await things.putAway?.(own.thing)
  }
  return { rows: rows.length, wrong }
}

interface Of {
  readonly state: string
  readonly whose: string
}
interface Coming {
  readonly who: Who
  readonly asker: Asker
  readonly thing: Thing
}
interface Row extends Coming {
  readonly name: string
  readonly route: Route
  readonly wanted: string
  readonly isMoved: boolean
}

function rowOf(things: Things, of: Of, name: string, coming: Coming): Row {
  const route = routeOf(things, name)
  const row = table.things[things.name]?.routes[name]
  const isOpen = mayPass(things, route, coming.asker, coming.thing)
  const said = row === undefined ? null : decided(row, { ...of, who: coming.who.name })
  const wanted = isOpen ? (said ?? 'nothing') : atTheDoor
  return { ...coming, name, route, wanted, isMoved: route.method !== 'GET' && wanted === 'works' }
}

async function judged(things: Things, { state, whose }: Of, row: Row): Promise<string[]> {
  const got = await askOne(things, row)
  if (got === row.wanted) return []
  return [`${row.who.name}, ${whose}, ${state}: ${row.name}: ${got}, and people decided: ${row.wanted}`]
}

async function madeFor(things: Things, { state, whose }: Of, who: Who): Promise<Omit<Coming, 'who'> | null> {
  const asker = await askerOf(things, who)
  const thing = (await things.make[state]?.(asker, whose)) ?? null
  return thing === null ? null : { asker, thing }
}

const askerOf = async (things: Things, who: Who): Promise<Asker> =>
  (await things.asker?.(who)) ?? askerAt(things.service, who)

const atTheDoor = 'refused at the door'

async function seen({ service, look, notItsOwn = [] }: Things, { params }: Thing): Promise<unknown> {
  if (look === undefined) return null
  const { status, body } = await askerAt(service, keeper).send('GET', addressIn(look, params))
  if (status >= 300) return { status }
  return Object.entries(body).filter(([name]) => !notItsOwn.includes(name))
}

async function askOne({ sent = {} }: Things, { name, route, asker, thing }: Row): Promise<string> {
  const { body, headers } = sent[name]?.(thing) ?? {}
  return outcomeOf(await asker.send(route.method, addressIn(route.path, thing.params), body, headers))
}

function outcomeOf({ status, body }: Answered): string {
  if (status < 300) return body['accepted'] === false ? 'answers no' : 'works'
  const code = String(body['code'] ?? body['type']).replace('urn:fault:', '')
  return code === 'kernel.http.forbidden' ? atTheDoor : code
}

const addressIn = (path: string, params: Thing['params']) =>
  path.replaceAll(/:(\w+)/g, (_all, name: string) => encodeURIComponent(params[name] ?? ''))

/** `POST /a/:id with something` is that route with another thing sent along. */
export const routeNameOf = (name: string) => name.replace(/ with .*$/, '')

function routeOf({ service, name: thing }: Things, name: string): Route {
  const found = service.assembled.routes.find(({ method, path }) => `${method} ${path}` === routeNameOf(name))
  if (found === undefined) throw new Error(`${thing}: there is no route ${name}.`)
  return found
}

/** What the policies say; that people say the same is compared in permissions.test.ts. */
function mayPass({ service }: Things, { access }: Route, { caller }: Asker, { params }: Thing): boolean {
  const { action, resource } = access as Permission
  return service.kit.authz.decide({
    caller,
    action,
    resource: resource({ params: params as never, caller }),
  }).decision
}
