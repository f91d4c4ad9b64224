import { z } from 'zod'

/** Which rules an application is held to: policies.ts says what each of them means. */
export const PolicyName = z.enum(['oauth-2.1', 'mcp', 'fapi-2.0', 'legacy'])
export type PolicyName = z.output<typeof PolicyName>

export const grantTypes = {
  code: 'authorization_code',
  refresh: 'refresh_token',
  credentials: 'client_credentials',
  device: 'urn:ietf:params:oauth:grant-type:device_code',
  exchange: 'urn:ietf:params:oauth:grant-type:token-exchange',
  assertion: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  backchannel: 'urn:openid:params:grant-type:ciba',
} as const

/** No `implicit` and no `password`: they are not there to be asked for (RFC 9700, sections 2.1.2 and 2.4). */
export const GrantType = z.enum(grantTypes)
export type GrantType = z.output<typeof GrantType>

export const AuthMethod = z.enum([
  'client_secret_basic',
  'client_secret_post',
  'private_key_jwt',
  'tls_client_auth',
  'self_signed_tls_client_auth',
  'none',
])
export type AuthMethod = z.output<typeof AuthMethod>

/** What signs: neither `none` nor an algorithm whose key both sides hold. */
export const SignatureAlgorithm = z.enum(['RS256', 'PS256', 'ES256', 'EdDSA'])
export type SignatureAlgorithm = z.output<typeof SignatureAlgorithm>

/** What applications sign with: new libraries say Ed25519 (RFC 9864, section 2.2) where older ones say EdDSA, and mean the same. */
const TheirAlgorithm = z.enum([...SignatureAlgorithm.options, 'Ed25519'])

/** RFC 6749, appendix A.4: words of visible characters. */
const scope = z
  .string()
  .max(1000)
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$|^$/)
const address = z.url().max(2000)
const page = address.refine((text) => /^https?:/.test(text))
const seconds = (most: number) => z.int().min(30).max(most)
const day = 86_400

/** Public keys only (RFC 7517): a private part that was sent along by mistake is refused, and is kept nowhere. */
const PublicJwk = z
  .looseObject({ kty: z.enum(['RSA', 'EC', 'OKP']), kid: z.string().max(200).optional() })
  .refine((jwk) => !['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'].some((part) => part in jwk))

/** One line of plain words, as it stands on a page. */
const PurposeText = z
  .string()
  .trim()
  .normalize('NFC')
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]*$/u)
  .min(8)
  .max(200)

/** What an application registered, in the words of RFC 7591, of the standards that extend it, and five of our own. */
export const ClientMetadata = z.strictObject({
  policy: PolicyName.default('oauth-2.1'),
  application_type: z.enum(['web', 'native']).default('web'),
  redirect_uris: z.array(address).max(50).default([]),
  post_logout_redirect_uris: z.array(address).max(50).default([]),
  grant_types: z.array(GrantType).min(1).default(['authorization_code']),
  response_types: z.array(z.literal('code')).max(1).optional(),
  response_modes: z
    .array(z.enum(['query', 'form_post', 'jwt', 'query.jwt', 'fragment.jwt', 'form_post.jwt']))
    .min(1)
    .optional(),
  scope: scope.default('openid'),

  token_endpoint_auth_method: AuthMethod.default('client_secret_basic'),
  token_endpoint_auth_signing_alg: TheirAlgorithm.optional(),
  jwks: z.strictObject({ keys: z.array(PublicJwk).min(1).max(20) }).optional(),
  jwks_uri: page.optional(),
  // RFC 8705, section 2.1.2
  tls_client_auth_subject_dn: z.string().min(1).max(500).optional(),
  tls_client_auth_san_dns: z.string().min(1).max(255).optional(),
  tls_client_auth_san_uri: address.optional(),
  tls_client_auth_san_ip: z.union([z.ipv4(), z.ipv6()]).optional(),
  tls_client_auth_san_email: z.email().optional(),
  tls_client_certificate_bound_access_tokens: z.boolean().optional(),
  dpop_bound_access_tokens: z.boolean().optional(),

  require_pushed_authorization_requests: z.boolean().optional(),
  require_signed_request_object: z.boolean().optional(),
  request_object_signing_alg: TheirAlgorithm.optional(),
  authorization_signed_response_alg: SignatureAlgorithm.optional(),
  id_token_signed_response_alg: SignatureAlgorithm.default('RS256'),
  userinfo_signed_response_alg: SignatureAlgorithm.optional(),
  introspection_signed_response_alg: SignatureAlgorithm.optional(),

  subject_type: z.enum(['public', 'pairwise']).optional(),
  sector_identifier_uri: page.optional(),
  default_max_age: z.int().min(0).optional(),
  default_acr_values: z.array(z.string().max(200)).optional(),
  require_auth_time: z.boolean().optional(),
  initiate_login_uri: page.optional(),
  client_uri: page.optional(),
  logo_uri: page.optional(),
  policy_uri: page.optional(),
  tos_uri: page.optional(),
  contacts: z.array(z.email()).max(10).optional(),

  backchannel_logout_uri: page.optional(),
  backchannel_logout_session_required: z.boolean().optional(),
  frontchannel_logout_uri: page.optional(),
  frontchannel_logout_session_required: z.boolean().optional(),

  // OpenID CIBA Core 1.0, section 4
  backchannel_token_delivery_mode: z.enum(['poll', 'ping']).optional(),
  backchannel_client_notification_endpoint: page.optional(),
  backchannel_authentication_request_signing_alg: TheirAlgorithm.optional(),
  backchannel_user_code_parameter: z.literal(false).optional(),

  /** By nobody here: it registered itself (RFC 7591), or is known by a document of its own. */
  registered_by: z.enum(['itself', 'document']).optional(),
  authorization_details_types: z.array(z.string().max(100)).max(50).optional(),
  /** Which resource servers its tokens may be for, and with which scopes there (RFC 8707). */
  resources: z.record(address, scope).optional(),
  /** Whether it may act as somebody whose token it has, or on their behalf with its own name beside theirs (RFC 8693). */
  token_exchange: z.array(z.enum(['impersonation', 'delegation'])).optional(),
  /**
   * Whether people are asked what it may know: in each session anew (if nothing is said), once and again when it wants more
   * (`remember`), or never, because it is the organisation's own (`skip`).
   */
  consent: z.enum(['session', 'remember', 'skip']).optional(),
  /**
   * What it needs the kennitala for, in both languages: people read it where they are asked. Without it the scope is refused; when it
   * changes, everybody is asked anew.
   */
  national_id_purpose: z.strictObject({ is: PurposeText, en: PurposeText }).optional(),
  access_token_format: z.enum(['jwt', 'opaque']).optional(),
  access_token_seconds: seconds(3600).optional(),
  refresh_token_seconds: seconds(30 * day).optional(),
})
export type ClientMetadata = z.output<typeof ClientMetadata>
/** As it is written down: what has a default may be left out. */
export type ClientWords = z.input<typeof ClientMetadata>

