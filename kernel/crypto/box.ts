/** A sealed box: AES-256-GCM (NIST SP 800-38D) as nonce(12) ‖ ciphertext ‖ tag(16), under a key both sides hold. */
import { createCipheriv, createDecipheriv, createSecretKey } from 'node:crypto'
import { type Bytes, concat, type RandomSource } from './bytes.ts'

const nonceBytes = 12
const tagBytes = 16

/** How much longer a box is than what lies in it. */
export const boxOverheadBytes = nonceBytes + tagBytes

/**
 * `aad` binds the box to its place: a box moved to another row or person does not open there.
 * A key object is made of the key, because Node 24 takes five times as long to see that bytes are none.
 * Nonces are random, so one key must not seal more than 2^32 boxes (SP 800-38D section 8.3); ours live far below.
 */
export function sealBox(
  key: Uint8Array,
  plaintext: Uint8Array,
  aad: Uint8Array,
  chance: RandomSource,
): Bytes {
  const nonce = chance.bytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', createSecretKey(key), nonce).setAAD(aad)
  return concat(nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag())
}

/** Null when the box is not exactly what was sealed with this key for this place. */
export function openBox(key: Uint8Array, box: Uint8Array, aad: Uint8Array): Bytes | null {
  if (box.length < boxOverheadBytes) return null
  const nonce = box.subarray(0, nonceBytes)
  const options = { authTagLength: tagBytes }
  const decipher = createDecipheriv('aes-256-gcm', createSecretKey(key), nonce, options).setAAD(aad)
  decipher.setAuthTag(box.subarray(box.length - tagBytes))
  const plaintext = decipher.update(box.subarray(nonceBytes, box.length - tagBytes))
  try {
    return concat(plaintext, decipher.final())
  } catch {
    return null
  }
}
