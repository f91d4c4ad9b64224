/**
 * An OpenID issuer as we speak to it: discovery and keys kept for an hour, the code exchanged with our secret, the ID token
 * checked by every rule of OpenID Connect Core, section 3.1.3.7. Every call has a deadline, a bound and a breaker.
 */
import { createRemoteJWKSet, customFetch, jwtVerify, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import type { Clock } from '@althing/kernel/context'
import type { Secret } from '@althing/kernel/config'
import { isKeepable } from '@althing/kernel/crypto'
import { createCall, type Caller } from './call.ts'
import { fault } from './faults.ts'
import { Discovery } from './schema.ts'

interface Options<C> extends Pick<Caller, 'breaker' | 'send'> {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: Secret
  readonly redirectUri: string
  readonly scope: string
  readonly clock: Clock
  /** What of the ID token is believed, and in which form. */
  readonly claims: z.ZodType<C>
}

/** What an issuer is told at the beginning. */
export interface Proofs {
  readonly state: string
  readonly nonce: string
  readonly challenge: string
}

const hourMs = 3_600_000
const signatures = ['RS256', 'PS256', 'ES256', 'EdDSA']

export function createUpstream<C>(options: Options<C>) {
  const { issuer, clientId, clock } = options
  const count = { hits: 0, misses: 0, size: 0 }
  let known:
    | { readonly document: Discovery; readonly keys: JWTVerifyGetKey; readonly until: number }
    | undefined

  const { asked, call } = createCall({ ...options, who: 'The issuer' })

  async function discover() {
    if (known !== undefined && known.until > clock.now().getTime()) return known
    const document = Discovery.parse(
      await call(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`),
    )
    // OpenID Connect Discovery, section 4.3: it must name itself exactly.
    if (document.issuer !== issuer) throw fault.upstream(new Error('The issuer names itself otherwise.'))
    const keys = createRemoteJWKSet(new URL(document.jwks_uri), {
      cacheMaxAge: hourMs,
      cooldownDuration: 30_000,
      timeoutDuration: 5_000,
      [customFetch]: fetchKeys,
    })
    known = { document, keys, until: clock.now().getTime() + hourMs }
    return known
  }

  async function fetchKeys(url: string): Promise<Response> {
    const { text, status } = await asked(url)
    count.misses += 1
    count.size = 1
    return new Response(text, { status })
  }

  async function authorizationUrl({ state, nonce, challenge }: Proofs): Promise<string> {
    const { document } = await discover()
    const url = new URL(document.authorization_endpoint)
    const parameters = {
      response_type: 'code',
      client_id: clientId,
      redirect_uri: options.redirectUri,
      scope: options.scope,
      state,
      nonce,
      code_challenge: challenge,
      code_challenge_method: 'S256',
    }
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
    return url.href
  }

  /** @throws Fault identity.federation.refused when the answer does not come from this issuer (RFC 9207). */
  async function checkResponseIssuer(iss: string | undefined): Promise<void> {
    const { document } = await discover()
    const isMissing = iss === undefined && document.authorization_response_iss_parameter_supported
    if (isMissing || (iss !== undefined && iss !== issuer))
      throw fault.refused(new Error('The response names another issuer.'))
  }

  async function redeem(code: string, verifier: string, nonce: string): Promise<C> {
    const { document, keys } = await discover()
    const form = new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: options.redirectUri,
      code_verifier: verifier,
    })
    const basic = Buffer.from(
      `${encodeURIComponent(clientId)}:${encodeURIComponent(options.clientSecret.reveal())}`,
    ).toString('base64')
    const answer = TokenAnswer.safeParse(
      await call(document.token_endpoint, {
        form,
        headers: { authorization: `Basic ${basic}`, accept: 'application/json' },
      }),
    )
    if (!answer.success) throw fault.upstream(answer.error)
    return verified(answer.data.id_token, { document, keys, nonce })
  }

  async function verified(
    token: string,
    { document, keys, nonce }: { document: Discovery; keys: JWTVerifyGetKey; nonce: string },
  ): Promise<C> {
    try {
      const before = count.misses
      const algorithms = document.id_token_signing_alg_values_supported.filter((alg) =>
        signatures.includes(alg),
      )
      const { payload } = await jwtVerify(token, keys, {
        issuer,
        audience: clientId,
        algorithms,
        currentDate: clock.now(),
        maxTokenAge: '10m',
        clockTolerance: 30,
        requiredClaims: ['sub', 'exp', 'iat', 'nonce'],
      })
      if (count.misses === before) count.hits += 1
      if (payload['nonce'] !== nonce) throw new Error('The nonce is not ours.')
      if (payload['azp'] !== undefined && payload['azp'] !== clientId)
        throw new Error('The token is for another party.')
      const claims = options.claims.parse(payload)
      // Its subject and its name are written down: what cannot be is no claim of ours.
      if (!isKeepable(claims)) throw new Error('A claim cannot be kept.')
      return claims
    } catch (error) {
      throw fault.refused(
        new Error('The ID token is not right.', {
          cause: error instanceof z.ZodError ? new Error('A claim is missing or of another form.') : error,
        }),
      )
    }
  }

  return { authorizationUrl, checkResponseIssuer, redeem, stats: () => ({ ...count }) }
}
export type Upstream<C> = ReturnType<typeof createUpstream<C>>

const TokenAnswer = z.object({ id_token: z.string().max(20_000) })
