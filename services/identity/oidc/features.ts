/** Which parts of the protocol the engine speaks, and where it asks us. */
import { errors, type Client, type Configuration, type KoaContextWithOIDC } from 'oidc-provider'
import { backchannel } from './backchannel.ts'
import { mutualTls } from './certificates.ts'
import type { EngineNeeds } from './engine-needs.ts'
import { wordsOf } from './own-words.ts'
import { resourceServers } from './resource-servers.ts'

type Features = NonNullable<Configuration['features']>

export function features(needs: EngineNeeds): Features {
  const { shown, policyOf, dpop } = needs
  return {
    devInteractions: { enabled: false },
    externalSigningSupport: { enabled: true, ack: 'experimental-01' },
    claimsParameter: { enabled: true },
    clientCredentials: { enabled: true },
    jwtIntrospection: { enabled: true },
    jwtResponseModes: { enabled: true },
    jwtUserinfo: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
    revocation: {
      enabled: true,
      // RFC 7009, section 2.1: who was not given it can take nothing back.
      allowedPolicy(_ctx, client, token) {
        if (token.clientId !== client.clientId)
          throw new errors.InvalidRequest('it was given to another client')
        return true
      },
    },
    ...resourceServers(needs),
    dPoP: { enabled: true, nonceSecret: dpop.secret, requireNonce: () => dpop.needsNonce },
    fapi: {
      enabled: true,
      profile: (_ctx: KoaContextWithOIDC, client: Client | undefined) =>
        policyOf(wordsOf(client).policy).fapi ? '2.0' : undefined,
    },
    requestObjects: {
      enabled: true,
      async assertJwtClaimsAndHeader(ctx, claims, header, client) {
        checkRequestObject(ctx, claims, header, policyOf(wordsOf(client).policy))
        if (ctx.oidc.route === 'backchannel_authentication') await checkSignedAsking(needs, claims, client)
      },
    },
    deviceFlow: {
      enabled: true,
      charset: 'base-20',
      mask: '****-****',
      userCodeInputSource: (ctx, form, _out, problem) => shown.deviceCode(ctx, form, problem),
      userCodeConfirmSource: (ctx, form, client, _device, code) =>
        shown.deviceConfirm(ctx, form, client, code),
      successSource: (ctx) => shown.deviceDone(ctx),
    },
    ciba: backchannel(needs),
    backchannelLogout: { enabled: true },
    mTLS: mutualTls(needs.certificateHeader),
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => shown.logout(ctx, /value="([0-9a-zA-Z_-]+)"/.exec(form)?.[1] ?? ''),
      postLogoutSuccessSource: (ctx) => shown.signedOut(ctx),
    },
  }
}

type Claims = Readonly<Record<string, unknown>>

/** Two names of one algorithm (RFC 9864, section 2.2). */
const isOf = (algorithms: readonly string[], { alg }: Claims): boolean =>
  algorithms.includes(alg === 'Ed25519' ? 'EdDSA' : String(alg))

/** RFC 9101, section 10.3; FAPI 2.0 Message Signing, section 5.3.1. */
function checkRequestObject(
  ctx: KoaContextWithOIDC,
  claims: Claims,
  header: Claims,
  { fapi, algorithms }: { readonly fapi: boolean; readonly algorithms: readonly string[] },
): void {
  const no = (why: string) => new errors.InvalidRequestObject(why)
  // What was pushed is kept in an object of the engine's own, without a signature; one that was sent along was looked at then.
  const isKept = ctx.oidc.entities.PushedAuthorizationRequest !== undefined
  if (!isKept && !isOf(algorithms, header)) throw no('the algorithm is not one of the policy')
  const required = fapi ? ['exp', 'aud', 'nbf'] : ['aud']
  const missing = required.find((name) => claims[name] === undefined)
  if (missing !== undefined) throw no(`${missing} is missing`)
  const seconds = Number(claims['exp']) - Number(claims['nbf'])
  if (fapi && !(seconds > 0 && seconds <= 3600)) throw no('it is good for too long')
}

/** OpenID CIBA Core 1.0, section 7.1.1: whole, young, and shown once: a copy of it would ask the person again. */
async function checkSignedAsking({ isFirstUse, now }: EngineNeeds, claims: Claims, client: Client) {
  const no = (why: string) => new errors.InvalidRequestObject(why)
  const missing = ['aud', 'iss', 'exp', 'iat', 'nbf', 'jti'].find((name) => claims[name] === undefined)
  if (missing !== undefined) throw no(`${missing} is missing`)
  const endsAt = Number(claims['exp'])
  if (!(endsAt - now().getTime() / 1000 <= 3600)) throw no('it is good for too long')
  if (!(await isFirstUse(`${client.clientId} asks`, String(claims['jti']), endsAt)))
    throw no('it was shown before')
}

/** RFC 7523, section 3; FAPI 2.0, section 5.3.2.1: the issuer and nothing else is who it is for. */
export function clientAssertions({
  issuer,
  policyOf,
  now,
}: EngineNeeds): Pick<Configuration, 'assertJwtClientAuthClaimsAndHeader'> {
  return {
    assertJwtClientAuthClaimsAndHeader(_ctx, claims, header, client) {
      const { fapi, algorithms } = policyOf(wordsOf(client).policy)
      const no = (why: string) => new errors.InvalidClientAuth(why)
      if (!isOf(algorithms, header)) throw no('the algorithm is not one of the policy')
      if (fapi && claims['aud'] !== issuer) throw no('it is not for the issuer alone')
      // What is remembered until it has expired must not have to be remembered for long.
      if (Number(claims['exp']) - now().getTime() / 1000 > 3600) throw no('it is good for too long')
    },
  }
}
