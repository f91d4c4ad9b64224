import { z } from 'zod'

export const scopes = [
  'openid',
  'offline_access',
  'profile',
  'email',
  'phone',
  'roles',
  'groups',
  'membership',
  'national_id',
] as const

/** What each scope tells (OIDC Core, section 5.4); `sid` ties an ID token to the session that the feed may name. */
export const claimsOfScopes = {
  openid: ['sub', 'sid'],
  profile: ['name', 'locale'],
  email: ['email', 'email_verified'],
  phone: ['phone_number'],
  roles: ['roles'],
  groups: ['groups'],
  membership: ['membership'],
  national_id: ['national_id'],
} as const

/** Told to nobody who has not registered for it, in whatever way it is asked for: by scope, or by name (OIDC Core, section 5.5). */
export const registeredOnly: readonly string[] = Object.keys(claimsOfScopes).filter(
  (scope) => scope !== 'openid',
)

/** How strongly somebody proved who they are; the weakest first. */
export const assurance = {
  link: 'urn:althing:acr:link',
  connector: 'urn:althing:acr:connector',
  password: 'urn:althing:acr:password',
  code: 'urn:althing:acr:code',
  mfa: 'urn:althing:acr:mfa',
  passkey: 'urn:althing:acr:passkey',
  eid: 'urn:althing:acr:eid',
} as const

export const paths = {
  authorization: '/oauth/authorize',
  token: '/oauth/token',
  introspection: '/oauth/introspect',
  revocation: '/oauth/revoke',
  userinfo: '/oauth/userinfo',
  pushed: '/oauth/par',
  device: '/oauth/device',
  userCode: '/oauth/code',
  backchannel: '/oauth/backchannel',
  registration: '/oauth/register',
  logout: '/oauth/logout',
  jwks: '/.well-known/jwks.json',
} as const

/** By how much clocks may differ: what is over for longer is refused, and what works once is remembered until then. */
export const clockToleranceSeconds = 15

/** What a service identity shows for a token (RFC 8693, section 3: a kind of our own). */
export const apiKeyType = 'urn:althing:token-type:api-key'

/** Beside those that the engine knows. */
export const grants = {
  exchange: 'urn:ietf:params:oauth:grant-type:token-exchange',
  assertion: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  backchannel: 'urn:openid:params:grant-type:ciba',
} as const

const signatures = ['RS256', 'PS256', 'ES256', 'EdDSA'] as const
/** What applications sign with: new libraries say Ed25519 (RFC 9864, section 2.2) where older ones say EdDSA. */
const theirs = [...signatures, 'Ed25519'] as const

/** No algorithm whose key both sides hold, and none that signs nothing (RFC 9700; RFC 8725, section 3.1). */
export const algorithms = {
  clientAuthSigningAlgValues: theirs,
  requestObjectSigningAlgValues: theirs,
  idTokenSigningAlgValues: signatures,
  userinfoSigningAlgValues: signatures,
  introspectionSigningAlgValues: signatures,
  authorizationSigningAlgValues: signatures,
  dPoPSigningAlgValues: ['ES256', 'PS256', 'EdDSA', 'Ed25519'],
} as const

/** Says that a question was begun in this browser; one for each, so that two tabs do not disturb each other. */
export const begunCookie = (interaction: string): string => `althing_begun_${interaction}`

/** Whose questions were begun in this browser, the last few of them: for the page that somebody goes back to when one is over. */
export const askedCookie = 'althing_asked'

/** What a question is about, as the engine says it: what this application was not allowed before. */
export const Missing = z.object({
  missingOIDCClaims: z.array(z.string()).default([]),
  missingResourceScopes: z.record(z.string(), z.array(z.string())).default({}),
  rar: z.array(z.record(z.string(), z.unknown())).default([]),
})

/** The scopes within a grant, as the engine writes them: words in one string. */
export const Granted = z.object({
  scope: z
    .string()
    .default('')
    .transform((words) => words.split(' ').filter((word) => word !== '')),
})

/** Of a claim that was allowed without the scope that it belongs to, in the list of what an application is told. */
export const toldAs = (scope: string): string => `told:${scope}`

/** One row of oidc_record, opened. */
export const Found = z.object({
  sealed: z.custom<Uint8Array>((value) => value instanceof Uint8Array),
  consumedAt: z.date().nullable(),
})
export type Found = z.output<typeof Found>
