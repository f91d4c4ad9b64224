/** What others in the person world may know of events: who may fetch which ticket, and the issuing of it. */
import { z } from 'zod'

const ElectionId = z.uuid()
const Text = z.object({ is: z.string().optional(), en: z.string().optional() })

/** What a signed-in person may take part in. `ticket` says only whether one was fetched, never whether it was used. */
export const Entitlement = z.object({
  election: ElectionId,
  title: Text,
  slot: z.string(),
  class: z.string(),
  status: z.string(),
  opensAt: z.iso.datetime({ offset: true }).nullable(),
  closesAt: z.iso.datetime({ offset: true }).nullable(),
  ticket: z.enum(['none', 'issued']),
})
export const Entitlements = z.object({ entitlements: z.array(Entitlement) })
/** The manifest's exact text, so that the device computes the hash itself. */
export const ManifestCopy = z.object({ manifest: z.string(), hash: z.string() })

/** 384 bytes: RSA-3072 blinded message and blind signature. */
const Rsa = z
  .string()
  .length(512)
  .regex(/^[A-Za-z0-9_-]+$/)
export const TicketRequest = z.strictObject({
  election: ElectionId,
  manifestHash: z.string().length(43),
  items: z
    .array(z.strictObject({ slot: z.string().max(32), class: z.string().max(32), blinded: Rsa }))
    .min(1)
    .max(60),
})
export type TicketRequest = z.output<typeof TicketRequest>
export const TicketAnswer = z.object({
  tickets: z.array(z.object({ slot: z.string(), class: z.string(), blindSignature: Rsa })),
})
