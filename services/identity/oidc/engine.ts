/**
 * The OpenID provider: code with PKCE only, refresh tokens that rotate, access tokens that every service of ours can check by
 * itself. The engine's checks are the best tested there are; what it stores, signs and shows is ours. Its keys are fixed for
 * the life of an instance, so a rotation makes a new one.
 */
import { errors, interactionPolicy, Provider, type Client, type Configuration } from 'oidc-provider'
import { cookieName } from '@althing/kernel/http'
import type { EngineNeeds } from './engine-needs.ts'
import { registerAssertionGrant } from './assertion-grant.ts'
import { sayNoUserCode } from './backchannel.ts'
import { noteBegun } from './begun.ts'
import { guardCodes } from './code-door.ts'
import { registerExchange } from './exchange.ts'
import { sayAlreadyOut } from './already-out.ts'
import { clientAssertions, features } from './features.ts'
import { sayUnauthorized } from './unauthorized.ts'
import { tellThroughBrowser } from './front-channel.ts'
import { hearLanguages } from './languages.ts'
import { levelCheck } from './level.ts'
import { askOfOldHints } from './old-hints.ts'
import { ownWords, wordsOf } from './own-words.ts'
import { people } from './people.ts'
import { makeServerWith } from './resource-servers.ts'
import { algorithms, assurance, claimsOfScopes, clockToleranceSeconds, paths, scopes } from './schema.ts'
import { compareLiveSecrets } from './secrets.ts'
import { Signer } from './signer.ts'
import { strangerCheck } from './strangers.ts'
import { nameSuccessors } from './successor.ts'
import { lifetimes, tokens } from './tokens.ts'

const authMethods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'] as const
/** How far from now a proof of possession may be dated; the engine's own number. */
const proofSeconds = 300
const certificateMethods = ['tls_client_auth', 'self_signed_tls_client_auth'] as const

const routes = {
  authorization: paths.authorization,
  token: paths.token,
  introspection: paths.introspection,
  revocation: paths.revocation,
  userinfo: paths.userinfo,
  pushed_authorization_request: paths.pushed,
  device_authorization: paths.device,
  code_verification: paths.userCode,
  backchannel_authentication: paths.backchannel,
  end_session: paths.logout,
  jwks: paths.jwks,
} as const

const questionPaths: Readonly<Record<string, string>> = { consent: '/consent', select_account: '/account' }

const discovery = {
  // OpenID Connect Prompt Create 1.0, section 4, has the name; the values are those of OIDC Core, section 3.1.2.1.
  prompt_values_supported: ['none', 'login', 'consent', 'select_account'],
  ui_locales_supported: ['is', 'en'],
  claim_types_supported: ['normal'],
  frontchannel_logout_supported: true,
  frontchannel_logout_session_supported: true,
}

export function createEngine(needs: EngineNeeds): Provider {
  const provider = new Provider(needs.issuer, configuration(needs))
  // Forwarded headers are written by our own door, which knows the issuer from the settings: never by a stranger.
  provider.proxy = true
  needs.flushAfter(provider)
  keepNoStrangers(provider)
  leaveCookie(provider)
  nameSuccessors(provider, needs.successorOf)
  hearLanguages(provider, needs)
  guardCodes(provider, needs)
  sayUnauthorized(provider)
  sayNoUserCode(provider)
  compareLiveSecrets(provider, needs)
  tellThroughBrowser(provider, needs)
  sayAlreadyOut(provider, needs)
  askOfOldHints(provider, needs)
  const makeServer = makeServerWith(provider, needs)
  registerExchange(provider, needs, makeServer)
  registerAssertionGrant(provider, needs, makeServer)
  // The engine looks first and writes later; of two that show the same proof at the same moment, one is told that it was shown before.
  // A proof of possession may be dated as far ahead as behind (RFC 9449, section 11.1), and the engine counts from now.
  provider.ReplayDetection.unique = (issuer: string, id: string, endsAt: number) =>
    needs.isFirstUse(issuer, id, endsAt + proofSeconds)
  return provider
}

/**
 * An application has its own name for a session when it asked to hear of its end, by whichever channel. Who is told, and how often, is
 * decided where sessions end (the logout feature): the engine tells nobody by itself.
 */
