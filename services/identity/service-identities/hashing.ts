/**
 * Of a key a hash is kept, made with a key of this service over its id and its secret: whoever reads the table can open nothing with
 * what stands there, and whoever writes into it can make no key and put none in the place of another. The secret has 256 bits, so that
 * nothing slow is needed.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { ApiKey } from '@althing/kernel/http'

export function createKeyHashing(key: Uint8Array) {
  const hashOf = ({ id, secret }: ApiKey): Uint8Array =>
    createHmac('sha256', key).update(`althing/api-key/v1\n${id}\n${secret}`).digest()
  return {
    hashOf,
    isSame: (kept: Uint8Array, shown: ApiKey): boolean => timingSafeEqual(kept, hashOf(shown)),
  }
}
export type KeyHashing = ReturnType<typeof createKeyHashing>
