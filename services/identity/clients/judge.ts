/** What is wrong with what an application says about itself: by itself, and by the policy that it is held to. Each refusal names its field. */
import { policies, type Policy } from './policies.ts'
import { grantTypes as grant, type ClientMetadata, type SignatureAlgorithm } from './schema.ts'

export interface Refusal {
  readonly field: string
  readonly why: string
}

type Said = ClientMetadata
type Found = Refusal | false | undefined

/**
 * @param signs the algorithms that we have a key for
 * @param knows the scopes that say something here; those of other servers stand in `resources`
 */
export function judge(said: Said, signs: readonly string[], knows: readonly string[]): Refusal[] {
  const policy = policies[said.policy]
  return [
    ...redirects(said, policy),
    ...keys(said),
    ...certificates(said),
    ...grants(said, policy),
    ...backchannel(said, policy),
    ...bindings(said, policy),
    ...algorithms(said, policy, signs),
    ...subjects(said),
    ...logout(said),
    ...lives(said, policy),
    ...words(said, knows),
    ...purposes(said),
  ].filter((one): one is Refusal => one !== false && one !== undefined)
}

const no = (field: keyof Said, why: string): Refusal => ({ field, why })
const loopback = ['localhost', '127.0.0.1', '[::1]']
const isPublic = (said: Said) => said.token_endpoint_auth_method === 'none'
const has = (said: Said, ...types: readonly Said['grant_types'][number][]) =>
  types.some((type) => said.grant_types.includes(type))

function redirects(said: Said, policy: Policy): Found[] {
  const each = (field: 'redirect_uris' | 'post_logout_redirect_uris') =>
    said[field].map((uri) => {
      const why = wrongRedirect(uri, said.application_type, policy)
      return why !== undefined && no(field, why)
    })
  return [
    has(said, grant.code) &&
      said.redirect_uris.length === 0 &&
      no('redirect_uris', 'needs an address to answer to'),
    !has(said, grant.code) &&
      said.redirect_uris.length > 0 &&
      no('redirect_uris', 'is not used without authorization_code'),
    ...each('redirect_uris'),
    ...each('post_logout_redirect_uris'),
  ]
}

/** RFC 9700, sections 2.1 and 4.1; RFC 8252, section 7. */
function wrongRedirect(uri: string, kind: Said['application_type'], policy: Policy): string | undefined {
  const { protocol, hostname, hash, username, password } = new URL(uri)
  if (hash !== '' || uri.includes('#')) return 'must have no fragment'
  if (username !== '' || password !== '') return 'must have no name or password in it'
  if (/[*\\]/.test(uri)) return 'must be an exact address, without patterns'
  if (protocol === 'https:') return undefined
  if (protocol === 'http:')
    return loopback.includes(hostname) || policy.plainRedirects
      ? undefined
      : 'must be https, or of the loopback interface'
  if (kind === 'web') return 'must be https for an application of the web'
  // A domain that the maker owns, reversed: else another application may claim the same scheme.
  return protocol.includes('.') ? undefined : 'must be a scheme with a dot, made of a domain of yours'
}

function keys(said: Said): Found[] {
  const method = said.token_endpoint_auth_method
  const needsKeys =
    method === 'private_key_jwt' ||
    method === 'self_signed_tls_client_auth' ||
    said.require_signed_request_object === true ||
    said.request_object_signing_alg !== undefined ||
    said.backchannel_authentication_request_signing_alg !== undefined ||
    has(said, grant.assertion)
  const hasKeys = said.jwks !== undefined || said.jwks_uri !== undefined
  return [
    said.jwks !== undefined && said.jwks_uri !== undefined && no('jwks_uri', 'must not stand beside jwks'),
    needsKeys && !hasKeys && no('jwks', 'or jwks_uri must say the public keys'),
    said.token_endpoint_auth_signing_alg !== undefined &&
      method !== 'private_key_jwt' &&
      no('token_endpoint_auth_signing_alg', 'is for private_key_jwt'),
  ]
}

