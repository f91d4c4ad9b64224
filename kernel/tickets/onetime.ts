/**
 * The one-time key: ECDSA on P-256, made by the voter for one ticket. Whoever sees a ballot on its way can drop it, but
 * not replace it, as with a bare bearer ticket. Browser-safe.
 */
import { type Bytes, source, toBase64url } from '../crypto/bytes.ts'
import { hpkeDeriveKeyPair } from '../crypto/hpke.ts'
import { p256PublicKey } from '../crypto/p256.ts'

export interface OneTimeKey {
  /** 65 bytes, uncompressed. */
  readonly publicKey: Bytes
  /** 32 bytes. */
  readonly privateKey: Bytes
}

const curve = { name: 'ECDSA', namedCurve: 'P-256' }
const algorithm = { name: 'ECDSA', hash: 'SHA-256' }

/** From 32 random bytes, by RFC 9180's DeriveKeyPair: rejection sampling, so no bias. */
export const oneTimeKey = (seed: Uint8Array): Promise<OneTimeKey> => hpkeDeriveKeyPair(seed)

/** From the stored secret alone, as it crosses to the booth. */
export const oneTimeKeyOf = (privateKey: Uint8Array): OneTimeKey => ({
  publicKey: p256PublicKey(privateKey),
  privateKey: new Uint8Array(privateKey),
})

/** IEEE P1363, 64 bytes. The nonce is the browser's own: a repeated signature over the same bytes may differ. */
export async function signOnce({ publicKey, privateKey }: OneTimeKey, message: Uint8Array): Promise<Bytes> {
  const jwk = { kty: 'EC', crv: 'P-256', d: toBase64url(privateKey), ...coordinates(publicKey) }
  const key = await crypto.subtle.importKey('jwk', jwk, curve, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign(algorithm, key, source(message)))
}

/** A key off the curve or a malformed signature is simply not valid. */
export async function verifyOnce(
  otk: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (!isOneTimeKey(otk) || signature.length !== 64) return false
  try {
    const key = await crypto.subtle.importKey('raw', source(otk), curve, false, ['verify'])
    return await crypto.subtle.verify(algorithm, key, source(signature), source(message))
  } catch {
    return false
  }
}

/** One spelling for each key: a compressed form would be a second nullifier for the same ticket holder. */
export const isOneTimeKey = (otk: Uint8Array): boolean => otk.length === 65 && otk[0] === 4

const coordinates = (publicKey: Uint8Array) => ({
  x: toBase64url(publicKey.subarray(1, 33)),
  y: toBase64url(publicKey.subarray(33)),
})
