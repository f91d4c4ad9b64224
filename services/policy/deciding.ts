/** What is asked of the engine and what it says, for the doors that ask it. */
import type { AttributesRead, CedarRecord, PolicySet } from '@althing/kernel/cedar'
import type { Known, Ref, Revisions, Seen } from './known.ts'

export interface Thing {
  readonly type: string
  readonly id: string
  /** Beside what is known of it; where both say something, this counts. */
  readonly attributes: CedarRecord
}

export interface Question {
  readonly principal: Thing
  readonly action: string
  readonly resource: Thing
  readonly context: CedarRecord
}

export interface Ruling {
  readonly decision: boolean
  /** Ids of the policies that decided, in the order of the set. */
  readonly determining: readonly string[]
  /** Those that could not be evaluated, each of which makes the decision a denial, and why. */
  readonly errors: readonly { readonly policy: string; readonly message: string }[]
  /** What it was made of: asked for before anything else is waited for. */
  seen(): Seen
}

/** The policies and the world as they are in this moment. It is used before anything else is waited for: afterwards another one is asked for. */
export interface Snapshot {
  readonly revisions: Revisions
  /** SHA-256 of the policies, in hex: the same policies have the same, wherever they are. */
  readonly digest: string
  /** With other policies, when they are given: the world is the same. */
  decide(question: Question, instead?: PolicySet): Ruling
  knows(type: string, id: string): boolean
  /** Every id of the type that is known, in the order of their code units; those after `after`. */
  idsOf(type: string, after: string | undefined): Iterable<string>
  /** Every action that a policy names, in order. */
  actions(): readonly string[]
}

export interface Engine {
  /**
   * Knows everything that was committed before it was called.
   * @throws Fault policy.engine.unavailable when that cannot be known
   */
  fresh(): Promise<Snapshot>
}

/** A decision as it was written down. */
export interface Replayed {
  readonly subject: Ref
  readonly action: string
  readonly resource: Ref
  readonly seen: Seen
}

export interface ReplayedRuling extends Omit<Ruling, 'seen'> {
  /** Whoever was looked at and does not stand in what was written down. */
  readonly missed: ReadonlySet<string>
}

/** A whole set of policies made ready, in force or not, for those who try it. */
export interface Prepared {
  readonly set: PolicySet
  /** What a question about this action can read. */
  reads(action: string): AttributesRead
  /** What was written down of a decision that was made with it. */
  readonly allReads: AttributesRead
  /** As it would be decided if nobody and nothing else were known. */
  inWorld(world: readonly Known[]): Pick<Snapshot, 'decide'>
  replay(line: Replayed): ReplayedRuling
}
