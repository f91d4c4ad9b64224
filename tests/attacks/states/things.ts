/** Things that have states: how one is brought into each of them, through the doors of the real service, and what is asked about it. */
import type { Caller } from '@althing/kernel/http'
import type { TestService } from '../../support/service.ts'

/** Whoever comes: somebody with one role or none, a service of ours, or a program with one scope. */
export type Who =
  | { readonly kind: 'person'; readonly name: string; readonly roles: readonly string[] }
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'machine'; readonly name: string; readonly scope: string }

export interface Answered {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly etag: string
}

export interface Asker {
  readonly caller: Caller
  send(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answered>
}

export interface Thing {
  /** What stands in the address of each route. */
  readonly params: Readonly<Record<string, string>>
  readonly version?: number
}

export interface Things {
  /** As the table calls them. */
  readonly name: string
  readonly service: TestService
  /** Null: there can be none such for this asker. */
  readonly make: Readonly<Record<string, (asker: Asker, whose: string) => Promise<Thing | null>>>
  /** Whose they may be, seen from whoever asks; only `others` when nothing is said. */
  readonly whose?: readonly string[]
  /** By route: what is sent along, which is right whatever the state. */
  readonly sent?: Readonly<
    Record<string, (thing: Thing) => { body?: unknown; headers?: Readonly<Record<string, string>> }>
  >
  /** When nothing more is asked about it. */
  readonly putAway?: (thing: Thing) => Promise<unknown>
  /** The route that shows one: whoever was refused has changed nothing of what it says. */
  readonly look?: string
  /** What it tells that is not its own. */
  readonly notItsOwn?: readonly string[]
  readonly asker?: (who: Who) => Promise<Asker>
}

let people = 0

/** Somebody new each time, with a second factor just now: no limit is anybody else's, and no proof is missing. */
export function askerAt(service: TestService, who: Who, given: { readonly subject?: string } = {}): Asker {
  people += 1
  const { origin = 'http://localhost:8080' } = service as { readonly origin?: string }
  if (who.kind === 'service')
    return {
      caller: { kind: 'service', subject: who.name, roles: [] },
      send: async (method, path, body) => read(await service.asService(who.name, method, path, body)),
    }
  const subject =
    given.subject ??
    `${who.kind === 'machine' ? 'svc' : 'acc'}_00000000-0000-7000-8000-${String(people).padStart(12, '0')}`
  const acr = 'urn:althing:acr:mfa'
  const [roles, scopes] = who.kind === 'machine' ? [[], [who.scope]] : [who.roles, []]
  const more = who.kind === 'machine' ? { kind: 'machine', scope: who.scope } : { acr }
  const tokenAt = once(service, (now) =>
    service.issuer.token(
      { subject, roles },
      { iss: origin, aud: `${origin}/api`, iat: now, exp: now + 900, auth_time: now - 5, ...more },
    ),
  )
  return {
    caller: { kind: who.kind, subject, roles, scopes, ...(who.kind === 'machine' ? {} : { acr }) },
    async send(method, path, body, headers = {}) {
      const answer = await service.fetch(
        new Request(`${origin}${path}`, {
          method,
          headers: {
            authorization: `Bearer ${tokenAt()}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }),
      )
      return read(answer)
    },
  }
}

/** A token is good for a minute here, and proves what was shown just now: with a clock that was put forward it is another. */
function once(service: TestService, make: (now: number) => string): () => string {
  let [token, madeAt] = ['', 0]
  return () => {
    const now = Math.floor(service.kit.clock.now().getTime() / 1000)
    if (now - madeAt > 60) [token, madeAt] = [make(now), now]
    return token
  }
}

async function read(answer: Response): Promise<Answered> {
  const text = await answer.text()
  const body = (text.startsWith('{') ? JSON.parse(text) : {}) as Answered['body']
  return { status: answer.status, body, etag: answer.headers.get('etag') ?? '' }
}

/** @throws Error when it did not work: a state that could not be reached is no state */
export function right({ status, body, etag }: Answered): Record<string, unknown> & { readonly etag: string } {
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`)
  return { ...body, etag }
}

/** An id that was never anybody's. */
export const nobodys = '00000000-0000-7000-8000-00000000dead'
