/** Checking tickets and ballots on node:crypto: for the box and for counting, where every microsecond is met a million times. */
import { constants, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { type Bytes, concat, fromHex } from '../crypto/bytes.ts'
import { sha256 } from '../crypto/hash.ts'
import { type IssuingKey, prefixBytes, prepare, scopeInput, type Ticket, type TicketScope } from './format.ts'
import { isOneTimeKey } from './onetime.ts'
import { rsaPublic } from './rsa.ts'

export const nullifierSync = (otk: Uint8Array): Bytes => sha256(otk)

export interface TicketVerifier {
  /** About 60 µs at 3072 bits, on this thread. */
  verifySync(ticket: Pick<Ticket, 'otk' | 'prefix' | 'signature'>): boolean
  /** The same on the thread pool: for a server that answers others meanwhile. */
  verify(ticket: Pick<Ticket, 'otk' | 'prefix' | 'signature'>): Promise<boolean>
}

/** For one slot and class of one election: the key is imported and the scope hashed once. */
export function createTicketVerifier(key: IssuingKey, scope: TicketScope): TicketVerifier {
  const { bytes } = rsaPublic(key)
  const options = {
    key: createPublicKey({ key: { kty: key.kty, n: key.n, e: key.e }, format: 'jwk' }),
    padding: constants.RSA_PKCS1_PSS_PADDING,
    saltLength: 0,
  }
  const scopeHash = sha256(scopeInput(scope))

  /** Null for what cannot be a ticket: no need to ask the arithmetic. */
  function prepared({ otk, prefix, signature }: Pick<Ticket, 'otk' | 'prefix' | 'signature'>): Bytes | null {
    if (!isOneTimeKey(otk) || prefix.length !== prefixBytes || signature.length !== bytes) return null
    return prepare(prefix, concat(scopeHash, sha256(otk)))
  }

  function verifySync(ticket: Pick<Ticket, 'otk' | 'prefix' | 'signature'>): boolean {
    const message = prepared(ticket)
    return message !== null && verify('sha384', message, options, ticket.signature)
  }

  function verifyInPool(ticket: Pick<Ticket, 'otk' | 'prefix' | 'signature'>): Promise<boolean> {
    const message = prepared(ticket)
    if (message === null) return Promise.resolve(false)
    return new Promise((resolve, reject) => {
      verify('sha384', message, options, ticket.signature, (error, valid) =>
        error ? reject(error) : resolve(valid),
      )
    })
  }

  return { verifySync, verify: verifyInPool }
}

// RFC 5480: the DER frame around an uncompressed P-256 point.
const spkiFrame = fromHex('3059301306072a8648ce3d020106082a8648ce3d030107034200')

/** The signature of the one-time key under a ballot: ECDSA P-256, SHA-256, IEEE P1363. Not cached: each key comes once. */
export function verifyOnceSync(otk: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = signature.length === 64 ? importOneTimeKey(otk) : null
  return key !== null && verify('sha256', message, key, derOf(signature))
}

export function verifyOnceInPool(
  otk: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const key = signature.length === 64 ? importOneTimeKey(otk) : null
  if (key === null) return Promise.resolve(false)
  return new Promise((resolve, reject) => {
    verify('sha256', message, key, derOf(signature), (error, valid) =>
      error ? reject(error) : resolve(valid),
    )
  })
}

/** Null when it is not an uncompressed point on the curve. */
function importOneTimeKey(otk: Uint8Array): KeyObject | null {
  if (!isOneTimeKey(otk)) return null
  try {
    return createPublicKey({ key: Buffer.from(concat(spkiFrame, otk)), format: 'der', type: 'spki' })
  } catch {
    return null
  }
}

/** r ‖ s as the Ecdsa-Sig-Value of RFC 3279: a bare key with DER is a quarter quicker in Node than its dsaEncoding option. */
function derOf(signature: Uint8Array): Bytes {
  const [r, s] = [derInteger(signature.subarray(0, 32)), derInteger(signature.subarray(32))]
  return concat(Uint8Array.of(0x30, r.length + s.length), r, s)
}

/** Without leading zeros, and with one where the first bit would read as a sign. */
function derInteger(bytes: Uint8Array): Bytes {
  const first = bytes.findIndex((byte) => byte !== 0)
  const digits = first < 0 ? Uint8Array.of(0) : bytes.subarray(first)
  const sign = (digits[0] ?? 0) >= 0x80 ? Uint8Array.of(0) : new Uint8Array()
  return concat(Uint8Array.of(0x02, sign.length + digits.length), sign, digits)
}
