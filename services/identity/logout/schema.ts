import { z } from 'zod'

/** One row of logout_notice. */
export const Notice = z.object({
  id: z.string(),
  account: z.string(),
  client: z.string(),
  sid: z.string().nullable(),
  tries: z.number().int(),
  isLast: z.boolean(),
})
export type Notice = z.output<typeof Notice>
