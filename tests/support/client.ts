/** An application of somebody else's: registered with identity, and asking as a strict client of others does. */
import { Registry } from '@althing/kernel/telemetry'
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  ClientSecretBasic,
  discovery,
  fetchUserInfo,
  randomPKCECodeVerifier,
} from 'openid-client'
import { compose, type IdentityKit } from '../../services/identity/compose.ts'
import { createMetrics } from '../../services/identity/metrics.ts'
import type { Browser, TestIdentity } from './identity.ts'

export const callbackOf = 'https://calendar.example/callback'

/** @param scope all that it may ever ask for */
export async function addCalendar(service: TestIdentity, scope: string) {
  const { clients } = compose(service.kit as unknown as IdentityKit, createMetrics(new Registry()))
  const registered = await clients.register(
    'calendar',
    'Calendar',
    {
      redirect_uris: [callbackOf],
      grant_types: ['authorization_code', ...(scope.includes('offline') ? ['refresh_token' as const] : [])],
      token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: 'ES256',
      scope,
    },
    'operator:test',
  )
  const client = await discovery(
    new URL(service.origin),
    'calendar',
    { id_token_signed_response_alg: 'ES256' },
    ClientSecretBasic(registered?.secret ?? ''),
    { execute: [allowInsecureRequests] },
  )

  /** From the application, until a page comes, the way back, or what `until` waits for. */
  async function begin(
    browser: Browser,
    asked: string,
    more: Readonly<Record<string, string>> = {},
    until: (url: URL) => boolean = () => false,
  ) {
    const verifier = randomPKCECodeVerifier()
    const start = buildAuthorizationUrl(client, {
      redirect_uri: callbackOf,
      scope: asked,
      code_challenge: await calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...more,
    })
    return { ...(await browser.follow(await browser.go(start.href), until)), verifier }
  }

  async function finish(url: URL, verifier: string) {
    const tokens = await authorizationCodeGrant(client, url, { pkceCodeVerifier: verifier })
    return { tokens, info: await fetchUserInfo(client, tokens.access_token, tokens.claims()?.sub ?? '') }
  }

  return { client, begin, finish }
}
