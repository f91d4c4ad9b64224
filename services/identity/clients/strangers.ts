/**
 * What an application may say of itself that nobody here has looked at: one that registered itself, or is known by a document of its own. It
 * signs people in and asks each of them anew; it gets nothing for itself, nothing of what they may do here, and tokens only for
 * servers that their keepers have opened to strangers.
 */
import { grantTypes as grant, type ClientWords, type GrantType, type PolicyName } from './schema.ts'

/** Without `roles`: what somebody may do here is no stranger's business. */
const strangerScopes = ['openid', 'profile', 'email', 'phone', 'offline_access'] as const

export const strangerGrants: readonly GrantType[] = [grant.code, grant.refresh, grant.device]

/** The policies that a stranger can be held to: neither the one that weakens, nor the one that nobody can keep unseen. */
export const strangerPolicies = ['oauth-2.1', 'mcp'] as const satisfies readonly PolicyName[]
export type StrangerPolicy = (typeof strangerPolicies)[number]

/** Words that are understood here. What else is said is left out (RFC 7591, section 2). */
const understood = [
  'application_type',
  'redirect_uris',
  'post_logout_redirect_uris',
  'grant_types',
  'response_types',
  'token_endpoint_auth_method',
  'token_endpoint_auth_signing_alg',
  'jwks',
  'jwks_uri',
  'tls_client_auth_subject_dn',
  'tls_client_auth_san_dns',
  'tls_client_auth_san_uri',
  'tls_client_auth_san_ip',
  'tls_client_auth_san_email',
  'tls_client_certificate_bound_access_tokens',
  'dpop_bound_access_tokens',
  'require_pushed_authorization_requests',
  'require_signed_request_object',
  'request_object_signing_alg',
  'authorization_signed_response_alg',
  'id_token_signed_response_alg',
  'userinfo_signed_response_alg',
  'introspection_signed_response_alg',
  'subject_type',
  'sector_identifier_uri',
  'default_max_age',
  'default_acr_values',
  'require_auth_time',
  'initiate_login_uri',
  'client_uri',
  'policy_uri',
  'tos_uri',
  'contacts',
  'backchannel_logout_uri',
  'backchannel_logout_session_required',
  'frontchannel_logout_uri',
  'frontchannel_logout_session_required',
] as const

type Said = Readonly<Record<string, unknown>>

interface As {
  readonly policy: StrangerPolicy
  readonly registeredBy: 'itself' | 'document'
  /** Servers that are open to strangers, each with its scopes. */
  readonly open: Readonly<Record<string, string>>
}

/** Not judged yet. What is null or empty was not said (RFC 7592, section 2.2). */
export function strangerWords(said: Said, { policy, registeredBy, open }: As): ClientWords {
  const heard = understood.flatMap((name) =>
    said[name] === undefined || said[name] === null || said[name] === '' ? [] : [[name, said[name]] as const],
  )
  return {
    ...(Object.fromEntries(heard) as ClientWords),
    scope: scopeOf(said['scope']),
    policy,
    consent: 'session',
    registered_by: registeredBy,
    ...(Object.keys(open).length === 0 ? {} : { resources: { ...open } }),
  }
}

/** Of what is asked for what may be had; whoever says nothing may ask people for any of it (RFC 7591, section 2). */
function scopeOf(asked: unknown): string {
  if (typeof asked !== 'string' || asked === '') return strangerScopes.join(' ')
  const words = asked.split(' ')
  return strangerScopes.filter((scope) => words.includes(scope)).join(' ') || 'openid'
}

/** What is told of it to itself: none of our own words. */
export const publicWords = (metadata: Said): Said =>
  Object.fromEntries(
    [...understood, 'scope'].flatMap((name) =>
      metadata[name] === undefined ? [] : [[name, metadata[name]] as const],
    ),
  )
