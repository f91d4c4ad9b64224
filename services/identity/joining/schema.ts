import { z } from 'zod'

export const ApplicationState = z.enum(['unconfirmed', 'guardian', 'waiting', 'approved', 'rejected'])
export type ApplicationState = z.output<typeof ApplicationState>

const ConsentKind = z.enum(['terms', 'privacy', 'marketing'])

/** One row of application. */
export const Application = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  phone: z.string().nullable(),
  /** `2008-05-17` */
  birthDate: z.string(),
  locale: z.enum(['is', 'en']),
  guardianEmail: z.string().nullable(),
  consents: z.array(ConsentKind),
  state: ApplicationState,
  createdAt: z.date(),
  decidedAt: z.date().nullable(),
  decidedBy: z.string().nullable(),
  reason: z.string().nullable(),
})
export type Application = z.output<typeof Application>

const address = z.string().max(254).trim().toLowerCase().pipe(z.email())
/** No line break can come from here into a mail: it would begin a header. */
const line = (most: number) =>
  z
    .string()
    .trim()
    .normalize('NFC')
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u)
    .max(most)

/** The form as it is sent: every field may be missing, so that the page can say which. */
export const RegisterForm = z.strictObject({
  name: z.string().max(400).default(''),
  email: z.string().max(400).default(''),
  phone: z.string().max(100).default(''),
  birth_date: z.string().max(40).default(''),
  guardian_email: z.string().max(400).default(''),
  terms: z.literal('on').optional(),
  marketing: z.literal('on').optional(),
})
export type RegisterForm = z.output<typeof RegisterForm>

/** The same, as it must be. */
export const Wish = z.object({
  name: line(200).min(2),
  email: address,
  phone: z.union([
    z.literal(''),
    z
      .string()
      .trim()
      .regex(/^\+?[0-9][0-9 -]{5,18}[0-9]$/),
  ]),
  birth_date: z.iso.date(),
  guardian_email: z.union([z.literal(''), address]),
  terms: z.literal('on'),
})
export type Wish = z.output<typeof Wish>

export const TokenForm = z.strictObject({ token: z.string().max(100) })
export const Asked = z.object({ application: z.string() })
