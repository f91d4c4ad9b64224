/**
 * Questions to passkeys carry their own proof: when they were asked, and what for. Showing a page therefore writes nothing, and
 * whoever loads the page of signing in a million times fills no table; only an answer is remembered, so that it works once.
 */
import { createHmac } from 'node:crypto'
import type { Chance, Clock } from '@althing/kernel/context'
import { equal } from '@althing/kernel/crypto'

/** What an answer may be used for: to sign in, or to add a passkey to one account. */
export type Use = 'sign-in' | `add:${string}`

const nonceBytes = 16
const timeBytes = 6
const proofBytes = 16

interface Needs {
  readonly key: Uint8Array
  readonly clock: Clock
  readonly chance: Chance
  readonly minutes: number
}

export function createChallenges({ key, clock, chance, minutes }: Needs) {
  const proof = (use: Use, body: Uint8Array) =>
    createHmac('sha256', key)
      .update(`althing/passkey\n${use}\n`)
      .update(body)
      .digest()
      .subarray(0, proofBytes)

  return {
    /** base64url; 16 random bytes, the time in milliseconds, and the proof that we asked. */
    ask(use: Use): string {
      const time = Buffer.alloc(timeBytes)
      time.writeUIntBE(clock.now().getTime(), 0, timeBytes)
      const body = Buffer.concat([chance.bytes(nonceBytes), time])
      return Buffer.concat([body, proof(use, body)]).toString('base64url')
    },

    /** When it ends to be an answer to a question of ours; null when it is none, or none any more. */
    endOf(use: Use, challenge: string): Date | null {
      const bytes = Buffer.from(challenge, 'base64url')
      if (bytes.length !== nonceBytes + timeBytes + proofBytes || bytes.toString('base64url') !== challenge)
        return null
      const body = bytes.subarray(0, nonceBytes + timeBytes)
      if (!equal(proof(use, body), bytes.subarray(nonceBytes + timeBytes))) return null
      const end = new Date(body.readUIntBE(nonceBytes, timeBytes) + minutes * 60_000)
      return end > clock.now() ? end : null
    },
  }
}
export type Challenges = ReturnType<typeof createChallenges>
