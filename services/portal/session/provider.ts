/**
 * Our side of OpenID Connect towards identity: the token endpoint and the ID token (OIDC Core, sections 3.1.3 and 12). The
 * browser is sent to the public issuer; tokens are fetched at identity's internal address.
 */
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { z } from 'zod'
import type { Secret } from '@althing/kernel/config'
import { isFault } from '@althing/kernel/errors'
import type { Caller } from '@althing/kernel/http'
import { withDeadline, type Breaker } from '@althing/kernel/resilience'
import { Me } from '@althing/identity/contract'
import { fault } from './faults.ts'

const clientId = 'portal'

const TokenReply = z.object({
  access_token: z.string(),
  refresh_token: z.string(),
  id_token: z.string().optional(),
  expires_in: z.number(),
})
const AccessClaims = z.object({
  roles: z.array(z.string()).default([]),
  iat: z.number().default(0),
  sub: z.string().default(''),
  stamp: z.number().default(0),
  sid: z.string().optional(),
  client_id: z.string().optional(),
  acr: z.string().optional(),
  amr: z.array(z.string()).default([]),
})
const IdClaims = z.object({
  sub: z.string(),
  /** Without it we would not hear of its end. */
  sid: z.string().min(1),
  name: z.string().optional(),
  nonce: z.string().optional(),
})

/** The weakest level that has a second factor, shown in the last minute: one of before counts only when it was just now (OIDC Core, section 3.1.2.1). */
const second = { acr_values: 'urn:althing:acr:mfa' }
const fresh = { ...second, max_age: '60' }

export interface Granted {
  readonly access: string
  readonly refresh: string
  readonly idToken: string | undefined
  readonly expiresInSeconds: number
  readonly roles: readonly string[]
}

interface Needs {
  /** The issuer as browsers and tokens know it. */
  readonly issuer: string
  /** Where identity listens for us. */
  readonly internalUrl: string
  readonly secret: Secret
  readonly breaker: Breaker
}

