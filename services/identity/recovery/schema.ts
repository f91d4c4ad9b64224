import { z } from 'zod'
import { written } from '../contract.ts'

export const AskForm = z.strictObject({ email: written(254) })
export const PasswordForm = z.strictObject({
  token: z.string().max(100),
  password: written(4096),
  username: z.string().max(254).optional(),
})
/** `account` is null when nobody was meant: that job costs the same and does nothing. */
export const Asked = z.object({ account: z.string().nullable() })
export const Changed = z.object({ account: z.string() })
