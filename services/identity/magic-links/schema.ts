import { z } from 'zod'

/** `account` is null when nobody was meant: that job costs the same and does nothing. */
export const Asked = z.object({ account: z.string().nullable(), back: z.string().nullable() })
