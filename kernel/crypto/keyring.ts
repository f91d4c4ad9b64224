/**
 * The life of signing keys as plain data. A key is published before it signs (`next`), so that verifiers know it when its
 * first signature arrives; signs while `active`; is only verified against while `retiring`; and `revoked` keys stay listed,
 * so that a reader of old data knows why they count no longer.
 */
import { toHex } from './bytes.ts'
import { sha256 } from './hash.ts'

export type KeyState = 'next' | 'active' | 'retiring' | 'revoked'

export interface RingKey {
  readonly kid: string
  readonly publicKey: Uint8Array
  readonly state: KeyState
  readonly since: Date
}

export type KeyRing = readonly RingKey[]

/** First 16 hex digits of the SHA-256 of the public key, in whatever encoding this ring keeps. */
export const keyId = (publicKey: Uint8Array): string => toHex(sha256(publicKey)).slice(0, 16)

/** The first key of a ring signs at once; every later one waits as `next`. At most one waits. */
export function announceKey(ring: KeyRing, publicKey: Uint8Array, now: Date): KeyRing {
  const kid = keyId(publicKey)
  if (ring.some((key) => key.kid === kid)) throw new Error('This key is in the ring already.')
  if (ring.some((key) => key.state === 'next')) throw new Error('A next key is waiting already.')
  const state = ring.some((key) => key.state === 'active') ? 'next' : 'active'
  return [...ring, { kid, publicKey, state, since: now }]
}

/** `next` becomes active and the active one retires. Without a next key nothing may happen: nobody could sign. */
export function rotateKeys(ring: KeyRing, now: Date): KeyRing {
  if (!ring.some((key) => key.state === 'next')) throw new Error('Announce a next key before rotating.')
  const after = { next: 'active', active: 'retiring', retiring: 'retiring', revoked: 'revoked' } as const
  return ring.map((key) =>
    after[key.state] === key.state ? key : { ...key, state: after[key.state], since: now },
  )
}

/** Leaked or done with: nothing verifies against it any more. Revoking the active key promotes the waiting one. */
export function revokeKey(ring: KeyRing, kid: string, now: Date): KeyRing {
  const revoked = ring.find((key) => key.kid === kid)
  if (revoked === undefined) throw new Error('No such key in the ring.')
  const rest = ring.map((key) => (key === revoked ? { ...key, state: 'revoked' as const, since: now } : key))
  if (revoked.state !== 'active') return rest
  return rest.map((key) => (key.state === 'next' ? { ...key, state: 'active' as const, since: now } : key))
}

/** Null when nobody may sign. */
export const activeKey = (ring: KeyRing): RingKey | null => ring.find((key) => key.state === 'active') ?? null

/** What a verifier must know: also the next key, because clocks and caches differ. */
export const verificationKeys = (ring: KeyRing): KeyRing => ring.filter((key) => key.state !== 'revoked')
