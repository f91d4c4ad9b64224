/**
 * HPKE (RFC 9180), base mode, one message per key: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM.
 * On WebCrypto, so browser-safe; hpke-node.ts has the quick twin for counting.
 *
 * With a seed the ephemeral key is derived from it (section 7.1.3), so that the holder of the seed can seal the same
 * ballot again on a second device and compare bytes. One seed must never seal two different plaintexts.
 */
import { type Bytes, concat, fromHex, source, toBase64url, toHex, utf8 } from './bytes.ts'
import { p256Order, p256PublicKey } from './p256.ts'

export interface HpkeKeyPair {
  /** 65 bytes, uncompressed (section 7.1.1). */
  readonly publicKey: Bytes
  /** 32 bytes, big-endian (section 7.1.2). */
  readonly privateKey: Bytes
}

export interface Sealed {
  readonly enc: Bytes
  readonly ciphertext: Bytes
}

export interface SealNeeds {
  readonly publicKey: Uint8Array
  readonly info: Uint8Array
  readonly aad: Uint8Array
  readonly plaintext: Uint8Array
  /** At least 32 bytes, from chance or derived from the voter's seed. */
  readonly seed: Uint8Array
}

export interface OpenNeeds {
  readonly privateKey: Uint8Array
  readonly info: Uint8Array
  readonly aad: Uint8Array
  readonly enc: Uint8Array
  readonly ciphertext: Uint8Array
}

/** How much longer the ciphertext is than the plaintext. */
export const hpkeOverheadBytes = 16

export async function hpkeSeal({ publicKey, info, aad, plaintext, seed }: SealNeeds): Promise<Sealed> {
  const ephemeral = await hpkeDeriveKeyPair(seed)
  const dh = await diffieHellman(ephemeral, publicKey)
  const { key, nonce } = await schedule(dh, ephemeral.publicKey, publicKey, info)
  const cipher = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt'])
  const how = { name: 'AES-GCM', iv: nonce, additionalData: source(aad) }
  const ciphertext = await crypto.subtle.encrypt(how, cipher, source(plaintext))
  return { enc: ephemeral.publicKey, ciphertext: new Uint8Array(ciphertext) }
}

/** Null when it does not open: not ours, altered, or bound to another place. */
export async function hpkeOpen(needs: OpenNeeds): Promise<Bytes | null> {
  const { privateKey, info, aad, enc, ciphertext } = needs
  const publicKey = p256PublicKey(privateKey)
  try {
    const dh = await diffieHellman({ privateKey: source(privateKey), publicKey }, enc)
    const { key, nonce } = await schedule(dh, enc, publicKey, info)
    const cipher = await crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['decrypt'])
    const how = { name: 'AES-GCM', iv: nonce, additionalData: source(aad) }
    return new Uint8Array(await crypto.subtle.decrypt(how, cipher, source(ciphertext)))
  } catch {
    return null
  }
}

/** RFC 9180 section 7.1.3, for P-256. The seed is its `ikm`. */
export async function hpkeDeriveKeyPair(seed: Uint8Array): Promise<HpkeKeyPair> {
  if (seed.length < 32) throw new RangeError('a seed needs at least 32 bytes')
  const prk = await labeledExtract(kemSuite, new Uint8Array(), 'dkp_prk', seed)
  for (let counter = 0; counter < 256; counter++) {
    // The bitmask of P-256 is 0xff, so the candidate stays as it is.
    const candidate = await labeledExpand(kemSuite, prk, 'candidate', Uint8Array.of(counter), 32)
    const scalar = BigInt(`0x${toHex(candidate)}`)
    if (scalar === 0n || scalar >= p256Order) continue
    return { privateKey: candidate, publicKey: p256PublicKey(candidate) }
  }
  throw new Error('DeriveKeyPairError') // About once in 2^8192.
}

// Section 4.1 and 5.1: "KEM" ‖ kem_id and "HPKE" ‖ kem_id ‖ kdf_id ‖ aead_id.
export const kemSuite = concat(utf8('KEM'), fromHex('0010'))
export const hpkeSuite = concat(utf8('HPKE'), fromHex('001000010001'))

/** What LabeledExtract hashes (section 4). */
export const extractInput = (suite: Uint8Array, label: string, ikm: Uint8Array): Bytes =>
  concat(utf8('HPKE-v1'), suite, utf8(label), ikm)

/** What LabeledExpand expands, with the counter octet of HKDF's first and only block (RFC 5869 section 2.3). */
export const expandInput = (suite: Uint8Array, label: string, info: Uint8Array, length: number): Bytes =>
  concat(Uint8Array.of(length >>> 8, length), utf8('HPKE-v1'), suite, utf8(label), info, Uint8Array.of(1))

/** Section 4.1 ExtractAndExpand, then section 5.1 KeySchedule in base mode: no PSK, so psk_id and psk are empty. */
async function schedule(dh: Bytes, enc: Uint8Array, recipient: Uint8Array, info: Uint8Array) {
  const none = new Uint8Array()
  const eaePrk = await labeledExtract(kemSuite, none, 'eae_prk', dh)
  const shared = await labeledExpand(kemSuite, eaePrk, 'shared_secret', concat(enc, recipient), 32)
  const pskIdHash = await labeledExtract(hpkeSuite, none, 'psk_id_hash', none)
  const infoHash = await labeledExtract(hpkeSuite, none, 'info_hash', info)
  const context = concat(Uint8Array.of(0), pskIdHash, infoHash)
  const secret = await labeledExtract(hpkeSuite, shared, 'secret', none)
  const key = await labeledExpand(hpkeSuite, secret, 'key', context, 16)
  const nonce = await labeledExpand(hpkeSuite, secret, 'base_nonce', context, 12)
  return { key, nonce }
}

/** Throws when the point is not on the curve: importKey checks it (section 7.1.4). */
async function diffieHellman(own: HpkeKeyPair, publicKey: Uint8Array): Promise<Bytes> {
  const curve = { name: 'ECDH', namedCurve: 'P-256' }
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    d: toBase64url(own.privateKey),
    x: toBase64url(own.publicKey.subarray(1, 33)),
    y: toBase64url(own.publicKey.subarray(33)),
  }
  const secret = await crypto.subtle.importKey('jwk', jwk, curve, false, ['deriveBits'])
  const other = await crypto.subtle.importKey('raw', source(publicKey), curve, false, [])
  return new Uint8Array(await crypto.subtle.deriveBits({ name: 'ECDH', public: other }, secret, 256))
}

const labeledExtract = (
  suite: Uint8Array,
  salt: Uint8Array,
  label: string,
  ikm: Uint8Array,
): Promise<Bytes> =>
  // RFC 5869 section 2.2: no salt means a block of zeros; some browsers refuse an empty HMAC key.
  hmacWeb(salt.length === 0 ? new Uint8Array(32) : salt, extractInput(suite, label, ikm))

async function labeledExpand(
  suite: Uint8Array,
  prk: Uint8Array,
  label: string,
  info: Uint8Array,
  length: number,
) {
  return (await hmacWeb(prk, expandInput(suite, label, info, length))).slice(0, length)
}

async function hmacWeb(key: Uint8Array, data: Uint8Array): Promise<Bytes> {
  const how = { name: 'HMAC', hash: 'SHA-256' }
  const imported = await crypto.subtle.importKey('raw', source(key), how, false, ['sign'])
  return new Uint8Array(await crypto.subtle.sign('HMAC', imported, source(data)))
}
