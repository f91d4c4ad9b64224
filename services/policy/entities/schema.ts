import { z } from 'zod'
import { Ref, Resource } from '../contract.ts'

/** Names of relations are names of attributes too: a word without surprises. */
const relationName = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/)

/** `subject` stands in `relation` to `object`: `Person p` is `viewer` of `Document d`, `Person p` is `in` `Group g`. */
export const Relation = z.strictObject({ subject: Ref, relation: relationName, object: Ref })
export type Relation = z.output<typeof Relation>
/** One thing directly within another. */
export type Step = Pick<Relation, 'subject' | 'object'>

/** What is known of it, all of it: what is not said any more is gone. */
export const WrittenEntity = z.strictObject({ ...Ref.shape, properties: Resource.shape.properties.unwrap() })
export type WrittenEntity = z.output<typeof WrittenEntity>

/** Up to a thousand at once, all of them or none. */
export const Writing = z.strictObject({
  put: z.array(WrittenEntity).max(1000).default([]),
  remove: z.array(Ref).max(1000).default([]),
  relate: z.array(Relation).max(1000).default([]),
  unrelate: z.array(Relation).max(1000).default([]),
})
export type Writing = z.output<typeof Writing>

/** From this number on it is in force, on every node. */
export const Written = z.object({ revision: z.int() })
export type Written = z.output<typeof Written>
