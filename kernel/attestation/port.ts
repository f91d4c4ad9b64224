/**
 * Whether a request comes from a genuine app or a real browser, in the words of RFC 9334: a client brings evidence, a verifier
 * appraises it, and whoever relies on it demands it. It says what asks, never who: it replaces no sign-in and no permission.
 */
import { Fault, faults } from '../errors/index.ts'

export const attestationFault = faults('kernel.attestation', {
  missing: [
    403,
    'This can only be asked for by our app or on our page. Open it there, with JavaScript switched on, and try again.',
  ],
  refused: [
    403,
    'It could not be confirmed that this comes from our app or our page. Load the page again, or start the app again.',
  ],
  unavailable: [
    503,
    'It cannot be checked at the moment whether this comes from our app or our page. Try again in a few minutes.',
  ],
})

/** Ways of attesting, by the name that settings and metrics give them. */
export const attestationKinds = ['app-check', 'turnstile'] as const
export type AttestationKind = (typeof attestationKinds)[number]

/** What the verifier found. `unavailable` says nothing about the evidence: nobody could look at it. */
export type Appraisal = 'genuine' | 'refused' | 'unavailable'

export interface Verifier {
  readonly kind: AttestationKind
  /** `action` is what the evidence was made for, where that kind of evidence says so. Never throws for what others sent or did. */
  appraise(evidence: string, action: string): Promise<Appraisal>
}

/**
 * The provider did not answer, or not in words that can be read. Everything else that is thrown rises: a bug of ours is not its absence, and
 * neither are too many at once (kernel.resilience.full), or a flood would open the door.
 */
export function isAway(error: unknown): boolean {
  return error instanceof Fault && awayCodes.includes(error.code)
}

const awayCodes = ['kernel.attestation.unavailable', 'kernel.resilience.broken', 'kernel.resilience.too_late']
