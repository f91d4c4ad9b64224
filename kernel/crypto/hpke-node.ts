/** The opening half of hpke.ts on node:crypto, synchronous and several times quicker: for counting many ballots. */
import { createDecipheriv, createECDH } from 'node:crypto'
import { type Bytes, concat } from './bytes.ts'
import { hmac } from './hash.ts'
import { expandInput, extractInput, hpkeOverheadBytes, hpkeSuite, kemSuite } from './hpke.ts'

export type HpkeOpener = (enc: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array) => Bytes | null

/** One election has one key and one info: what depends on them alone is computed here, once. */
export function createHpkeOpener(privateKey: Uint8Array, info: Uint8Array): HpkeOpener {
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(privateKey)
  const recipient = new Uint8Array(ecdh.getPublicKey())
  const context = concat(
    Uint8Array.of(0),
    labeledExtract(hpkeSuite, none, 'psk_id_hash', none),
    labeledExtract(hpkeSuite, none, 'info_hash', info),
  )

  return function open(enc, aad, ciphertext) {
    // Section 7.1.1: the uncompressed form only. OpenSSL would take other spellings of the same point.
    if (enc.length !== 65 || enc[0] !== 4 || ciphertext.length < hpkeOverheadBytes) return null
    try {
      const eaePrk = labeledExtract(kemSuite, none, 'eae_prk', ecdh.computeSecret(enc))
      const shared = labeledExpand(kemSuite, eaePrk, 'shared_secret', concat(enc, recipient), 32)
      const secret = labeledExtract(hpkeSuite, shared, 'secret', none)
      const key = labeledExpand(hpkeSuite, secret, 'key', context, 16)
      const nonce = labeledExpand(hpkeSuite, secret, 'base_nonce', context, 12)
      return decrypt(key, nonce, aad, ciphertext)
    } catch {
      return null // Not on the curve, or not what was sealed.
    }
  }
}

const none = new Uint8Array()

function decrypt(key: Uint8Array, nonce: Uint8Array, aad: Uint8Array, ciphertext: Uint8Array): Bytes {
  const end = ciphertext.length - hpkeOverheadBytes
  const decipher = createDecipheriv('aes-128-gcm', key, nonce).setAAD(aad)
  decipher.setAuthTag(ciphertext.subarray(end))
  return concat(decipher.update(ciphertext.subarray(0, end)), decipher.final())
}

const labeledExtract = (suite: Uint8Array, salt: Uint8Array, label: string, ikm: Uint8Array): Bytes =>
  hmac(salt, extractInput(suite, label, ikm))

const labeledExpand = (suite: Uint8Array, prk: Uint8Array, label: string, info: Uint8Array, length: number) =>
  hmac(prk, expandInput(suite, label, info, length)).subarray(0, length)
