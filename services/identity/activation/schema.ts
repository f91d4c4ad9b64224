import { z } from 'zod'

export const ActivateForm = z.strictObject({
  token: z.string().max(100),
  password: z.string().max(4096).default(''),
  username: z.string().max(254).optional(),
})
export const Invitation = z.object({ account: z.string() })
export const CodeForm = z.strictObject({ code: z.string().max(60).default('') })
