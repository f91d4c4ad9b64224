/** What is known of the world, in the words that the features of this service share. */
import { z } from 'zod'
import { Ref } from './contract.ts'

export { Known, Ref, Revisions } from './contract.ts'

/** Somebody or something as it was seen when a decision was made: in Cedar's JSON, and only what a policy can read. */
export const SeenEntity = z.object({
  type: z.string(),
  id: z.string(),
  attributes: z.record(z.string(), z.unknown()),
  ancestors: z.array(Ref),
})
export type SeenEntity = z.output<typeof SeenEntity>

/** All that a decision was made of. */
export const Seen = z.object({
  entities: z.array(SeenEntity),
  context: z.record(z.string(), z.unknown()),
  /** The names of what was left out because nobody may read it in a log. */
  redacted: z.array(z.string()).optional(),
})
export type Seen = z.output<typeof Seen>

/** Whether it is all there: with something left out, or forgotten with a person, the decision cannot be made again. */
export const isWhole = (seen: Seen | null): seen is Seen => seen !== null && seen.redacted === undefined
