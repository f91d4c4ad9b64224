import { z } from 'zod'

/** Any characters, counted as people count them (NFC, code points). The lower bound is a setting. */
export const longestPassword = 128

/** One row of password_failure after an attempt was counted. */
export const Counted = z.object({ wrong: z.int().positive(), endsAt: z.date() })
export type Counted = z.output<typeof Counted>
