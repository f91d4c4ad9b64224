import { z } from 'zod'
import { PersonName } from '../contract.ts'

/** A name as another issuer says it: marks that nobody sees are no reason to turn its person away, and are not kept. */
export const ClaimedName = z
  .string()
  .max(1000)
  .transform((name) =>
    name.replaceAll(/[\s\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' '),
  )
  .pipe(PersonName)

/** What the electronic ID says of a person (functional specification A7). */
export const EidClaims = z.object({
  sub: z.string().min(1).max(255),
  national_id: z
    .string()
    .transform((value) => value.replaceAll(/[\s-]/g, ''))
    .pipe(z.string().regex(/^\d{10}$/)),
  name: ClaimedName,
  email: z.string().max(254).trim().toLowerCase().pipe(z.email()).optional().catch(undefined),
  phone_number: z.string().max(30).optional().catch(undefined),
})
export type EidClaims = z.output<typeof EidClaims>

/** Where somebody wanted to go, as a form says it. */
export const Out = z.strictObject({
  interaction: z.string().max(100).optional(),
  return: z.string().max(1000).optional(),
})
/** What comes along on the way out and back; only the first two come from a form. */
export const Carried = z.object({
  ...Out.shape,
  connector: z.string().optional(),
  /** The account to which the identity is to be linked. */
  link: z.string().optional(),
})
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

export const ConnectorPath = z.object({ connector: z.string().regex(/^[a-z0-9-]{1,40}$/) })

/** OpenID Connect: all that a connector looks at. Neither name nor address: they prove nothing here. */
export const ConnectorClaims = z.object({ sub: z.string().min(1).max(255) })

/** One of ALTHING_IDENTITY_CONNECTORS. */
export const ConnectorSetting = z.strictObject({
  id: ConnectorPath.shape.connector,
  kind: z.enum(['oidc', 'google', 'microsoft', 'github']),
  name: z.string().min(1).max(60),
  /** For `google` it is known, and another one stands in for it on this machine; for `github` it may be an installation of one’s own. */
  issuer: z.url().optional(),
  clientId: z.string().min(1).max(500),
  clientSecret: z.string().max(2000),
  scope: z
    .string()
    .regex(/^openid( [a-z_]+)*$/)
    .default('openid'),
})
export type ConnectorSetting = z.output<typeof ConnectorSetting>

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

/** One row of external_identity. */
export const Linked = z.object({ issuer: z.string(), subject: z.string(), linkedAt: z.date() })
export type Linked = z.output<typeof Linked>
