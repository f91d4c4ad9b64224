import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { CreateElection, type Cast } from '@althing/elections/contract'
import { contentPolicy } from '@althing/kernel/http'
import { applicationPage } from '@althing/web-account/application.ts'
import { openAssets } from '@althing/web-ui/assets.ts'
import { ConsoleAction, consolePlace } from '@althing/portal/contract'
import { previewChrome } from '../preview.ts'
import { createFakeElection, Problem, type FakeElection } from './box.ts'

/**
 * Both origins with made-up people and real tickets, so that every page of voting can be clicked before and without the services.
 *
 *   node tests/journeys/fake/fake.ts     prints the addresses
 */
export interface Fake {
  readonly personUrl: string
  readonly ballotUrl: string
  readonly elections: Map<string, FakeElection>
  readonly state: State
  add(input: unknown, entitled?: number): Promise<FakeElection>
  close(): void
}

interface State {
  subject: string | null
  membership: 'active' | 'unpaid' | 'inactive' | 'not_found'
  onRoll: boolean
  /** Of the console, that this person may enter. */
  rooms: readonly string[]
  /** The room of the page that was loaded last. */
  entered: readonly string[]
  entitled: number
  /** The next answers of the box are lost on their way; the ballot is stored, or is not. */
  lose: { times: number; stored: boolean }
  loseTickets: number
  readonly ballotRequests: {
    method: string
    url: string
    cookie: string | undefined
    referer: string | undefined
  }[]
}

const csrf = 'c'.repeat(43)
const roles = ['member', 'election-manager']

export async function startFake(dist: URL, ports: readonly [number, number] = [0, 0]): Promise<Fake> {
  const assets = openAssets(dist)
  const elections = new Map<string, FakeElection>()
  const state: State = {
    subject: 'acc_1',
    membership: 'active',
    onRoll: true,
    rooms: [],
    entered: [],
    entitled: 480,
    lose: { times: 0, stored: true },
    loseTickets: 0,
    ballotRequests: [],
  }
  let ballotUrl = ''
  const find = (id: string): FakeElection => {
    const found = elections.get(id)
    if (found === undefined) throw new Problem(404, 'elections.setup.not_found', 'There is no such election.')
    return found
  }
  const add = async (input: unknown) => {
    const id = randomUUID()
    const made = await createFakeElection(CreateElection.parse(input), id, () => ballotUrl)
    elections.set(id, made)
    return made
  }
  const world = { assets, elections, state, find, add, dist, ballotUrl: () => ballotUrl }
  const person = await listen(ports[0], (request, response) => answerPerson(world, request, response))
  const ballot = await listen(ports[1], (request, response) => answerBallot(world, request, response))
  ballotUrl = ballot.url
  return {
    personUrl: person.url,
    ballotUrl,
    elections,
    state,
    add,
    close() {
      person.server.close()
      ballot.server.close()
      person.server.closeAllConnections()
      ballot.server.closeAllConnections()
    },
  }
}

interface World {
  readonly assets: ReturnType<typeof openAssets>
  readonly elections: Map<string, FakeElection>
  readonly state: State
  readonly find: (id: string) => FakeElection
  readonly add: (input: unknown) => Promise<FakeElection>
  readonly dist: URL
  readonly ballotUrl: () => string
}

async function listen(
  port: number,
  handler: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
) {
  const server = createServer((request, response) => {
    handler(request, response).catch((error: unknown) => fail(response, error))
  })
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve))
  return { server, url: `http://localhost:${(server.address() as AddressInfo).port}` }
}

function fail(response: ServerResponse, error: unknown): void {
  if (!(error instanceof Problem)) console.error(error)
  const problem = error instanceof Problem ? error : new Problem(500, 'kernel.bug', 'Something went wrong.')
  response.writeHead(problem.status, { 'content-type': 'application/problem+json' })
  response.end(
    JSON.stringify({
      code: problem.code,
      title: problem.message,
      status: problem.status,
      errors: problem.errors,
    }),
  )
}

function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
  response.end(JSON.stringify(value))
}

/** A connection that breaks before the answer is whole. Broken before its first byte, the browser would quietly ask again. */
function cutOff(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 })
  response.write('{')
  setTimeout(() => response.destroy(), 20)
}

const roomsIn = ({ rooms, entered }: State): readonly string[] => (rooms.length === 0 ? entered : rooms)

function page(response: ServerResponse, text: string | Buffer): void {
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': contentPolicy(),
  })
  response.end(text)
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  const text = Buffer.concat(parts).toString('utf8')
  return text === '' ? undefined : JSON.parse(text)
}

function serveFile({ assets }: World, path: string, response: ServerResponse): boolean {
  const found = assets.serve(path)
  if (found === null) return false
  response.writeHead(200, { ...found.headers, 'content-type': found.contentType })
  response.end(readFileSync(found.file))
  return true
}