function certificates(said: Said): Found[] {
  const subjects = [
    said.tls_client_auth_subject_dn,
    said.tls_client_auth_san_dns,
    said.tls_client_auth_san_uri,
    said.tls_client_auth_san_ip,
    said.tls_client_auth_san_email,
  ].filter((one) => one !== undefined)
  const wanted = said.token_endpoint_auth_method === 'tls_client_auth' ? 1 : 0
  return [
    subjects.length !== wanted &&
      no(
        'tls_client_auth_subject_dn',
        wanted === 1
          ? 'or one other subject of the certificate must be said, and only one'
          : 'is for tls_client_auth',
      ),
  ]
}

function grants(said: Said, policy: Policy): Found[] {
  const confidential = [grant.credentials, grant.exchange, grant.assertion, grant.backchannel]
  return [
    ...said.grant_types.map(
      (type) =>
        !policy.grantTypes.includes(type) &&
        no('grant_types', `must not have ${type} by the policy ${policy.name}`),
    ),
    ...confidential.map(
      (type) =>
        isPublic(said) &&
        has(said, type) &&
        no('grant_types', `must not have ${type} without a proof of who asks`),
    ),
    has(said, grant.refresh) &&
      !has(said, grant.code, grant.device, grant.backchannel) &&
      no('grant_types', 'must not have refresh_token alone: no person ever allows anything'),
    has(said, grant.assertion) &&
      said.subject_type === 'pairwise' &&
      no('subject_type', 'must be public to speak of people by their names'),
    has(said, grant.exchange) &&
      (said.token_exchange ?? []).length === 0 &&
      no('token_exchange', 'must say impersonation or delegation'),
    said.response_types !== undefined &&
      has(said, grant.code) !== (said.response_types.length === 1) &&
      no('response_types', 'must be code with authorization_code, and empty without'),
    said.token_exchange !== undefined &&
      !has(said, grant.exchange) &&
      no('token_exchange', 'is for the grant of token exchange'),
    !policy.authMethods.includes(said.token_endpoint_auth_method) &&
      no(
        'token_endpoint_auth_method',
        `must be one of ${policy.authMethods.join(', ')} by the policy ${policy.name}`,
      ),
  ]
}

/** OpenID CIBA Core 1.0, section 4; FAPI CIBA, section 5.2.2. */
function backchannel(said: Said, policy: Policy): Found[] {
  const isAsking = has(said, grant.backchannel)
  const {
    backchannel_token_delivery_mode: mode,
    backchannel_client_notification_endpoint: endpoint,
    backchannel_authentication_request_signing_alg: signing,
  } = said
  return [
    isAsking !== (mode !== undefined) &&
      no('backchannel_token_delivery_mode', isAsking ? 'must be poll or ping' : 'is for the grant of CIBA'),
    (mode === 'ping') !== (endpoint !== undefined) &&
      no(
        'backchannel_client_notification_endpoint',
        mode === 'ping' ? 'must say where it is told' : 'is for ping',
      ),
    !isAsking &&
      signing !== undefined &&
      no('backchannel_authentication_request_signing_alg', 'is for the grant of CIBA'),
    isAsking &&
      policy.fapi &&
      signing === undefined &&
      no('backchannel_authentication_request_signing_alg', `must be said by the policy ${policy.name}`),
    isAsking &&
      said.subject_type === 'pairwise' &&
      no('subject_type', 'must be public to name people without a browser'),
  ]
}

function bindings(said: Said, policy: Policy): Found[] {
  const { dpop_bound_access_tokens: dpop, tls_client_certificate_bound_access_tokens: mtls } = said
  return [
    dpop === true &&
      mtls === true &&
      no('dpop_bound_access_tokens', 'must not stand beside certificate-bound tokens'),
    policy.bound &&
      dpop !== true &&
      mtls !== true &&
      no(
        'dpop_bound_access_tokens',
        `or tls_client_certificate_bound_access_tokens must be true by the policy ${policy.name}`,
      ),
    policy.pushed &&
      has(said, grant.code) &&
      said.require_pushed_authorization_requests !== true &&
      no('require_pushed_authorization_requests', `must be true by the policy ${policy.name}`),
    policy.resourceNamed &&
      Object.keys(said.resources ?? {}).length === 0 &&
      no('resources', `must name the servers that tokens are for, by the policy ${policy.name}`),
  ]
}

