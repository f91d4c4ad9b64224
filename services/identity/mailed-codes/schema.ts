import { z } from 'zod'
import { channels } from '../proofs.ts'

/** One row of mailed_code. */
export const Underway = z.object({
  isUsed: z.boolean(),
  tried: z.int().nonnegative(),
  expiresAt: z.date(),
})
export type Underway = z.output<typeof Underway>

export const Factor = z.object({ channel: z.enum(channels) })

/** Six digits, five minutes, three tries, five sends in an hour for each account and channel. */
export const codeDigits = 6
export const codeMinutes = 5
export const mostTries = 3
export const mostSends = 5
/** Tries of one who asks, and sends to one account, are forgotten together. */
export const countedMinutes = 60

export const ChannelForm = z.strictObject({ channel: z.enum(channels) })
export const CodeForm = z.strictObject({ code: z.string().max(60).default('') })
export const Empty = z.strictObject({})
