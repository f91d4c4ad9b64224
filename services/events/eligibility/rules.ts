/**
 * Who may vote: every member at the cut-off, each with one vote, whether they have an account yet or not. A rule that this
 * service cannot decide makes no roll, rather than a wrong one.
 */
interface Candidate {
  readonly member: string
  readonly person: string | null
}
export interface Entitled extends Candidate {
  readonly class: string
}

const known = ['members', 'all']
/** The one class there is: everybody's vote weighs the same. */
const full = 'full'

/** Null when nobody here knows who is meant. */
export function entitledBy(eligibility: string, members: readonly Candidate[]): Entitled[] | null {
  if (!known.includes(eligibility)) return null
  return members.map(({ member, person }) => ({ member, person, class: full }))
}

export const isDecidable = (eligibility: string): boolean => known.includes(eligibility)

/** Below this a result says too much about each; an officer may answer for it in writing, but never for nobody at all. */
export function isTooSmall(size: number, smallest: number, reason: string | null): boolean {
  return size === 0 || (size < smallest && reason === null)
}
