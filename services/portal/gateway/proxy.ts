/** Hands a request on to the service that answers it, and its answer back, without holding either in memory. */
import {
  Agent,
  request as send,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type ServerResponse,
} from 'node:http'
import type { Facts } from '@althing/kernel/http'

/** Never forwarded: what belongs to one connection (RFC 9110, section 7.6.1), and what only we may say. */
const withheld = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'host',
  'expect',
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
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
    response.writeHead(answer.statusCode ?? 502, withoutHopByHop(answer.headers))
    answer.pipe(response)
    answer.on('error', () => response.destroy())
  })
  onward.on('timeout', () => onward.destroy())
  onward.on('error', () => unavailable(response, facts))
  response.on('close', () => onward.destroy())
  request.pipe(onward)
}

function headersFor(
  request: IncomingMessage,
  facts: Facts,
  { origin, token, keepCookies }: Target,
): OutgoingHttpHeaders {
  const kept = Object.entries(request.headers).filter(
    ([name]) => !withheld.has(name) && (keepCookies || name !== 'cookie'),
  )
  return {
    ...Object.fromEntries(kept),
    host: origin.host,
    'x-forwarded-for': facts.address,
    'x-forwarded-host': origin.host,
    'x-forwarded-proto': origin.protocol.slice(0, -1),
    'x-correlation-id': facts.correlation,
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(request.headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' }),
  }
}

function withoutHopByHop(headers: IncomingMessage['headers']): OutgoingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([name]) => !['connection', 'keep-alive', 'transfer-encoding'].includes(name),
    ),
  )
}

function unavailable(response: ServerResponse, { correlation }: Facts): void {
  if (response.headersSent) return void response.destroy()
  const problem = {
    type: 'urn:fault:portal.gateway.unavailable',
    title: 'This part does not answer at the moment. Try again in a minute.',
    status: 503,
    code: 'portal.gateway.unavailable',
    correlation,
  }
  response
    .writeHead(503, {
      'content-type': 'application/problem+json',
      'retry-after': '5',
      'cache-control': 'no-store',
    })
    .end(JSON.stringify(problem))
}
