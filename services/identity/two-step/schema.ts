import { z } from 'zod'
import { written } from '../contract.ts'

/** One row of totp. */
export const Totp = z.object({
  account: z.string(),
  sealed: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  lastStep: z.coerce.number(),
  /** In which it was begun. */
  session: z.string().nullable(),
  createdAt: z.date(),
  confirmedAt: z.date().nullable(),
})
export type Totp = z.output<typeof Totp>

/** RFC 6238 with what every application takes: SHA-1, six digits, thirty seconds. */
export const digits = 6
export const periodSeconds = 30
/** NIST SP 800-63B-4, section 3.1.5: 112 bits or more; RFC 4226 recommends 160. */
export const secretBytes = 20

export const codeCount = 10

/** How long a secret waits for its first code: as long as the proof beside which it was shown is fresh. */
export const waitMs = 15 * 60_000

export const CodeForm = z.strictObject({ code: written(40) })
/** Where somebody was who was sent here. */
export const Return = { return: z.string().max(1000).optional() }
export const EnrolForm = CodeForm.extend(Return)
