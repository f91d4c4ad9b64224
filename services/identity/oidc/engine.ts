/**
 * The OpenID provider: code with PKCE only, refresh tokens that rotate, access tokens that every service of ours can check by
 * itself. The engine's checks are the best tested there are; what it stores, signs and shows is ours. Its keys are fixed for
 * the life of an instance, so a rotation makes a new one.
 */
import {
  errors,
  interactionPolicy,
  Provider,
  type Configuration,
  type KoaContextWithOIDC,
} from 'oidc-provider'
import type { Adapter } from 'oidc-provider'
import { cookieName } from '@althing/kernel/http'
import { levelCheck } from './level.ts'
import { assurance, begunCookie, claimsOfScopes, paths, scopes } from './schema.ts'
import { Signer, type Signing } from './signer.ts'
import { nameSuccessors, type SuccessorOf } from './successor.ts'

/** What a token says of a person, read at the moment it is made. */
export interface Subject {
  readonly id: string
  readonly name: string
  readonly email: string | null
  readonly emailProven: boolean
  readonly phone: string | null
  readonly locale: string
  readonly roles: readonly string[]
  readonly stamp: number
}

export interface EngineNeeds {
  readonly issuer: string
  readonly keys: readonly Signing[]
  readonly adapter: (kind: string) => Adapter
  /** Which refresh token comes after another. */
  readonly successorOf: SuccessorOf
  /** Null when the account is gone, not yet active, or shut out: then nothing is issued. */
  readonly findSubject: (id: string) => Promise<Subject | null>
  /** Whether it is a session of ours, and of this account. */
  readonly isLive: (session: string, account: string) => Promise<boolean>
  readonly isFirstParty: (client: string) => boolean
  /** The scopes that somebody tells to no application of others. */
  readonly keptBy: (account: string) => Promise<readonly string[]>
  readonly sessionCookie: string
  readonly shown: Pick<Shown, 'error' | 'logout' | 'signedOut'>
}

/** The engine's few pages, as ours. */
export interface Shown {
  error(ctx: KoaContextWithOIDC, kind: string): void
  logout(ctx: KoaContextWithOIDC, xsrf: string): Promise<void>
  signedOut(ctx: KoaContextWithOIDC): void
}

const minute = 60
const day = 24 * 60 * minute
const sessionSeconds = 8 * 60 * minute

export function createEngine(needs: EngineNeeds): Provider {
  const provider = new Provider(needs.issuer, configuration(needs))
  // Forwarded headers are written by our own door, which knows the issuer from the settings: never by a stranger.
  provider.proxy = true
  nameSuccessors(provider, needs.successorOf)
  return provider
}

function configuration(needs: EngineNeeds): Configuration {
  const { issuer, keys, adapter, sessionCookie } = needs
  const secure = issuer.startsWith('https:')
  const cookie = { httpOnly: true, sameSite: 'lax', secure, signed: false } as const
  // The engine binds these two to a path, so they cannot have the strictest name; what guards a question is `begunCookie`.
  const bound = (name: string) => (secure ? `__Secure-${name}` : name)
  return {
    adapter,
    jwks: { keys: keys.map((key) => new Signer(key)) },
    routes: {
      authorization: paths.authorization,
      token: paths.token,
      introspection: paths.introspection,
      revocation: paths.revocation,
      userinfo: paths.userinfo,
      pushed_authorization_request: paths.pushed,
      device_authorization: paths.device,
      end_session: paths.logout,
      jwks: paths.jwks,
    },
    cookies: {
      names: {
        session: cookieName(sessionCookie, secure),
        interaction: bound('althing_interaction'),
        resume: bound('althing_resume'),
      },
      long: cookie,
      short: cookie,
    },
    scopes: [...scopes],
    claims: Object.fromEntries(Object.entries(claimsOfScopes).map(([scope, names]) => [scope, [...names]])),
    acrValues: Object.values(assurance),
    responseTypes: ['code'],
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
    pkce: { required: () => true },
    clientBasedCORS: (_ctx, origin, client) =>
      client.redirectUris?.some((uri) => URL.parse(uri)?.origin === origin) ?? false,
    allowOmittingSingleRegisteredRedirectUri: false,
    ttl: lifetimes,
    interactions: {
      policy: policy(needs.isLive),
      url(ctx, { uid, prompt }) {
        const begun = { ...cookie, path: secure ? '/' : '/sign-in', maxAge: 600_000 }
        ctx.cookies.set(cookieName(begunCookie(uid), secure), '1', begun)
        return `/sign-in${prompt.name === 'consent' ? '/consent' : ''}?interaction=${uid}`
      },
    },
    ...people(needs),
    ...tokens(needs),
    features: features(needs),
    renderError: (ctx, _out, error) =>
      needs.shown.error(ctx, error instanceof errors.SessionNotFound ? 'expired' : 'client'),
  }
}

const lifetimes: NonNullable<Configuration['ttl']> = {
  AccessToken: 15 * minute,
  AuthorizationCode: minute,
  IdToken: 10 * minute,
  Interaction: 10 * minute,
  Grant: 30 * day,
  Session: sessionSeconds,
  // Seven days from use to use, thirty from the first.
  RefreshToken: (_ctx, token) => Math.max(1, Math.min(7 * day, 30 * day - token.totalLifetime())),
}

