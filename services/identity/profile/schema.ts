import { z } from 'zod'

/** One row of address_change. */
export const AddressChange = z.object({
  account: z.string(),
  email: z.string(),
  previous: z.string().nullable(),
  expiresAt: z.date(),
  doneAt: z.date().nullable(),
})
export type AddressChange = z.output<typeof AddressChange>

/** No line break can come from here into a mail: it would begin a header. */
const Name = z
  .string()
  .trim()
  .normalize('NFC')
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u)
  .min(2)
  .max(200)
const Phone = z.union([
  z.literal(''),
  z
    .string()
    .trim()
    .regex(/^\+?[0-9][0-9 -]{5,18}[0-9]$/),
])

/** As it is sent; then as it must be. */
export const ProfileForm = z.strictObject({
  name: z.string().max(400).optional(),
  phone: z.string().max(100).default(''),
  locale: z.enum(['is', 'en']),
})
export const Profile = z.object({ name: Name.optional(), phone: Phone, locale: z.enum(['is', 'en']) })
export type Profile = z.output<typeof Profile>

export const AddressForm = z.strictObject({ email: z.string().max(400).default('') })
export const Address = z.string().max(254).trim().toLowerCase().pipe(z.email())
export const TokenForm = z.strictObject({ token: z.string().max(100) })

export const Changing = z.object({ account: z.string() })
