/** What is known of the world, in the words that the features of this service share. */
import type { Seen } from './contract.ts'

export { Known, Opinion, Outside, Ref, Revisions, Seen, SeenEntity, State, type Outcome } from './contract.ts'

/** Whether it is all there: with something left out, or forgotten with a person, the decision cannot be made again. */
export const isWhole = (seen: Seen | null): seen is Seen => seen !== null && seen.redacted === undefined
