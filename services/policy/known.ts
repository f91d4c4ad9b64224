/** What is known of the world, in the words that the features of this service share. */
import { z } from 'zod'
import { Resource } from './contract.ts'

/** A thing or somebody, by type and id. */
export const Ref = Resource.pick({ type: true, id: true })
export type Ref = z.output<typeof Ref>

/** An entity as a node holds it: with what it is one of, and with its relations as attributes. */
export const Known = z.object({
  type: z.string(),
  id: z.string(),
  attributes: z.record(z.string(), z.unknown()),
  parents: z.array(Ref),
  relations: z.record(z.string(), z.array(Ref)),
  /** Of a person, with which of identity's numbers the roles were told. */
  stamp: z.int().nullable(),
})
export type Known = z.output<typeof Known>

/** How new the world and the policies are, as the database says it. */
export const Revisions = z.object({ world: z.coerce.number().int(), policies: z.coerce.number().int() })
export type Revisions = z.output<typeof Revisions>

/** Somebody or something as it was seen when a decision was made: in Cedar's JSON, and only what a policy can read. */
export const SeenEntity = z.object({
  type: z.string(),
  id: z.string(),
  attributes: z.record(z.string(), z.unknown()),
  ancestors: z.array(Ref),
})
export type SeenEntity = z.output<typeof SeenEntity>

/** All that a decision was made of. */
export const Seen = z.object({ entities: z.array(SeenEntity), context: z.record(z.string(), z.unknown()) })
export type Seen = z.output<typeof Seen>