async function answerPerson(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { state, assets, elections } = world
  const path = new URL(request.url ?? '/', 'http://x').pathname
  if (serveFile(world, path, response)) return
  if (path === '/vote' || path.startsWith('/admin')) {
    const app = path === '/vote' ? 'collect' : 'admin'
    const chrome = {
      ...previewChrome(assets, request.url ?? '/'),
      person: { name: 'Æsa Björk Þorgrímsdóttir' },
    }
    const { room } = (app === 'admin' ? consolePlace(path) : null) ?? {}
    state.entered = room === undefined ? [] : [room]
    return page(
      response,
      applicationPage(chrome, { app, ballotUrl: world.ballotUrl(), rooms: roomsIn(state) }),
    )
  }
  if (path === '/session/me') {
    const me = { signedIn: state.subject !== null, subject: state.subject, name: 'Æsa', roles, csrf }
    return json(response, { ...me, ballotUrl: world.ballotUrl() })
  }
  // The rooms are what a story says, or the one that it is in; whoever is in one may do what it has buttons for.
  if (path === '/session/may') {
    const signedIn = state.subject !== null
    return json(response, {
      signedIn,
      roles,
      rooms: roomsIn(state),
      may: signedIn ? ConsoleAction.options : [],
    })
  }
  if (state.subject === null) throw new Problem(401, 'kernel.token.missing', 'Sign in first.')
  if (request.method !== 'GET' && request.headers['x-csrf-token'] !== csrf)
    throw new Problem(403, 'kernel.csrf.stale', 'Load the page again.')
  if (path === '/api/events/me/entitlements') return json(response, { entitlements: entitlementsOf(world) })
  if (path === '/api/members/me/membership') return json(response, membershipOf(state))
  if (path === '/api/events/tickets') return tickets(world, request, response)
  const manifest = /^\/api\/events\/elections\/([^/]+)\/manifest$/.exec(path)
  if (manifest !== null) {
    const found = world.find(manifest[1] ?? '')
    return json(response, { manifest: found.manifestText(), hash: found.manifest().hash })
  }
  if (path === '/api/admin/elections' && request.method === 'GET') {
    const list = [...elections.values()].map(({ admin }) => admin).reverse()
    return json(response, { elections: list, pagination: { limit: 50, has_more: false, next_cursor: null } })
  }
  if (path === '/api/admin/elections' && request.method === 'POST')
    return json(response, { success: true, election: (await world.add(await bodyOf(request))).admin }, 201)
  const admin = /^\/api\/admin\/elections\/([^/]+)(?:\/([a-z]+))?$/.exec(path)
  if (admin !== null) return answerOfficer(world, request, response, world.find(admin[1] ?? ''), admin[2])
  throw new Problem(404, 'kernel.http.not_found', 'There is nothing at this address.')
}

function entitlementsOf({ elections, state }: World) {
  if (!state.onRoll) return []
  return [...elections.values()]
    .filter(({ admin }) => admin.status !== 'draft' && !admin.hidden)
    .map((one) => ({
      election: one.admin.id,
      title: one.admin.title,
      slot: '1',
      class: 'full',
      status: one.admin.status,
      opensAt: one.admin.scheduled_start,
      closesAt: one.admin.scheduled_end,
      ticket: one.hasIssued(state.subject ?? '') ? 'issued' : 'none',
    }))
}

const membershipOf = ({ membership }: State) => ({
  isMember: membership === 'active' || membership === 'unpaid',
  membershipStatus: membership,
  feesPaid: membership === 'active',
  verified: true,
  kennitala: '010190****',
  member: null,
  name: 'Æsa Björk Þorgrímsdóttir',
  memberSince: membership === 'not_found' ? null : '2019-03-01',
})

async function tickets({ find, state }: World, request: IncomingMessage, response: ServerResponse) {
  const wish = (await bodyOf(request)) as {
    election: string
    items: { slot: string; class: string; blinded: string }[]
  }
  const found = find(wish.election)
  const answers = wish.items.map(({ slot, class: name, blinded }) => ({
    slot,
    class: name,
    blindSignature: found.issue(state.subject ?? '', blinded),
  }))
  if (state.loseTickets > 0) {
    state.loseTickets--
    return cutOff(response)
  }
  json(response, { tickets: answers })
}

