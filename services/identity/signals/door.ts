/**
 * Which application is here: it shows its own secret (HTTP Basic), or a token that it was given for this very door (RFC 6750). A token says
 * what may be done with it; a person's opens nothing here, and neither does one that is bound to a key, for nobody proves the key.
 */
import { timingSafeEqual } from 'node:crypto'
import { createLocalJWKSet, jwtVerify, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose'
import { z } from 'zod'
import { sha256, utf8 } from '@althing/kernel/crypto'
import { fault } from './faults.ts'
import { signalsAt, type SignalScope } from './schema.ts'

interface Needs {
  readonly url: string
  readonly now: () => Date
  /** Null when there is none, or it is disabled. */
  readonly find: (
    id: string,
  ) => Promise<{ readonly live_secrets?: readonly { readonly secret: string }[] } | null>
  readonly published: () => { readonly body: string; readonly etag: string }
}

/** @throws Fault unauthorized; insufficient_scope, when the token is for less than this */
export type ClientOf = (authorization: string | undefined, scope: SignalScope) => Promise<string>

export function createSignalDoor({ url, now, find, published }: Needs): ClientOf {
  let known: { readonly etag: string; readonly keys: JWTVerifyGetKey } | undefined

  function keys(): JWTVerifyGetKey {
    const { body, etag } = published()
    if (known?.etag !== etag) known = { etag, keys: createLocalJWKSet(JSON.parse(body) as JSONWebKeySet) }
    return known.keys
  }

  /** RFC 9068, section 4. */
  async function byToken(token: string, scope: SignalScope): Promise<string> {
    const shown = await jwtVerify(token, keys(), {
      issuer: url,
      audience: signalsAt(url),
      typ: 'at+jwt',
      algorithms: ['ES256'],
      requiredClaims: ['sub', 'exp', 'iat', 'client_id'],
      currentDate: now(),
    }).catch((error: unknown) => {
      throw fault.unauthorized(error)
    })
    const claims = Claims.safeParse(shown.payload)
    if (!claims.success || claims.data.sub !== claims.data.client_id) throw fault.unauthorized()
    // What is disabled since has no token any more.
    if ((await find(claims.data.sub)) === null) throw fault.unauthorized()
    const words = claims.data.scope.split(' ')
    if (!words.includes(scope) && !words.includes('ssf.manage')) throw fault.insufficient_scope()
    return claims.data.sub
  }

  /** As RFC 6749, section 2.3.1, has it. Unknown, without a secret, or wrong: all the same answer. */
  async function bySecret(encoded: string): Promise<string> {
    const [, id, secret] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? []
    const name = decoded(id ?? '')
    const live = (await find(name))?.live_secrets ?? []
    const shown = decoded(secret ?? '')
    if (live.filter((one) => isSame(one.secret, shown)).length === 0) throw fault.unauthorized()
    return name
  }

  return async (authorization = '', scope) => {
    const [, token] = /^Bearer ([A-Za-z0-9._~+/-]{1,8192}=*)$/i.exec(authorization) ?? []
    if (token !== undefined) return byToken(token, scope)
    const [, encoded = ''] = /^Basic ([A-Za-z0-9+/=]{1,2048})$/i.exec(authorization) ?? []
    return bySecret(encoded)
  }
}

const Claims = z.object({
  sub: z.string(),
  client_id: z.string(),
  scope: z.string().default(''),
  cnf: z.undefined().optional(),
})

const isSame = (known: string, shown: string): boolean =>
  timingSafeEqual(sha256(utf8(known)), sha256(utf8(shown)))

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return ''
  }
}
