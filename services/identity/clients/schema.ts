import { z } from 'zod'

/** What an application registered, in the words of RFC 7591. */
export const ClientMetadata = z.strictObject({
  redirect_uris: z.array(z.url()).min(1),
  post_logout_redirect_uris: z.array(z.url()).default([]),
  grant_types: z.array(z.enum(['authorization_code', 'refresh_token'])).default(['authorization_code']),
  token_endpoint_auth_method: z
    .enum(['client_secret_basic', 'client_secret_post', 'none'])
    .default('client_secret_basic'),
  id_token_signed_response_alg: z.enum(['RS256', 'ES256']).default('RS256'),
  scope: z.string().max(1000).default('openid'),
})
export type ClientMetadata = z.output<typeof ClientMetadata>

/** One row of oauth_client. */
export const Client = z.object({
  id: z.string().min(1).max(100),
  name: z.string().min(1).max(100),
  sealed: z.custom<Uint8Array>((value) => value instanceof Uint8Array).nullable(),
  metadata: ClientMetadata,
})
export type Client = z.output<typeof Client>

/** Our own: first party, so nobody is asked whether it may know who they are. */
export const portalClient = 'portal'
