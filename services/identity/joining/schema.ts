import { z } from 'zod'
import { BirthDate, EmailAddress, ListedApplication, PersonName, PhoneOrNone, written } from '../contract.ts'

export const ApplicationState = ListedApplication.shape.state
export type ApplicationState = z.output<typeof ApplicationState>

const ConsentKind = z.enum(['terms', 'privacy', 'marketing'])

/** One row of application: as it is told, with its times as times, and what only we need. `birthDate` is `2008-05-17`. */
export const Application = ListedApplication.extend({
  locale: z.enum(['is', 'en']),
  consents: z.array(ConsentKind),
  /** Of the texts that were agreed to; null for who applied before it was kept. */
  consentVersion: z.string().nullable(),
  createdAt: z.date(),
  decidedAt: z.date().nullable(),
})
export type Application = z.output<typeof Application>

/** The form as it is sent: every field may be missing, so that the page can say which. */
export const RegisterForm = z.strictObject({
  name: written(400),
  email: written(400),
  phone: written(100),
  birth_date: written(40),
  guardian_email: written(400),
  terms: z.literal('on').optional(),
  marketing: z.literal('on').optional(),
  /** Of the texts that the page spoke of. */
  version: z.string().max(40).default(''),
})
export type RegisterForm = z.output<typeof RegisterForm>

/** The same, as it must be. */
export const Wish = z.object({
  name: PersonName,
  email: EmailAddress,
  phone: PhoneOrNone,
  birth_date: BirthDate,
  guardian_email: z.union([z.literal(''), EmailAddress]),
  terms: z.literal('on').optional(),
  version: z.string(),
})
export type Wish = z.output<typeof Wish>

export const TokenForm = z.strictObject({ token: z.string().max(100) })
export const Asked = z.object({ application: z.string() })
