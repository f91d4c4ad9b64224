/**
 * What every engine promises, whatever it speaks and however the other end behaves: a yes is a yes only when the other end says so as its
 * protocol says it, in time; and whatever else comes is a no that names the engine.
 */
import assert from 'node:assert/strict'
import type { RequestListener, ServerResponse } from 'node:http'
import { test } from 'node:test'
import { Secret } from '@althing/kernel/config'
import { createEgress } from '@althing/kernel/egress'
import { createBreakers } from '@althing/kernel/resilience'
import { createTestClock } from '@althing/kernel/testing'
import { listening, rawly } from '../../../tests/support/engines.ts'
import { httpsServer } from '../../../tests/support/https.ts'
import type { Allowed } from '../deciding.ts'
import type { Opinion } from '../known.ts'
import type { Way } from './call.ts'
import type { EnginePort } from './port.ts'
import { createOthers } from './rules.ts'
import { EngineSetting } from './schema.ts'

export interface Dialect {
  readonly name: string
  readonly kind: EngineSetting['kind']
  open(way: Way): EnginePort
  /** A real one: it lets ada do `doc.read` to d1, and not to d2, for a reason; it knows nothing of d3. */
  honest(): Promise<{ readonly host: string; readonly url: string; readonly token: string }>
  /** Below the address of an engine, where decisions are. */
  readonly path: string
  /** What a yes looks like. */
  readonly yes: Readonly<Record<string, unknown>>
  /** What somebody might take for one. */
  readonly almost: Readonly<Record<string, string>>
}

interface Reached {
  readonly url: string
  readonly token?: string
  readonly allowed?: readonly string[]
  readonly halfOpenAfterSeconds?: number
  readonly withinMs?: number
}

export const deadlineMs = 600
/** Where it is not about time: a busy machine has as much of it as it needs. */
const patience = 5_000

/** An engine that is asked about everything, and what is told of it. */
export function engineAt(
  { kind, open }: Pick<Dialect, 'kind' | 'open'>,
  { url, token, allowed = [], halfOpenAfterSeconds = 60, withinMs = deadlineMs }: Reached,
) {
  const told: Opinion[] = []
  const breaker = createBreakers(createTestClock()).breaker('engine-x', { halfOpenAfterSeconds })
  const way = {
    url,
    token: token === undefined ? undefined : new Secret(token),
    send: createEgress({ allowed }).send,
  }
  const { token: _, ...engine } = EngineSetting.parse({
    name: 'x',
    kind,
    url,
    deadlineMs: withinMs,
    actions: ['doc.*'],
  })
  const others = createOthers({
    inUse: [{ engine, port: open(way), breaker }],
    redact: (seen) => seen,
    clock: createTestClock(),
    told: (opinion) => void told.push(opinion),
  })
  async function ask(resource = 'd1') {
    const begun = performance.now()
    const [agreed] = await others.agree([allowedFor(resource)])
    assert.ok(agreed)
    return { ...agreed, milliseconds: performance.now() - begun, outcome: told.at(-1)?.outcome }
  }
  return { ask, breaker, told, others, withinMs }
}

export function allowedFor(resource: string, action = 'doc.read'): Allowed {
  const thing = (type: string, id: string) => ({ type, id, attributes: new Map() })
  const question = {
    principal: thing('user', 'ada'),
    action,
    resource: thing('doc', resource),
    context: new Map(),
  }
  const seen = { entities: [], context: {} }
  return {
    question,
    ruling: { decision: true, determining: ['own'], errors: [], seen: () => seen },
    snapshot: { ground: () => ({ own: [] }) as never },
  }
}

type Behaviour = (response: ServerResponse, yes: string) => void

const json = { 'content-type': 'application/json' }
const say =
  (status: number, headers = json): Behaviour =>
  (response, yes) =>
    void response.writeHead(status, headers).end(yes)
const deep = `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`
const within = (yes: string, more: string) => `${yes.slice(0, -1)},${more}}`

/** Each of them would be a yes if it were believed. */
const misbehaviours: Readonly<Record<string, Behaviour>> = {
  'never answers': () => {},
  'begins to answer, and stops': (response, yes) =>
    void response.writeHead(200, json).write(yes.slice(0, -1)),
  'answers a letter at a time'(response, yes) {
    response.writeHead(200, json)
    const letters = [...yes]
    const timer = setInterval(() => {
      const letter = letters.shift()
      if (letter === undefined) return (clearInterval(timer), void response.end())
      response.write(letter)
    }, 40)
    response.on('close', () => clearInterval(timer))
  },
  'closes at once': (response) => void response.destroy(),
  'closes midway'(response, yes) {
    response.writeHead(200, { ...json, 'content-length': yes.length })
    response.write(yes.slice(0, -1), () => response.destroy())
  },
  'answers garbage': (response) => void response.writeHead(200, json).end('}{ yes'),
  'answers nothing': (response) => void response.writeHead(200, json).end(),
  'answers a megabyte': (response, yes) =>
    void response.writeHead(200, json).end(within(yes, `"more":"${'x'.repeat(2 ** 20)}"`)),
  'answers what is ten thousand deep': (response, yes) =>
    void response.writeHead(200, json).end(within(yes, `"more":${deep}`)),
  'says a thing twice': (response, yes) =>
    void response.writeHead(200, json).end(within(yes, yes.slice(1, -1))),
  'answers a page': (response) =>
    void response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><p>true'),
  'answers a yes as a page': say(200, { 'content-type': 'text/html' }),
  'does not say what it answers': (response, yes) => void response.writeHead(200).end(yes),
  'sends elsewhere': (response) => void response.writeHead(307, { location: '/elsewhere' }).end(),
  'answers 201': say(201),
  'answers 206': say(206),
  'answers 400': say(400),
  'answers 401': say(401),
  'answers 404': say(404),
  'answers 429': say(429),
  'answers 500': say(500),
  'answers 503': say(503),
}

