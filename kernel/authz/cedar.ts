/**
 * The shape of policies at rest: Cedar's JSON policy format (docs.cedarpolicy.com, "JSON policy format"), as the
 * policy service makes it from Cedar text. Only what the evaluator understands passes; a bundle with more is refused whole.
 */
import { z } from 'zod'

export const Uid = z.object({ type: z.string().min(1), id: z.string() })
export type Uid = z.output<typeof Uid>

const PrincipalOrResource = z.union([
  z.object({ op: z.literal('All') }),
  z.object({ op: z.literal('=='), entity: Uid }),
  z.object({ op: z.literal('in'), entity: Uid }),
  z.object({ op: z.literal('is'), entity_type: z.string(), in: z.object({ entity: Uid }).optional() }),
])
export type Scope = z.output<typeof PrincipalOrResource>

const ActionScope = z.union([
  z.object({ op: z.literal('All') }),
  z.object({ op: z.literal('=='), entity: Uid }),
  z.object({ op: z.literal('in'), entity: Uid }),
  z.object({ op: z.literal('in'), entities: z.array(Uid) }),
])
export type ActionScope = z.output<typeof ActionScope>

/** An expression is an object with exactly one operator; `compile` knows which. */
export type Expression = Readonly<Record<string, unknown>>
const Expression = z.record(z.string(), z.unknown())

export const Policy = z.object({
  effect: z.enum(['permit', 'forbid']),
  principal: PrincipalOrResource,
  action: ActionScope,
  resource: PrincipalOrResource,
  conditions: z.array(z.object({ kind: z.enum(['when', 'unless']), body: Expression })),
  annotations: z.record(z.string(), z.string().nullable()).optional(),
})
export type Policy = z.output<typeof Policy>

export const Entity = z.object({
  uid: Uid,
  parents: z.array(Uid),
  attrs: z.record(z.string(), z.unknown()),
})
export type Entity = z.output<typeof Entity>

/** What services decide with: all policies, and the fixed part of the world (role hierarchy, groups of actions). */
export const Bundle = z.object({
  revision: z.number().int().positive(),
  policies: z.record(z.string(), Policy),
  entities: z.array(Entity),
})
export type Bundle = z.output<typeof Bundle>

/** The bundle as exact bytes, signed by the policy service (Ed25519): what is verified is what is read. */
export const SignedBundle = z.object({ bundle: z.string(), signature: z.string().max(128) })
export type SignedBundle = z.output<typeof SignedBundle>
