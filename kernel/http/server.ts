/**
 * Routes → server. The order of the checks is the same for all: who is it, was that too often, may they, is the input
 * right, then the handler. The quiet profile serves anonymous routes: no log line, trace, metric, address or cookie.
 */
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import type { Chance, Clock } from '../context/index.ts'
import { withCorrelation } from '../context/index.ts'
import { faults, type Fault, type FieldError } from '../errors/index.ts'
import type { Log, Traces } from '../telemetry/index.ts'
import { Answer, parseCookies, serializeCookie } from './answer.ts'
import type { Csrf } from './csrf.ts'
import { escapePointer, parseJson } from './json.ts'
import type { Limits } from './limits.ts'
import { networkOf } from './network.ts'
import { contentPolicy, parseForm } from './page.ts'
import { asFault, problem, retryAfter, type Dialect } from './present.ts'
import type { Caller, Resource, Route } from './route.ts'
import type { SignedRequest } from './signatures.ts'
import { tokenFault } from './faults.ts'
import type { Tokens } from './tokens.ts'
import type { z } from 'zod'

export const httpFault = faults('kernel.http', {
  invalid: [400, 'Something in the request is not right. Look at the fields named.'],
  wrong_type: [415, 'This is not the kind of content that is understood here.'],
  too_large: [413, 'The request is too large.'],
  not_found: [404, 'There is nothing at this address.'],
  wrong_method: [405, 'This address does not understand that method.'],
  forbidden: [403, 'You may not do this.'],
})

/** The decision: made locally from the policy bundle; throws when it cannot be made. */
export type Decide = (question: {
  readonly caller: Caller
  readonly action: string
  readonly resource: Resource
}) => boolean | Promise<boolean>

export interface HttpObserver {
  started(): void
  finished(facts: {
    readonly route: string
    readonly method: string
    readonly status: number
    readonly seconds: number
  }): void
  refused(code: string): void
}

export interface RequestFacts {
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly cookies: Readonly<Record<string, string | undefined>>
}

/** Something that answers raw requests under a prefix by itself: a protocol engine. */
export interface Mount {
  readonly prefix: string
  handler(request: IncomingMessage, response: ServerResponse): void
}

export interface ServerOptions {
  readonly routes: readonly Route[]
  readonly clock: Clock
  readonly chance: Chance
  readonly log: Log
  readonly decide: Decide
  readonly limits?: Limits
  readonly tokens?: Tokens
  readonly verifySigned?: (request: SignedRequest) => Promise<string>
  /** Who a cookie speaks for: the service's own sessions. */
  readonly authenticate?: (facts: RequestFacts) => Promise<Caller | null>
  readonly csrf?: Csrf
  /** How a refusal looks to a person; without it pages answer problems too. */
  readonly renderFault?: (
    fault: Fault,
    facts: RequestFacts & { readonly correlation: string },
  ) => Answer<undefined>
  readonly mounts?: readonly Mount[]
  /** Asked when no route matches: the gateway. */
  readonly otherwise?: (
    request: IncomingMessage,
    response: ServerResponse,
    facts: { network: string; correlation: string },
  ) => void
  readonly trustedProxies?: readonly string[]
  /** True when the origin is https: cookies are Secure then. */
  readonly secure?: boolean
  readonly observer?: HttpObserver
  readonly traces?: Traces
  readonly dialect?: Dialect
}

const defaultLimit = 64 * 1024

export interface Server {
  readonly app: FastifyInstance
  /** The whole server without a socket. */
  fetch(request: Request): Promise<Response>
  listen(options: { readonly host: string; readonly port: number }): Promise<string>
  close(): Promise<void>
}

export function createServer(options: ServerOptions): Server {
  const app = bareServer(options.trustedProxies ?? ['loopback'])
  for (const route of options.routes) addRoute(app, route, options)
  for (const mount of options.mounts ?? []) addMount(app, mount)
  app.setNotFoundHandler((request, reply) => notFound(request, reply, options))
  app.setErrorHandler((error, request, reply) => failed(error, request, reply, undefined, options))
  return wrap(app)
}

/** For the ballot world: only anonymous routes, and none of the machinery that could remember a request. */
export function createQuietServer({
  routes,
  log,
}: {
  readonly routes: readonly Route[]
  readonly log: Log
}): Server {
  const loud = routes.find((route) => route.kind !== 'anonymous')
  if (loud !== undefined)
    throw new Error(`${loud.method} ${loud.path} is not anonymous. This server has no other routes.`)
  const app = bareServer([])
  // Only the kind of the failure is kept: neither the request nor anything of it.
  const report = (bug: unknown) => (log.error('bug behind an anonymous route', bug), 'none')
  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.path,
      bodyLimit: route.bodyLimit ?? defaultLimit,
      handler: async (request, reply) => {
        const value = await route.handler({
          params: parsed(route.params, request.params, '/path'),
          body: bodyOf(route, request),
        } as never)
        return send(reply.header('access-control-allow-origin', '*'), route, value, false)
      },
    })
  }
  app.setNotFoundHandler((_request, reply) => sendFault(reply, httpFault.not_found(), problem, undefined))
  app.setErrorHandler((error, _request, reply) => {
    void reply.header('access-control-allow-origin', '*')
    return sendFault(reply, asFault(fromFastify(error), report), problem, undefined)
  })
  return wrap(app)
}

