import { z } from 'zod'

export const Token = z.string().regex(/^[A-Za-z0-9_-]{43}$/)
export const ActivateForm = z.strictObject({
  token: z.string().max(100),
  password: z.string().max(4096).default(''),
  username: z.string().max(254).optional(),
})
export const Invitation = z.object({ account: z.string() })
