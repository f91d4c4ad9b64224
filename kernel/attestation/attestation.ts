/**
 * Who relies on attestation: demands that one of the ways it accepts was brought along, and decides what happens when nobody can look.
 */
import type { Bulkhead } from '../resilience/index.ts'
import { attestationFault, type Appraisal, type AttestationKind, type Verifier } from './port.ts'

/** What a client brought, by kind. It is looked at once, and neither kept nor logged. */
export type Evidence = Readonly<Partial<Record<AttestationKind, string | undefined>>>

export const outcomes = ['genuine', 'missing', 'refused', 'let_in', 'turned_away'] as const
type Outcome = (typeof outcomes)[number]

/** What happens while the provider is away: nobody gets through, or everybody does and it is counted. */
export const whenAways = ['refuse', 'let-in'] as const
type WhenAway = (typeof whenAways)[number]

export interface Attestation {
  /** Nothing is demanded where no way is accepted. */
  readonly isDemanded: boolean
  /** @throws Fault kernel.attestation.missing, refused or unavailable; kernel.resilience.full */
  demand(evidence: Evidence, action: string): Promise<void>
}

/** Asks nothing of anybody. */
export const noAttestation: Attestation = { isDemanded: false, demand: async () => {} }

interface Needs {
  /** In the order in which they are preferred when a client brings evidence of two kinds. */
  readonly verifiers: readonly [Verifier, ...Verifier[]]
  readonly whenAway: WhenAway
  /** So many are looked at at once. Who comes after that waits or is told to come back, and is not let in. */
  readonly bulkhead: Bulkhead
  readonly counted: (kind: AttestationKind, outcome: Outcome) => void
}

export function createAttestation({ verifiers, whenAway, bulkhead, counted }: Needs): Attestation {
  const [first] = verifiers

  async function outcomeOf(verifier: Verifier, evidence: string, action: string): Promise<Outcome> {
    // Where the provider is away its widget does not load, and a page has nothing to bring. Who asks with empty hands is believed
    // only when the provider does not answer us either.
    if (evidence === '' && whenAway === 'refuse') return 'missing'
    const appraisal = await bulkhead.run(() => verifier.appraise(evidence, action))
    return evidence === '' && appraisal === 'refused' ? 'missing' : outcomeBy[whenAway][appraisal]
  }

  return {
    isDemanded: true,
    async demand(evidence, action) {
      // One kind of evidence decides: what is refused cannot be tried again by another way in the same request.
      const verifier = verifiers.find(({ kind }) => (evidence[kind] ?? '') !== '') ?? first
      const outcome = await outcomeOf(verifier, evidence[verifier.kind] ?? '', action)
      counted(verifier.kind, outcome)
      if (outcome === 'missing') throw attestationFault.missing()
      if (outcome === 'refused') throw attestationFault.refused()
      if (outcome === 'turned_away') throw attestationFault.unavailable(undefined, { retryAfterSeconds: 60 })
    },
  }
}

const known = { genuine: 'genuine', refused: 'refused' } as const
const outcomeBy: Readonly<Record<WhenAway, Readonly<Record<Appraisal, Outcome>>>> = {
  refuse: { ...known, unavailable: 'turned_away' },
  'let-in': { ...known, unavailable: 'let_in' },
}
