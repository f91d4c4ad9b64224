/**
 * Calls between services are signed (RFC 9421, Ed25519): method, path, query, the body's digest (RFC 9530), the time and a
 * nonce. Replay is stopped by a nonce store, age by ±300 s, and a key speaks for exactly one service.
 */
import { createHash, createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import type { Chance, Clock } from '../context/index.ts'
import { faults } from '../errors/index.ts'

const signatureFault = faults('kernel.signature', {
  invalid: [401, 'The signature of this call is not right.'],
  too_old: [401, 'The signature of this call is too old. Check the clocks.'],
  replayed: [401, 'This signed call was already received.'],
})

const toleranceSeconds = 300
const components = ['@method', '@path', '@query', 'content-digest'] as const

interface Signed {
  readonly method: string
  /** Path and query as sent. */
  readonly target: string
  readonly body: string | Uint8Array
}

export interface Signer {
  /** @param to the service that is called: nobody else will accept it */
  headers(request: Signed, to: string): Record<string, string>
}

export interface SignerOptions {
  /** The service that signs; it is the key id. */
  readonly service: string
  readonly key: KeyObject
  readonly clock: Clock
  readonly chance: Chance
}

export function createSigner({ service, key, clock, chance }: SignerOptions): Signer {
  return {
    headers(request, to) {
      const digest = digestOf(request.body)
      const created = Math.floor(clock.now().getTime() / 1000)
      const nonce = Buffer.from(chance.bytes(16)).toString('base64url')
      const params = `(${components.map((name) => `"${name}"`).join(' ')});created=${created};nonce="${nonce}";keyid="${service}";alg="ed25519";tag="althing:${to}"`
      const signature = sign(null, Buffer.from(base(request, digest, params)), key).toString('base64')
      return { 'content-digest': digest, 'signature-input': `sig=${params}`, signature: `sig=:${signature}:` }
    },
  }
}

export interface VerifierOptions {
  /** Our own name: a call for another service is refused here. */
  readonly service: string
  readonly peers: ReadonlyMap<string, KeyObject>
  readonly clock: Clock
  /** Keeps a nonce for its time and tells whether it was new. */
  readonly keepNonce: (nonce: string, seconds: number) => Promise<boolean>
}

export interface SignedRequest extends Signed {
  readonly headers: Readonly<Record<string, string | undefined>>
}

/** Exactly the parameters that we send, in our order: a looser parser would be a second meaning of the same bytes. */
const input =
  /^sig=(\("@method" "@path" "@query" "content-digest"\);created=(\d{10});nonce="([A-Za-z0-9_-]{22})";keyid="([a-z]{2,32})";alg="ed25519";tag="althing:([a-z]{2,32})")$/

/** @returns the name of the service that signed. @throws Fault kernel.signature.* */
export function createVerifier({ service: own, peers, clock, keepNonce }: VerifierOptions) {
  return async function verifySigned(request: SignedRequest): Promise<string> {
    const [, params, created, nonce, service, to] = input.exec(request.headers['signature-input'] ?? '') ?? []
    const signature = /^sig=:([A-Za-z0-9+/=]{88}):$/.exec(request.headers['signature'] ?? '')?.[1]
    const key = service === undefined ? undefined : peers.get(service)
    if (
      params === undefined ||
      nonce === undefined ||
      signature === undefined ||
      service === undefined ||
      key === undefined ||
      to !== own
    )
      throw signatureFault.invalid()
    // 1. The digest covers the body that was received (RFC 9530, section 2).
    const digest = digestOf(request.body)
    if (request.headers['content-digest'] !== digest) throw signatureFault.invalid()
    // 2. The signature covers everything else (RFC 9421, section 3.2).
    if (!verify(null, Buffer.from(base(request, digest, params)), key, Buffer.from(signature, 'base64')))
      throw signatureFault.invalid()
    // 3. Not too old, not from the future; and this very call has not been here before.
    const age = Math.abs(clock.now().getTime() / 1000 - Number(created))
    if (age > toleranceSeconds) throw signatureFault.too_old()
    if (!(await keepNonce(`${service}:${nonce}`, toleranceSeconds * 2))) throw signatureFault.replayed()
    return service
  }
}

/** RFC 9421, section 2.5. */
function base({ method, target }: Signed, digest: string, params: string): string {
  const mark = target.indexOf('?')
  const [path, query] = mark === -1 ? [target, ''] : [target.slice(0, mark), target.slice(mark + 1)]
  return [
    `"@method": ${method.toUpperCase()}`,
    `"@path": ${path}`,
    `"@query": ?${query}`,
    `"content-digest": ${digest}`,
    `"@signature-params": ${params}`,
  ].join('\n')
}

function digestOf(body: string | Uint8Array): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`
}

const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const spki = Buffer.from('302a300506032b6570032100', 'hex')

/** A 32-byte Ed25519 seed in base64url → private key (RFC 8410, section 7). */
export function signingKey(seed: string): KeyObject {
  return createPrivateKey({
    key: Buffer.concat([pkcs8, Buffer.from(seed, 'base64url')]),
    format: 'der',
    type: 'pkcs8',
  })
}

/** The raw 32 bytes of an Ed25519 public key in base64url → public key. */
export function verifyingKey(raw: string): KeyObject {
  return createPublicKey({
    key: Buffer.concat([spki, Buffer.from(raw, 'base64url')]),
    format: 'der',
    type: 'spki',
  })
}

export function publicPart(key: KeyObject): string {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64url')
}
