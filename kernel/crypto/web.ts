/** The same primitives on WebCrypto: for browsers, and importable anywhere. */
import { type Bytes, concat, source } from './bytes.ts'

export const sha256Web = (...parts: readonly Uint8Array[]): Promise<Bytes> => digest('SHA-256', parts)
export const sha384Web = (...parts: readonly Uint8Array[]): Promise<Bytes> => digest('SHA-384', parts)

/** RFC 5869 in one call, SHA-256. */
export async function hkdfWeb(
  secret: Uint8Array,
  salt: Uint8Array,
  info: Uint8Array,
  length: number,
): Promise<Bytes> {
  const key = await crypto.subtle.importKey('raw', source(secret), 'HKDF', false, ['deriveBits'])
  const how = { name: 'HKDF', hash: 'SHA-256', salt: source(salt), info: source(info) }
  return new Uint8Array(await crypto.subtle.deriveBits(how, key, 8 * length))
}

/** Ed25519 (RFC 8032) with the raw 32-byte public key. A malformed key or signature is simply not valid. */
export async function verifyEd25519Web(
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64) return false
  try {
    const key = await crypto.subtle.importKey('raw', source(publicKey), 'Ed25519', false, ['verify'])
    return await crypto.subtle.verify('Ed25519', key, source(signature), source(message))
  } catch (error) {
    // A browser without Ed25519 must not report a good board as forged.
    if (error instanceof DOMException && error.name === 'NotSupportedError') throw error
    return false
  }
}

async function digest(algorithm: string, parts: readonly Uint8Array[]): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest(algorithm, concat(...parts)))
}
