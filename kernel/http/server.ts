/**
 * Routes → server. The order of the checks is the same for all: who is it, was that too often, may they, is the input
 * right, then the handler. The quiet profile serves anonymous routes: no log line, trace, metric, address or cookie.
 */
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Readable } from 'node:stream'
import { withCorrelation } from '../context/index.ts'
import type { Log } from '../telemetry/index.ts'
import { jsonBody, parsed } from './input.ts'
import { httpFault, type Facts, type Mount, type ServerOptions } from './options.ts'
import { allowedAt } from './methods.ts'
import { failed, fromFastify, refuseConnection, send, sendFault } from './output.ts'
import { answerRoute, factsOf } from './pipeline.ts'
import { asFault, problem } from './present.ts'
import type { Route } from './route.ts'

const defaultLimit = 64 * 1024

export interface Server {
  readonly app: FastifyInstance
  /** The whole server without a socket. */
  fetch(request: Request): Promise<Response>
  listen(options: { readonly host: string; readonly port: number }): Promise<string>
  close(): Promise<void>
}

export function createServer(options: ServerOptions): Server {
  const refuse = (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
    failed(error, factsOf(request, options), reply, routeOf(request), options)
  const app = bareServer(options.trustedProxies ?? ['loopback'], refuse)
  // At once: a connection that has ended no longer knows its address.
  app.addHook('onRequest', async (request, reply) => {
    factsOf(request, options)
    if (options.secure === true) stayEncrypted(reply)
    for (const name of routeOf(request)?.echoes ?? []) {
      const said = request.headers[name]
      if (said !== undefined) void reply.header(name, said)
    }
  })
  const allowed = allowedAt(options.routes)
  for (const route of options.routes) addRoute(app, route, options)
  for (const mount of options.mounts ?? []) addMount(app, mount, options)
  app.setNotFoundHandler((request, reply) => {
    const methods = allowed(request.url)
    if (methods.length === 0) return refuse(httpFault.not_found(), request, reply)
    return refuse(httpFault.wrong_method(), request, reply.header('allow', methods.join(', ')))
  })
  app.setErrorHandler((error, request, reply) => refuse(error, request, reply))
  return wrap(app)
}

/** For the ballot world: only anonymous routes, and none of the machinery that could remember a request. */
export function createQuietServer({
  routes,
  log,
  secure = false,
}: {
  readonly routes: readonly Route[]
  readonly log: Log
  /** The origin is reached by https. */
  readonly secure?: boolean
}): Server {
  const loud = routes.find((route) => route.kind !== 'anonymous')
  if (loud !== undefined)
    throw new Error(`${loud.method} ${loud.path} is not anonymous. This server has no other routes.`)
  const refuse = (error: unknown, reply: FastifyReply) => {
    void reply.header('access-control-allow-origin', '*')
    return sendFault(reply, asFault(fromFastify(error), report), problem, undefined)
  }
  const app = bareServer([], (error, _request, reply) => refuse(error, reply))
  // Only the kind of the failure is kept: neither the request nor anything of it.
  const report = (bug: unknown) => (log.error('bug behind an anonymous route', bug), 'none')
  if (secure) app.addHook('onRequest', async (_request, reply) => stayEncrypted(reply))
  for (const route of routes) {
    app.route({
      method: route.method,
      url: route.path,
      bodyLimit: route.bodyLimit ?? defaultLimit,
      handler: async (request, reply) => {
        const value = await route.handler({
          params: parsed(route.params, request.params, '/path'),
          body: jsonBody(route, request),
        } as never)
        return send(reply.header('access-control-allow-origin', '*'), route, value, false)
      },
    })
  }
  app.setNotFoundHandler((_request, reply) => sendFault(reply, httpFault.not_found(), problem, undefined))
  app.setErrorHandler((error, _request, reply) => refuse(error, reply))
  return wrap(app)
}

/** What was found at the address, also when the request went wrong before its handler had it. */
const routeOf = ({ routeOptions }: FastifyRequest) =>
  (routeOptions.config as { route?: Route } | undefined)?.route

/** On the bare response, so that what a mount answers has it as well (RFC 6797, section 7.1). */
function stayEncrypted(reply: FastifyReply): void {
  reply.raw.setHeader('strict-transport-security', 'max-age=31536000')
}

type Refuse = (error: unknown, request: FastifyRequest, reply: FastifyReply) => unknown

function bareServer(trustedProxies: readonly string[], refuse: Refuse): FastifyInstance {
  const app = Fastify({
    // Addresses that cannot be read never become a request of a route; they are refused as everything else is.
    frameworkErrors: (error, request, reply) =>
      void refuse(error, request as FastifyRequest, reply as FastifyReply),
    clientErrorHandler: (error, socket) => refuseConnection(error, socket),
    requestTimeout: 300_000, // Without it a body that drips keeps its connection for ever.
    logger: false,
    trustProxy: trustedProxies.length === 0 ? false : [...trustedProxies],
    requestIdHeader: false,
    bodyLimit: defaultLimit, // Also for paths that do not exist; a route that takes more says so.
    forceCloseConnections: 'idle',
    routerOptions: { ignoreTrailingSlash: false, caseSensitive: true, maxParamLength: 512 },
    exposeHeadRoutes: true, // Whatever answers GET answers HEAD (RFC 9110, section 9.1).
  })
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('*', async (request: FastifyRequest, payload: Readable) => {
    const kept = request.routeOptions.config as { raw?: boolean }
    return kept.raw === true ? payload : collect(payload, request.routeOptions.bodyLimit ?? defaultLimit)
  })
  return app
}

/** So much of what is too much, and for so long, is heard and thrown away before it is refused. */
const [heardOutBytes, heardOutMs] = [8 * 2 ** 20, 10_000]

/**
 * Whoever is refused while they still speak may never hear why: a connection that ends with something unread takes the answer with it. So what is too
 * much by little is heard to its end first; what goes on and on is answered and read no further, and the connection ends with the answer.
 */
function collect(payload: Readable, most: number): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>()
  let chunks: Buffer[] = []
  let size = 0
  let patience: NodeJS.Timeout | undefined
  const refuse = () => {
    clearTimeout(patience)
    payload.off('data', take)
    payload.pause()
    reject(httpFault.too_large())
  }
  const take = (chunk: Buffer) => {
    size += chunk.length
    if (size <= most) return void chunks.push(chunk)
    chunks = []
    patience ??= setTimeout(refuse, heardOutMs)
    if (size > most + heardOutBytes) refuse()
  }
  payload.on('data', take)
  payload.once('end', () => (size > most ? refuse() : resolve(Buffer.concat(chunks))))
  payload.once('error', (error) => (clearTimeout(patience), reject(error)))
  return promise
}

