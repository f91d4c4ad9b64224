import { z } from 'zod'

const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array)

/** A page of ours to return to: a path and nothing that a browser could read as another site. */
const ReturnTo = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*$/)
  .refine((path) => !path.includes('\\') && !path.startsWith('/session/'))

/**
 * `proof`: a second factor shown just now, before something that decides for everybody; or one that this session has shown, whenever that was.
 */
export const LoginQuery = z.object({
  return: ReturnTo.catch('/'),
  proof: z.enum(['fresh', 'second']).optional().catch(undefined),
})
export const CallbackQuery = z.object({
  code: z.string().max(500).optional(),
  state: z.string().max(200).default(''),
  iss: z.string().max(500).optional(),
  error: z.string().max(200).optional(),
})

export type CallbackQuery = z.output<typeof CallbackQuery>

/** One row of login_attempt. */
export const Attempt = z.object({ nonce: z.string(), verifier: z.string(), returnTo: z.string() })
export type Attempt = z.output<typeof Attempt>

/** One row of browser_session. */
export const BrowserSession = z.object({
  session: z.string(),
  subject: z.string(),
  name: z.string(),
  roles: z.array(z.string()),
  tokens: Bytes,
  accessExpiresAt: z.date(),
})
export type BrowserSession = z.output<typeof BrowserSession>

/** What identity gave us; sealed before it is stored. */
export const TokenSet = z.object({ access: z.string(), refresh: z.string() })
export type TokenSet = z.output<typeof TokenSet>
