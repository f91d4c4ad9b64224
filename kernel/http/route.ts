/**
 * One declaration for each route: path, permission, what comes in, what goes out. Validation both ways, the decision
 * and the OpenAPI document are made from it. `access` has no default: a route without it does not compile.
 */
import type { z } from 'zod'
import type { Answer } from './answer.ts'
import type { Dialect } from './present.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Who asks. It is made from a verified token or signature only, never from a word of the request. */
export interface Caller {
  /** A person, a service of ours, or a service identity: a program of somebody's. */
  readonly kind: 'person' | 'service' | 'machine'
  /** Account id (`acc_…`), service name, or service identity (`svc_…`). */
  readonly subject: string
  readonly roles: readonly string[]
  readonly session?: string
  /** With which number of their account the token was made: whoever was told of a lower one knows older roles than it has. */
  readonly stamp?: number
  readonly client?: string
  readonly scopes?: readonly string[]
  readonly acr?: string
  readonly amr?: readonly string[]
  /** Seconds since 1970 at which the person last proved who they are. */
  readonly authTime?: number
}

/** A thing that is acted on, as the policies speak of it. */
export interface Resource {
  readonly type: string
  readonly id: string
  readonly properties?: Readonly<Record<string, unknown>>
}

export interface Permission {
  readonly action: string
  readonly resource: (input: { readonly params: never; readonly caller: Caller }) => Resource
}

/** 'public' needs a comment beside it that says why. */
export type Access = 'public' | Permission

/**
 * The permission to do `action`. Without a resource the question is about the service as a whole.
 * @example access: may('elections.open', ({ params }) => ({ type: 'Election', id: params.id }))
 */
export function may<P = Record<string, never>>(
  action: string,
  resource?: (input: { readonly params: P; readonly caller: Caller }) => Resource,
): Permission {
  const whole = (): Resource => ({ type: 'Service', id: action.split('.')[0] ?? action })
  return { action, resource: (resource ?? whole) as Permission['resource'] }
}

export interface Limit {
  readonly name: string
  /** The account when somebody is signed in; otherwise, or beside it, the network the request comes from. */
  readonly by: 'account' | 'network'
  readonly most: number
  readonly withinSeconds: number
}

type Schema = z.ZodType
type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined

export interface RouteSpec<P, Q, B, R> {
  readonly method: Method
  readonly path: string
  readonly access: Access
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  readonly reply?: R
  /** Status of success; 200 unless said, 204 when there is no reply. */
  readonly status?: number
  readonly summary?: string
  /** Bytes; 64 KB unless said. */
  readonly bodyLimit?: number
  /** A type of content that the handler reads as it comes (`input.stream`), after the permission was checked. Instead of `body`. */
  readonly streams?: string
  readonly limits?: readonly Limit[]
  /** No log line and no trace: for routes whose very time would say something about a person. */
  readonly unlogged?: true
  /** The handler reads the Authorization header itself, because what is shown there is for this route alone. Nobody is the caller. */
  readonly ownAuthorization?: true
  /** How its refusals are told, where a standard says it; else as problem details. */
  readonly dialect?: Dialect
  /** Headers that stand in every answer as they came with the request, in small letters. */
  readonly echoes?: readonly string[]
}

export interface Input<P, Q, B> {
  readonly params: Parsed<P>
  readonly query: Parsed<Q>
  readonly body: Parsed<B>
  /** The body as it arrives, on routes that declare `streams`; breaks off with a fault beyond `bodyLimit`. */
  readonly stream: AsyncIterable<Uint8Array>
  /** Somebody: on routes with a permission always; on public ones when a valid token came along. */
  readonly caller: Caller
  /** The network of the request: an IPv4 address or an IPv6 /64. For limits and records, never for a decision. */
  readonly network: string
  /** Path and query as they came. */
  readonly url: string
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly cookies: Readonly<Record<string, string | undefined>>
  readonly correlation: string
}

/** A route as the server sees it: the types of its parts are forgotten, its schemas are not. */
export interface Route {
  readonly kind: 'route' | 'anonymous' | 'page'
  readonly method: Method
  readonly path: string
  readonly access: Access
  readonly params?: Schema
  readonly query?: Schema
  readonly body?: Schema
  readonly reply?: Schema
  readonly status?: number
  readonly summary?: string
  readonly bodyLimit?: number
  readonly streams?: string
  readonly limits: readonly Limit[]
  readonly unlogged?: true
  readonly ownAuthorization?: true
  readonly dialect?: Dialect
  readonly echoes?: readonly string[]
  readonly handler: (input: Input<never, never, never>) => unknown
}

type Reply<R> = R extends z.ZodType ? z.input<R> | Answer<z.input<R>> : void | Answer<undefined>

export function route<
  P extends Schema | undefined = undefined,
  Q extends Schema | undefined = undefined,
  B extends Schema | undefined = undefined,
  R extends Schema | undefined = undefined,
>(spec: RouteSpec<P, Q, B, R>, handler: (input: Input<P, Q, B>) => Reply<R> | Promise<Reply<R>>): Route {
  return {
    ...(spec as RouteSpec<Schema, Schema, Schema, Schema>),
    kind: 'route',
    limits: spec.limits ?? [],
    handler: handler as Route['handler'],
  }
}

export interface AnonymousSpec<P, B, R> {
  readonly method?: 'GET' | 'POST'
  readonly path: string
  readonly params?: P
  readonly body?: B
  readonly reply: R
  readonly status?: number
  readonly summary?: string
  readonly bodyLimit?: number
}

/**
 * A route that could not know a person if it wanted to: its handler gets path and body, and nothing else of the
 * request. Its server keeps no access log, no trace, no correlation id, no address, no cookie.
 */
export function anonymousRoute<
  P extends Schema | undefined = undefined,
  B extends Schema | undefined = undefined,
  R extends Schema = Schema,
>(
  spec: AnonymousSpec<P, B, R>,
  handler: (input: { readonly params: Parsed<P>; readonly body: Parsed<B> }) => Reply<R> | Promise<Reply<R>>,
): Route {
  return {
    ...(spec as AnonymousSpec<Schema, Schema, Schema>),
    kind: 'anonymous',
    method: spec.method ?? 'POST',
    access: 'public',
    limits: [],
    // The parts are picked by name: what the server adds to an input some day does not reach this handler.
    handler: (({ params, body }: { params: Parsed<P>; body: Parsed<B> }) =>
      handler({ params, body })) as Route['handler'],
  }
}