function bareServer(trustedProxies: readonly string[]): FastifyInstance {
  const app = Fastify({
    logger: false,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    requestIdHeader: false,
    bodyLimit: 50 * 1024 * 1024,
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: false, caseSensitive: true, maxParamLength: 512 },
    exposeHeadRoutes: false,
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', async (request: FastifyRequest, payload: Readable) => {
    const kept = request.routeOptions.config as { raw?: boolean }
    return kept.raw === true ? payload : collect(payload, request.routeOptions.bodyLimit ?? defaultLimit)
  })
  return app
}

async function collect(payload: Readable, most: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of bounded(payload, most)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function* bounded(payload: Readable, most: number): AsyncGenerator<Buffer> {
  let size = 0
  for await (const chunk of payload as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > most) throw httpFault.too_large()
    yield chunk
  }
}

function addRoute(app: FastifyInstance, route: Route, options: ServerOptions): void {
  app.route({
    method: route.method,
    url: route.path,
    bodyLimit: route.bodyLimit ?? defaultLimit,
    config: { raw: route.streams !== undefined } as object,
    handler: (request, reply) => {
      const started = process.hrtime.bigint()
      const facts = factsOf(request, options.chance)
      options.observer?.started()
      reply.raw.once('close', () => finished(route, facts, reply, started, options))
      return withCorrelation(facts.correlation, async () => {
        try {
          const work = () => answerRoute(route, request, reply, facts, options)
          return await (options.traces === undefined
            ? work()
            : options.traces.span(`${route.method} ${route.path}`, work))
        } catch (error) {
          return failed(error, request, reply, route, options)
        }
      })
    },
  })
}

interface Facts extends RequestFacts {
  readonly correlation: string
  readonly network: string
}

/** An id from outside is taken when it is harmless to write down (A2: no line breaks, at most 64 characters). */
function factsOf(request: FastifyRequest, chance: Chance): Facts {
  const known = facts.get(request.raw)
  if (known !== undefined) return known
  const headers = request.headers as Readonly<Record<string, string | undefined>>
  const given = headers['x-correlation-id'] ?? headers['x-request-id']
  const correlation = given !== undefined && /^[A-Za-z0-9._-]{1,64}$/.test(given) ? given : chance.uuid()
  const made = {
    headers,
    cookies: parseCookies(headers['cookie']),
    correlation,
    network: networkOf(request.ip),
  }
  facts.set(request.raw, made)
  return made
}
const facts = new WeakMap<IncomingMessage, Facts>()

async function answerRoute(
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  facts: Facts,
  options: ServerOptions,
) {
  void reply.header('x-correlation-id', facts.correlation)
  const unsafe = route.method !== 'GET'
  const { caller, byCookie } = await whoIs(request, facts, options)
  await spendLimits(route, caller, facts, options)
  const params = parsed(route.params, request.params, '/path')
  await permit(route, caller, params, options)
  const query = parsed(route.query, request.query, '/query')
  const raw = rawBody(route, request)
  // A cookie travels by itself; so whatever it authenticates must prove that our page sent it. Forms prove it always.
  if (unsafe && (byCookie || route.kind === 'page')) guard(facts, raw, options)
  const body = route.body === undefined ? undefined : parsed(route.body, withoutToken(raw), '')
  const given = route.kind === 'page' ? options.csrf?.issue(facts.cookies) : undefined
  for (const cookie of given?.cookies ?? [])
    void reply.header('set-cookie', serializeCookie(cookie, options.secure ?? false))
  const stream = streamOf(route, request)
  const value = await route.handler({
    ...facts,
    params,
    query,
    body,
    stream,
    caller,
    csrf: given?.token,
  } as never)
  if (route.kind === 'page') void reply.header('content-security-policy', contentPolicy())
  return send(reply, route, value, options.secure ?? false)
}

