/**
 * One origin for all of the person world. A browser's cookie becomes an access token here; whatever a cookie authenticates
 * and changes something must prove that one of our pages sent it. Callers with a token of their own pass as they are.
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Fault } from '@althing/kernel/errors'
import { httpFault, refuseFromMount, type Csrf, type Facts, type ServerOptions } from '@althing/kernel/http'
import type { Log } from '@althing/kernel/telemetry'
import { fault } from './faults.ts'
import { forward } from './proxy.ts'
import { requestIdFor, serviceFor } from './table.ts'

interface Needs {
  readonly origin: string
  readonly urlOf: (service: string) => string | undefined
  readonly tokenFor: (cookie: string) => Promise<string | null>
  readonly sessionCookie: string
  readonly csrf: Csrf
  readonly log: Log
  /** A refusal as a page, for whoever followed a link. */
  readonly renderFault: NonNullable<ServerOptions['renderFault']>
}

export function createGateway({ origin, urlOf, tokenFor, sessionCookie, csrf, log, renderFault }: Needs) {
  const publicOrigin = new URL(origin)
  const secure = publicOrigin.protocol === 'https:'

  async function route(request: IncomingMessage, response: ServerResponse, facts: Facts): Promise<void> {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
    const service = serviceFor(path)
    const base = service === null ? undefined : urlOf(service)
    const requestId = requestIdFor(path, facts.headers['x-request-id'])
    // At once: a refusal of ours is an answer too.
    if (requestId !== undefined) response.setHeader('x-request-id', requestId)
    if (service === null || base === undefined) throw httpFault.not_found()
    // Identity has pages with cookies of its own; every API knows tokens only.
    const keepCookies = service === 'identity' && !path.startsWith('/api/')
    const token =
      keepCookies || facts.headers['authorization'] !== undefined ? null : await tokenOf(request, facts)
    const unavailable = () => refuse(fault.unavailable(undefined, { retryAfterSeconds: 5 }), response, facts)
    const target = { base, origin: publicOrigin, token, keepCookies, requestId, unavailable }
    forward(request, response, facts, target)
  }

  async function tokenOf(request: IncomingMessage, facts: Facts): Promise<string | null> {
    const cookie = facts.cookies[sessionCookie]
    if (cookie === undefined) return null
    const isSafe = request.method === 'GET' || request.method === 'HEAD'
    if (!isSafe)
      csrf.check({ headers: facts.headers, cookies: facts.cookies, token: facts.headers['x-csrf-token'] })
    return tokenFor(cookie)
  }

  function refuse(error: unknown, response: ServerResponse, facts: Facts): void {
    if (!(error instanceof Fault)) log.error('bug in the gateway', error)
    const told =
      error instanceof Fault
        ? error
        : new Fault('kernel.bug', 500, `Something went wrong on our side. Reference: ${facts.correlation}`)
    try {
      refuseFromMount(response, told, facts, { renderFault, secure })
    } catch (bug) {
      // Nobody waits above us: what is not answered here would hang.
      log.error('a refusal that could not be shown', bug)
      response.destroy()
    }
  }

  return function handle(request: IncomingMessage, response: ServerResponse, facts: Facts): void {
    route(request, response, facts).catch((error: unknown) => refuse(error, response, facts))
  }
}
