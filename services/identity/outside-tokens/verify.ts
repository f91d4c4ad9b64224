/**
 * What a token of another issuer proves: its signature by that issuer's keys, for us, in time. Each rule of OpenID Connect Core,
 * section 3.1.3.7, that fits a token without a question before it; and of Firebase's page on verifying ID tokens.
 */
import { decodeJwt, errors as joseErrors, jwtVerify, type JWTPayload, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import type { Clock } from '@althing/kernel/context'
import { isKeepable } from '@althing/kernel/crypto'
import type { Egress } from '@althing/kernel/egress'
import type { Breaker } from '@althing/kernel/resilience'
import { fault } from './faults.ts'
import { createIssuerKeys } from './keys.ts'
import { FirebaseClaims, Kennitala, OutsideClaims, type IssuerSetting, type Proven } from './schema.ts'
import { firebaseKeysUrl, issuerOf } from './settings.ts'

interface Needs {
  readonly issuers: readonly IssuerSetting[]
  readonly clock: Clock
  readonly breaker: (name: string) => Breaker
  readonly send: Egress['send']
}

/** Between two clocks. */
const toleranceSeconds = 30
/** What lives longer is no token of a sign-in. */
const longestSeconds = 24 * 3_600

export function createVerify({ issuers, clock, breaker, send }: Needs) {
  const known = new Map(
    issuers.map((setting) => {
      const issuer = issuerOf(setting)
      const usual = setting.kind === 'firebase' ? firebaseKeysUrl : undefined
      const keys = createIssuerKeys({
        issuer,
        url: setting.keysUrl ?? usual,
        clock,
        breaker: breaker(`token-issuer-${setting.id}`),
        send,
      })
      return [issuer, { setting, keys }] as const
    }),
  )

  /** @throws Fault refused, unavailable */
  return async function verify(token: string): Promise<Proven> {
    const trusted = known.get(issuerIn(token))
    if (trusted === undefined) throw fault.refused(new Error('The issuer is not trusted.'))
    const payload = await signed(token, trusted.setting, trusted.keys, clock)
    try {
      return proven(payload, trusted.setting, clock)
    } catch (error) {
      // The library's words could quote the token.
      throw fault.refused(
        error instanceof z.ZodError ? new Error('A claim is missing or of another form.') : error,
      )
    }
  }
}

function issuerIn(token: string): string {
  try {
    return decodeJwt(token).iss ?? ''
  } catch (error) {
    throw fault.refused(error)
  }
}

async function signed(
  token: string,
  setting: IssuerSetting,
  keys: JWTVerifyGetKey,
  clock: Clock,
): Promise<JWTPayload> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, keys, {
      issuer: issuerOf(setting),
      audience: audiencesOf(setting),
      // The list is ours: never `none`, and never a shared secret that a public key could be taken for.
      algorithms: setting.kind === 'firebase' ? ['RS256'] : [...setting.algorithms],
      requiredClaims: ['sub', 'exp', 'iat'],
      currentDate: clock.now(),
      clockTolerance: toleranceSeconds,
    })
    // What says that it is a token of another kind is one (RFC 8725, section 3.11).
    if (!['JWT', 'at+jwt', undefined].includes(protectedHeader.typ)) throw new joseErrors.JWTInvalid('typ')
    return payload
  } catch (error) {
    if (error instanceof joseErrors.JOSEError && !(error instanceof joseErrors.JWKSTimeout))
      throw fault.refused(error)
    throw fault.unavailable(error, { retryAfterSeconds: 5 })
  }
}

const audiencesOf = (setting: IssuerSetting): string[] =>
  setting.kind === 'firebase' ? [setting.project] : [...setting.audiences]

function proven(payload: JWTPayload, setting: IssuerSetting, clock: Clock): Proven {
  const claims = OutsideClaims.parse(payload)
  if (!isKeepable(claims.sub)) throw new Error('Its subject cannot be kept.')
  const latest = clock.now().getTime() / 1000 + toleranceSeconds
  if (claims.iat > latest || (claims.auth_time ?? 0) > latest) throw new Error('It was made in the future.')
  if (claims.exp - claims.iat > longestSeconds) throw new Error('It lives too long.')
  if (claims.azp !== undefined && setting.kind === 'oidc' && !setting.audiences.includes(claims.azp))
    throw new Error('It was given to another party.')
  if (setting.kind === 'firebase') checkFirebase(payload, setting)
  const kennitala =
    setting.kennitalaClaim === undefined ? undefined : Kennitala.safeParse(payload[setting.kennitalaClaim])
  return {
    by: setting.id,
    name: setting.name,
    issuer: issuerOf(setting),
    subject: claims.sub,
    kennitala: kennitala?.data ?? null,
    signedInAt: new Date((claims.auth_time ?? claims.iat) * 1000),
    endsAt: new Date(claims.exp * 1000),
  }
}

function checkFirebase(
  payload: JWTPayload,
  { tenant, providers }: Extract<IssuerSetting, { kind: 'firebase' }>,
): void {
  const { firebase } = FirebaseClaims.parse(payload)
  // Whoever is anonymous there has shown nobody anything.
  if (firebase.sign_in_provider === 'anonymous') throw new Error('Nobody signed in.')
  if (providers !== undefined && !providers.includes(firebase.sign_in_provider))
    throw new Error('That way to sign in there is not taken.')
  // Subjects of two tenants are two people, also when they are called alike.
  if (firebase.tenant !== tenant) throw new Error('It is of another tenant.')
}
