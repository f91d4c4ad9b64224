/** Opening a ballot: HPKE in base mode, one message (RFC 9180), DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM. */
import { join, utf8, toB64u, type Bytes } from './bytes.ts'

const kem = join(utf8('KEM'), Uint8Array.of(0x00, 0x10))
const suite = join(utf8('HPKE'), Uint8Array.of(0x00, 0x10, 0x00, 0x01, 0x00, 0x01))
const none = new Uint8Array()

export interface Opener {
  open(enc: Bytes, aad: Bytes, sealed: Bytes): Promise<Bytes | null>
}

/** @returns null when the private key does not belong to the public one. */
export async function createOpener(privateKey: Bytes, publicKey: Bytes, info: Bytes): Promise<Opener | null> {
  const jwk = jwkOf(privateKey, publicKey)
  if (jwk === null || !(await belongTogether(jwk))) return null
  const key = await crypto.subtle.importKey('jwk', jwk, { name: 'ECDH', namedCurve: 'P-256' }, false, [
    'deriveBits',
  ])
  const context = await contextOf(info)
  return {
    async open(enc, aad, sealed) {
      try {
        const { key: secret, nonce } = await schedule(await sharedSecret(key, enc, publicKey), context)
        const cipher = await crypto.subtle.importKey('raw', secret, 'AES-GCM', false, ['decrypt'])
        return new Uint8Array(
          await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce, additionalData: aad }, cipher, sealed),
        )
      } catch {
        return null
      }
    },
  }
}

function jwkOf(privateKey: Bytes, publicKey: Bytes): JsonWebKey | null {
  if (privateKey.length !== 32 || publicKey.length !== 65 || publicKey[0] !== 4) return null
  return {
    kty: 'EC',
    crv: 'P-256',
    d: toB64u(privateKey),
    x: toB64u(publicKey.subarray(1, 33)),
    y: toB64u(publicKey.subarray(33)),
  }
}

/** What the private part signs, the public part verifies; or they are no pair. */
async function belongTogether(jwk: JsonWebKey): Promise<boolean> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const hash = { name: 'ECDSA', hash: 'SHA-256' }
  try {
    const { d: _secret, ...open } = jwk
    const signing = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['sign'])
    const verifying = await crypto.subtle.importKey('jwk', open, algorithm, false, ['verify'])
    const message = utf8('one pair')
    return await crypto.subtle.verify(
      hash,
      verifying,
      await crypto.subtle.sign(hash, signing, message),
      message,
    )
  } catch {
    return false
  }
}

/** Section 4.1: Decap. */
async function sharedSecret(key: CryptoKey, enc: Bytes, publicKey: Bytes): Promise<Bytes> {
  const sender = await crypto.subtle.importKey('raw', enc, { name: 'ECDH', namedCurve: 'P-256' }, false, [])
  const dh = new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: sender }, key, 256))
  const prk = await extract(none, labeled(kem, 'eae_prk', dh))
  return expand(prk, labeledInfo(kem, 'shared_secret', join(enc, publicKey), 32), 32)
}

/** Section 5.1: KeySchedule in base mode (0), without a pre-shared key. Its context is the same for every ballot. */
async function contextOf(info: Bytes): Promise<Bytes> {
  const pskId = await extract(none, labeled(suite, 'psk_id_hash', none))
  const infoHash = await extract(none, labeled(suite, 'info_hash', info))
  return join(Uint8Array.of(0), pskId, infoHash)
}

async function schedule(shared: Bytes, context: Bytes): Promise<{ key: Bytes; nonce: Bytes }> {
  const secret = await extract(shared, labeled(suite, 'secret', none))
  return {
    key: await expand(secret, labeledInfo(suite, 'key', context, 16), 16),
    nonce: await expand(secret, labeledInfo(suite, 'base_nonce', context, 12), 12),
  }
}

/** Section 4: LabeledExtract and LabeledExpand. */
const labeled = (id: Uint8Array, label: string, ikm: Uint8Array) =>
  join(utf8('HPKE-v1'), id, utf8(label), ikm)
const labeledInfo = (id: Uint8Array, label: string, info: Uint8Array, size: number) =>
  join(Uint8Array.of(size >> 8, size & 255), utf8('HPKE-v1'), id, utf8(label), info)

/** RFC 5869, section 2.2 and, for one block, 2.3. */
const extract = (salt: Bytes, ikm: Bytes) => hmac(salt.length === 0 ? new Uint8Array(32) : salt, ikm)
const expand = async (prk: Bytes, info: Bytes, size: number) =>
  (await hmac(prk, join(info, Uint8Array.of(1)))).slice(0, size)

async function hmac(key: Bytes, message: Bytes): Promise<Bytes> {
  const imported = await crypto.subtle.importKey('raw', key, { name: 'HMAC', hash: 'SHA-256' }, false, [
    'sign',
  ])
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, message))
}
