import { z } from 'zod'
import { Evaluation, Page, Ref, Resource, Subject } from '../contract.ts'

const Path = z.array(z.string().min(1).max(100)).min(1).max(10)

/** Null: what stands around the question, its context. */
const Of = Ref.nullable()

/** What would be otherwise: of somebody or something an attribute, or what they are one of; or the context. */
export const Change = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('set'),
    of: Of,
    path: Path,
    /** In JSON, as properties of a question. */
    value: z.unknown(),
    /** `other`: this value is one of many that would do, as long as it is not what it is. `any`: any would do. */
    instead: z.enum(['other', 'any']).optional(),
  }),
  z.strictObject({ kind: z.literal('unset'), of: Of, path: Path }),
  z.strictObject({ kind: z.literal('join'), of: Ref, in: Ref }),
  z.strictObject({ kind: z.literal('leave'), of: Ref, in: Ref }),
])
export type Change = z.output<typeof Change>

/** What a change is about, for whoever shows it: a factor is what only a sign-in can give. */
export const Sort = z.enum(['role', 'group', 'factor', 'attribute', 'context'])
export type Sort = z.output<typeof Sort>

export const GoalTold = z.object({
  of: z.enum(['principal', 'action', 'resource', 'when', 'unless']),
  text: z.string(),
  /** Whether it is as the policy needs it, or could not be evaluated. */
  holds: z.enum(['yes', 'no', 'error']),
  /** The part that decided that it is not, what stood in it, and what was not there. */
  because: z
    .object({
      text: z.string(),
      values: z.array(z.object({ text: z.string(), value: z.string() })),
      missing: z.object({ of: z.string(), name: z.string() }).nullable(),
      message: z.string().nullable(),
    })
    .nullable(),
})
export type GoalTold = z.output<typeof GoalTold>

const OverrideTold = z.object({
  id: z.string(),
  kind: z.enum(['deny', 'allow', 'emergency']),
  reason: z.string(),
  until: z.iso.datetime().nullable(),
})
export type OverrideTold = z.output<typeof OverrideTold>

export const PolicyTold = z.object({
  id: z.string(),
  effect: z.enum(['permit', 'forbid']),
  applies: z.enum(['yes', 'no', 'error']),
  goals: z.array(GoalTold),
  /** What its author says to people (`@reason`, `@reason_is`) and to those who look after it (`@advice`). */
  reason: z.object({ en: z.string().nullable(), is: z.string().nullable() }),
  advice: z.string().nullable(),
  /** Of one that somebody was given or had taken for a while: why, in the words of whoever did it. */
  override: OverrideTold.nullable(),
})
export type PolicyTold = z.output<typeof PolicyTold>

/** All of it together makes it a yes: it was tried before it was told. */
export const Need = z.object({
  policy: z.string(),
  changes: z.array(Change.and(z.object({ sort: Sort }))),
  /** Ids of overrides that would have to end; nothing else would have to change then. */
  ends: z.array(z.string()),
  words: z.object({ en: z.string(), is: z.string() }),
})
export type Need = z.output<typeof Need>

/** Somebody or something that is asked about, and of whom or which nothing is known here. */
const Unknown = z.object({
  ...Ref.shape,
  /** The nearest id of the kind, when one is near. */
  meant: z.string().nullable(),
  words: z.object({ en: z.string(), is: z.string() }),
})
export type Unknown = z.output<typeof Unknown>

export const Explanation = z.object({
  decision: z.boolean(),
  determining: z.array(z.string()),
  errors: z.array(z.object({ policy: z.string(), message: z.string() })),
  revision: z.string(),
  /** Outside, and each must agree as well: asked when somebody wants it, and not for an explanation. */
  engines: z.array(z.string()),
  words: z.object({ en: z.array(z.string()), is: z.array(z.string()) }),
  /** The answer is what anybody would get of whom nothing is known. */
  unknown: z.array(Unknown),
  /** Those that decided first, then those that were nearest; how many there are in all says `looked`. */
  policies: z.array(PolicyTold),
  looked: z.int(),
  /** Of a denial: the shortest ways to a yes that were found. */
  needed: z.array(Need),
})
export type Explanation = z.output<typeof Explanation>

export const Simulating = Evaluation.extend({
  changes: z.array(Change).max(50).default([]),
  /** With the policies of this draft instead of the organisation's own. */
  draft: z.string().max(100).optional(),
})
export type Simulating = z.output<typeof Simulating>
const Outcome = z.object({
  decision: z.boolean(),
  determining: z.array(z.string()),
  errors: z.array(z.object({ policy: z.string(), message: z.string() })),
})
export const Simulated = z.object({
  now: Outcome,
  supposed: Outcome,
  engines: Explanation.shape.engines,
  revision: z.string(),
})
export type Simulated = z.output<typeof Simulated>

const found = { page: z.object({ next_token: z.string(), count: z.int() }) }
/** Of what is looked for only the type is said. */
export const WhoCan = z.object({
  subject: z.object({ type: Subject.shape.type }).default({ type: 'Person' }),
  action: Evaluation.shape.action,
  resource: Resource,
  context: Evaluation.shape.context,
  page: Page.optional(),
})
export type WhoCan = z.output<typeof WhoCan>
const Through = z.object({
  policy: z.string(),
  /** What they are one of, as the head of the policy demands it; null when it is for everybody or for them by name. */
  in: Ref.nullable(),
})
export const CanFound = z.object({
  ...found,
  /** Each of these must agree as well. */
  engines: z.array(z.string()),
  results: z.array(Ref.extend({ through: z.array(Through) })),
})
export type CanFound = z.output<typeof CanFound>

/** Without a resource: in Althing itself, on each service and on any thing of its kinds. With a type alone: on all that is known of it. */
export const WhatMay = z.object({
  subject: Subject,
  resource: Resource.partial({ id: true }).optional(),
  context: Evaluation.shape.context,
  page: Page.optional(),
})
export type WhatMay = z.output<typeof WhatMay>
export const MayFound = z.object({
  ...found,
  results: z.array(
    z.object({
      /** Without an id: any thing of this kind, as far as nothing is known of it. */
      resource: Ref.extend({ id: Ref.shape.id.nullable() }),
      actions: z.array(
        z.object({ name: z.string(), through: z.array(Through), engines: z.array(z.string()) }),
      ),
    }),
  ),
})
export type MayFound = z.output<typeof MayFound>
