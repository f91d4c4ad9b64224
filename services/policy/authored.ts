/** What an organisation writes beside Althing's own policies, and what became of it, in the words that the features of publishing share. */
import { z } from 'zod'
import type { Problem } from './contract.ts'
import type { Ref } from './known.ts'

export { Problem } from './contract.ts'

/** Whole: what stands here takes the place of what the organisation said before. */
export const Source = z.object({
  /** Cedar. Each policy and each template has its `@id`. */
  policies: z.string().max(2_000_000),
  /** Cedar's schema language, for what is the organisation's own; none is needed. */
  schema: z.string().max(200_000).default(''),
  /** YAML: which templates are filled with what. */
  links: z.string().max(500_000).default(''),
  /** YAML: what must be decided how before this may come into force. */
  tests: z.string().max(500_000).default(''),
})
export type Source = z.output<typeof Source>

/** Policies in Cedar's JSON, by id: links are policies too by then, their slots filled. Integers beyond 2^53 are bigints. */
export type PoliciesJson = Readonly<Record<string, unknown>>

/** A source as it is decided with: its policies, and which action is one of which. */
export interface Compiled {
  readonly policies: PoliciesJson
  readonly entities: readonly FixedEntity[]
}

export interface FixedEntity {
  readonly uid: Ref
  readonly parents: readonly Ref[]
  readonly attrs: Readonly<Record<string, unknown>>
}

/** What Cedar and our own evaluator say of a source. Without problems `compiled` is all of it (`Compiled`), as exact JSON. */
export interface Checked {
  readonly problems: readonly Problem[]
  readonly warnings: readonly Problem[]
  readonly compiled: string
}

/** A draft as whoever brings it into force sees it. */
export interface Proposal {
  readonly id: string
  readonly version: number
  readonly title: string
  readonly source: Source
  /** The revision that its author had before their eyes. */
  readonly basedOn: number
  readonly changedBy: string
  /** Null when nobody says that it is finished. */
  readonly proposedBy: string | null
  readonly compiled: string | null
  /** Of what `compiled` was made of: of another one it is worth nothing. */
  readonly compiledFrom: string | null
}

/** Why it is decided so, in a word. */
export const Reason = z.enum(['permitted', 'forbidden', 'nothing-permits', 'cannot-be-evaluated'])
export type Reason = z.output<typeof Reason>

const Outcome = z.object({
  decision: z.boolean(),
  reason: Reason,
  policies: z.array(z.string()),
  errors: z.array(z.object({ policy: z.string(), message: z.string() })),
})

/** How one test of policies came out. */
export const Trial = z.object({
  file: z.string(),
  name: z.string(),
  line: z.int(),
  passed: z.boolean(),
  /** What was decided instead, in a sentence; and the same in parts, for whoever has words in another language. */
  instead: z.string().nullable(),
  outcome: Outcome.nullable(),
})
export type Trial = z.output<typeof Trial>

/** The names of what overrides become: Althing makes them, and no author. */
export const overridePrefix = 'override/'
export const isOverride = (id: string): boolean => id.startsWith(overridePrefix)

/** Names under which something else than an author's policy decides: an override, an engine outside that denied. */
const reservedPrefixes = [overridePrefix, 'engine/'] as const
export const reservedPrefixOf = (id: string): string | undefined =>
  reservedPrefixes.find((prefix) => id.startsWith(prefix))

/** Policy ids are names of attributes in more than one place: a word without surprises (`__proto__` is one). */
export const policyId = /^[A-Za-z0-9][A-Za-z0-9 ._:/+-]{0,127}$/