async function whoIs(request: FastifyRequest, facts: Facts, options: ServerOptions) {
  const { headers } = facts
  if (headers['signature-input'] !== undefined && options.verifySigned !== undefined) {
    const body = Buffer.isBuffer(request.body) ? request.body : ''
    const service = await options.verifySigned({ method: request.method, target: request.url, body, headers })
    return { caller: { kind: 'service', subject: service, roles: [] } as Caller, byCookie: false }
  }
  const bearer = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(headers['authorization'] ?? '')?.[1]
  if (bearer !== undefined && options.tokens !== undefined) {
    return { caller: await options.tokens.verify(bearer), byCookie: false }
  }
  const caller = (await options.authenticate?.(facts)) ?? undefined
  return { caller, byCookie: caller !== undefined }
}

async function spendLimits(
  route: Route,
  caller: Caller | undefined,
  facts: Facts,
  { limits }: ServerOptions,
): Promise<void> {
  for (const rule of route.limits) {
    const who = rule.by === 'account' ? caller?.subject : facts.network
    if (who !== undefined) await limits?.spend(rule.name, who, rule)
  }
}

async function permit(
  route: Route,
  caller: Caller | undefined,
  params: unknown,
  options: ServerOptions,
): Promise<void> {
  if (route.access === 'public') return
  if (caller === undefined) throw tokenFault.missing()
  const resource = route.access.resource({ params: params as never, caller })
  if (!(await options.decide({ caller, action: route.access.action, resource }))) {
    options.observer?.refused('kernel.http.forbidden')
    throw httpFault.forbidden()
  }
}

/** The body as JSON or form; bytes when the route reads another type itself. */
function rawBody(route: Route, request: FastifyRequest): unknown {
  const body = request.body
  if (route.body === undefined || !Buffer.isBuffer(body))
    return route.body === undefined ? formOnly(route, request) : undefined
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (type === 'application/json' && route.kind !== 'page') return parseJson(body.toString('utf8'))
  if (type === 'application/x-www-form-urlencoded') return readForm(body)
  if (type === 'text/csv') return body
  throw httpFault.wrong_type()
}

function streamOf(route: Route, request: FastifyRequest): AsyncIterable<Uint8Array> | undefined {
  if (route.streams === undefined) return undefined
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (type !== route.streams) throw httpFault.wrong_type()
  return bounded(request.body as Readable, route.bodyLimit ?? defaultLimit)
}

/** A page without fields of its own still has its form's token to be checked. */
function formOnly(route: Route, request: FastifyRequest): unknown {
  return route.kind === 'page' && Buffer.isBuffer(request.body) ? readForm(request.body) : undefined
}

function bodyOf(route: Route, request: FastifyRequest): unknown {
  if (route.body === undefined) return undefined
  const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase()
  if (!Buffer.isBuffer(request.body) || type !== 'application/json') throw httpFault.wrong_type()
  return parsed(route.body, parseJson(request.body.toString('utf8')), '')
}

function readForm(body: Buffer): Record<string, string> {
  const { values, twice } = parseForm(body.toString('utf8'))
  if (twice !== undefined)
    throw httpFault.invalid(undefined, {
      fields: [{ pointer: `/${escapePointer(twice)}`, message: 'Stands twice.' }],
    })
  return values
}

function guard(facts: Facts, raw: unknown, { csrf }: ServerOptions): void {
  if (csrf === undefined) throw httpFault.forbidden()
  const field =
    typeof raw === 'object' && raw !== null && 'csrf' in raw && typeof raw.csrf === 'string'
      ? raw.csrf
      : undefined
  csrf.check({
    headers: facts.headers,
    cookies: facts.cookies,
    token: field ?? facts.headers['x-csrf-token'],
  })
}

function withoutToken(raw: unknown): unknown {
  if (typeof raw !== 'object' || raw === null || Buffer.isBuffer(raw) || !('csrf' in raw)) return raw
  const { csrf: _token, ...fields } = raw
  return fields
}

/** @throws Fault kernel.http.invalid naming each field; the values themselves are never repeated. */
function parsed(schema: z.ZodType | undefined, value: unknown, root: string): unknown {
  if (schema === undefined) return undefined
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const fields: FieldError[] = result.error.issues.slice(0, 50).flatMap((issue) => fieldsOf(issue, root))
  throw httpFault.invalid(undefined, { fields })
}

function fieldsOf(issue: z.core.$ZodIssue, root: string): FieldError[] {
  const pointer = `${root}${issue.path.map((part) => `/${escapePointer(String(part))}`).join('')}`
  if (issue.code === 'unrecognized_keys') {
    return issue.keys
      .slice(0, 10)
      .map((key) => ({ pointer: `${pointer}/${escapePointer(key)}`, message: 'Is not known here.' }))
  }
  return [{ pointer, message: messages[issue.code] ?? 'Is not right.' }]
}

