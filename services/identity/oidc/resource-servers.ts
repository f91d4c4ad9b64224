/** What tokens are for (RFC 8707), what can be asked for in detail (RFC 9396), and who may ask what a token is worth (RFC 7662). */
import { isDeepStrictEqual } from 'node:util'
import {
  errors,
  type AuthorizationDetail,
  type Configuration,
  type KoaContextWithOIDC,
  type Provider,
} from 'oidc-provider'
import type { EngineNeeds, EngineResource } from './engine-needs.ts'
import type { MakeServer } from './issuing.ts'
import { wordsOf } from './own-words.ts'
import { scopes } from './schema.ts'

type Features = NonNullable<Configuration['features']>
type Detail = AuthorizationDetail

/** Members that every type has (RFC 9396, section 2.2). */
const common = ['type', 'locations', 'actions', 'datatypes', 'identifier', 'privileges']

/** The server of a request as the engine has it, for grants of our own. @throws InvalidTarget */
export const makeServerWith =
  (provider: Provider, needs: EngineNeeds): MakeServer =>
  (ctx, uri) => {
    const { client } = ctx.oidc
    if (client === undefined) throw new errors.InvalidTarget()
    const info = resourceServers(needs).resourceIndicators.getResourceServerInfo(ctx, uri, client)
    return { scopes: info.scope.split(' '), instance: new provider.ResourceServer(uri, info) }
  }

export function resourceServers({ issuer, resources, isFirstParty, policyOf }: EngineNeeds) {
  const api = `${issuer}/api`
  const known = new Map(resources.map((resource) => [resource.uri, resource]))
  const types = new Map(
    resources.flatMap(({ uri, details }) => details.map((detail) => [detail.type, { uri, detail }])),
  )
  /** Those details that the server of this token understands: another one learns nothing of them. */
  const forServer = (details: readonly Detail[], server: string | undefined) =>
    details.filter(({ type }) => types.get(type)?.uri === server)

  return {
    resourceIndicators: {
      enabled: true,
      defaultResource: (ctx, client, oneOf) => {
        if (oneOf !== undefined) return oneOf.length === 1 ? (oneOf[0] ?? []) : [...oneOf]
        if (isFirstParty(client.clientId)) return api
        // Whoever names words that only one of its servers has says which one that is.
        const named = serverOf(ctx.oidc.params?.['scope'], wordsOf(client).resources)
        if (ctx.oidc.params?.['grant_type'] === 'client_credentials' && named !== undefined) return named
        const [only, ...others] = Object.keys(wordsOf(client).resources ?? {})
        // Where every token has to be for one server and there is only one, saying it again says nothing.
        return policyOf(wordsOf(client).policy).resourceNamed && others.length === 0 ? (only ?? []) : []
      },
      useGrantedResource: () => true,
      getResourceServerInfo(ctx, uri, client) {
        if (uri === api && isFirstParty(client.clientId))
          return { scope: scopes.join(' '), audience: api, ...signed }
        const resource = known.get(uri)
        const allowed = wordsOf(client).resources?.[uri]
        if (resource === undefined || allowed === undefined) throw new errors.InvalidTarget()
        const words = allowed.split(' ').filter((word) => resource.scopes.includes(word))
        checkOwnScopes(ctx, words)
        const isOpaque = resource.isSigned !== true && wordsOf(client).access_token_format === 'opaque'
        return {
          scope: words.join(' '),
          audience: uri,
          ...(isOpaque ? { accessTokenFormat: 'opaque' as const, accessTokenTTL: 900 } : signed),
        }
      },
    },
    richAuthorizationRequests: {
      enabled: true,
      types: Object.fromEntries(
        [...types].map(([type, { detail }]) => [
          type,
          { validate: (_ctx: unknown, asked: Detail) => checkDetail(asked, detail) },
        ]),
      ),
      authorizationDetailsForGrantSource: (ctx) => detailsOf(ctx.oidc.params?.['authorization_details']),
      authorizationDetailsForAccessToken(ctx, token, source) {
        const asked = detailsOf(ctx.oidc.params?.['authorization_details'])
        const granted = source === undefined ? asked : (source.rar ?? [])
        // RFC 9396, section 6: of what was allowed, the same or less.
        if (!asked.every((one) => granted.some((other) => isDeepStrictEqual(one, other))))
          throw new errors.InvalidAuthorizationDetails('more is asked for than was allowed')
        return forServer(asked.length > 0 ? asked : granted, audienceOf(token))
      },
      authorizationDetailsForIntrospection: (_ctx, token) => token.rar ?? [],
    },
    introspection: {
      enabled: true,
      allowedPolicy: (_ctx, client, token) =>
        token.clientId === client.clientId ||
        known.get(audienceOf(token) ?? '')?.introspector === client.clientId,
    },
  } satisfies Features
}

/**
 * A program that asks for words of which some are not its own gets the others, and is told which (RFC 6749, sections 3.3 and 5.1). Who asks for
 * nothing but what it may not have is told so: a token for nothing would be taken for one.
 * @throws InvalidScope
 */
function checkOwnScopes({ oidc: { params } }: KoaContextWithOIDC, allowed: readonly string[]): void {
  const { grant_type: grant, scope } = params ?? {}
  if (grant !== 'client_credentials' || typeof scope !== 'string' || scope.trim() === '') return
  if (!scope.split(' ').some((word) => allowed.includes(word)))
    throw new errors.InvalidScope('none of the requested scopes is allowed there', scope)
}

function serverOf(scope: unknown, resources: Readonly<Record<string, string>> = {}): string | undefined {
  if (typeof scope !== 'string' || scope === '') return undefined
  const words = scope.split(' ')
  const fitting = Object.entries(resources).filter(([, allowed]) =>
    words.every((word) => allowed.split(' ').includes(word)),
  )
  return fitting.length === 1 ? fitting[0]?.[0] : undefined
}

/** Any server of ours and of others can check it by itself (RFC 9068). */
const signed = {
  accessTokenTTL: 900,
  accessTokenFormat: 'jwt' as const,
  jwt: { sign: { alg: 'ES256' as const } },
}

const audienceOf = (token: object): string | undefined =>
  'aud' in token && typeof token.aud === 'string' ? token.aud : undefined

function detailsOf(words: unknown): Detail[] {
  return typeof words === 'string' ? (JSON.parse(words) as Detail[]) : []
}

/** @throws InvalidAuthorizationDetails */
function checkDetail(asked: Detail, { fields, required, actions }: EngineResource['details'][number]): void {
  const no = (why: string) => new errors.InvalidAuthorizationDetails(why)
  const names = Object.keys(asked)
  if (names.some((name) => !common.includes(name) && !fields.includes(name)))
    throw no('a member is not known')
  if (required.some((name) => !names.includes(name))) throw no('a member is missing')
  const wanted: unknown = asked['actions']
  if (wanted === undefined || actions === undefined) return
  if (!Array.isArray(wanted) || wanted.some((one) => !actions.includes(String(one))))
    throw no('an action is not known')
}
