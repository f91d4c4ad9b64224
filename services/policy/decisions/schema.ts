import { z } from 'zod'
import { Outside, Ref, Seen } from '../contract.ts'

/** A decision, as it was made. */
export const Decision = z.object({
  id: z.uuid(),
  at: z.date(),
  caller: z.string(),
  request: z.string().nullable(),
  subject: Ref,
  action: z.string(),
  resource: Ref,
  /** Null when a person who stood in it was erased. */
  seen: Seen.nullable(),
  decision: z.boolean(),
  determining: z.array(z.string()),
  errors: z.array(z.object({ policy: z.string(), message: z.string() })),
  policies: z.int(),
  world: z.coerce.number().int(),
  digest: z.string(),
  cached: z.boolean(),
  /** Of ours alone; what engines outside took stands with what they said. */
  microseconds: z.int(),
  /** Null where nobody outside was asked. */
  outside: Outside.nullable(),
})
export type Decision = z.output<typeof Decision>

const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array)

/** What is to be written of a decision, as the texts that its row is made of: nothing is put into JSON twice. */
export interface Line {
  readonly id: string
  readonly at: Date
  /** All but what was seen, of which the hash is in it. */
  readonly text: string
  readonly seen: string
  /** Both in hex. */
  readonly salt: string
  readonly hash: string
  /** Who told of it may tell it twice, under the same id. */
  readonly isTold?: true
}

/** One row of policy_decision. */
export const Stored = Decision.extend({
  persons: z.array(z.string()),
  seenSalt: Bytes.nullable(),
  seenHash: Bytes.nullable(),
  hash: Bytes,
  batch: z.coerce.number().int(),
  place: z.int(),
})
export type Stored = z.output<typeof Stored>

/** How far a decision must have got before it is told: `required` waits until its line is safe, `soon` a fifth of a second at most. */
export const LogMode = z.enum(['required', 'soon', 'off'])
export type LogMode = z.output<typeof LogMode>

const Name = z.string().min(1).max(600)
/** Which decisions are meant; every part is optional. */
export const Filter = z.strictObject({
  subject: Ref.optional(),
  resource: Ref.optional(),
  action: Name.optional(),
  caller: Name.optional(),
  decision: z.enum(['allow', 'deny']).optional(),
  /** One of the policies that decided. */
  policy: Name.optional(),
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
})
export type Filter = z.output<typeof Filter>

/** A page of them. */
export type Listing = Filter & { readonly cursor?: string | undefined; readonly limit: number }

/** A decision as it is told. */
export const Told = Decision.omit({ seen: true }).extend({ at: z.iso.datetime() })
export type Told = z.output<typeof Told>
export const ToldPage = z.object({ decisions: z.array(Told), next: z.string().nullable() })

/** `forgotten`: what it was made of went with a person. `redacted`: something of it was never written. */
export const Replayable = z.enum(['yes', 'forgotten', 'redacted'])
export const ToldWhole = Told.extend({
  seen: Seen.nullable(),
  replayable: Replayable,
  /** Where its digest stands in the audit log. */
  batch: z.int(),
  place: z.int(),
})

/** What does not fit what was written. */
export const Finding = z.object({
  batch: z.int(),
  place: z.int().nullable(),
  decision: z.string().nullable(),
  what: z.enum(['altered', 'deleted', 'added', 'moved', 'emptied', 'told twice', 'swept too early']),
})
export type Finding = z.output<typeof Finding>

/** The batches after the one and up to the other; all there are, where no end is said. */
export const Verifying = z.strictObject({
  after: z.int().min(0).default(0),
  through: z.int().min(1).optional(),
})
export const Verdict = z.object({
  batches: z.int(),
  rows: z.int(),
  /** Rows that a person was erased from; the rest of them was compared. */
  erased: z.int(),
  intact: z.boolean(),
  findings: z.array(Finding),
  /** Where to go on; null when all has been looked at. */
  next: z.int().nullable(),
})
export type Verdict = z.output<typeof Verdict>

/** At most so many, the latest first. */
export type Replaying = Filter & { readonly limit: number }

const Made = z.object({
  decision: z.boolean(),
  determining: z.array(z.string()),
  errors: z.array(z.object({ policy: z.string(), message: z.string() })),
})
export const Replayed = z.object({
  equal: z.int(),
  /** What could not be made again, by why. */
  not: z.object({ forgotten: z.int(), redacted: z.int(), policies: z.int() }),
  /** The first hundred that came out otherwise. */
  different: z.array(z.object({ id: z.string(), was: Made, is: Made })),
  differences: z.int(),
})
export type Replayed = z.output<typeof Replayed>

/** With the policies of then a decision must be what it was; with those of today it shows what has changed. */
export const Again = z.strictObject({ policies: z.enum(['then', 'now']) })
export const MadeAgain = z.object({
  /** With which version it was made. */
  revision: z.int(),
  was: Made,
  /** Null when it cannot be made again. */
  is: Made.nullable(),
  /** Why not: what it was made of is not there any more, or was never written; or these policies read more than was written. */
  not: z.enum(['forgotten', 'redacted', 'policies', 'reads-more']).nullable(),
  readsMore: z.array(z.string()),
})
export type MadeAgain = z.output<typeof MadeAgain>
