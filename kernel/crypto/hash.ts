/** SHA-2 on node:crypto: synchronous and quick. What a browser needs is in web.ts. */
import crypto from 'node:crypto'
import { type Bytes, concat } from './bytes.ts'

export const sha256 = (...parts: readonly Uint8Array[]): Bytes => digest('sha256', parts)
export const sha384 = (...parts: readonly Uint8Array[]): Bytes => digest('sha384', parts)

/**
 * HMAC-SHA256 (RFC 2104) from two one-shot hashes: for the short inputs we have, several times quicker than
 * createHmac, which allocates an OpenSSL context for each call.
 */
export function hmac(key: Uint8Array, ...parts: readonly Uint8Array[]): Bytes {
  const block = key.length > 64 ? sha256(key) : key
  const inner = new Uint8Array(64).fill(0x36)
  const outer = new Uint8Array(64).fill(0x5c)
  for (let i = 0; i < block.length; i++) {
    inner[i] = 0x36 ^ (block[i] ?? 0)
    outer[i] = 0x5c ^ (block[i] ?? 0)
  }
  return sha256(outer, sha256(inner, ...parts))
}

/** RFC 5869 in one call, SHA-256. */
export const hkdf = (secret: Uint8Array, salt: Uint8Array, info: Uint8Array, length: number): Bytes =>
  new Uint8Array(crypto.hkdfSync('sha256', secret, salt, info, length))

function digest(algorithm: string, parts: readonly Uint8Array[]): Bytes {
  const [only] = parts
  const input = parts.length === 1 && only !== undefined ? only : concat(...parts)
  // A copy, because a small Buffer is a window into a pool that others write in.
  return new Uint8Array(crypto.hash(algorithm, input, 'buffer'))
}
