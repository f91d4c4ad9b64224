import { z } from 'zod'
import { PhoneOrNone, written, PersonName } from '../contract.ts'

/** One row of address_change. */
export const AddressChange = z.object({
  account: z.string(),
  email: z.string(),
  previous: z.string().nullable(),
  expiresAt: z.date(),
  doneAt: z.date().nullable(),
})
export type AddressChange = z.output<typeof AddressChange>

/** As it is sent; then as it must be. */
export const ProfileForm = z.strictObject({
  name: z
    .string()
    .transform((text) => text.slice(0, 4000))
    .optional(),
  phone: written(4000),
  locale: z.enum(['is', 'en']),
})
export const Profile = z.object({
  name: PersonName.optional(),
  phone: PhoneOrNone,
  locale: z.enum(['is', 'en']),
})
export type Profile = z.output<typeof Profile>

export const AddressForm = z.strictObject({ email: written(400) })
export const TokenForm = z.strictObject({ token: z.string().max(100) })

export const Changing = z.object({ account: z.string() })
/** `until`: by the end of its link a wish is known from the one that took its place; jobs of the version before do not say it. */
export const Wished = Changing.extend({ until: z.iso.datetime().optional() })
