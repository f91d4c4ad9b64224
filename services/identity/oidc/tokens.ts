/** How long tokens live, which are rotated, and what stands in them. */
import { errors, type Client, type Configuration } from 'oidc-provider'
import { longestSeconds } from './backchannel.ts'
import type { EngineNeeds } from './engine-needs.ts'
import { saidIn } from './issuing.ts'
import { wordsOf } from './own-words.ts'

const minute = 60
const day = 24 * 60 * minute
const sessionSeconds = 8 * 60 * minute
const accessSeconds = 15 * minute

export function lifetimes({ policyOf }: EngineNeeds): NonNullable<Configuration['ttl']> {
  const access = (client: Client | undefined, most = accessSeconds) =>
    wordsOf(client).access_token_seconds ?? most
  return {
    AccessToken: (_ctx, token, client) => access(client, token.resourceServer?.accessTokenTTL),
    ClientCredentials: (_ctx, token, client) => access(client, token.resourceServer?.accessTokenTTL),
    AuthorizationCode: (_ctx, _code, client) => policyOf(wordsOf(client).policy).codeSeconds,
    IdToken: 10 * minute,
    Interaction: 10 * minute,
    DeviceCode: 10 * minute,
    BackchannelAuthenticationRequest: ({ oidc }) =>
      Math.min(longestSeconds, Number(oidc.params?.['requested_expiry'] ?? longestSeconds)),
    Grant: 30 * day,
    Session: sessionSeconds,
    // Seven days from use to use, thirty from the first.
    RefreshToken: (_ctx, token, client) =>
      Math.max(
        1,
        Math.min(wordsOf(client).refresh_token_seconds ?? 7 * day, 30 * day - token.totalLifetime()),
      ),
  }
}

export function tokens({ findSubject, isFirstParty, policyOf }: EngineNeeds): Configuration {
  return {
    // FAPI 2.0, section 5.3.2.1: a refresh token that only one key can use is not rotated, so that no answer that was lost ends it.
    rotateRefreshToken: ({ oidc }) => !policyOf(wordsOf(oidc.client).policy).fapi,
    issueRefreshToken: (_ctx, client, source) =>
      client.grantTypeAllowed('refresh_token') &&
      (isFirstParty(client.clientId) || source.scopes.has('offline_access')),
    // What the portal holds ends with the session it came from; only who was granted offline access keeps it longer.
    expiresWithSession: (ctx, source) =>
      isFirstParty(ctx.oidc.client?.clientId ?? '') || !source.scopes.has('offline_access'),
    async extraTokenClaims(ctx, token) {
      if (!('accountId' in token)) return undefined
      const subject = await findSubject(token.accountId)
      if (subject === null) throw new errors.InvalidGrant('account')
      // Whoever had it exchanged is another application: what the token says is what the one before said.
      const exchanged = saidIn(ctx)
      if (exchanged !== undefined) return exchanged
      const { RefreshToken, AuthorizationCode, DeviceCode, BackchannelAuthenticationRequest } =
        ctx.oidc.entities
      const { acr, amr, authTime } =
        RefreshToken ?? AuthorizationCode ?? DeviceCode ?? BackchannelAuthenticationRequest ?? {}
      // RFC 9068, section 2.2.1: what another server decides by.
      const proof = { auth_time: authTime, acr, amr }
      if (!isFirstParty(token.clientId ?? '')) return proof
      /** What the doors of all services read: kernel/http/tokens.ts. The session's name would join people across applications. */
      return { ...proof, roles: [...subject.roles], stamp: subject.stamp, sid: token.sessionUid }
    },
  }
}
