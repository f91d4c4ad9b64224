/**
 * Whoever changes what everybody may do has shown a second factor just now: a browser that somebody left open, or a password that somebody else
 * knows, is not enough. What is asked for is said as RFC 9470 says it.
 */
import { faults } from '@althing/kernel/errors'
import { whoIs, type Caller } from './caller.ts'

const fault = faults('policy.proof', {
  needed: [403, 'Show a second factor first: sign in again with it, and repeat this within a few minutes.'],
})

/** What a token says of somebody who has shown a second factor. */
export const strong: readonly string[] = [
  'urn:althing:acr:mfa',
  'urn:althing:acr:passkey',
  'urn:althing:acr:eid',
]
/** Clocks of two machines. */
const slackSeconds = 60

/** Who it is, as the audit log names them; no program and no service does this. */
export type Proven = (caller: Caller) => string

export function createProof(now: () => Date, withinSeconds: number): Proven {
  return (caller) => {
    const { kind, acr, authTime } = caller
    const age = now().getTime() / 1000 - (authTime ?? 0)
    const isFresh = authTime !== undefined && age <= withinSeconds && age >= -slackSeconds
    const isStrong = strong.includes(acr ?? '')
    if (kind !== 'person' || !isFresh || !isStrong)
      throw fault.needed(undefined, {
        // Ours: whoever has shown one before has one, and only its age is wrong.
        extensions: { acr_values: strong.join(' '), max_age: withinSeconds, has_shown: isStrong },
      })
    return whoIs(caller)
  }
}
