/**
 * The voter's half of RFC 9474, RSABSSA-SHA384-PSSZERO-Randomized: blind, unblind, check. Browser-safe, BigInt and
 * WebCrypto only. All randomness is given in, and there is no salt: a second device that holds the seed can recompute
 * everything, so a dishonest page has nowhere to hide the voter's name.
 */
import { type Bytes, concat, fromBase64url, lengthPrefixed, source, toBase64url } from '../crypto/bytes.ts'
import { hkdfWeb } from '../crypto/web.ts'
import {
  type IssuingKey,
  prefixBytes,
  prepare,
  type Ticket,
  ticketMessage,
  type TicketRequest,
  TicketRefused,
  type TicketScope,
} from './format.ts'
import { oneTimeKey, type OneTimeKey } from './onetime.ts'
import { emsaPssZero, inverse, power, rsaPublic, toBytes, toInteger } from './rsa.ts'

/** RFC 9474 section 4.2. `inverse` is the voter's secret: with it, request and ticket could be matched. */
export interface Blinded {
  readonly blinded: Bytes
  readonly inverse: Bytes
}

/**
 * `random` becomes the blinding factor. It is reduced modulo n, so give 16 bytes more than the modulus has: then the bias
 * is below 2^-128 and blindness stays perfect for every purpose.
 */
export async function blind(key: IssuingKey, prepared: Uint8Array, random: Uint8Array): Promise<Blinded> {
  const rsa = rsaPublic(key)
  if (random.length < rsa.bytes) throw new TypeError('too little randomness to blind with')
  // 1 to 3. Encode; a message that shares a factor with n would betray it.
  const m = toInteger(await emsaPssZero(prepared, rsa.bits))
  if (inverse(m, rsa.n) === null) throw new TicketRefused('not invertible')
  // 4 and 5. The blinding factor and its inverse.
  const r = toInteger(random) % rsa.n
  const inv = inverse(r, rsa.n)
  if (inv === null) throw new TicketRefused('not invertible')
  // 6 to 8.
  const z = (m * power(r, rsa.e, rsa.n)) % rsa.n
  return { blinded: toBytes(z, rsa.bytes), inverse: toBytes(inv, rsa.bytes) }
}

/** RFC 9474 section 4.4. Verifies under the key of the manifest, so a signature under a key made for one voter fails here. */
export async function finalize(
  key: IssuingKey,
  prepared: Uint8Array,
  blindSignature: Uint8Array,
  inv: Uint8Array,
): Promise<Bytes> {
  const rsa = rsaPublic(key)
  if (blindSignature.length !== rsa.bytes) throw new TicketRefused('length')
  const z = toInteger(blindSignature)
  if (z >= rsa.n) throw new TicketRefused('range')
  const signature = toBytes((z * toInteger(inv)) % rsa.n, rsa.bytes)
  if (!(await verifySignature(key, prepared, signature))) throw new TicketRefused('signature')
  return signature
}

/** RFC 9474 section 4.5: plain RSASSA-PSS-VERIFY, so any library can check a ticket. */
export async function verifySignature(
  key: IssuingKey,
  prepared: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  if (signature.length !== rsaPublic(key).bytes) return false
  const algorithm = { name: 'RSA-PSS', hash: 'SHA-384' }
  const jwk = { kty: key.kty, n: key.n, e: key.e }
  const imported = await crypto.subtle.importKey('jwk', jwk, algorithm, false, ['verify'])
  const how = { name: 'RSA-PSS', saltLength: 0 }
  return crypto.subtle.verify(how, imported, source(signature), source(prepared))
}

/** For verifier pages: the whole ticket against the right it claims. */
export async function verifyTicket(
  key: IssuingKey,
  manifestHash: Uint8Array,
  { slot, class: name, otk, prefix, signature }: Ticket,
): Promise<boolean> {
  if (prefix.length !== prefixBytes) return false
  const message = await ticketMessage({ manifestHash, slot, class: name }, otk)
  return verifySignature(key, prepare(prefix, message), signature)
}

/** Everything a voter must keep between asking and receiving; plain strings, for IndexedDB. The seed is the secret. */
export interface PendingTicket {
  readonly seed: string
  readonly manifestHash: string
  readonly slot: string
  readonly class: string
  readonly issuingKey: IssuingKey
}

/** The ticket with the secret to use it: what crosses from the signed-in page to the booth, and lives nowhere else. */
export interface HeldTicket extends Ticket {
  readonly oneTimeKey: OneTimeKey
}

/**
 * One fresh 32-byte seed for each ticket. The same pending ticket always makes the same request, so a lost connection or
 * a reload is repaired by asking again.
 */
export async function requestTicket(pending: PendingTicket): Promise<TicketRequest> {
  const { prepared, factor } = await derive(pending)
  const { blinded } = await blind(pending.issuingKey, prepared, factor)
  return { slot: pending.slot, class: pending.class, blinded }
}

/** Throws TicketRefused when the answer is not a signature of the issuing key over our request. */
export async function collectTicket(pending: PendingTicket, blindSignature: Uint8Array): Promise<HeldTicket> {
  const { prepared, factor, prefix, oneTimeKey } = await derive(pending)
  const { inverse } = await blind(pending.issuingKey, prepared, factor)
  const signature = await finalize(pending.issuingKey, prepared, blindSignature, inverse)
  const { slot, class: name } = pending
  return { slot, class: name, otk: oneTimeKey.publicKey, prefix, signature, oneTimeKey }
}

export function pendingTicket(seed: Uint8Array, scope: TicketScope, issuingKey: IssuingKey): PendingTicket {
  if (seed.length !== 32) throw new TypeError('a ticket seed has 32 bytes')
  const manifestHash = toBase64url(scope.manifestHash)
  return { seed: toBase64url(seed), manifestHash, slot: scope.slot, class: scope.class, issuingKey }
}

/** Prefix, blinding factor and one-time key, all from the seed. The scope is mixed in: no value serves two tickets. */
async function derive(pending: PendingTicket) {
  const scope = {
    manifestHash: fromBase64url(pending.manifestHash),
    slot: pending.slot,
    class: pending.class,
  }
  const part = (purpose: string, length: number) =>
    deriveFromSeed(fromBase64url(pending.seed), scope, purpose, length)
  const prefix = await part('prefix', prefixBytes)
  const key = await oneTimeKey(await part('one-time key', 32))
  const prepared = prepare(prefix, await ticketMessage(scope, key.publicKey))
  const factor = await part('blinding factor', rsaPublic(pending.issuingKey).bytes + 16)
  return { prepared, factor, prefix, oneTimeKey: key }
}

/** Also for what follows the ticket: the booth derives the seed of its sealing from here (purpose 'seal/<seq>'). */
export function deriveFromSeed(
  seed: Uint8Array,
  scope: TicketScope,
  purpose: string,
  length: number,
): Promise<Bytes> {
  const info = concat(
    lengthPrefixed('althing/ticket-seed/v1', purpose),
    scope.manifestHash,
    lengthPrefixed(scope.slot, scope.class),
  )
  return hkdfWeb(seed, new Uint8Array(32), info, length)
}
