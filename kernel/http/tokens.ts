/**
 * Access tokens at the door: RFC 9068 JWTs, their keys from the issuer's JWKS (cached), and the revocation feed, so
 * that a ban, a role change, a new password or "sign out everywhere" takes effect on the next request.
 */
import { createRemoteJWKSet, customFetch, errors as joseErrors, jwtVerify, type JWTPayload } from 'jose'
import { z } from 'zod'
import type { Clock } from '../context/index.ts'
import { isFault } from '../errors/index.ts'
import { looksLikeApiKey, readApiKey } from './api-keys.ts'
import { Bounds, boundsHeader, outOf } from './bounds.ts'
import { tokenFault } from './faults.ts'
import { createOutsideTokens, namedIssuer, type Exchange } from './outside.ts'
import { createMemory } from './memory.ts'
import type { Caller } from './route.ts'
import type { Revocations } from './revocations.ts'

/** Claims that we read; `stamp` and `sid` tie the token to the revocation feed. */
const Claims = z.object({
  sub: z.string().min(1).max(255),
  client_id: z.string().max(255),
  scope: z.string().max(2000).default(''),
  roles: z.array(z.string().max(64)).max(64).default([]),
  sid: z.string().max(255).optional(),
  stamp: z.number().int().nonnegative().default(0),
  auth_time: z.number().int().optional(),
  acr: z.string().max(255).optional(),
  amr: z.array(z.string().max(64)).max(16).optional(),
  /** Only whoever signs for service identities writes this; what speaks for a person says nothing. */
  kind: z.enum(['person', 'machine']).default('person'),
  /** Whose program it is: what ends their own tokens ends this one. */
  owner: z.object({ sub: z.string().min(1).max(255), stamp: z.int().nonnegative() }).optional(),
  bounds: Bounds.default({}),
  /** A token that is bound to a key is nothing without a proof (RFC 9449, section 7.2), and no door of ours takes one. */
  cnf: z.undefined().optional(),
  exp: z.number(),
})
export type AccessClaims = z.output<typeof Claims>

/**
 * How long a key of the issuer, and what it was seen to have signed, is believed without asking again. After a key has leaked
 * nothing that its thief signs may open a door for longer than five minutes, and the two times add up.
 */
const trustedMs = 120_000

export interface TokenOptions {
  readonly issuer: string
  readonly audience: string
  readonly jwksUrl: string
  readonly clock: Clock
  readonly revocations: Revocations
  readonly fetch?: typeof fetch
  /** How tokens of other issuers become ours; without it nobody's are taken but our own. */
  readonly exchange?: Exchange
  /** How keys of programs become tokens of ours; without it none is taken. */
  readonly exchangeKey?: Exchange
}

/** From where a token came. */
export interface From {
  readonly network: string
  /** By which bounds are decided; whoever does not say it is nowhere. */
  readonly address: string
  readonly agent: string
}

export interface Tokens {
  /** @throws Fault kernel.token.invalid, revoked or unavailable */
  verify(token: string, from?: From): Promise<Caller>
  stats(): { readonly hits: number; readonly misses: number; readonly size: number }
}

export function createTokens({
  issuer,
  audience,
  jwksUrl,
  clock,
  revocations,
  fetch: fetcher,
  exchange,
  exchangeKey,
}: TokenOptions): Tokens {
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    cacheMaxAge: trustedMs,
    cooldownDuration: 5_000,
    timeoutDuration: 5_000,
    ...(fetcher === undefined ? {} : { [customFetch]: fetcher }),
  })
  // Of the signature only: expiry and revocation are asked every time.
  const verified = createMemory<AccessClaims>(clock, trustedMs)
  const count = { hits: 0, misses: 0 }
  const outside = exchange === undefined ? undefined : createOutsideTokens({ clock, exchange })
  const shownKeys =
    exchangeKey === undefined ? undefined : createOutsideTokens({ clock, exchange: exchangeKey })

  async function check(token: string): Promise<AccessClaims> {
    const known = verified.find(token)
    if (known !== undefined) {
      count.hits += 1
      return known
    }
    count.misses += 1
    const claims = Claims.safeParse(await signed(token))
    if (!claims.success) throw tokenFault.invalid(claims.error)
    verified.keep(token, claims.data)
    return claims.data
  }

  async function signed(token: string): Promise<JWTPayload> {
    try {
      // RFC 9068, section 4: type, issuer, audience, signature by a key of the issuer and of no other kind.
      const options = {
        issuer,
        audience,
        typ: 'at+jwt',
        crit: { [boundsHeader]: true },
        algorithms: ['ES256', 'EdDSA', 'RS256', 'PS256'],
        // Section 2.2: what is not said is not taken for allowed.
        requiredClaims: ['iss', 'aud', 'sub', 'client_id', 'exp', 'iat'],
        currentDate: clock.now(),
      }
      return (await jwtVerify(token, keys, options)).payload
    } catch (error) {
      const unreachable = error instanceof joseErrors.JWKSTimeout || !(error instanceof joseErrors.JOSEError)
      throw unreachable ? tokenFault.unavailable(error, { retryAfterSeconds: 5 }) : tokenFault.invalid(error)
    }
  }

  async function own(token: string, { address }: From): Promise<Caller> {
    const claims = await check(token)
    const at = clock.now()
    if (claims.exp * 1000 <= at.getTime()) throw tokenFault.invalid()
    revocations.check(claims)
    if (claims.owner !== undefined) revocations.check(claims.owner)
    const out = outOf(claims.bounds, { address, at })
    if (out !== null) throw tokenFault[out]()
    return callerOf(claims)
  }

  /** What somebody showed is worth what it is changed for; when that is over, whoever keeps accounts says whether it is worth another. */
  async function inExchange(by: ReturnType<typeof createOutsideTokens>, token: string, from: From) {
    const presented = { token, network: from.network, agent: from.agent.slice(0, 400) }
    const given = await by.ownFor(presented)
    try {
      return await own(given, from)
    } catch (error) {
      if (!isFault(error, 'kernel.token.revoked') && !isFault(error, 'kernel.token.invalid')) throw error
      return own(await by.ownInstead(given, presented), from)
    }
  }

  return {
    async verify(token, from = { network: '', address: '', agent: '' }) {
      if (looksLikeApiKey(token)) {
        // What is none by its form asks nobody.
        if (shownKeys === undefined || readApiKey(token) === null) throw tokenFault.invalid()
        return inExchange(shownKeys, token, from)
      }
      if (outside === undefined || verified.find(token) !== undefined) return own(token, from)
      const named = namedIssuer(token)
      const isOwn = named === undefined || named === issuer || !revocations.trusts(named)
      return isOwn ? own(token, from) : inExchange(outside, token, from)
    },
    stats: () => ({ ...count, size: verified.size() }),
  }
}

function callerOf(claims: AccessClaims): Caller {
  return {
    kind: claims.kind,
    subject: claims.sub,
    roles: claims.roles,
    stamp: claims.stamp,
    client: claims.client_id,
    scopes: claims.scope.split(' ').filter((scope) => scope !== ''),
    ...(claims.sid === undefined ? {} : { session: claims.sid }),
    ...(claims.auth_time === undefined ? {} : { authTime: claims.auth_time }),
    ...(claims.acr === undefined ? {} : { acr: claims.acr }),
    ...(claims.amr === undefined ? {} : { amr: claims.amr }),
  }
}
