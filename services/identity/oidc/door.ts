/**
 * How requests reach the engine. It builds addresses from the request, so the request is made to say what the settings say:
 * neither a Host header nor a forwarded one of a stranger ever becomes part of an address (openfga #3057).
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { isFault } from '@althing/kernel/errors'
import { httpFault, refuseFromMount, type Facts, type Mount, type ServerOptions } from '@althing/kernel/http'
import { queryOf } from './posted.ts'
import { trusted } from './proxies.ts'
import { paths } from './schema.ts'

interface Needs {
  readonly issuer: string
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void
  /** The page on which a person is told that their browser came with a form that cannot be used. */
  readonly renderFault: NonNullable<ServerOptions['renderFault']>
  /** Who may say which certificate an application has shown, and in which header. */
  readonly certificate: { readonly header: string; readonly proxies: readonly string[] }
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

export function engineMounts({ issuer, handle, renderFault, certificate }: Needs): Mount[] {
  const { host, protocol } = new URL(issuer)
  const isTrusted = trusted(certificate.proxies)
  const said = [certificate.header, `${certificate.header}-verified`]
  function handler(request: IncomingMessage, response: ServerResponse, facts: Facts): void {
    if (!isOurs(request.url ?? '')) return refuseFromMount(response, httpFault.not_found(), facts, {})
    for (const name of forwarded) delete request.headers[name]
    const methods = methodsAt(request.url ?? '')
    if (methods !== undefined && !methods.includes(request.method ?? '')) return notSo(response, methods)
    if (request.method === 'POST' && pathOf(request.url) === paths.authorization)
      return void sendOn(request, response, facts)
    // RFC 6749, section 5.2: no program that asks here is answered with a page, whatever it says that it takes.
    if (methods?.includes('OPTIONS') === true && /\bhtml\b/.test(request.headers.accept ?? ''))
      request.headers.accept = 'application/json'
    if (!isTrusted(request.socket.remoteAddress)) for (const name of said) delete request.headers[name]
    request.headers['x-forwarded-for'] = facts.address
    request.headers.host = host
    request.headers['x-forwarded-proto'] = protocol.slice(0, -1)
    for (const [name, value] of always) response.setHeader(name, value)
    handle(request, response)
  }
  async function sendOn(request: IncomingMessage, response: ServerResponse, facts: Facts): Promise<void> {
    try {
      const location = `${paths.authorization}?${await queryOf(request)}`
      response
        .writeHead(303, { location, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' })
        .end()
    } catch (error) {
      // Whoever hangs up while they send is told nothing.
      if (!isFault(error)) return void response.destroy()
      // What is still being sent is not read.
      response.setHeader('connection', 'close')
      refuseFromMount(response, error, facts, { renderFault })
    }
  }
  return [{ paths: ['/oauth/*', ...discovery], handler }]
}

/** RFC 9110, section 15.5.6: the engine would say that there is nothing there. */
function notSo(response: ServerResponse, methods: readonly string[]): void {
  response.writeHead(405, { allow: methods.join(', ') }).end()
}

/**
 * The engine takes a path in any case, and with a slash at its end. What stands before it (methods, the guesses at codes) knows each by one
 * spelling, so no other gets there (attack 48).
 */
const further = /^\/oauth\/((authorize|code)\/[\w-]{1,64}|logout\/(confirm|success))$/
function isOurs(url: string): boolean {
  const path = pathOf(url)
  return spoken.has(path) || further.test(path)
}
const pathOf = (url = ''): string => url.split('?')[0] ?? ''
const spoken = new Set<string>([...Object.values(paths), ...discovery])

const posted = ['POST', 'OPTIONS']
const methods = new Map<string, readonly string[]>([
  [paths.authorization, ['GET', 'HEAD', 'POST']],
  [paths.token, posted],
  [paths.introspection, posted],
  [paths.revocation, posted],
  [paths.pushed, posted],
  [paths.device, posted],
  [paths.backchannel, posted],
  [paths.userinfo, ['GET', 'HEAD', 'POST', 'OPTIONS']],
  [paths.logout, ['GET', 'HEAD', 'POST']],
  [paths.userCode, ['GET', 'HEAD', 'POST']],
])

const methodsAt = (url: string): readonly string[] | undefined => methods.get(pathOf(url))

const always = [
  ['x-content-type-options', 'nosniff'],
  ['referrer-policy', 'no-referrer'],
  ['x-frame-options', 'DENY'],
] as const
