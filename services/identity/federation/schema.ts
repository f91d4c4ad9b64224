import { z } from 'zod'

/** What the electronic ID says of a person (functional specification A7). */
export const EidClaims = z.object({
  sub: z.string().min(1).max(255),
  national_id: z
    .string()
    .transform((value) => value.replaceAll(/[\s-]/g, ''))
    .pipe(z.string().regex(/^\d{10}$/)),
  name: z.string().trim().min(1).max(200),
  email: z.string().max(254).trim().toLowerCase().pipe(z.email()).optional().catch(undefined),
  phone_number: z.string().max(30).optional().catch(undefined),
})
export type EidClaims = z.output<typeof EidClaims>

/** What comes along on the way out and back. */
export const Carried = z.object({ interaction: z.string().optional(), return: z.string().optional() })
export type Carried = z.output<typeof Carried>

/** OpenID Connect Discovery, the part that we use. */
export const Discovery = z.object({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  jwks_uri: z.url(),
  id_token_signing_alg_values_supported: z.array(z.string()).default(['RS256']),
  authorization_response_iss_parameter_supported: z.boolean().default(false),
})
export type Discovery = z.output<typeof Discovery>

export const Callback = z.object({
  code: z.string().max(2000).optional(),
  state: z.string().max(200).optional(),
  iss: z.string().max(500).optional(),
  error: z.string().max(200).optional(),
  error_description: z.string().max(1000).optional(),
})
export type Callback = z.output<typeof Callback>

/** The browser's half of every state; kept as long as one may be under way. */
export const browserCookie = 'althing_eid'
