import { z } from 'zod'
import { written } from '../contract.ts'

export const ActivateForm = z.strictObject({
  token: z.string().max(100),
  password: written(4096),
  username: z.string().max(254).optional(),
  terms: z.literal('on').optional(),
  /** Of the texts that the page spoke of. */
  version: z.string().max(40).default(''),
})
export const Invitation = z.object({ account: z.string() })
export const CodeForm = z.strictObject({ code: written(60) })