async function answerOfficer(
  { state }: World,
  request: IncomingMessage,
  response: ServerResponse,
  election: FakeElection,
  verb: string | undefined,
): Promise<void> {
  const { admin } = election
  const body = (await bodyOf(request)) as Record<string, unknown> | undefined
  if (verb === 'results') return json(response, election.result())
  if (verb === 'open') {
    Object.assign(admin, body)
    await election.publish(state.entitled)
  } else if (verb === 'pause') admin.status = 'paused'
  else if (verb === 'resume') admin.status = 'open'
  else if (verb === 'close') election.close()
  else if (verb === 'hide' || verb === 'unhide') admin.hidden = verb === 'hide'
  else if (verb === 'tally') await election.tally(String(body?.['private_key']))
  else if (request.method === 'PATCH') await election.change(body)
  json(response, { success: true, election: admin })
}

async function answerBallot(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { state, elections, dist } = world
  const url = request.url ?? '/'
  const path = new URL(url, 'http://x').pathname
  const { cookie, referer } = request.headers
  state.ballotRequests.push({ method: request.method ?? '', url, cookie, referer })
  if (serveFile(world, path, response)) return
  if (/^\/(vote|receipt|results\/[^/]+)?$/.test(path))
    return page(response, readFileSync(fileURLToPath(new URL('booth/index.html', dist))))
  if (path === '/verify') return page(response, '<!doctype html><title>verify</title><h1>verify</h1>')
  if (path === '/api/elections') {
    const shown = [...elections.values()].filter(({ admin }) => admin.status !== 'draft' && !admin.hidden)
    return json(response, { elections: shown.map(publicOf) })
  }
  const board = /^\/board\/([^/]+)\/proof\/([\w-]+)$/.exec(path)
  if (board !== null) {
    const proof = await world.find(board[1] ?? '').proof(board[2] ?? '')
    if (proof === null) throw new Problem(404, 'elections.board.not_yet', 'Not yet.')
    return void response.writeHead(200, { 'content-type': 'text/plain' }).end(proof)
  }
  const match = /^\/api\/elections\/([^/]+)(?:\/([a-z]+))?$/.exec(path)
  if (match === null) throw new Problem(404, 'kernel.http.not_found', 'There is nothing at this address.')
  const found = world.find(match[1] ?? '')
  if (match[2] === undefined) return json(response, publicOf(found))
  if (match[2] === 'manifest') return json(response, found.manifest())
  if (match[2] === 'ballots') return cast(world, found, request, response)
  if (match[2] === 'results') {
    const result = found.result()
    if (result === null) throw new Problem(403, 'elections.tally.not_closed', 'There are no results yet.')
    return json(response, result)
  }
  if (match[2] === 'bundle') return json(response, { entries: found.entries, result: found.result() })
  throw new Problem(404, 'kernel.http.not_found', 'There is nothing at this address.')
}

const publicOf = ({ admin }: FakeElection) => ({
  id: admin.id,
  title: admin.title,
  description: admin.description,
  status: admin.status,
  scheduled_start: admin.scheduled_start,
  scheduled_end: admin.scheduled_end,
  server_time: new Date().toISOString(),
  turnout: admin.turnout,
})

async function cast(
  { state }: World,
  found: FakeElection,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const wire = (await bodyOf(request)) as Cast
  const { lose } = state
  const isLost = lose.times > 0
  const receipt = isLost && !lose.stored ? null : await found.cast(wire)
  if (isLost) {
    lose.times--
    return cutOff(response)
  }
  json(response, receipt)
}

/** Elections in every state, for looking at. */
export const samples = {
  soon: (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString(),
  board: (sealing_key: string) => ({
    title: { is: 'Stjórnarkjör 2026', en: 'Election of the board 2026' },
    description: {
      is: 'Kosið er um formann og tvo meðstjórnendur til tveggja ára.',
      en: 'A chair and two members of the board, for two years.',
    },
    questions: [
      {
        text: { is: 'Hver á að vera formaður?', en: 'Who shall be the chair?' },
        answers: ['Ada Lovelace', 'Björk Þorgrímsdóttir', 'Æsa Ýrr Öxndal Guðmundsdóttir Kvaran'].map(
          (text) => ({
            text: { is: text, en: text },
          }),
        ),
        voting_type: 'single-choice',
      },
      {
        text: { is: 'Hverjir eiga að vera meðstjórnendur?', en: 'Who shall be on the board?' },
        answers: ['Ari', 'Birna', 'Cecilia', 'Þóra'].map((text) => ({ text: { is: text, en: text } })),
        voting_type: 'multi-choice',
        max_selections: 2,
      },
    ],
    scheduled_end: samples.soon(45),
    sealing_key,
  }),
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const fake = await startFake(new URL('../../../web/dist/', import.meta.url), [8180, 8181])
  const { p256PublicKey, toBase64url } = await import('@althing/kernel/crypto')
  const election = await fake.add(samples.board(toBase64url(p256PublicKey(Buffer.alloc(32, 7)))))
  await election.publish(480)
  console.log(`${fake.personUrl}/vote\n${fake.personUrl}/admin/elections\n${fake.ballotUrl}/`)
}
