/**
 * How requests reach the engine. It builds addresses from the request, so the request is made to say what the settings say:
 * neither a Host header nor a forwarded one of a stranger ever becomes part of an address (openfga #3057).
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Mount } from '@althing/kernel/http'

interface Needs {
  readonly issuer: string
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void
}

/** OpenID Connect Discovery, section 4; RFC 8414, section 3. */
const discovery = ['/.well-known/openid-configuration', '/.well-known/oauth-authorization-server']

const forwarded = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
]

export function engineMounts({ issuer, handle }: Needs): Mount[] {
  const { host, protocol } = new URL(issuer)
  function handler(request: IncomingMessage, response: ServerResponse): void {
    for (const name of forwarded) delete request.headers[name]
    request.headers.host = host
    request.headers['x-forwarded-proto'] = protocol.slice(0, -1)
    for (const [name, value] of always) response.setHeader(name, value)
    handle(request, response)
  }
  return [{ paths: ['/oauth/*', ...discovery], handler }]
}

const always = [
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  ['x-frame-options', 'DENY'],
] as const
