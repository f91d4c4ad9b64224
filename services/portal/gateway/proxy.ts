/** Hands a request on to the service that answers it, and its answer back, without holding either in memory. */
import {
  Agent,
  request as send,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http'
import type { Facts } from '@althing/kernel/http'

/** What belongs to one connection and ends with it (RFC 9110, section 7.6.1). */
const hopByHop = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

/** What only we may say. */
const ours = new Set([
  'host',
  'expect',
  'forwarded',
  'x-real-ip',
  'x-user-id',
  'signature',
  'signature-input',
  'x-correlation-id',
  'x-request-id',
])

interface Target {
  readonly base: string
  /** The public origin: the services build addresses from it, never from what a client says. */
  readonly origin: URL
  /** Put in place of the browser's cookie for services that know tokens only. */
  readonly token: string | null
  readonly keepCookies: boolean
  /** What whoever asks calls their question, where a standard lets them. */
  readonly requestId: string | undefined
  /** The service does not answer, or stopped before it had begun. */
  readonly unavailable: () => void
}

const agent = new Agent({ keepAlive: true, maxSockets: 512, timeout: 60_000 })

export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  facts: Facts,
  target: Target,
): void {
  const url = new URL(target.base)
  const onward = send({
    agent,
    host: url.hostname,
    port: url.port,
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: headersFor(request, facts, target),
    timeout: 60_000,
  })
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, endToEnd(answer.headers))
    answer.pipe(response)
    answer.on('error', () => response.destroy())
  })
  onward.on('timeout', () => onward.destroy())
  onward.on('error', target.unavailable)
  response.on('close', () => onward.destroy())
  request.pipe(onward)
}

/** What a proxy that we trust says of a request: from the browser it would be the word of a stranger. */
const said = /^x-(forwarded|althing)-/

function headersFor(
  request: IncomingMessage,
  facts: Facts,
  { origin, token, keepCookies, requestId }: Target,
): OutgoingHttpHeaders {
  const kept = Object.entries(endToEnd(request.headers)).filter(
    ([name]) => !ours.has(name) && !said.test(name) && (keepCookies || name !== 'cookie'),
  )
  return {
    ...Object.fromEntries(kept),
    host: origin.host,
    'x-forwarded-for': facts.address,
    'x-forwarded-host': origin.host,
    'x-forwarded-proto': origin.protocol.slice(0, -1),
    'x-correlation-id': facts.correlation,
    ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(request.headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' }),
  }
}

/** Without what belongs to the connection, and without what the connection header names as such. */
function endToEnd(headers: IncomingMessage['headers']): OutgoingHttpHeaders {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase())
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !hopByHop.has(name) && !named.includes(name)),
  )
}
