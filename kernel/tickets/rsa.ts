/** RSA as far as RFC 9474 needs it outside the signer: public exponentiation, inverse, EMSA-PSS. BigInt, browser-safe. */
import { type Bytes, concat, fromBase64url, fromHex, toHex, uint32 } from '../crypto/bytes.ts'
import { sha384Web } from '../crypto/web.ts'
import { type IssuingKey, TicketRefused } from './format.ts'

export interface RsaPublic {
  readonly n: bigint
  readonly e: bigint
  readonly bits: number
  readonly bytes: number
}

/**
 * One exponent and whole-byte sizes only: 2048 for tests, 3072 for elections, 4096 for the vectors. A small or odd
 * exponent would make blinded values special, and the voter trusts nobody here.
 */
export function rsaPublic(key: IssuingKey): RsaPublic {
  const n = modulus(key)
  const bits = n.toString(2).length
  if (key.kty !== 'RSA' || key.e !== 'AQAB' || ![2048, 3072, 4096].includes(bits) || n % 2n === 0n) {
    throw new TicketRefused('issuing key')
  }
  return { n, e: 65537n, bits, bytes: bits / 8 }
}

function modulus(key: IssuingKey): bigint {
  try {
    return toInteger(fromBase64url(key.n))
  } catch {
    throw new TicketRefused('issuing key')
  }
}

/** OS2IP and I2OSP (RFC 8017 section 4). */
export const toInteger = (bytes: Uint8Array): bigint => BigInt(`0x0${toHex(bytes)}`)
export const toBytes = (value: bigint, length: number): Bytes =>
  fromHex(value.toString(16).padStart(2 * length, '0'))

/** value^e mod n for a public e. */
export function power(value: bigint, e: bigint, n: bigint): bigint {
  let result = 1n
  for (let square = value % n, rest = e; rest > 0n; rest >>= 1n, square = (square * square) % n) {
    if (rest & 1n) result = (result * square) % n
  }
  return result
}

/** Extended Euclid; null when value and n share a factor. */
export function inverse(value: bigint, n: bigint): bigint | null {
  let [r0, r1, s0, s1] = [n, value % n, 0n, 1n]
  while (r1 !== 0n) {
    const quotient = r0 / r1
    ;[r0, r1, s0, s1] = [r1, r0 - quotient * r1, s1, s0 - quotient * s1]
  }
  if (r0 !== 1n) return null
  return s0 < 0n ? s0 + n : s0
}

/** EMSA-PSS-ENCODE (RFC 8017 section 9.1.1) with SHA-384, MGF1-SHA384 and no salt, for a modulus of whole bytes. */
export async function emsaPssZero(message: Uint8Array, bits: number): Promise<Bytes> {
  const emLength = Math.ceil((bits - 1) / 8)
  // 2 and 5 and 6: M' = eight zero bytes ‖ mHash ‖ salt.
  const hash = await sha384Web(new Uint8Array(8), await sha384Web(message))
  // 7 and 8: DB = zeros ‖ 0x01 ‖ salt.
  const db = new Uint8Array(emLength - hash.length - 1)
  db[db.length - 1] = 1
  // 9 and 10.
  const mask = await mgf1(hash, db.length)
  const masked = db.map((byte, i) => byte ^ (mask[i] ?? 0))
  // 11: the bits above emBits are zero; with whole bytes that is one bit.
  masked[0] = (masked[0] ?? 0) & (0xff >>> (8 * emLength - (bits - 1)))
  // 12.
  return concat(masked, hash, Uint8Array.of(0xbc))
}

/** MGF1 (RFC 8017 appendix B.2.1) with SHA-384. */
async function mgf1(seed: Uint8Array, length: number): Promise<Bytes> {
  const blocks = Array.from({ length: Math.ceil(length / 48) }, (_, counter) =>
    sha384Web(seed, uint32(counter)),
  )
  return concat(...(await Promise.all(blocks))).slice(0, length)
}
