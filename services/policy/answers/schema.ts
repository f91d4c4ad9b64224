import { z } from 'zod'
import { Ref, Revisions } from '../contract.ts'

/** Of the node that answers. */
export const Stats = z.object({
  isOn: z.boolean(),
  entries: z.int(),
  most: z.int(),
  hit: z.int(),
  miss: z.int(),
  /** Had to make room, or nobody had asked for it for a minute. */
  evicted: z.int(),
  /** Gone because something had changed. */
  dropped: z.int(),
  hitRatio: z.number(),
  /** With which numbers of world and policies its answers were made. */
  of: Revisions,
})
export type Stats = z.output<typeof Stats>

export const Invalidating = z.strictObject({ entities: z.array(Ref).min(1).max(1000) })
/** From this number of the world on nothing older is told, at any node. */
export const Renewed = z.object({ revision: z.int() })
