import { z } from 'zod'

export const AskForm = z.strictObject({ email: z.string().max(254).default('') })
export const PasswordForm = z.strictObject({
  token: z.string().max(100),
  password: z.string().max(4096).default(''),
  username: z.string().max(254).optional(),
})
/** `account` is null when nobody was meant: that job costs the same and does nothing. */
export const Asked = z.object({ account: z.string().nullable() })
export const Changed = z.object({ account: z.string() })
