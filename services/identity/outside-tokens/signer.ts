/** Access tokens that are given without the engine: RFC 9068, as the engine makes them and every door reads them. */
import { SignJWT } from 'jose'
import type { KeyObject } from 'node:crypto'
import type { Chance, Clock } from '@althing/kernel/context'
import type { Granted } from './rules.ts'

interface Key {
  readonly kid: string
  readonly privateKey: KeyObject | null
}

interface Needs {
  readonly issuer: string
  readonly clock: Clock
  readonly chance: Chance
  /** The ES256 key that signs on this node; null while there is none. */
  readonly signingKey: () => Key | null
}

export function createTokenSigner({ issuer, clock, chance, signingKey }: Needs) {
  return async function sign({ subject, client, endsAt, session: sid, ...claims }: Granted): Promise<string> {
    const key = signingKey()
    if (key === null || key.privateKey === null) throw new Error('There is no key that signs access tokens.')
    return new SignJWT({ ...claims, client_id: client, scope: '', sid })
      .setProtectedHeader({ alg: 'ES256', kid: key.kid, typ: 'at+jwt' })
      .setIssuer(issuer)
      .setAudience(`${issuer}/api`)
      .setSubject(subject)
      .setIssuedAt(clock.now())
      .setExpirationTime(endsAt)
      .setJti(chance.uuid())
      .sign(key.privateKey)
  }
}