/** By kind of mistake, because the library's own words may quote what was sent. */
const messages: Readonly<Record<string, string>> = {
  invalid_type: 'Is missing or of the wrong type.',
  too_big: 'Is too long or too large.',
  too_small: 'Is too short or too small.',
  invalid_format: 'Does not have the right form.',
  invalid_value: 'Is not one of the known values.',
  invalid_union: 'Has none of the forms that are understood.',
  not_multiple_of: 'Is not a whole number of steps.',
}

function send(reply: FastifyReply, route: Route, value: unknown, secure: boolean): FastifyReply {
  const answer = value instanceof Answer ? value : new Answer(value)
  for (const cookie of answer.cookies) void reply.header('set-cookie', serializeCookie(cookie, secure))
  void reply.headers({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    ...answer.headers,
  })
  if (answer.raw !== undefined) return reply.code(answer.status ?? route.status ?? 200).send(answer.raw)
  if (route.reply === undefined) return reply.code(answer.status ?? route.status ?? 204).send()
  // What goes out is checked as well: a field that the declaration does not name never leaves by accident.
  const checked = route.reply.parse(answer.value)
  return reply
    .code(answer.status ?? route.status ?? 200)
    .type(answer.headers['content-type'] ?? 'application/json; charset=utf-8')
    .send(JSON.stringify(checked))
}

function failed(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  route: Route | undefined,
  options: ServerOptions,
) {
  const facts = factsOf(request, options.chance)
  const report = (bug: unknown) => (options.log.error('bug', bug, { route: route?.path }), facts.correlation)
  const fault = asFault(fromFastify(error), report)
  options.observer?.refused(fault.code)
  if (fault.status >= 500 && fault.code !== 'kernel.bug')
    options.log.warn('refused', { code: fault.code, cause: String(fault.cause) })
  if (route?.kind === 'page' && options.renderFault !== undefined) {
    const shown = options.renderFault(fault, facts)
    void reply.headers({ 'content-security-policy': contentPolicy(), ...retryAfter(fault) })
    return send(reply, { ...route, status: fault.status }, shown, options.secure ?? false)
  }
  return sendFault(reply, fault, options.dialect ?? problem, facts.correlation)
}

function sendFault(
  reply: FastifyReply,
  fault: Fault,
  dialect: Dialect,
  correlation: string | undefined,
): FastifyReply {
  const { status, headers, body } = dialect(fault, correlation)
  return reply
    .code(status)
    .headers({ 'x-content-type-options': 'nosniff', ...headers })
    .send(body)
}

/** The few things that the framework itself refuses. */
function fromFastify(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return httpFault.too_large(error)
  if (code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH' || code === 'FST_ERR_BAD_URL')
    return httpFault.invalid(error)
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return httpFault.wrong_type(error)
  return error
}

function notFound(request: FastifyRequest, reply: FastifyReply, options: ServerOptions) {
  const facts = factsOf(request, options.chance)
  if (options.otherwise !== undefined) {
    reply.hijack()
    return options.otherwise(request.raw, reply.raw, facts)
  }
  return failed(httpFault.not_found(), request, reply, undefined, options)
}

function addMount(app: FastifyInstance, { prefix, handler }: Mount): void {
  const run = (request: FastifyRequest, reply: FastifyReply) => {
    reply.hijack()
    handler(request.raw, reply.raw)
  }
  app.route({
    method: ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'],
    url: `${prefix}/*`,
    config: { raw: true } as object,
    handler: run,
  })
}

function finished(
  route: Route,
  facts: Facts,
  reply: FastifyReply,
  started: bigint,
  { observer, log }: ServerOptions,
): void {
  const seconds = Number(process.hrtime.bigint() - started) / 1e9
  const status = reply.raw.statusCode
  observer?.finished({ route: route.path, method: route.method, status, seconds })
  withCorrelation(facts.correlation, () =>
    log.info('request', {
      route: route.path,
      method: route.method,
      status,
      ms: Math.round(seconds * 1e4) / 10,
    }),
  )
}

function wrap(app: FastifyInstance): Server {
  return {
    app,
    async fetch(request) {
      const url = new URL(request.url)
      const body = Buffer.from(await request.arrayBuffer())
      const response = await app.inject({
        method: request.method as 'GET',
        url: `${url.pathname}${url.search}`,
        headers: Object.fromEntries(request.headers),
        ...(body.length > 0 ? { payload: body } : {}),
      })
      const headers = new Headers()
      for (const [name, value] of Object.entries(response.headers)) {
        for (const one of Array.isArray(value) ? value : [value])
          if (one !== undefined) headers.append(name, String(one))
      }
      const empty = [204, 205, 304].includes(response.statusCode)
      return new Response(empty ? null : new Uint8Array(response.rawPayload), {
        status: response.statusCode,
        headers,
      })
    },
    listen: ({ host, port }) => app.listen({ host, port }),
    close: () => app.close(),
  }
}