export function createProvider({ issuer, internalUrl, secret, breaker }: Needs) {
  const redirectUri = `${issuer}/session/callback`
  const keys = createRemoteJWKSet(new URL(`${internalUrl}/.well-known/jwks.json`), {
    cooldownDuration: 5_000,
  })
  const credentials = `Basic ${Buffer.from(`${clientId}:${encodeURIComponent(secret.reveal())}`).toString('base64')}`

  /** @returns null when identity refuses the grant; that is final. @throws Fault portal.session.unavailable */
  async function token(form: Readonly<Record<string, string>>): Promise<Granted | null> {
    const reply = await breaker
      .run(() => withDeadline(5_000, (signal) => post(form, signal)))
      .catch((error: unknown) => {
        throw fault.unavailable(error, { retryAfterSeconds: 5 })
      })
    if (reply.status >= 400 && reply.status < 500) return null
    const parsed = TokenReply.safeParse(reply.body)
    if (reply.status !== 200 || !parsed.success)
      throw fault.unavailable(parsed.error, { retryAfterSeconds: 5 })
    const {
      access_token: access,
      refresh_token: refresh,
      id_token: idToken,
      expires_in: expiresInSeconds,
    } = parsed.data
    return { access, refresh, idToken, expiresInSeconds, roles: rolesIn(access) }
  }

  async function post(form: Readonly<Record<string, string>>, signal: AbortSignal) {
    // Identity serves its issuer wherever it is asked, and is told which that is.
    const { host, protocol } = new URL(issuer)
    const response = await fetch(`${internalUrl}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: {
        authorization: credentials,
        'x-forwarded-host': host,
        'x-forwarded-proto': protocol.slice(0, -1),
      },
      redirect: 'error',
      signal,
    })
    if (response.status >= 500) throw new Error(`Identity answered ${response.status}.`)
    return { status: response.status, body: (await response.json().catch(() => null)) as unknown }
  }

  /** Who it is, as identity knows them now; null when it does not say. No page is held up by it. */
  async function me(access: string): Promise<Me | null> {
    const response = await breaker.run(() =>
      withDeadline(1_000, (signal) =>
        fetch(`${internalUrl}/api/identity/me`, {
          headers: { authorization: `Bearer ${access}` },
          redirect: 'error',
          signal,
        }),
      ),
    )
    const parsed = Me.safeParse(response.ok ? await response.json().catch(() => null) : null)
    return parsed.success ? parsed.data : null
  }

  return {
    me,
    authorizationUrl(asked: {
      readonly state: string
      readonly nonce: string
      readonly challenge: string
      readonly how: 'quiet' | 'fresh' | 'second' | undefined
    }): string {
      const url = new URL(`${issuer}/oauth/authorize`)
      const parameters = {
        client_id: clientId,
        response_type: 'code',
        redirect_uri: redirectUri,
        scope: 'openid profile email',
        state: asked.state,
        nonce: asked.nonce,
        code_challenge: asked.challenge,
        code_challenge_method: 'S256',
        // The access token shall be for our API (RFC 8707).
        resource: `${issuer}/api`,
        ...(asked.how === 'quiet' ? { prompt: 'none' } : {}),
        ...(asked.how === 'fresh' ? fresh : {}),
        ...(asked.how === 'second' ? second : {}),
      }
      for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
      return url.href
    },
    redeem: (code: string, verifier: string) =>
      token({
        grant_type: 'authorization_code',
        code,
        code_verifier: verifier,
        redirect_uri: redirectUri,
        resource: `${issuer}/api`,
      }),
    refresh: (refreshToken: string) =>
      token({ grant_type: 'refresh_token', refresh_token: refreshToken, resource: `${issuer}/api` }),
    /** OIDC Core, section 3.1.3.7: issuer, audience, signature, time, nonce. Null when any of them is not right. */
    async identify(idToken: string, nonce: string) {
      try {
        const { payload } = await jwtVerify(idToken, keys, {
          issuer,
          audience: clientId,
          algorithms: ['RS256', 'ES256', 'PS256', 'EdDSA'],
        })
        const claims = IdClaims.parse(payload)
        return claims.nonce === nonce ? claims : null
      } catch {
        return null
      }
    },
  }
}
export type Provider = ReturnType<typeof createProvider>

/** Read, not verified: identity gave it to us, and every door verifies it. */
function claimsOf(accessToken: string) {
  try {
    const [, payload = ''] = accessToken.split('.')
    return AccessClaims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')))
  } catch {
    return AccessClaims.parse({})
  }
}

/** What to show in a menu. Every service decides by the token itself, not by this. */
export const rolesIn = (accessToken: string): readonly string[] => claimsOf(accessToken).roles

/** How somebody came, as policies know it: what they showed may decide what they may do. */
export type CameBy = Pick<Caller, 'client' | 'acr' | 'amr'>
export function cameBy(accessToken: string): CameBy {
  const { client_id: client, acr, amr } = claimsOf(accessToken)
  return { ...(client === undefined ? {} : { client }), ...(acr === undefined ? {} : { acr }), amr }
}

/** Seconds since 1970. */
export const issuedAt = (accessToken: string): number => claimsOf(accessToken).iat

/** Whose session identity ends after half the time: whoever may see or do what is others'. */
export const administers = (roles: readonly string[]): boolean =>
  roles.some((role) => role !== 'member' && role !== 'election-manager')

/** Whether the revocation feed names this token of ours. A feed that cannot answer revokes nothing here: the doors decide. */
export function createRevocationCheck(
  check: (claims: { sub: string; stamp: number; sid?: string | undefined }) => void,
) {
  return (accessToken: string): boolean => {
    try {
      check(claimsOf(accessToken))
      return false
    } catch (error) {
      return isFault(error, 'kernel.token.revoked')
    }
  }
}
