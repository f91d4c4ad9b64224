import { z } from 'zod'
import { written } from '../contract.ts'

export const ActivateForm = z.strictObject({
  token: z.string().max(100),
  password: written(4096),
  username: z.string().max(254).optional(),
})
export const Invitation = z.object({ account: z.string() })
export const CodeForm = z.strictObject({ code: written(60) })
