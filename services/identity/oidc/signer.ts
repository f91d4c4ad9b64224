/** Signs for the engine with `node:crypto` and keys that it never sees. */
import { createPublicKey, sign, type KeyObject } from 'node:crypto'
import { ExternalSigningKey } from 'oidc-provider'

export interface Signing {
  readonly kid: string
  readonly alg: string
  readonly privateKey: KeyObject
}

/** The engine asks for the public part by `keyObject()` and for signatures by `sign()`. */
export class Signer extends ExternalSigningKey {
  readonly #key: Signing
  readonly #public: KeyObject

  constructor(key: Signing) {
    super()
    this.#key = key
    this.#public = createPublicKey(key.privateKey)
  }
  override get kid(): string {
    return this.#key.kid
  }
  override get alg(): string {
    return this.#key.alg
  }
  override keyObject(): KeyObject {
    return this.#public
  }
  /** A bare key, because an options object costs several times the signature itself (Node 24); so ES256 comes as DER. */
  override async sign(data: Buffer): Promise<Buffer> {
    const signature = sign('sha256', data, this.#key.privateKey)
    return this.#key.alg === 'ES256' ? joined(signature) : signature
  }
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