function addRoute(app: FastifyInstance, route: Route, options: ServerOptions): void {
  app.route({
    method: route.method,
    url: route.path,
    bodyLimit: route.bodyLimit ?? defaultLimit,
    config: { raw: route.streams !== undefined, route } as object,
    handler: (request, reply) => {
      const started = process.hrtime.bigint()
      const facts = factsOf(request, options)
      options.observer?.started()
      reply.raw.once('close', () => finished(route, facts, reply, started, options))
      return withCorrelation(facts.correlation, async () => {
        try {
          const work = () => answerRoute(route, request, reply, facts, options)
          return await (options.traces === undefined
            ? work()
            : options.traces.span(`${route.method} ${route.path}`, work))
        } catch (error) {
          return failed(error, facts, reply, route, options)
        }
      })
    },
  })
}

function addMount(app: FastifyInstance, { paths, handler }: Mount, options: ServerOptions): void {
  for (const url of paths) {
    app.route({
      method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'],
      url,
      config: { raw: true } as object,
      bodyLimit: Number.MAX_SAFE_INTEGER, // What the mount reads is the mount's to bound.
      handler(request, reply) {
        const facts = factsOf(request, options)
        reply.hijack()
        withCorrelation(facts.correlation, () => handler(request.raw, reply.raw, facts))
      },
    })
  }
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
  if (route.unlogged === true) return
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
  const busy = countBusy(app)
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
    close: () => closeSoon(app, busy),
  }
}

/**
 * No new connections; requests in hand are answered; then every connection ends. Without this a client's idle or half-open
 * connection would hold the server for seconds.
 */
async function closeSoon(app: FastifyInstance, busy: () => number): Promise<void> {
  const sweep = setInterval(
    () => (busy() === 0 ? app.server.closeAllConnections() : app.server.closeIdleConnections()),
    20,
  )
  try {
    await app.close()
  } finally {
    clearInterval(sweep)
  }
}

/** How many requests are being answered, those of mounts included. */
function countBusy(app: FastifyInstance): () => number {
  let busy = 0
  app.server.on('request', (_request, response) => {
    busy += 1
    response.once('close', () => (busy -= 1))
  })
  return () => busy
}
