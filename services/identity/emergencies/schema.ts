import { z } from 'zod'

/** What stands in the queue: an id, and nothing of what was said. */
export const Seen = z.object({
  account: z.string(),
  state: z.enum(['asked', 'in-force']),
  at: z.iso.datetime(),
})
export type Seen = z.output<typeof Seen>