/** What the application signs with has to fit its policy; what we sign with, our keys too. */
function algorithms(said: Said, policy: Policy, signs: readonly string[]): Found[] {
  const theirs = [
    'token_endpoint_auth_signing_alg',
    'request_object_signing_alg',
    'backchannel_authentication_request_signing_alg',
  ] as const
  const ours = [
    'id_token_signed_response_alg',
    'userinfo_signed_response_alg',
    'introspection_signed_response_alg',
    'authorization_signed_response_alg',
  ] as const
  const fits = (alg: SignatureAlgorithm | 'Ed25519' | undefined) =>
    alg === undefined || policy.algorithms.includes(alg === 'Ed25519' ? 'EdDSA' : alg)
  return [
    ...[...theirs, ...ours].map(
      (field) =>
        !fits(said[field]) &&
        no(field, `must be one of ${policy.algorithms.join(', ')} by the policy ${policy.name}`),
    ),
    ...ours.map((field) => {
      const alg = said[field]
      return (
        alg !== undefined &&
        !signs.includes(alg) &&
        no(field, `must be one of ${signs.join(', ')}: we have no other key`)
      )
    }),
  ]
}

/** OpenID Connect Core, section 8.1: which applications a pairwise name is shared by has to be certain. */
function subjects(said: Said): Found[] {
  if (said.subject_type !== 'pairwise') return []
  const hosts = new Set(said.redirect_uris.map((uri) => new URL(uri).host))
  return [
    hosts.size !== 1 &&
      said.sector_identifier_uri === undefined &&
      no('sector_identifier_uri', 'must be said when redirects do not go to one and the same host'),
    has(said, grant.device) &&
      !['private_key_jwt', 'self_signed_tls_client_auth'].includes(said.token_endpoint_auth_method) &&
      no('token_endpoint_auth_method', 'must be a key of its own for pairwise names without a browser'),
  ]
}

function logout(said: Said): Found[] {
  const secure = (uri: string | undefined) =>
    uri === undefined || uri.startsWith('https:') || loopback.includes(new URL(uri).hostname)
  // OpenID CIBA Core 1.0, section 4; OpenID Connect Registration, section 2: nothing but https, whoever's machine it is.
  const always = [
    'backchannel_client_notification_endpoint',
    'sector_identifier_uri',
    'initiate_login_uri',
  ] as const
  const usual = ['backchannel_logout_uri', 'frontchannel_logout_uri', 'jwks_uri'] as const
  return [
    ...always.map((field) => said[field]?.startsWith('https:') === false && no(field, 'must be https')),
    ...usual.map((field) => !secure(said[field]) && no(field, 'must be https')),
  ]
}

/** The engine and the page of consent know no other words; what it means somewhere else is said in `resources`. */
function words(said: Said, knows: readonly string[]): Found[] {
  const unknown = said.scope.split(' ').some((word) => word !== '' && !knows.includes(word))
  return [unknown && no('scope', `must be of ${knows.join(', ')}`)]
}

/** A kennitala joins a person across everything that knows it: what for is said, and its person is asked. */
function purposes(said: Said): Found[] {
  const isWanted = said.scope.split(' ').includes('national_id')
  return [
    isWanted &&
      said.national_id_purpose === undefined &&
      no('national_id_purpose', 'must say what the kennitala is for, in both languages'),
    !isWanted &&
      said.national_id_purpose !== undefined &&
      no('national_id_purpose', 'is for the scope national_id'),
    isWanted && said.consent === 'skip' && no('consent', 'must not be skip where the kennitala is asked for'),
  ]
}

function lives(said: Said, { accessSecondsAtMost, refreshSecondsAtMost, name }: Policy): Found[] {
  const over = (seconds: number | undefined, most: number) => seconds !== undefined && seconds > most
  const most = (seconds: number) => `must be at most ${seconds} by the policy ${name}`
  return [
    over(said.access_token_seconds, accessSecondsAtMost) &&
      no('access_token_seconds', most(accessSecondsAtMost)),
    over(said.refresh_token_seconds, refreshSecondsAtMost) &&
      no('refresh_token_seconds', most(refreshSecondsAtMost)),
    said.logo_uri !== undefined && !said.logo_uri.startsWith('https:') && no('logo_uri', 'must be https'),
  ]
}
