/**
 * Tokens of other issuers, at the door. No door believes them: each is changed for one of our own by the service that keeps
 * accounts, which alone knows whose keys to trust and whom a token speaks for. What comes back is checked as every token of
 * ours is, so that a revocation bites on the next request here too.
 */
import { createHash } from 'node:crypto'
import { decodeJwt } from 'jose'
import { z } from 'zod'
import type { Clock } from '../context/index.ts'
import { Fault, isFault } from '../errors/index.ts'
import { createBulkhead } from '../resilience/index.ts'
import { tokenFault } from './faults.ts'

export const outsideTokenPath = '/internal/outside-tokens'

/** Tokens of others that we know take one or two kilobytes; what is much larger is none. */
const mostLength = 8_192

/** From where a token came: for records of whose hands it was in, never for a decision. */
export const Presented = z.object({
  token: z.string().min(1).max(mostLength),
  network: z.string().max(64),
  agent: z.string().max(400),
})
export type Presented = z.output<typeof Presented>
export const Exchanged = z.object({ token: z.string().min(1).max(16_384) })

/** Asks for a token of ours. @throws Fault of whoever keeps accounts, below 500 as it is */
export type Exchange = (presented: Presented) => Promise<z.output<typeof Exchanged>>

interface Options {
  readonly clock: Clock
  readonly exchange: Exchange
}

type Kept = { readonly until: number } & ({ readonly own: string } | { readonly refusal: Fault })

/** What was refused is not asked again for a moment: whoever repeats it costs a look into a map. */
const refusedMs = 5_000
/** A token of ours that came so is asked for anew after a while, also when nobody has revoked it. */
const keptMs = 300_000
const most = 5_000

export function createOutsideTokens({ clock, exchange }: Options) {
  const kept = new Map<string, Kept>()
  const asking = new Map<string, Promise<string>>()
  // Whoever makes up tokens must not keep the service that is asked from everything else.
  const bulkhead = createBulkhead({ limit: 32, queue: 512 })
  const now = () => clock.now().getTime()

  async function ask(key: string, presented: Presented): Promise<string> {
    try {
      const { token } = await bulkhead.run(() => exchange(presented))
      keep(key, { own: token, until: now() + keptMs })
      return token
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal.status < 500) keep(key, { refusal, until: now() + refusedMs })
      throw refusal
    }
  }

  function keep(key: string, one: Kept): void {
    if (kept.size >= most) kept.delete(kept.keys().next().value ?? '')
    kept.set(key, one)
  }

  return {
    /** A token of ours for it; of many requests that come with it at once, one asks. @throws Fault */
    async ownFor(presented: Presented): Promise<string> {
      if (presented.token.length > mostLength) throw tokenFault.invalid()
      const key = keyOf(presented.token)
      const known = kept.get(key)
      if (known !== undefined && known.until > now()) {
        if ('refusal' in known) throw known.refusal
        return known.own
      }
      const asked = asking.get(key) ?? ask(key, presented).finally(() => asking.delete(key))
      asking.set(key, asked)
      return asked
    },
    /** What we were given for it is worth nothing any more. False when we were given nothing. */
    forgetOwn(token: string): boolean {
      const key = keyOf(token)
      return 'own' in (kept.get(key) ?? {}) && kept.delete(key)
    },
  }
}

const keyOf = (token: string): string => createHash('sha256').update(token).digest('base64url')

/** That it is no token at all is said as of every other one; that it speaks for nobody here is worth a word of its own. */
function refusalOf(error: unknown): Fault {
  if (!(error instanceof Fault)) return tokenFault.unavailable(error, { retryAfterSeconds: 5 })
  if (error.status === 401) return tokenFault.invalid(error)
  return error.status >= 500 && !isFault(error, 'kernel.token.unavailable')
    ? tokenFault.unavailable(error, { retryAfterSeconds: 5 })
    : error
}

/** Whose token it says it is: believed by nobody, and enough to know whom to ask. */
export function namedIssuer(token: string): string | undefined {
  try {
    return decodeJwt(token).iss
  } catch {
    return undefined
  }
}
