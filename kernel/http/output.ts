/** What goes out: an answer checked against its declaration, or a refusal in the dialect of the caller. */
import { STATUS_CODES, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyReply } from 'fastify'
import type { Fault } from '../errors/index.ts'
import { Answer, serializeCookie } from './answer.ts'
import { httpFault, type Facts, type ServerOptions } from './options.ts'
import { contentPolicy } from './page.ts'
import { asFault, problem, retryAfter, type Dialect } from './present.ts'
import type { Route } from './route.ts'

export function send(reply: FastifyReply, route: Route, value: unknown, secure: boolean): FastifyReply {
  const answer = value instanceof Answer ? value : new Answer(value)
  if (answer.stream !== undefined) {
    withHeaders(reply, answer, secure)
    return reply.code(answer.status ?? route.status ?? 200).send(answer.stream)
  }
  if (answer.raw !== undefined) return sendRaw(reply, answer, route.status ?? 200, secure)
  withHeaders(reply, answer, secure)
  if (route.reply === undefined) return reply.code(answer.status ?? route.status ?? 204).send()
  // What goes out is checked as well: a field that the declaration does not name never leaves by accident.
  const checked = route.reply.parse(answer.value)
  return reply
    .code(answer.status ?? route.status ?? 200)
    .type(answer.headers['content-type'] ?? 'application/json; charset=utf-8')
    .send(JSON.stringify(checked))
}

function sendRaw(
  reply: FastifyReply,
  answer: Answer<unknown>,
  status: number,
  secure: boolean,
): FastifyReply {
  withHeaders(reply, answer, secure)
  return reply.code(answer.status ?? status).send(answer.raw)
}

function withHeaders(reply: FastifyReply, { cookies, headers }: Answer<unknown>, secure: boolean): void {
  for (const cookie of cookies) void reply.header('set-cookie', serializeCookie(cookie, secure))
  void reply.headers(headersOf({ headers }))
}

const headersOf = ({ headers }: Pick<Answer<unknown>, 'headers'>) => ({
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  ...headers,
})

/** Somebody looks at an address that is none: told in words, not in JSON. */
function wantsPage({ headers }: Facts): boolean {
  return /\btext\/html\b/.test(headers['accept'] ?? '')
}

export function sendFault(
  reply: FastifyReply,
  fault: Fault,
  dialect: Dialect,
  correlation: string | undefined,
): FastifyReply {
  const { status, headers, body } = dialect(fault, correlation)
  return reply
    .code(status)
    .headers({
      'x-content-type-options': 'nosniff',
      ...(status === 413 ? { connection: 'close' } : {}),
      ...headers,
    })
    .send(Buffer.from(body)) // As bytes: the framework would add a charset, which this type does not have (RFC 9457, section 3).
}

/** A fault is told; a bug is reported and told as a reference. Pages are told as pages. */
export function failed(
  error: unknown,
  facts: Facts,
  reply: FastifyReply,
  route: Route | undefined,
  options: ServerOptions,
) {
  const report = (bug: unknown) => (options.log.error('bug', bug, { route: route?.path }), facts.correlation)
  const fault = asFault(fromFastify(error), report)
  options.observer?.refused(fault.code)
  if (fault.status >= 500 && fault.code !== 'kernel.bug')
    options.log.warn('refused', { code: fault.code, cause: String(fault.cause) })
  const isPage = route?.kind === 'page' || (route === undefined && wantsPage(facts))
  if (isPage && options.renderFault !== undefined) {
    const shown = pageOf(fault, facts, options)
    if (shown === undefined) return sendFault(reply, fault, problem, facts.correlation)
    void reply.headers({ 'content-security-policy': contentPolicy(), ...retryAfter(fault) })
    return sendRaw(reply, shown, fault.status, options.secure ?? false)
  }
  return sendFault(reply, fault, route?.dialect ?? options.dialect ?? problem, facts.correlation)
}

/** Undefined when the page of a refusal cannot be made: then it is told without one, and never with what went wrong here. */
function pageOf(fault: Fault, facts: Facts, { renderFault, log }: ServerOptions) {
  try {
    return renderFault?.(fault, facts)
  } catch (bug) {
    log.error('a refusal that could not be shown', bug)
    return undefined
  }
}

/** The same from a mount, which answers on the bare response. */
export function refuseFromMount(
  response: ServerResponse,
  fault: Fault,
  facts: Facts,
  { renderFault, secure = false }: Pick<ServerOptions, 'renderFault' | 'secure'>,
): void {
  if (response.headersSent) return void response.destroy()
  const shown = wantsPage(facts) ? renderFault?.(fault, facts) : undefined
  if (shown === undefined) {
    const { status, headers, body } = problem(fault, facts.correlation)
    response.writeHead(status, { 'x-content-type-options': 'nosniff', ...headers }).end(body)
    return
  }
  for (const cookie of shown.cookies) response.appendHeader('set-cookie', serializeCookie(cookie, secure))
  const guarded = { 'content-security-policy': contentPolicy(), ...retryAfter(fault), ...headersOf(shown) }
  response.writeHead(shown.status ?? fault.status, guarded).end(shown.raw)
}

/** What is refused before there is a request: told in the same form as everything else, and never with what was sent. */
export function refuseConnection(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  const { status, headers, body } = problem(connectionFault(error.code), undefined)
  const lines = Object.entries({ ...headers, 'content-length': Buffer.byteLength(body), connection: 'close' })
  if (!socket.writable) return void socket.destroy()
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      ...lines.map(([name, value]) => `${name}: ${value}`),
      '',
      body,
    ].join('\r\n'),
  )
  socket.destroySoon()
}

function connectionFault(code: string | undefined): Fault {
  if (code === 'HPE_HEADER_OVERFLOW') return httpFault.headers_too_large()
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? httpFault.too_slow() : httpFault.invalid()
}

/** The few things that the framework itself refuses. */
export function fromFastify(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return httpFault.too_large(error)
  if (code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH' || code === 'FST_ERR_BAD_URL')
    return httpFault.invalid(error)
  if (code === 'FST_ERR_MAX_PARAM_LENGTH') return httpFault.address_too_long(error)
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return httpFault.wrong_type(error)
  return error
}
