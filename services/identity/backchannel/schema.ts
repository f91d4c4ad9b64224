import { z } from 'zod'

const RequestId = z.string().startsWith('bkr_').max(60)

/** One row of backchannel_request. */
export const Waiting = z.object({
  id: RequestId,
  sealed: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  account: z.string().nullable(),
  client: z.string(),
  network: z.string(),
  state: z.enum(['waiting', 'allowed', 'refused']),
  askedAt: z.date(),
  expiresAt: z.date(),
  isOver: z.boolean(),
})
export type Waiting = z.output<typeof Waiting>

export const RequestPath = z.object({ request: RequestId })

/** `shown`: which scopes stood on the page that was answered. */
export const DecisionForm = z.strictObject({
  decision: z.enum(['allow', 'refuse']),
  shown: z.string().max(2000).default(''),
})

/** The payload of both jobs: an id, and nothing that could be read. */
export const Told = z.object({ request: RequestId })
