/** Signs for the engine with `node:crypto` and keys that it never sees. */
import { constants, sign, type KeyObject } from 'node:crypto'
import { ExternalSigningKey } from 'oidc-provider'

export interface Signing {
  readonly kid: string
  readonly alg: string
  readonly publicKey: KeyObject
  /** Null for one that is only verified against. */
  readonly privateKey: KeyObject | null
  /** It is on no list any more: only hints are verified against it. */
  readonly isPast?: boolean
}

/** The engine asks for the public part by `keyObject()` and for signatures by `sign()`. */
export class Signer extends ExternalSigningKey {
  readonly #key: Signing

  constructor(key: Signing) {
    super()
    this.#key = key
  }
  override get kid(): string {
    return this.#key.kid
  }
  override get alg(): string {
    return this.#key.alg
  }
  override keyObject(): KeyObject {
    return this.#key.publicKey
  }
  override async sign(data: Buffer): Promise<Buffer> {
    return signJws(data, this.#key)
  }
}

/** The signature of a JWS, as RFC 7518, section 3, and RFC 8037, section 3.1, write it. */
export function signJws(data: Buffer, { kid, alg, privateKey }: Signing): Buffer {
  if (privateKey === null) throw new Error(`The key ${kid} does not sign any more.`)
  if (alg === 'EdDSA') return sign(null, data, privateKey)
  if (alg === 'PS256')
    return sign('sha256', data, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 })
  // A bare key, because an options object costs several times the signature itself (Node 24); so ES256 comes as DER.
  const signature = sign('sha256', data, privateKey)
  return alg === 'ES256' ? joined(signature) : signature
}

/** DER (RFC 3279, section 2.2.3) → r ‖ s, 32 bytes each (RFC 7518, section 3.4). */
function joined(der: Buffer): Buffer {
  const out = Buffer.alloc(64)
  const rLength = der[3] ?? 0
  const sAt = 4 + rLength + 2
  place(der.subarray(4, 4 + rLength), out, 32)
  place(der.subarray(sAt, sAt + (der[sAt - 1] ?? 0)), out, 64)
  return out
}

/** An integer of DER has a zero before a high bit, and no zeros before a low value: it is put at the right end of its place. */
function place(integer: Buffer, out: Buffer, end: number): void {
  const value = integer.subarray(Math.max(0, integer.length - 32))
  value.copy(out, end - value.length)
}