export function tellerOf(provider: Provider) {
  const model = provider.Client.prototype
  const send = model.backchannelLogout as (this: Client, sub: string, sid?: string) => Promise<void>
  model.backchannelLogout = async () => {}
  model.includeSid = function (this: Client) {
    const { frontchannel_logout_session_required: isNamed } = wordsOf(this)
    return this.backchannelLogoutUri !== undefined || isNamed === true
  }
  return async ({ account, client, sid }: Ended): Promise<boolean> => {
    const found = await provider.Client.find(client)
    if (found?.backchannelLogoutUri === undefined) return false
    await send.call(found, account, sid ?? undefined)
    return true
  }
}

/** A session begins by signing in and never here: what the engine would keep of a stranger has no end, so it cannot be kept. */
function keepNoStrangers({ Session }: Provider): void {
  const persist = Session.prototype.persist as (this: object) => Promise<unknown>
  Session.prototype.persist = async function (this: { readonly exp?: number }) {
    return this.exp === undefined ? '' : persist.call(this)
  } as never
}

/**
 * The cookie of a session is new after every sign-in, and only then: it is given where people sign in (the sessions feature). The engine would
 * give another one whenever it goes on after a question, to a browser that may have two questions open, and would repeat the old one to a
 * browser that has just signed in afresh. It may take the cookie away, and that is all.
 */
function leaveCookie(provider: Provider): void {
  const given = new RegExp(`^${provider.cookieName('session')}=[^;]`)
  provider.use(async (ctx, next) => {
    await next()
    const lines = [ctx.response.get('set-cookie') as string | string[]].flat()
    const left = lines.filter((line) => !given.test(line))
    if (left.length < lines.length) ctx.response.set('set-cookie', left)
  })
}

interface Ended {
  readonly account: string
  readonly client: string
  readonly sid: string | null
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
    routes,
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
    clientAuthMethods: [...authMethods, ...(needs.certificateHeader === undefined ? [] : certificateMethods)],
    enabledJWA: algorithms,
    clockTolerance: clockToleranceSeconds,
    ...clientAssertions(needs),
    // Who keeps no secret always shows that it is the one who asked (RFC 7636), whatever its policy.
    pkce: {
      required: (_ctx, client) =>
        client.clientAuthMethod === 'none' || !needs.policyOf(wordsOf(client).policy).pkceMayBeMissing,
    },
    discovery: { ...discovery, ...needs.discovery },
    extraClientMetadata: { properties: [...ownWords] },
    fetch: (url, init) => needs.outgoing(String(url), init as Parameters<typeof needs.outgoing>[1]),
    clientBasedCORS: (_ctx, origin, client) =>
      client.redirectUris?.some((uri) => URL.parse(uri)?.origin === origin) ?? false,
    allowOmittingSingleRegisteredRedirectUri: false,
    ttl: lifetimes(needs),
    interactions: {
      policy: policy(needs.isLive),
      url(ctx, { uid, prompt, params }) {
        noteBegun(ctx, uid, String(params['client_id']), cookie)
        return `/sign-in${questionPaths[prompt.name] ?? ''}?interaction=${uid}`
      },
    },
    ...people(needs),
    ...tokens(needs),
    features: features(needs),
    renderError: (ctx, out, error) =>
      needs.shown.error(ctx, error instanceof errors.SessionNotFound ? 'expired' : 'client', out),
  }
}

/** A session that is not in our table, or there is another's, is none, whatever the engine holds in its hand. */
function policy(isLive: EngineNeeds['isLive']) {
  const base = interactionPolicy.base()
  const { Check, Prompt } = interactionPolicy
  base.add(new Prompt({ name: 'select_account', requestable: true }), 0)
  base.get('login')?.checks.add(
    new Check('session_ended', 'The session has ended.', async ({ oidc }) => {
      const { uid, accountId } = oidc.session ?? {}
      return uid === undefined || accountId === undefined || !(await isLive(uid, accountId))
        ? Check.REQUEST_PROMPT
        : Check.NO_NEED_TO_PROMPT
    }),
  )
  base.get('login')?.checks.add(levelCheck())
  base.get('consent')?.checks.add(strangerCheck())
  return base
}
