/** The keys of another issuer: kept for an hour at most, asked for again at an unknown name but not more often than twice a minute. */
import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import type { Clock } from '@althing/kernel/context'
import type { Egress } from '@althing/kernel/egress'
import type { Breaker } from '@althing/kernel/resilience'
import { Discovery } from './schema.ts'

interface Options extends Calling {
  readonly issuer: string
  /** Absent: where the issuer's own discovery says. */
  readonly url: string | undefined
  readonly clock: Clock
}

interface Calling {
  readonly breaker: Breaker
  /** An issuer says itself where its keys are: it cannot have us call what only we can reach. */
  readonly send: Egress['send']
}

const hourMs = 3_600_000
const cooldownMs = 30_000
/** Within the five seconds that a service waits for us. */
const deadlineMs = 4_000
const mostBytes = 256_000

export function createIssuerKeys({ issuer, url, clock, ...calling }: Options): JWTVerifyGetKey {
  let known: { readonly keys: JWTVerifyGetKey; readonly until: number } | undefined

  async function keys(): Promise<JWTVerifyGetKey> {
    if (known !== undefined && known.until > clock.now().getTime()) return known.keys
    const at = url ?? (await discovered(issuer, calling))
    known = { keys: remote(at, calling), until: clock.now().getTime() + hourMs }
    return known.keys
  }

  return async (...asked) => (await keys())(...asked)
}

const remote = (url: string, calling: Calling): JWTVerifyGetKey =>
  createRemoteJWKSet(new URL(url), {
    cacheMaxAge: hourMs,
    cooldownDuration: cooldownMs,
    timeoutDuration: deadlineMs * 2, // Ours is shorter.
    [customFetch]: async (at) => {
      const text = await fetched(at, calling)
      KeySet.parse(JSON.parse(text)) // Here, so that garbage is the issuer's failure and not the token's.
      return new Response(text)
    },
  })

/** OpenID Connect Discovery, section 4.3: it must name itself exactly. Its keys come by https, or from where it is itself. */
async function discovered(issuer: string, calling: Calling): Promise<string> {
  const text = await fetched(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, calling)
  const { issuer: named, jwks_uri: keys } = Discovery.parse(JSON.parse(text))
  if (named !== issuer) throw new Error('The issuer names itself otherwise.')
  if (!keys.startsWith('https://') && new URL(keys).origin !== new URL(issuer).origin)
    throw new Error('The issuer names keys that are not kept safely.')
  return keys
}

/** With a deadline, a bound and a breaker; redirects are refused. */
function fetched(url: string, { breaker, send }: Calling): Promise<string> {
  return breaker.run(async () => {
    const headers = { accept: 'application/json' }
    const { status, text } = await send(url, { headers, timeoutMs: deadlineMs, mostBytes })
    if (status !== 200) throw new Error(`The issuer answered ${status}.`)
    return text
  })
}

const KeySet = z.object({
  keys: z
    .array(z.looseObject({ kty: z.string() }))
    .min(1)
    .max(100),
})
