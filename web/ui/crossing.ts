/**
 * What crosses from the origin that knows who is there to the origin that must not: a ticket with its key, in the fragment of an
 * address, which no browser sends to a server. It names no holder. Written on one side, read on the other.
 */
import { fromBase64url, fromUtf8, toBase64url, utf8 } from '@althing/kernel/crypto/bytes.ts'
import { z } from 'zod'

const bytes = (length: number) =>
  z
    .string()
    .length(Math.ceil((length * 4) / 3))
    .regex(/^[A-Za-z0-9_-]+$/)
const name = z.string().regex(/^[a-z0-9-]{1,32}$/)

export const Crossing = z.strictObject({
  election: z.uuid(),
  manifestHash: bytes(32),
  slot: name,
  class: name,
  otk: bytes(65),
  prefix: bytes(32),
  ticket: bytes(384),
  /** Private part of the one-time key. */
  key: bytes(32),
  /** Seals are derived from this. Not the ticket's own seed: with that one, the request could be found among the issuer's. */
  seal: bytes(32),
})
export type Crossing = z.output<typeof Crossing>

export const toFragment = (crossing: Crossing): string =>
  `ticket=${toBase64url(utf8(JSON.stringify(crossing)))}`

/** Null when there is no ticket in it; 'broken' when it was cut off or altered on its way. */
export function fromFragment(fragment: string): Crossing | 'broken' | null {
  const text = new URLSearchParams(fragment.replace(/^#/, '')).get('ticket')
  if (text === null) return null
  try {
    return Crossing.parse(JSON.parse(fromUtf8(fromBase64url(text))))
  } catch {
    return 'broken'
  }
}
