import { z } from 'zod'
import { Ref, Seen } from '../known.ts'

/** One row of policy_decision. */
export const Decision = z.object({
  id: z.uuid(),
  at: z.date(),
  caller: z.string(),
  request: z.string().nullable(),
  subject: Ref,
  action: z.string(),
  resource: Ref,
  /** Null when a person who stood in it was erased. */
  seen: Seen.nullable(),
  decision: z.boolean(),
  determining: z.array(z.string()),
  errors: z.array(z.object({ policy: z.string(), message: z.string() })),
  policies: z.int(),
  world: z.coerce.number().int(),
  digest: z.string(),
  cached: z.boolean(),
  microseconds: z.int(),
})
export type Decision = z.output<typeof Decision>

/** How far a decision must have got before it is told: `required` waits until its line is safe, `soon` a fifth of a second at most. */
export const LogMode = z.enum(['required', 'soon', 'off'])
export type LogMode = z.output<typeof LogMode>
