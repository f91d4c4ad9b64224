import { z } from 'zod'

/** One row of passkey. */
export const Passkey = z.object({
  id: z.string(),
  account: z.string(),
  publicKey: z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array),
  counter: z.coerce.number(),
  transports: z.array(z.string()),
  name: z.string(),
  synced: z.boolean(),
  createdAt: z.date(),
  usedAt: z.date().nullable(),
})
export type Passkey = z.output<typeof Passkey>

/** What a browser sends back, as JSON (WebAuthn Level 3, section 5.1): checked in full by the library, here only for its size. */
export const credentialText = z.string().max(20_000)

export const PasskeyName = z.string().trim().min(1).max(60)

/** As many as a person has devices; more is a mistake or worse. */
export const mostPasskeys = 20
