/** What a server is made of, and what it refuses by itself. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Chance, Clock } from '../context/index.ts'
import { faults, type Fault } from '../errors/index.ts'
import type { Log, Traces } from '../telemetry/index.ts'
import type { Answer } from './answer.ts'
import type { Csrf } from './csrf.ts'
import type { Limits } from './limits.ts'
import type { Dialect } from './present.ts'
import type { Caller, Resource, Route } from './route.ts'
import type { SignedRequest } from './signatures.ts'
import type { Tokens } from './tokens.ts'

export const httpFault = faults('kernel.http', {
  invalid: [400, 'Something in the request is not right. Look at the fields named.'],
  wrong_type: [415, 'This is not the kind of content that is understood here.'],
  too_large: [413, 'The request is too large.'],
  not_found: [404, 'There is nothing at this address.'],
  wrong_method: [405, 'This address does not understand that method.'],
  headers_too_large: [
    431,
    'The headers of the request are too large. Delete the cookies of this site and try again.',
  ],
  address_too_long: [414, 'This address is too long.'],
  too_slow: [408, 'The request took too long to arrive. Try again.'],
  forbidden: [403, 'You may not do this.'],
})

/** The decision: made locally from the policy bundle; throws when it cannot be made. */
export type Decide = (question: {
  readonly caller: Caller
  readonly action: string
  readonly resource: Resource
  /** Of some doors no line may say who came when. */
  readonly isUnlogged: boolean
}) => boolean | Promise<boolean>

export interface HttpObserver {
  started(): void
  finished(facts: {
    readonly route: string
    readonly method: string
    readonly status: number
    readonly seconds: number
  }): void
  refused(code: string): void
}

/** What a request says of itself; none of it decides anything. */
export interface RequestFacts {
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly cookies: Readonly<Record<string, string | undefined>>
}

export interface Facts extends RequestFacts {
  /** Path and query as they came. */
  readonly url: string
  /** Of the nearest client that we believe; only to hand on. Limits and records use `network`. */
  readonly address: string
  readonly correlation: string
  readonly network: string
}

/** Something that answers raw requests by itself: a protocol engine, a gateway. Bodies reach it unread. */
export interface Mount {
  /** As Fastify writes them: `/oauth/*`, `/.well-known/jwks.json`. */
  readonly paths: readonly string[]
  handler(request: IncomingMessage, response: ServerResponse, facts: Facts): void
}

export interface ServerOptions {
  readonly routes: readonly Route[]
  readonly clock: Clock
  readonly chance: Chance
  readonly log: Log
  readonly decide: Decide
  readonly limits?: Limits
  readonly tokens?: Tokens
  readonly verifySigned?: (request: SignedRequest) => Promise<string>
  /** Who a cookie speaks for: the service's own sessions. */
  readonly authenticate?: (facts: RequestFacts) => Promise<Caller | null>
  readonly csrf?: Csrf
  /** How a refusal looks to a person; without it pages answer problems too. */
  readonly renderFault?: (fault: Fault, facts: Facts) => Answer<undefined>
  readonly mounts?: readonly Mount[]
  readonly trustedProxies?: readonly string[]
  /** True when the origin is https: cookies are Secure then. */
  readonly secure?: boolean
  readonly observer?: HttpObserver
  readonly traces?: Traces
  readonly dialect?: Dialect
}
