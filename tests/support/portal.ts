/** A running portal before a running identity, and behind it a service that writes down what reached it. */
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { connect } from 'node:net'
import { randomBytes } from 'node:crypto'
import { after } from 'node:test'
import type { Clock } from '@althing/kernel/context'
import { portal } from '../../services/portal/service.ts'
import { freePort } from '../../run/ports.ts'
import { createBrowser, portalSecret, signIn, testIdentity, type Browser } from './identity.ts'
import { testService } from './service.ts'

export interface Reached {
  readonly method: string
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

export async function testPortal(
  options: {
    readonly env?: Readonly<Record<string, string>>
    readonly clock?: Clock
    /** Identity takes the tokens that it has issued itself, as it does everywhere but in most tests. */
    readonly ownTokens?: boolean
    /** The policy service is the one that writes down what reached it, or does not answer. */
    readonly policy?: 'behind' | 'away'
  } = {},
) {
  const [port, internal] = [await freePort(), await freePort()]
  const origin = `http://localhost:${port}`
  const names = ['portal', 'identity', 'policy', 'members', 'events', 'elections']
  const seeds = Object.fromEntries(names.map((name) => [name, randomBytes(32).toString('base64url')]))
  const behind = await recorder()
  const identity = await testIdentity({
    origin,
    seeds,
    peerUrls: { portal: `http://127.0.0.1:${internal}` },
    ...(options.ownTokens === true ? { jwksFromSelf: true } : {}),
  })
  const service = await testService(portal, {
    listen: true,
    seeds,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    peerUrls: {
      identity: identity.origin,
      members: behind.url,
      ...(options.policy === undefined
        ? {}
        : { policy: options.policy === 'behind' ? behind.url : `http://127.0.0.1:${await freePort()}` }),
      events: `http://127.0.0.1:${await freePort()}`,
    },
    env: {
      ALTHING_URL: origin,
      ALTHING_PORTAL_HOST: 'localhost',
      ALTHING_PORTAL_PORT: String(port),
      ALTHING_PORTAL_INTERNAL_PORT: String(internal),
      ALTHING_PORTAL_CLIENT_SECRET: portalSecret,
      ...options.env,
    },
  })
  return { service, identity, origin, port, behind }
}
export type TestPortal = Awaited<ReturnType<typeof testPortal>>

/** Answers everything with what it got. */
async function recorder() {
  const reached: Reached[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      reached.push({ method, url, headers, body: Buffer.concat(chunks).toString() })
      response
        .writeHead(200, {
          'content-type': 'application/json',
          'x-kept': 'yes',
          'x-hop': 'of this connection',
          connection: 'x-hop',
        })
        .end('{"from":"behind"}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => (server.close(), server.closeAllConnections()))
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, reached }
}

/** From the front page to a signed-in browser. */
export async function signedIn(
  { origin }: { readonly origin: string },
  who: { readonly identifier?: string } = {},
): Promise<Browser> {
  const browser = createBrowser(origin)
  await comeBack(browser, await browser.go('/session/login'), who)
  return browser
}

/** Through identity's pages and back again. */
export async function comeBack(
  browser: Browser,
  begun: Response,
  who: { readonly identifier?: string } = {},
): Promise<Response> {
  const { url } = await browser.follow(begun, (there) => there.pathname === '/sign-in')
  const { response } = await browser.follow(
    await signIn(browser, { at: url.href, ...who }),
    (there) => !['/oauth', '/session'].some((prefix) => there.pathname.startsWith(prefix)),
  )
  return response
}

/** Bytes as nobody's library would send them; everything that comes back. */
export function sendRaw(port: number, lines: readonly string[]): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const socket = connect(port, 'localhost', () => socket.write(lines.join('\r\n')))
  let text = ''
  socket.setEncoding('utf8').on('data', (part) => (text += String(part)))
  socket.once('close', () => resolve(text)).once('error', reject)
  socket.setTimeout(1_000, () => socket.destroy())
  return promise
}
