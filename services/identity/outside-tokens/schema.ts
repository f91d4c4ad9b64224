import { z } from 'zod'

/** How such a token was come by: weaker than anything that was shown to us, so that it is enough for nothing that asks how. */
export const outsideAcr = 'urn:althing:acr:outside'

const algorithms = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const

const Claim = z.string().regex(/^[A-Za-z0-9_:./-]{1,100}$/)

const common = {
  /** As it stands in records: `firebase`. */
  id: z.string().regex(/^[a-z0-9-]{1,40}$/),
  name: z.string().min(1).max(60),
  /** The claim in which the organisation itself has written a kennitala. Without it only stored links count. */
  kennitalaClaim: Claim.optional(),
  /** Where the keys are, when they are not where everybody knows: on this machine, for tests, or by https. */
  keysUrl: z.url().optional(),
}

/** One of ALTHING_IDENTITY_TOKEN_ISSUERS. */
export const IssuerSetting = z.discriminatedUnion('kind', [
  z.strictObject({
    ...common,
    kind: z.literal('firebase'),
    project: z.string().regex(/^[a-z][a-z0-9-]{4,28}[a-z0-9]$/),
    /** Of Identity Platform. Without it tokens of every tenant are refused. */
    tenant: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,64}$/)
      .optional(),
    /** Ways to sign in there that are good enough: `custom`, `password`, `google.com`. Without it all but the anonymous one. */
    providers: z.array(z.string().min(1).max(100)).min(1).optional(),
  }),
  z.strictObject({
    ...common,
    kind: z.literal('oidc'),
    issuer: z.url(),
    audiences: z.array(z.string().min(1).max(500)).min(1).max(10),
    algorithms: z.array(z.enum(algorithms)).min(1).default(['RS256']),
  }),
])
export type IssuerSetting = z.output<typeof IssuerSetting>

/** What is looked at in a token of anybody's; the rest is not. */
export const OutsideClaims = z.looseObject({
  sub: z.string().min(1).max(255),
  exp: z.number(),
  iat: z.number(),
  auth_time: z.number().int().nonnegative().optional(),
  azp: z.string().optional(),
})

/** https://firebase.google.com/docs/auth/admin/verify-id-tokens: what every ID token of Firebase has. */
export const FirebaseClaims = z.object({
  sub: z.string().min(1).max(128),
  auth_time: z.number().int().nonnegative(),
  firebase: z.object({ sign_in_provider: z.string().min(1), tenant: z.string().optional() }),
})

/** OpenID Connect Discovery, the part that we use here. */
export const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url() })

export const Kennitala = z
  .string()
  .transform((text) => text.replaceAll(/[\s-]/g, ''))
  .pipe(z.string().regex(/^\d{10}$/))

/** What a token has proven. */
export interface Proven {
  /** The setting it fits. */
  readonly by: string
  readonly name: string
  readonly issuer: string
  readonly subject: string
  readonly kennitala: string | null
  /** When its person signed in there; when it was made, with issuers that do not say. */
  readonly signedInAt: Date
  readonly endsAt: Date
}

const linkers = ['claim', 'owner', 'operator'] as const

/** One row of outside_identity. */
export const OutsideIdentity = z.object({
  id: z.string(),
  issuer: z.string(),
  subject: z.string(),
  account: z.string(),
  linkedBy: z.enum(linkers),
  linkedAt: z.date(),
  removedAt: z.date().nullable(),
  notBefore: z.date().nullable(),
  round: z.int().nonnegative(),
  signedInAt: z.date().nullable(),
})
export type OutsideIdentity = z.output<typeof OutsideIdentity>

/** The session that tokens for it name: another one after every end, so that the feed ends the old ones and no others. */
export const sessionOf = ({ id, round }: Pick<OutsideIdentity, 'id' | 'round'>): string => `${id}.${round}`
