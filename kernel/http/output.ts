/** What goes out: an answer checked against its declaration, or a refusal in the dialect of the caller. */
import type { FastifyReply } from 'fastify'
import type { Fault } from '../errors/index.ts'
import { Answer, serializeCookie } from './answer.ts'
import { httpFault, type Facts, type ServerOptions } from './options.ts'
import { contentPolicy } from './page.ts'
import { asFault, problem, retryAfter, type Dialect } from './present.ts'
import type { Route } from './route.ts'

export function send(reply: FastifyReply, route: Route, value: unknown, secure: boolean): FastifyReply {
  const answer = value instanceof Answer ? value : new Answer(value)
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
  void reply.headers({
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cache-control': 'no-store',
    ...headers,
  })
}

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
    const shown = options.renderFault(fault, facts)
    void reply.headers({ 'content-security-policy': contentPolicy(), ...retryAfter(fault) })
    return sendRaw(reply, shown, fault.status, options.secure ?? false)
  }
  return sendFault(reply, fault, options.dialect ?? problem, facts.correlation)
}

/** The few things that the framework itself refuses. */
export function fromFastify(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return httpFault.too_large(error)
  if (code === 'FST_ERR_CTP_INVALID_CONTENT_LENGTH' || code === 'FST_ERR_BAD_URL')
    return httpFault.invalid(error)
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return httpFault.wrong_type(error)
  return error
}
