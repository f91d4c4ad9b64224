/** What is asked of the engine and what it says, for the doors that ask it. */
import type {
  AttributesRead,
  CedarRecord,
  Entities,
  EntityData,
  PolicySet,
  Request,
} from '@althing/kernel/cedar'
import type { Known, Outside, Ref, Revisions, Seen } from './known.ts'

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
  /** Another moment than this one, for who supposes it. Whatever the context says of `now`, the clock says it. */
  readonly now?: Date
}

export interface Ruling {
  readonly decision: boolean
  /** Ids of the policies that decided, in the order of the set. */
  readonly determining: readonly string[]
  /** Those that could not be evaluated, each of which makes the decision a denial, and why. */
  readonly errors: readonly { readonly policy: string; readonly message: string }[]
  /** It was made before, and nothing has changed since. */
  readonly cached?: true
  /** Engines outside were asked whether they agree. */
  readonly outside?: Outside
  /** What it was made of: asked for before anything else is waited for. With what was written of others of the same world already. */
  seen(known?: Written): Seen
}

/** Values of Cedar as they were written in JSON. */
export type Written = WeakMap<object, unknown>

/** With what it was made of taken at once: later the world may be another. */
export function settled(ruling: Ruling, known?: Written): Ruling {
  const seen = ruling.seen(known)
  return { ...ruling, seen: () => seen }
}

/** A question as the evaluator meets it. */
export interface Laid {
  readonly request: Request & { readonly context: CedarRecord }
  /** Who and what is asked about. */
  readonly own: readonly EntityData[]
  /** Everybody and everything else. */
  readonly others: Entities
  readonly set: PolicySet
  /** The same policies in Cedar's JSON, by id. */
  readonly policies: Readonly<Record<string, unknown>>
}

/** The policies and the world as they are in this moment. It is used before anything else is waited for: afterwards another one is asked for. */
export interface Snapshot {
  readonly revisions: Revisions
  /** Grows with whatever is new to this node: where the numbers above may come again, this one does not. */
  readonly generation: number
  /** SHA-256 of the policies, in hex: the same policies have the same, wherever they are. */
  readonly digest: string
  /** With other policies, when they are given: the world is the same. */
  decide(question: Question, instead?: PolicySet): Ruling
  knows(type: string, id: string): boolean
  /** Every id of the type that is known, in the order of their code units; those after `after`. */
  idsOf(type: string, after: string | undefined): Iterable<string>
  /** Every type that is known: of things and people that were told of, and of those that a policy names. */
  kinds(): readonly string[]
  /** Every action that a policy names, in order. */
  actions(): readonly string[]
  /** What the policies can read: nothing else of a question can change its decision. */
  readonly reads: AttributesRead
  /** Whether a policy about this action looks at the clock: the same question is another one then in the next moment. */
  readsClock(action: string): boolean
  /** The number below which nothing that was told of a person counts any more: it may rise while the world stays. */
  leastStamp(person: string): number
  /**
   * Keeps the world as it is for work that gives way in between; taken hold of before anything else is waited for. Nothing that knows no end is
   * waited for in it: whoever asks for what is newer waits as well.
   */
  hold<T>(work: () => Promise<T>): Promise<T>
  /** All that a question is decided with, for those who take it apart. */
  ground(question: Question): Laid
}

export interface Engine {
  /**
   * Knows everything that was committed before it was called.
   * @throws Fault policy.engine.unavailable when that cannot be known
   */
  fresh(): Promise<Snapshot>
}

/** What our own policies allow, and others may still deny: in the moment in which it was decided. */
export interface Allowed {
  readonly question: Question
  readonly ruling: Ruling
  readonly snapshot: Pick<Snapshot, 'ground'>
}

export interface Agreed {
  readonly ruling: Ruling
  /** What is told beside a denial. */
  readonly hints: Readonly<Record<string, unknown>>
}

/** Engines of the organisation's own, which may deny what we allow (decision 0034). */
export interface Others {
  /** The names of those that must agree to this action on a thing of this type. */
  named(action: string, type: string): readonly string[]
  /** All are asked about all at once, and answer in the time that each has for all of it; in the same order. */
  agree(allowed: readonly Allowed[]): Promise<readonly Agreed[]>
}

export const nobodyElse: Others = { named: () => [], agree: async () => [] }

/** A decision as it was written down. */
export interface Replayed {
  readonly subject: Ref
  readonly action: string
  readonly resource: Ref
  readonly seen: Seen
}

export interface ReplayedRuling extends Omit<Ruling, 'seen' | 'outside'> {
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
  /** As it would be decided at that moment if nobody and nothing else were known. */
  inWorld(world: readonly Known[], now: Date): Pick<Snapshot, 'decide'>
  replay(line: Replayed): ReplayedRuling
}
