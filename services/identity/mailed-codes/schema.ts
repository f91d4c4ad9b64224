import { z } from 'zod'
import { CodeChannel as Channel, written } from '../contract.ts'

/** One row of mailed_code. */
export const Underway = z.object({
  isUsed: z.boolean(),
  tried: z.int().nonnegative(),
  expiresAt: z.date(),
})
export type Underway = z.output<typeof Underway>

export type { CodeChannel as Channel } from '../contract.ts'
export const Factor = z.object({ channel: Channel })

/** Six digits, five minutes, three tries, five sends in an hour for each account, channel and place from where they are asked for. */
export const codeDigits = 6
export const codeMinutes = 5
export const mostTries = 3
export const mostSends = 5
/** Tries of one who asks, and sends to one account, are forgotten together. */
export const countedMinutes = 60

export const ChannelForm = z.strictObject({ channel: Channel })
export const CodeForm = z.strictObject({ code: written(60) })
export const Empty = z.strictObject({})
