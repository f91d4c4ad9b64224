/**
 * What a ticket is made of, and how it is written. A ticket says "whoever holds this one-time key may put one ballot into
 * this slot, in this class", and nothing about who that is. Browser-safe.
 */
import { type Bytes, concat, equal, lengthPrefixed, utf8 } from '../crypto/bytes.ts'
import { sha256Web } from '../crypto/web.ts'

/** The public half, as JWK: WebCrypto and node:crypto both read it, and in canonical JSON it has one spelling. */
export interface IssuingKey {
  readonly kty: 'RSA'
  readonly n: string
  readonly e: string
}

/** Which right a ticket is about. The manifest hash ties it to one election with all its rules and keys. */
export interface TicketScope {
  readonly manifestHash: Uint8Array
  readonly slot: string
  readonly class: string
}

/** What the voter shows with a ballot. RFC 9474: `prefix` is msg_prefix, `signature` is sig. */
export interface Ticket {
  readonly slot: string
  readonly class: string
  /** One-time public key, P-256, 65 bytes uncompressed. */
  readonly otk: Uint8Array
  readonly prefix: Uint8Array
  readonly signature: Uint8Array
}

/** What the issuer sees: statistically independent of the ticket that comes of it. */
export interface TicketRequest {
  readonly slot: string
  readonly class: string
  readonly blinded: Uint8Array
}

export const prefixBytes = 32
export const otkBytes = 65

/** A refusal of what came from outside. Callers turn the reason into their own fault. */
export class TicketRefused extends Error {
  override readonly name = 'TicketRefused'
  readonly reason: TicketRefusal

  constructor(reason: TicketRefusal) {
    super(`Ticket refused: ${reason}.`)
    this.reason = reason
  }
}

export type TicketRefusal =
  | 'issuing key' // not an RSA key of 2048 to 4096 bits with e = 65537
  | 'length' // not as long as the modulus
  | 'range' // not below the modulus, or a value whose signature is no secret
  | 'not invertible' // shares a factor with the modulus: nobody meets this by accident
  | 'signature' // not the issuer's, or under another key than the manifest names

/** Input of the first half of T. Slot and class are length-prefixed: ('1','23') and ('12','3') are different rights. */
export const scopeInput = ({ manifestHash, slot, class: name }: TicketScope): Bytes => {
  if (manifestHash.length !== 32) throw new TypeError('a manifest hash has 32 bytes')
  return concat(utf8('althing/ticket/v1'), manifestHash, lengthPrefixed(slot, name))
}

/** T = SHA-256("althing/ticket/v1" ‖ manifest hash ‖ slot ‖ class) ‖ SHA-256(otk). */
export async function ticketMessage(scope: TicketScope, otk: Uint8Array): Promise<Bytes> {
  return concat(await sha256Web(scopeInput(scope)), await nullifierOf(otk))
}

/** What the box burns: one per one-time key, so one per ticket. */
export const nullifierOf = (otk: Uint8Array): Promise<Bytes> => sha256Web(otk)

/** RFC 9474 section 4.1, PrepareRandomize: the prefix keeps the issuer from learning a guessable message by a crafted key. */
export function prepare(prefix: Uint8Array, message: Uint8Array): Bytes {
  if (prefix.length !== prefixBytes) throw new TypeError('a prefix has 32 bytes')
  return concat(prefix, message)
}

/** Two requests are the same wish when they blind the same value; the issuer then gives the same answer. */
export const sameRequest = (a: TicketRequest, b: TicketRequest): boolean =>
  a.slot === b.slot && a.class === b.class && equal(a.blinded, b.blinded)