/**
 * As a row has it. Strict is what is written; what is read may be by a node of a later version, and a word that this one does not know
 * says nothing to it (a rolling upgrade).
 */
const StoredMetadata = z.object({
  ...ClientMetadata.shape,
  jwks: z.object({ keys: z.array(PublicJwk).min(1).max(20) }).optional(),
  national_id_purpose: z.object({ is: PurposeText, en: PurposeText }).optional(),
})

const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array)

/** One row of oauth_client_secret. */
export const ClientSecret = z.object({
  id: z.string(),
  client: z.string(),
  sealed: Bytes,
  madeAt: z.date(),
  endsAt: z.date().nullable(),
  usedAt: z.date().nullable(),
})
export type ClientSecret = z.output<typeof ClientSecret>

/** One row of oauth_client_logo; `version` is made of what it is. */
export const Logo = z.object({ png: Bytes, version: z.string() })
export type Logo = z.output<typeof Logo>

/** What stands on a page of consent and in a list. No line break and no mark that turns the direction of what stands beside it. */
export const ClientName = z
  .string()
  .trim()
  .normalize('NFC')
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]*$/u)
  .min(1)
  .max(100)

/** One row of oauth_client. */
export const Client = z.object({
  id: z.string().min(1).max(100),
  name: z.string().min(1).max(100),
  metadata: StoredMetadata,
  createdAt: z.date(),
  updatedAt: z.date(),
  usedAt: z.date().nullable(),
  disabledAt: z.date().nullable(),
})
export type Client = z.output<typeof Client>

/** As it is looked up at every request: with the secrets that open something now, the older one first. */
export const UsableClient = Client.pick({ id: true, name: true, metadata: true }).extend({
  secrets: z.array(Bytes),
  secretIds: z.array(z.string()),
})
export type UsableClient = z.output<typeof UsableClient>

/** Our own: first party, so nobody is asked whether it may know who they are. */
export const portalClient = 'portal'

export interface ClientFilter {
  readonly search?: string | undefined
  readonly policy?: PolicyName | undefined
  readonly state?: 'enabled' | 'disabled' | undefined
}

const DueSecret = z.object({ client: z.string(), secret: z.string() })
export type DueSecret = z.output<typeof DueSecret>

/** An administrator is reminded of secrets that are old, or end soon, of all in one letter. The version before wrote one for each. */
export const Reminder = z.union([
  z.object({ account: z.string(), due: z.array(DueSecret).min(1) }),
  DueSecret.extend({ account: z.string() }).transform(({ account, ...one }) => ({ account, due: [one] })),
])
export type Reminder = z.output<typeof Reminder>

/** By which programs with keys of their own come: public, and good for one grant. */
export const programsClient = 'service-identities'

/** What stands in addresses of pages, in files and on command lines, without a mark that any of them reads otherwise. */
export const ClientId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._~-]{0,99}$/)
  .refine((id) => !['new', portalClient, programsClient].includes(id))

/** What kind of thing it is decides what it is asked for, and where it can keep a secret. */
export const ClientKind = z.enum(['web', 'native', 'spa', 'machine', 'device'])
export type ClientKind = z.output<typeof ClientKind>
