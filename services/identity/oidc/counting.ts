/** What applications ask of the provider, and how it ends: counted where every request passes. */
import type { Registry } from '@althing/kernel/telemetry'
import type { KoaContextWithOIDC, Provider } from 'oidc-provider'

const grants = [
  'authorization_code',
  'refresh_token',
  'client_credentials',
  'device_code',
  'ciba',
  'token-exchange',
  'jwt-bearer',
  'other',
] as const
const results = ['done', 'refused'] as const

/** The words of RFC 6749, 6750, 7009, 8628, 8693, 8707, 9101, 9126, 9396, 9449, OpenID Connect Core and CIBA. */
const codes = [
  'access_denied',
  'authorization_pending',
  'consent_required',
  'expired_login_hint_token',
  'expired_token',
  'insufficient_scope',
  'interaction_required',
  'invalid_authorization_details',
  'invalid_binding_message',
  'invalid_client',
  'invalid_dpop_proof',
  'invalid_grant',
  'invalid_redirect_uri',
  'invalid_request',
  'invalid_request_object',
  'invalid_request_uri',
  'invalid_scope',
  'invalid_target',
  'invalid_token',
  'login_required',
  'missing_user_code',
  'slow_down',
  'temporarily_unavailable',
  'unauthorized_client',
  'unknown_user_id',
  'unmet_authentication_requirements',
  'unsupported_grant_type',
  'unsupported_response_mode',
  'unsupported_response_type',
  'use_dpop_nonce',
  'other',
] as const

/** As the engine calls its refusals, and the endpoint that each is of. */
const endpoints = [
  'authorization',
  'grant',
  'introspection',
  'revocation',
  'userinfo',
  'pushed_authorization_request',
  'device_authorization',
  'code_verification',
  'backchannel_authentication',
  'end_session',
] as const

export type Counting = (provider: Provider) => void

export function createCounting(registry: Registry): Counting {
  const tokens = registry.counter({
    name: 'id_oidc_token_requests_total',
    help: 'Requests to the token endpoint, by what was shown.',
    labels: { grant: grants, result: results },
  })
  const refreshed = registry.counter({
    name: 'id_oidc_token_refresh_total',
    help: 'Refresh tokens shown.',
    labels: { result: results },
  })
  const revoked = registry.counter({
    name: 'id_oidc_token_revoked_total',
    help: 'Tokens that an application gave back.',
    labels: {},
  })
  const approved = registry.counter({
    name: 'id_oidc_authorization_approved_total',
    help: 'Applications that got a code.',
    labels: {},
  })
  const denied = registry.counter({
    name: 'id_oidc_authorization_denied_total',
    help: 'Applications that people, or we, said no to.',
    labels: {},
  })
  const userinfo = registry.counter({
    name: 'id_oidc_userinfo_requests_total',
    help: 'Questions about a person.',
    labels: { result: results },
  })

  const failed = registry.counter({
    name: 'id_oidc_errors_total',
    help: 'Requests that were refused, by endpoint and by the word that the standard has for it.',
    labels: { endpoint: endpoints, error: codes },
  })

  function refusals(provider: Provider): void {
    // What goes wrong on our side is told by an event of its own, whatever the endpoint.
    for (const endpoint of endpoints)
      provider.on(`${endpoint}.error` as 'grant.error', (_ctx, { error }) =>
        failed.add({ endpoint, error: codes.find((one) => one === error) ?? 'other' }),
      )
  }

  function count({ oidc, status, response }: KoaContextWithOIDC): void {
    const result = status < 400 ? 'done' : 'refused'
    const route = oidc?.route
    if (route === 'token') {
      // Of a name as long as urn:ietf:params:oauth:grant-type:device_code the last word is enough.
      const shown = String(oidc.params?.['grant_type'] ?? '').replace(
        /^urn:(ietf:params:oauth|openid:params):grant-type:/,
        '',
      )
      const grant = grants.find((one) => one === shown) ?? 'other'
      tokens.add({ grant, result })
      if (grant === 'refresh_token') refreshed.add({ result })
    }
    if (route === 'userinfo') userinfo.add({ result })
    if (route === 'revocation' && result === 'done') revoked.add({})
    if (route === 'authorization' || route === 'resume') came(response.get('location'))
  }

  /** An answer goes back in the address that the browser is sent to; a question goes to a page of ours. */
  function came(location: string): void {
    if (/[?&#]code=/.test(location)) approved.add({})
    else if (/[?&#]error=/.test(location)) denied.add({})
  }

  return (provider) => {
    refusals(provider)
    provider.use(async (ctx, next) => {
      await next()
      count(ctx as unknown as KoaContextWithOIDC)
    })
  }
}
