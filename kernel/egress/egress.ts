/** A call to an address that somebody else has chosen: README.md says what it may reach. */
import { lookup as resolve, type LookupAddress } from 'node:dns'
import { request as http, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as https } from 'node:https'
import { isIP } from 'node:net'
import { faults } from '../errors/index.ts'
import { withDeadline } from '../resilience/index.ts'
import { isPublic } from './addresses.ts'

const egressFault = faults('kernel.egress', {
  forbidden: [
    502,
    'An address was given that we do not call: it is not https, or not of the public internet.',
  ],
  failed: [502, 'Another server did not answer as it should.'],
})

export interface Call {
  readonly method?: string | undefined
  readonly headers?: Headers | Readonly<Record<string, string>> | undefined
  readonly body?: string | URLSearchParams | undefined
}

/** @throws Fault kernel.egress.forbidden or failed, kernel.resilience.too_late */
export type Egress = (url: string | URL, call?: Call) => Promise<Response>

interface Options {
  /** `host:port` of the operator's own, which are reached although they are private, or by http. */
  readonly allowed?: readonly string[]
  readonly deadlineMs?: number
  readonly mostBytes?: number
  /** How a name is resolved; the system's way unless a test says otherwise. */
  readonly lookup?: typeof resolve
}

export function createEgress({
  allowed = [],
  deadlineMs = 5_000,
  mostBytes = 1_000_000,
  lookup = resolve,
}: Options = {}): Egress {
  return async function call(given, { method = 'GET', headers = {}, body } = {}) {
    const url = new URL(given)
    const isAllowed = allowed.includes(hostOf(url))
    if (!isAllowed && url.protocol !== 'https:') throw egressFault.forbidden()
    if (url.username !== '' || url.password !== '') throw egressFault.forbidden()
    // An address that is written out is never resolved, so it is looked at here.
    const literal = url.hostname.replace(/^\[|\]$/g, '')
    if (!isAllowed && isIP(literal) !== 0 && !isPublic(literal)) throw egressFault.forbidden()

    const text = body?.toString()
    const options: RequestOptions = {
      method,
      headers: {
        ...Object.fromEntries(new Headers(headers as HeadersInit)),
        ...(text === undefined ? {} : { 'content-length': Buffer.byteLength(text) }),
      },
      agent: false,
      timeout: 1_000,
      ...(isAllowed ? {} : { lookup: guarded(lookup) as NonNullable<RequestOptions['lookup']> }),
    }
    return withDeadline(deadlineMs, (signal) => send(url, { ...options, signal }, text, mostBytes))
  }
}

const hostOf = (url: URL): string =>
  `${url.hostname}:${url.port || (url.protocol === 'http:' ? '80' : '443')}`

type Found = (error: Error | null, address?: string | LookupAddress[], family?: number) => void

/** Where one address of a name is ours, the name is none that we call: which of them is connected to is not ours to say. */
function guarded(lookup: typeof resolve) {
  return (host: string, options: { readonly all?: boolean }, found: Found): void =>
    lookup(host, { all: true }, (error, addresses) => {
      if (error !== null) return found(error)
      if (addresses.length === 0 || addresses.some(({ address }) => !isPublic(address)))
        return found(egressFault.forbidden())
      if (options.all === true) return found(null, addresses)
      found(null, addresses[0]?.address, addresses[0]?.family)
    })
}

async function send(
  url: URL,
  options: RequestOptions,
  text: string | undefined,
  mostBytes: number,
): Promise<Response> {
  const answer = await new Promise<IncomingMessage>((done, refuse) => {
    const request = (url.protocol === 'http:' ? http : https)(url, options, done)
    // Until it is connected; what is slow after that is what the deadline is for.
    request.on('socket', (socket) => socket.once('connect', () => request.setTimeout(0)))
    request.on('timeout', () => request.destroy(new Error('No connection within a second.')))
    request.on('error', (error) =>
      refuse('code' in error && error.code === 'kernel.egress.forbidden' ? error : egressFault.failed(error)),
    )
    request.end(text)
  })
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.byteLength
    if (size > mostBytes) {
      answer.destroy()
      throw egressFault.failed(new Error('The answer is too large.'))
    }
    chunks.push(chunk)
  }
  const status = answer.statusCode ?? 502
  const bare = status === 204 || status === 205 || status === 304
  const headers = Object.entries(answer.headersDistinct).flatMap(([name, values]) =>
    (values ?? []).map((value): [string, string] => [name, value]),
  )
  return new Response(bare ? null : Buffer.concat(chunks), { status, headers })
}
