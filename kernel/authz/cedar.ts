/**
 * The shape of policies at rest: Cedar's JSON policy format (docs.cedarpolicy.com, "JSON policy format"), as the
 * policy service makes it from Cedar text. Only what the evaluator (kernel/cedar) understands passes; a bundle with more is refused whole.
 */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { parseJson, writeJson } from '../cedar/index.ts'

const Uid = z.object({ type: z.string().min(1), id: z.string() })

const PrincipalOrResource = z.union([
  z.object({ op: z.literal('All') }),
  z.object({ op: z.literal('=='), entity: Uid }),
  z.object({ op: z.literal('in'), entity: Uid }),
  z.object({ op: z.literal('is'), entity_type: z.string(), in: z.object({ entity: Uid }).optional() }),
])

const ActionScope = z.union([
  z.object({ op: z.literal('All') }),
  z.object({ op: z.literal('=='), entity: Uid }),
  z.object({ op: z.literal('in'), entity: Uid }),
  z.object({ op: z.literal('in'), entities: z.array(Uid) }),
])

/** Whatever they are called: zod's own record leaves `__proto__` out without a word. */
export const Attributes = z.custom<Record<string, unknown>>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
)

/** An expression is an object with exactly one operator; `kernel/cedar` knows which, and refuses the others. */
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
  attrs: Attributes,
})
export type Entity = z.output<typeof Entity>

/** What services decide with: all policies, and the fixed part of the world (role hierarchy, groups of actions). */
const Bundle = z.object({
  revision: z.number().int().positive(),
  policies: z.record(z.string(), Policy),
  entities: z.array(Entity),
})
export type Bundle = z.output<typeof Bundle>

/** By which it is known whose hands hold the same: SHA-256, in hex. */
export const bundleDigest = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Read exactly: an integer of a policy is what its author wrote. @throws when it is no bundle */
export function readBundle(text: string): Bundle {
  return Bundle.parse(parseJson(text, bundleLimits))
}

/** It is signed by us: what limits it is what a policy may be, each level of an expression being up to three of JSON. */
export const bundleLimits = { maxDepth: 100_000, maxLength: 256 * 2 ** 20, fractions: false }

/** Characters. What is longer does not come into force: every service would hold it, and fetch it with every change. */
export const longestBundle = 24 * 2 ** 20

export function writeBundle(bundle: Bundle): string {
  return writeJson(bundle)
}

/** The bundle as exact bytes, signed by the policy service (Ed25519): what is verified is what is read. */
export const SignedBundle = z.object({ bundle: z.string(), signature: z.string().max(128) })
export type SignedBundle = z.output<typeof SignedBundle>
