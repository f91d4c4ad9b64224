import { z } from 'zod'

export const ConsentKind = z.enum(['terms', 'privacy', 'marketing'])
export type ConsentKind = z.output<typeof ConsentKind>

/** What is agreed to as a whole; news are a wish. */
export const AgreedKind = z.enum(['terms', 'privacy'])
export type AgreedKind = z.output<typeof AgreedKind>

/** One row of consent. */
export const Consent = z.object({
  kind: ConsentKind,
  version: z.string(),
  givenAt: z.date(),
  withdrawnAt: z.date().nullable(),
})
export type Consent = z.output<typeof Consent>

export const MarketingForm = z.strictObject({ marketing: z.enum(['on', 'off']) })
