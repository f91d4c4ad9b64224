/** Access tokens of programs: RFC 9068, as the engine makes them and every door reads them (kernel/http/tokens.ts). */
import { SignJWT } from 'jose'
import type { KeyObject } from 'node:crypto'
import type { Chance, Clock } from '@althing/kernel/context'
import { boundsHeader, type Bounds } from '@althing/kernel/http'

export interface Granted {
  readonly identity: string
  readonly audience: string
  readonly scope: string
  readonly endsAt: Date
  /** For other servers: the key whose holder alone may use it (RFC 9449, section 6.1). */
  readonly cnf?: { readonly jkt: string }
  /** For our own doors: what ends it, and where it may be used. */
  readonly own?:
    | {
        readonly session: string
        readonly stamp: number
        readonly bounds: Bounds
        readonly owner: { readonly sub: string; readonly stamp: number } | undefined
      }
    | false
}

interface Needs {
  readonly issuer: string
  readonly clock: Clock
  readonly chance: Chance
  /** The ES256 key that signs on this node; null while there is none. */
  readonly signingKey: () => { readonly kid: string; readonly privateKey: KeyObject | null } | null
}

export function createMachineSigner({ issuer, clock, chance, signingKey }: Needs) {
  return async function sign({ identity, audience, scope, endsAt, cnf, own }: Granted): Promise<string> {
    const key = signingKey()
    if (key === null || key.privateKey === null) throw new Error('There is no key that signs access tokens.')
    const { session, ...more } = own === undefined || own === false ? { session: undefined } : own
    return new SignJWT({
      kind: 'machine',
      client_id: identity,
      scope,
      ...(cnf === undefined ? {} : { cnf }),
      ...(session === undefined ? {} : { sid: session }),
      ...more,
    })
      .setProtectedHeader({
        alg: 'ES256',
        kid: key.kid,
        typ: 'at+jwt',
        // A door that cannot read what binds it must not take it for a person's (RFC 7515, section 4.1.11).
        ...(session === undefined ? {} : { crit: [boundsHeader], [boundsHeader]: true }),
      })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(identity)
      .setIssuedAt(clock.now())
      .setExpirationTime(endsAt)
      .setJti(chance.uuid())
      .sign(key.privateKey, { crit: { [boundsHeader]: true } })
  }
}