/** A session that is not in our table, or there is another's, is none, whatever the engine holds in its hand. */
function policy(isLive: EngineNeeds['isLive']) {
  const base = interactionPolicy.base()
  const { Check } = interactionPolicy
  base.get('login')?.checks.add(
    new Check('session_ended', 'The session has ended.', async ({ oidc }) => {
      const { uid, accountId } = oidc.session ?? {}
      return uid === undefined || accountId === undefined || !(await isLive(uid, accountId))
        ? Check.REQUEST_PROMPT
        : Check.NO_NEED_TO_PROMPT
    }),
  )
  base.get('login')?.checks.add(levelCheck())
  return base
}

function people({
  findSubject,
  isFirstParty,
  keptBy,
}: EngineNeeds): Pick<Configuration, 'findAccount' | 'loadExistingGrant'> {
  return {
    async findAccount(ctx, id, token) {
      const subject = await findSubject(id)
      if (subject === null) return undefined
      const sid = token !== undefined && 'sessionUid' in token ? token.sessionUid : undefined
      const client = ctx.oidc.client?.clientId
      return {
        accountId: id,
        async claims(use) {
          const all = claimsOf(subject, use === 'id_token' ? sid : undefined)
          // What somebody keeps to themselves is told to nobody from that moment on, whatever was allowed before.
          if (client === undefined || isFirstParty(client)) return all
          return without(all, await keptBy(id))
        },
      }
    },
    /** Our own portal needs no consent: who signs in there wants to be known there. */
    async loadExistingGrant(ctx) {
      const { client, session, provider, requestParamScopes, params } = ctx.oidc
      if (client === undefined || session === undefined) return undefined
      const known = ctx.oidc.result?.consent?.grantId ?? session.grantIdFor(client.clientId)
      const grant = known === undefined ? undefined : await provider.Grant.find(known)
      if (!isFirstParty(client.clientId)) return grant
      const own =
        grant ?? new provider.Grant({ accountId: String(session.accountId), clientId: client.clientId })
      own.addOIDCScope([...requestParamScopes].join(' '))
      for (const resource of [params?.['resource']].flat())
        if (typeof resource === 'string') own.addResourceScope(resource, [...requestParamScopes].join(' '))
      await own.save()
      return own
    },
  }
}

/** Without the claims of these scopes. */
function without(claims: Claims, scopes: readonly string[]): Claims {
  const kept = new Set(
    Object.entries(claimsOfScopes).flatMap(([scope, names]): readonly string[] =>
      scopes.includes(scope) ? names : [],
    ),
  )
  return {
    ...Object.fromEntries(Object.entries(claims).filter(([name]) => !kept.has(name))),
    sub: claims.sub,
  }
}

type Claims = { readonly sub: string } & Readonly<Record<string, unknown>>

function claimsOf(subject: Subject, sid: string | undefined) {
  return {
    sub: subject.id,
    name: subject.name,
    locale: subject.locale,
    roles: [...subject.roles],
    ...(subject.email === null ? {} : { email: subject.email, email_verified: subject.emailProven }),
    ...(subject.phone === null ? {} : { phone_number: subject.phone }),
    ...(sid === undefined ? {} : { sid }),
  }
}

function tokens({ findSubject, isFirstParty }: EngineNeeds): Configuration {
  return {
    rotateRefreshToken: true,
    issueRefreshToken: (_ctx, client, source) =>
      client.grantTypeAllowed('refresh_token') &&
      (isFirstParty(client.clientId) || source.scopes.has('offline_access')),
    // What the portal holds ends with the session it came from; only who was granted offline access keeps it longer.
    expiresWithSession: (ctx, source) =>
      isFirstParty(ctx.oidc.client?.clientId ?? '') || !source.scopes.has('offline_access'),
    /** What the doors of all services read: kernel/http/tokens.ts. */
    async extraTokenClaims(ctx, token) {
      if (!('accountId' in token)) return undefined
      const subject = await findSubject(token.accountId)
      if (subject === null) throw new errors.InvalidGrant('account')
      const { acr, amr, authTime } =
        ctx.oidc.entities.RefreshToken ?? ctx.oidc.entities.AuthorizationCode ?? {}
      return {
        roles: [...subject.roles],
        stamp: subject.stamp,
        sid: token.sessionUid,
        auth_time: authTime,
        acr,
        amr,
      }
    },
  }
}

function features({ issuer, isFirstParty, shown }: EngineNeeds): NonNullable<Configuration['features']> {
  const api = `${issuer}/api`
  return {
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    claimsParameter: { enabled: false },
    introspection: {
      enabled: true,
      allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
    },
    revocation: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
    externalSigningSupport: { enabled: true, ack: 'experimental-01' },
    resourceIndicators: {
      enabled: true,
      defaultResource: (_ctx, client, oneOf) => oneOf?.[0] ?? (isFirstParty(client.clientId) ? api : []),
      useGrantedResource: () => true,
      getResourceServerInfo(_ctx, resource, client) {
        if (resource !== api || !isFirstParty(client.clientId)) throw new errors.InvalidTarget()
        return {
          scope: scopes.join(' '),
          audience: api,
          accessTokenTTL: 15 * minute,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }
      },
    },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource: (ctx, form) => shown.logout(ctx, /value="([0-9a-f]+)"/.exec(form)?.[1] ?? ''),
      postLogoutSuccessSource: (ctx) => shown.signedOut(ctx),
    },
  }
}
