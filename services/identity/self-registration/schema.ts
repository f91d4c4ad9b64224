import { z } from 'zod'

/** One row of registration_token. */
export const RegistrationToken = z.object({
  id: z.string(),
  note: z.string(),
  policy: z.enum(['oauth-2.1', 'mcp']),
  uses: z.number().int(),
  mostUses: z.number().int(),
  createdBy: z.string(),
  createdAt: z.date(),
  expiresAt: z.date(),
  revokedAt: z.date().nullable(),
})
export type RegistrationToken = z.output<typeof RegistrationToken>

/** What an operator says of one that is to be made. */
export interface WishedToken {
  readonly note: string
  readonly policy: RegistrationToken['policy']
  readonly mostUses: number
  readonly days: number
}

/** What an application says of itself: read word by word, for what is not understood is no mistake (RFC 7591, section 2). */
export const Said = z.record(z.string().max(200), z.unknown())
export type Said = z.output<typeof Said>

/** As the consent page and lists name it; without a word that hides or turns what stands beside it. */
export const SaidName = z
  .string()
  .trim()
  .normalize('NFC')
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]*$/u)
  .min(1)
  .max(100)
