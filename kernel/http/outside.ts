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
import { tokenFault } from './faults.ts'
import { createMemory } from './memory.ts'
import { createNetworkLines } from './networks.ts'

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

/** What was refused is not asked again for a moment: whoever repeats it costs a look into a map. */
const refusedMs = 5_000
/** A token of ours that came so is asked for anew after a while, also when nobody has revoked it. */
const keptMs = 300_000

export function createOutsideTokens({ clock, exchange }: Options) {
  // Apart, so that made-up tokens, of which there are as many as somebody likes, push out no real one.
  const given = createMemory<string>(clock, keptMs)
  const refused = createMemory<Fault>(clock, refusedMs)
  const asking = new Map<string, Promise<string>>()
  const lines = createNetworkLines({ clock })

  async function ask(key: string, presented: Presented): Promise<string> {
    try {
      const { token } = await lines.run(presented.network, () => exchange(presented))
      given.keep(key, token)
      return token
    } catch (error) {
      const refusal = refusalOf(error)
      if (refusal.status < 500) {
        refused.keep(key, refusal)
        lines.refused(presented.network)
      }
      throw refusal
    }
  }

  async function ownFor(presented: Presented): Promise<string> {
    if (presented.token.length > mostLength) throw tokenFault.invalid()
    const key = keyOf(presented.token)
    const known = given.find(key)
    if (known !== undefined) return known
    const refusal = refused.find(key)
    if (refusal !== undefined) throw refusal
    const asked = asking.get(key) ?? ask(key, presented).finally(() => asking.delete(key))
    asking.set(key, asked)
    return asked
  }

  return {
    /** A token of ours for it; of many requests that come with it at once, one asks. @throws Fault */
    ownFor,
    /** What we were given is worth nothing any more: another one, which somebody else may have asked for meanwhile. @throws Fault */
    ownInstead(of: string, presented: Presented): Promise<string> {
      const key = keyOf(presented.token)
      if (given.find(key) === of) given.forget(key)
      return ownFor(presented)
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