export function engineConformance(dialect: Dialect): void {
  const { name, path, yes, almost } = dialect
  const behaving = async (behave: Behaviour) => {
    const listener: RequestListener = (request, response) => {
      request.resume()
      // Whoever follows a redirect finds a yes there.
      if (request.url === '/elsewhere') return say(200)(response, JSON.stringify(yes))
      request.on('end', () => behave(response, JSON.stringify(yes)))
    }
    const { host, url } = await listening(listener)
    return engineAt(dialect, { url: `${url}${path}`, allowed: [host] })
  }
  const isNo = async ({ ask, withinMs }: ReturnType<typeof engineAt>, what: string) => {
    const { ruling, outcome, milliseconds } = await ask()
    const { decision, determining, errors } = ruling
    assert.deepEqual([what, decision, determining], [what, false, []])
    assert.deepEqual(
      errors.map(({ policy }) => policy),
      ['engine/x'],
      what,
    )
    assert.ok(outcome === 'error' || outcome === 'open', `${what}: ${outcome}`)
    assert.ok(milliseconds < withinMs + 150, `${what}: ${milliseconds} ms`)
    assert.doesNotMatch(JSON.stringify(ruling.outside), /"ada"|"d1"/, what)
  }

  test(`${name}: a yes is a yes, a no is one with its reason, and what it does not know it does not allow`, async () => {
    const { url, host, token } = await dialect.honest()
    const { ask } = engineAt(dialect, { url, token, allowed: [host], withinMs: patience })
    const yes_ = await ask('d1')
    assert.deepEqual([yes_.ruling.decision, yes_.ruling.determining, yes_.hints], [true, ['own'], {}])
    const no = await ask('d2')
    assert.deepEqual([no.ruling.decision, no.ruling.determining, no.ruling.errors], [false, ['engine/x'], []])
    assert.deepEqual(no.hints, { reason_user: { en: 'Not after five.' } })
    const unknown = await ask('d3')
    assert.deepEqual([unknown.ruling.decision, unknown.outcome], [false, 'deny'])
  })

  test(`${name}: whoever has the wrong token is told nothing`, async () => {
    const { url, host } = await dialect.honest()
    await isNo(engineAt(dialect, { url, token: 'wrong', allowed: [host], withinMs: patience }), 'wrong token')
    await isNo(engineAt(dialect, { url, allowed: [host], withinMs: patience }), 'no token')
  })

  for (const [what, behave] of Object.entries(misbehaviours))
    test(`${name}: one that ${what} has not said yes`, async () => isNo(await behaving(behave), what))

  for (const [what, body] of Object.entries(almost))
    test(`${name}: ${what} is no yes`, async () =>
      isNo(await behaving((response) => void response.writeHead(200, json).end(body)), what))

  test(`${name}: what is no HTTP, and nobody at all, have not said yes`, async () => {
    const { host, url } = await rawly(`HTTP/1.1 yes\r\n\r\n${JSON.stringify(yes)}`)
    await isNo(engineAt(dialect, { url: `${url}${path}`, allowed: [host] }), 'no HTTP')
    await isNo(engineAt(dialect, { url: `http://127.0.0.1:1${path}`, allowed: ['127.0.0.1'] }), 'nobody')
  })

  test(`${name}: one whose certificate is another’s is not believed, and one inside that nobody allowed is not asked`, async () => {
    let asked = 0
    const { url, host } = await httpsServer((_, response) => {
      asked += 1
      say(200)(response, JSON.stringify(yes))
    })
    const good = engineAt(dialect, { url: `${url}${path}`, allowed: [host], withinMs: patience })
    assert.equal((await good.ask()).ruling.decision, true)
    const elsewhere = url.replace('127.0.0.1', 'localhost')
    const { host: localhost } = new URL(elsewhere)
    await isNo(
      engineAt(dialect, { url: `${elsewhere}${path}`, allowed: [localhost] }),
      'another’s certificate',
    )
    await isNo(engineAt(dialect, { url: `${url}${path}` }), 'an address inside')
    await isNo(engineAt(dialect, { url: `${elsewhere}${path}` }), 'a name that points inside')
    assert.equal(asked, 1)
  })

  test(`${name}: one that fails five times is left alone, denies meanwhile, and is believed again when it is let`, async () => {
    let isWell = false
    const engine = await behaving((response, body) => say(isWell ? 200 : 500)(response, body))
    for (let n = 0; n < 7; n += 1) await isNo(engine, `failure ${n}`)
    assert.equal(engine.breaker.status().state, 'open')
    assert.equal((await engine.ask()).outcome, 'open')
    isWell = true
    await isNo(engine, 'while it is open')
    engine.breaker.reset()
    assert.equal((await engine.ask()).ruling.decision, true)
  })

  test(`${name}: whoever asks odd questions shuts it for nobody`, async () => {
    const engine = await behaving(say(400))
    for (let n = 0; n < 8; n += 1) await isNo(engine, 'refused')
    assert.equal(engine.breaker.status().state, 'closed')
  })
}
