/**
 * Calls to addresses that others have named: a receiver's, an application's. Whoever names an address chooses where we knock, so it must be
 * https, out in the world, and answer within bounds. The address is looked at when the connection is made, with the name already resolved: a
 * name that points elsewhere the second time gains nothing (DNS rebinding).
 */
import { lookup as resolve } from 'node:dns'
import { request as overHttp, type IncomingMessage, type RequestOptions } from 'node:http'
import { request as overTls } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { faults } from '../errors/index.ts'
import { isPublicAddress } from './addresses.ts'

export { isPublicAddress } from './addresses.ts'

export const egressFault = faults('kernel.egress', {
  address: [
    422,
    'This address may not be called. It must be https, in the public network, and without a name and password.',
  ],
  unreachable: [502, 'The address that should be called does not answer.'],
  too_large: [502, 'The address that was called answers more than is read.'],
})

export interface Outgoing {
  readonly method?: 'GET' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly timeoutMs?: number
  readonly mostBytes?: number
}

export interface Incoming {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly text: string
}

/** `allowed`: hosts, with a port or without, that an operator has named: inside, or in clear. */
export function createEgress({ allowed = [] }: { readonly allowed?: readonly string[] } = {}) {
  // A host that was parsed is in small letters; what an operator wrote is what they wrote.
  const named = new Set(allowed.map((host) => host.toLowerCase()))
  const isNamed = ({ host, hostname }: URL) => named.has(host) || named.has(hostname)

  /** What can be seen of an address before anybody is called. @throws Fault kernel.egress.address */
  function checked(address: string): URL {
    const url = URL.parse(address)
    if (url === null || url.username !== '' || url.password !== '') throw egressFault.address()
    if (isNamed(url) && ['http:', 'https:'].includes(url.protocol)) return url
    const literal = url.hostname.replace(/^\[|\]$/g, '')
    if (url.protocol !== 'https:' || (isIP(literal) !== 0 && !isPublicAddress(literal)))
      throw egressFault.address()
    return url
  }

  /** No redirect is followed: it would lead where nobody has looked. @throws Fault kernel.egress.* */
  async function send(address: string, outgoing: Outgoing = {}): Promise<Incoming> {
    const url = checked(address)
    const { method = 'GET', headers = {}, body, timeoutMs = 5_000, mostBytes = 1_048_576 } = outgoing
    const options: RequestOptions = {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }) },
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
      ...(isNamed(url) ? {} : { lookup: publicOnly }),
    }
    try {
      const response = await open(url, options, body)
      return {
        status: response.statusCode ?? 0,
        headers: response.headers,
        text: await textOf(response, mostBytes),
      }
    } catch (error) {
      if (error instanceof PrivateAddress) throw egressFault.address(error)
      if (error instanceof TooLarge) throw egressFault.too_large()
      // What the driver says may name the address: of a chat or a webhook it is a secret.
      throw egressFault.unreachable(new Error(codeOf(error)))
    }
  }

  return { checked, send }
}
export type Egress = ReturnType<typeof createEgress>

class PrivateAddress extends Error {}
class TooLarge extends Error {}

const publicOnly: LookupFunction = (hostname, options, callback) =>
  resolve(hostname, { ...options, all: true }, (error, found) => {
    if (error !== null) return callback(error, '', 4)
    // One of several is enough to refuse: which one is taken would be for others to choose.
    if (found.length === 0 || found.some(({ address }) => !isPublicAddress(address)))
      return callback(new PrivateAddress('This name points into a network that is not public.'), '', 4)
    const [first] = found
    if (options.all === true) return callback(null, found)
    return callback(null, first?.address ?? '', first?.family ?? 4)
  })

function open(url: URL, options: RequestOptions, body: string | undefined): Promise<IncomingMessage> {
  return new Promise((answered, failed) => {
    const request = (url.protocol === 'https:' ? overTls : overHttp)(url, options, answered)
    request.once('error', failed)
    request.end(body)
  })
}

async function textOf(response: IncomingMessage, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > mostBytes) throw new TooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'no answer'
