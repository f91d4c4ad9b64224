import { z } from 'zod'
import { Resource } from '../contract.ts'

/** Of how many decisions: 1 is all. */
export const Start = z.strictObject({ share: z.number().gt(0).max(1).default(1) })

/** The row of policy_shadow. */
export const Running = z.object({
  draft: z.string(),
  version: z.int(),
  share: z.number(),
  startedBy: z.string(),
  startedAt: z.date(),
  compared: z.coerce.number().int(),
  differed: z.coerce.number().int(),
})
export type Running = z.output<typeof Running>

const Thing = Resource.pick({ type: true, id: true })
/** One row of policy_difference. */
export const Otherwise = z.object({
  at: z.date(),
  draft: z.string(),
  version: z.int(),
  subject: Thing,
  action: z.string(),
  resource: Thing,
  decision: z.boolean(),
  determining: z.array(z.string()),
  wouldBe: z.boolean(),
  wouldBy: z.array(z.string()),
  errors: z.array(z.string()),
})
export type Otherwise = z.output<typeof Otherwise>

export const ShadowShown = z.object({
  /** Null when nothing is tried at the moment. */
  running: Running.extend({ startedAt: z.iso.datetime() }).nullable(),
  /** The newest first. */
  differences: z.array(Otherwise.extend({ at: z.iso.datetime() })),
})
export type ShadowShown = z.output<typeof ShadowShown>
export const ShadowQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(1000).default(100) })
