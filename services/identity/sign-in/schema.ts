import { z } from 'zod'

/** Fields may be missing: then the page says so, beside the field. */
export const SignInForm = z.strictObject({
  identifier: z.string().max(254).default(''),
  password: z.string().max(4096).default(''),
  interaction: z.string().max(100).optional(),
  return: z.string().max(1000).optional(),
})

export const Where = {
  interaction: z.string().max(100).optional(),
  return: z.string().max(1000).optional(),
}

export const Empty = z.strictObject({})
export const ConsentForm = z.strictObject({
  interaction: z.string().max(100),
  decision: z.enum(['allow', 'deny']),
})
