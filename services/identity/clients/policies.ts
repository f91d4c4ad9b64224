/**
 * What an application is held to, by name. A policy is data: what it allows, what it demands, and what in it is weaker than the
 * default. `judge.ts` reads it at registration, the engine reads it at every request.
 */
import {
  grantTypes as grant,
  type AuthMethod,
  type GrantType,
  type PolicyName,
  type SignatureAlgorithm,
} from './schema.ts'

export interface Policy {
  readonly name: PolicyName
  readonly grantTypes: readonly GrantType[]
  readonly authMethods: readonly AuthMethod[]
  /** Of what the application signs, and of what we sign for it. */
  readonly algorithms: readonly SignatureAlgorithm[]
  /** An application that can keep a secret may come without a challenge (RFC 7636). */
  readonly pkceMayBeMissing: boolean
  /** A redirect may go over the network unencrypted. On the machine of the person it always may (RFC 8252, section 7.3). */
  readonly plainRedirects: boolean
  /** Requests are pushed first (RFC 9126). */
  readonly pushed: boolean
  /** Access tokens are of use to the holder of a key only: DPoP (RFC 9449) or a certificate (RFC 8705). */
  readonly bound: boolean
  /** Every token names the one resource that it is for (RFC 8707). */
  readonly resourceNamed: boolean
  readonly codeSeconds: number
  /** The longest that an application may have its access tokens live: nobody can take back one that is signed. */
  readonly accessSecondsAtMost: number
  readonly refreshSecondsAtMost: number
  /** FAPI 2.0 in the engine: audiences are the issuer alone, request objects are young. */
  readonly fapi: boolean
  /** What is weaker here than by default, in words that an operator reads. */
  readonly weakens: readonly string[]
}

const everything = Object.values(grant)

/** OAuth 2.1 (draft-ietf-oauth-v2-1) and RFC 9700. */
const oauth21: Policy = {
  name: 'oauth-2.1',
  grantTypes: everything,
  authMethods: [
    'client_secret_basic',
    'client_secret_post',
    'private_key_jwt',
    'tls_client_auth',
    'self_signed_tls_client_auth',
    'none',
  ],
  algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
  pkceMayBeMissing: false,
  plainRedirects: false,
  pushed: false,
  bound: false,
  resourceNamed: false,
  codeSeconds: 60,
  accessSecondsAtMost: 3600,
  refreshSecondsAtMost: 30 * 86_400,
  fapi: false,
  weakens: [],
}

export const policies: Readonly<Record<PolicyName, Policy>> = {
  'oauth-2.1': oauth21,
  /** Model Context Protocol, Authorization: public applications, each token for one server. */
  mcp: {
    ...oauth21,
    name: 'mcp',
    grantTypes: [grant.code, grant.refresh, grant.credentials],
    authMethods: ['none', 'private_key_jwt', 'client_secret_basic', 'client_secret_post'],
    resourceNamed: true,
  },
  /** FAPI 2.0 Security Profile, section 5.3.2, and Message Signing, section 5; FAPI CIBA, section 5.2.2. */
  'fapi-2.0': {
    ...oauth21,
    name: 'fapi-2.0',
    grantTypes: [grant.code, grant.refresh, grant.credentials, grant.backchannel],
    authMethods: ['private_key_jwt', 'tls_client_auth', 'self_signed_tls_client_auth'],
    algorithms: ['PS256', 'ES256', 'EdDSA'],
    pushed: true,
    bound: true,
    accessSecondsAtMost: 900,
    fapi: true,
  },
  /** For what is older than these rules and cannot be changed. */
  legacy: {
    ...oauth21,
    name: 'legacy',
    pkceMayBeMissing: true,
    plainRedirects: true,
    weakens: [
      'PKCE may be missing: a code that was stolen on its way can be put into another session (RFC 9700, section 2.1.1).',
      'Redirects may go over plain http: whoever is on the network reads the code (RFC 9700, section 2.6).',
    ],
  },
}
