/**
 * The issuer's half of RFC 9474: one key for each election, slot and class, and a signature it cannot see the subject of.
 * Whoever holds the private key can make tickets for abstainers; counts and the issuance log show that, nothing prevents it.
 */
import {
  constants,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  privateEncrypt,
  publicDecrypt,
} from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { promisify } from 'node:util'
import { type Bytes, compare, equal, fromBase64url } from '../crypto/bytes.ts'
import { type IssuingKey, TicketRefused } from './format.ts'
import { rsaPublic } from './rsa.ts'

export interface IssuingPrivateKey {
  readonly publicKey: IssuingKey
  /** PKCS #8 DER: encrypt it before it goes anywhere, and destroy it when the election closes. */
  readonly pkcs8: Bytes
}

const generate = promisify(generateKeyPair)

/** 3072 bits for elections (BSI TR-02102 asks for 3000); 2048 only to keep tests quick. About a quarter of a second, off the main thread. */
export async function generateIssuingKey(bits: 2048 | 3072 = 3072): Promise<IssuingPrivateKey> {
  const { publicKey, privateKey } = await generate('rsa', { modulusLength: bits, publicExponent: 65537 })
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'der' })
  return { publicKey: issuingKeyOf(publicKey), pkcs8: new Uint8Array(pkcs8) }
}

export interface BlindSigner {
  readonly publicKey: IssuingKey
  /** Blocks for one private-key operation: about 0.8 ms at 3072 bits. */
  blindSign(blinded: Uint8Array): Bytes
  /** Many, letting other work in between. */
  blindSignAll(blinded: readonly Uint8Array[]): Promise<Bytes[]>
}

/** Imports the key once. The same blinded value always gets the same signature, so a retry costs the issuer nothing. */
export function createBlindSigner(pkcs8: Uint8Array): BlindSigner {
  const privateKey = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
  const publicObject = createPublicKey(privateKey)
  const publicKey = issuingKeyOf(publicObject)
  const keys: Keys = {
    privateKey,
    publicObject,
    n: fromBase64url(publicKey.n),
    bytes: rsaPublic(publicKey).bytes,
  }
  const blindSign = (blinded: Uint8Array) => signBlinded(keys, blinded)

  async function blindSignAll(blinded: readonly Uint8Array[]): Promise<Bytes[]> {
    const signatures: Bytes[] = []
    for (const value of blinded) {
      signatures.push(blindSign(value))
      await setImmediate() // A book of forty tickets must not hold up everybody else for 30 ms.
    }
    return signatures
  }

  return { publicKey, blindSign, blindSignAll }
}

interface Keys {
  readonly privateKey: KeyObject
  readonly publicObject: KeyObject
  readonly n: Bytes
  readonly bytes: number
}

const padding = constants.RSA_NO_PADDING

/** RFC 9474 section 4.3. OpenSSL blinds the exponentiation by itself, as section 7.1 asks against timing. */
function signBlinded({ privateKey, publicObject, n, bytes }: Keys, blinded: Uint8Array): Bytes {
  assertBlinded(blinded, n, bytes)
  const signature = privateEncrypt({ key: privateKey, padding }, blinded)
  // Step 3: one faulty CRT exponentiation would tell the factors of n, so a wrong signature must never leave.
  if (!equal(publicDecrypt({ key: publicObject, padding }, signature), blinded)) {
    throw new Error('The signing hardware made a mistake; the signature was withheld.')
  }
  return new Uint8Array(signature)
}

/** Zero, one and n - 1 are their own signatures: nobody who blinds honestly ever sends them. */
function assertBlinded(blinded: Uint8Array, n: Uint8Array, bytes: number): void {
  if (blinded.length !== bytes) throw new TicketRefused('length')
  if (compare(blinded, n) >= 0) throw new TicketRefused('range')
  const last = (blinded[bytes - 1] ?? 0) ^ (n[bytes - 1] ?? 0) // n is odd: n - 1 differs in the lowest bit only.
  if (isZero(blinded.subarray(0, -1)) && (blinded[bytes - 1] ?? 0) < 2) throw new TicketRefused('range')
  if (equal(blinded.subarray(0, -1), n.subarray(0, -1)) && last === 1) throw new TicketRefused('range')
}

/** Whether the key could sign this: to be asked before an entitlement is spent on it. */
export function isBlindable(key: IssuingKey, blinded: Uint8Array): boolean {
  try {
    assertBlinded(blinded, fromBase64url(key.n), rsaPublic(key).bytes)
    return true
  } catch (error) {
    if (error instanceof TicketRefused) return false
    throw error
  }
}

const isZero = (bytes: Uint8Array) => bytes.every((byte) => byte === 0)

function issuingKeyOf(publicKey: KeyObject): IssuingKey {
  const { n, e } = publicKey.export({ format: 'jwk' })
  if (n === undefined || e === undefined) throw new TicketRefused('issuing key')
  const key: IssuingKey = { kty: 'RSA', n, e }
  rsaPublic(key)
  return key
}
