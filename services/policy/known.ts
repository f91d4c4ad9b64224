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
})
export type Known = z.output<typeof Known>

/** How new the world and the policies are, as the database says it. */
export const Revisions = z.object({ world: z.coerce.number().int(), policies: z.coerce.number().int() })
export type Revisions = z.output<typeof Revisions>
