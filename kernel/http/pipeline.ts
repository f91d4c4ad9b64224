/** The checks of every request in their order: who is it, was that too often, may they, is the input right; then the handler. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import { parseCookies, serializeCookie } from './answer.ts'
import { tokenFault } from './faults.ts'
import { parsed, rawBody, streamOf, withoutToken } from './input.ts'
import { networkOf } from './network.ts'
import { httpFault, type Facts, type ServerOptions } from './options.ts'
import { send } from './output.ts'
import { contentPolicy } from './page.ts'
import type { Caller, Route } from './route.ts'

export async function answerRoute(
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  facts: Facts,
  options: ServerOptions,
) {
  void reply.header('x-correlation-id', facts.correlation)
  const unsafe = route.method !== 'GET'
  const { caller, byCookie } = await whoIs(route, request, facts, options)
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
  const input = { ...facts, params, query, body, stream, caller, csrf: given?.token }
  const value = await route.handler(input as never)
  if (route.kind === 'page') void reply.header('content-security-policy', contentPolicy())
  return send(reply, route, value, options.secure ?? false)
}

async function whoIs(route: Route, request: FastifyRequest, facts: Facts, options: ServerOptions) {
  const { headers } = facts
  if (headers['signature-input'] !== undefined && options.verifySigned !== undefined) {
    // A body that was not read cannot be covered by a signature.
    if (route.streams !== undefined) throw httpFault.forbidden()
    const body = Buffer.isBuffer(request.body) ? request.body : ''
    const service = await options.verifySigned({ method: request.method, target: request.url, body, headers })
    return { caller: { kind: 'service', subject: service, roles: [] } as Caller, byCookie: false }
  }
  if (route.ownAuthorization === true) return { caller: undefined, byCookie: false }
  const bearer = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i.exec(headers['authorization'] ?? '')?.[1]
  if (bearer !== undefined && options.tokens !== undefined) {
    const from = { network: facts.network, address: facts.address, agent: headers['user-agent'] ?? '' }
    return { caller: await options.tokens.verify(bearer, from), byCookie: false }
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
  const isUnlogged = route.unlogged === true
  if (!(await options.decide({ caller, action: route.access.action, resource, isUnlogged }))) {
    options.observer?.refused('kernel.http.forbidden')
    throw httpFault.forbidden()
  }
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

/** An id from outside is taken when it is harmless to write down (A2: no line breaks, at most 64 characters). */
export function factsOf(
  request: FastifyRequest,
  { chance, secure = false }: Pick<ServerOptions, 'chance' | 'secure'>,
): Facts {
  const known = facts.get(request.raw)
  if (known !== undefined) return known
  const headers = request.headers as Readonly<Record<string, string | undefined>>
  const given = headers['x-correlation-id'] ?? headers['x-request-id']
  // What a proxy hands on is its client's word; what is no address is not one.
  const address = isIP(request.ip) === 0 ? (request.socket.remoteAddress ?? '') : request.ip
  const correlation = given !== undefined && /^[A-Za-z0-9._-]{1,64}$/.test(given) ? given : chance.uuid()
  const made = {
    url: request.url,
    address,
    headers,
    cookies: parseCookies(headers['cookie'], secure),
    correlation,
    network: networkOf(address),
  }
  facts.set(request.raw, made)
  return made
}
const facts = new WeakMap<IncomingMessage, Facts>()
