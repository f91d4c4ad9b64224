/**
 * Firebase App Check: the app sends a JWT in `X-Firebase-AppCheck`, by which Google says that it is this app, unchanged, on a device that is
 * one. Checked here against Google's keys, so that nobody is told who asks for what:
 * https://firebase.google.com/docs/app-check/custom-resource-backend
 */
import { createRemoteJWKSet, customFetch, errors as joseErrors, jwtVerify, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import type { Clock } from '../context/index.ts'
import { isAway, type Appraisal, type Verifier } from './port.ts'
import { askProvider, onceEachTime, type ProviderOptions } from './provider.ts'

/** Keys and issuer; the issuer never follows `url`. */
export const appCheckOrigin = 'https://firebaseappcheck.googleapis.com'

export interface AppCheckOptions extends ProviderOptions {
  /** The project's number, not its name: it stands in the issuer. */
  readonly project: string
  /** Ids of the apps that are ours: another app of the same project is not. */
  readonly apps: readonly string[]
  readonly clock: Clock
}

/** Google asks that its keys are not kept longer than six hours. */
const keptMs = 6 * 3_600_000
/** An unknown key id asks again for the keys, and whoever makes them up not more often than this. */
const cooldownMs = 30_000
const mostTokenLength = 4_096
const mostKeysBytes = 65_536
/** Between two clocks. */
const toleranceSeconds = 5

export function createAppCheck(options: AppCheckOptions): Verifier {
  const keys = keysOf(options)
  const trouble = onceEachTime(options.onTrouble)
  return {
    kind: 'app-check',
    async appraise(token): Promise<Appraisal> {
      if (token.length > mostTokenLength) return 'refused'
      try {
        const isOurs = await isGenuine(token, keys, options)
        trouble.isOver()
        return isOurs ? 'genuine' : 'refused'
      } catch (error) {
        if (!isAway(error)) throw error
        trouble.begins(error)
        return 'unavailable'
      }
    },
  }
}

/** The steps of Google's page, in its order; `jose` answers each refusal by an error of its own kind. */
async function isGenuine(
  token: string,
  keys: JWTVerifyGetKey,
  { project, apps, clock }: AppCheckOptions,
): Promise<boolean> {
  try {
    // 1–2. The keys, and the signature. 3. RS256 and no other, which is looked at before any key: a public key must never become a shared
    // secret. 4. JWT.
    const { payload } = await jwtVerify(token, keys, {
      algorithms: ['RS256'],
      typ: 'JWT',
      // 5. Issued by App Check for this project. 6. Not expired. 7. Meant for this project.
      issuer: `${appCheckOrigin}/${project}`,
      requiredClaims: ['exp', 'sub'],
      currentDate: clock.now(),
      clockTolerance: toleranceSeconds,
      audience: `projects/${project}`,
    })
    // 8. One of our apps.
    return apps.includes(payload.sub ?? '')
  } catch (error) {
    if (error instanceof joseErrors.JOSEError) return false
    throw error
  }
}

function keysOf({ url = appCheckOrigin, breaker, deadlineMs = 5_000 }: AppCheckOptions): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(`${url}/v1/jwks`), {
    cacheMaxAge: keptMs,
    cooldownDuration: cooldownMs,
    timeoutDuration: deadlineMs * 2, // Ours is shorter, and says who was late.
    [customFetch]: (at, { method, headers }) =>
      askProvider(at, { method, headers }, { breaker, deadlineMs, mostBytes: mostKeysBytes }, (text) => {
        KeySet.parse(JSON.parse(text)) // Here, so that garbage is the provider's failure and not the token's.
        return new Response(text)
      }),
  })
}

const number = z.string().regex(/^[\w-]+$/)
const KeySet = z.object({
  keys: z.array(z.object({ kty: z.literal('RSA'), kid: z.string().min(1), n: number, e: number })).min(1),
})
