/**
 * A server that was shown a token gets one for the next server (RFC 8693): in the person's name with its own beside it (delegation), or in
 * their name alone (impersonation). It has to be registered for that, the token has to be for it, and what comes out is for one
 * server, says no more than both allow, and ends no later.
 */
import { errors, type KoaContextWithOIDC, type Provider } from 'oidc-provider'
import { constraintOf } from './constraint.ts'
import type { EngineNeeds } from './engine-needs.ts'
import { issueFor, namedServer, scopeWithin, type Actor, type MakeServer } from './issuing.ts'
import { wordsOf } from './own-words.ts'
import { exchangeKey } from './key-exchange.ts'
import { createPresented, type Presented } from './presented.ts'
import { apiKeyType, grants } from './schema.ts'

const kinds = ['access_token', 'jwt'].map((kind) => `urn:ietf:params:oauth:token-type:${kind}`)
const [accessToken = ''] = kinds
/** Each server adds its name to those before it: a chain longer than this is a circle. */
const longestChain = 5

export function registerExchange(provider: Provider, needs: EngineNeeds, makeServer: MakeServer): void {
  const presented = createPresented(needs)
  provider.registerGrantType(
    grants.exchange,
    async (given) => {
      const ctx = given as unknown as KoaContextWithOIDC
      const { client, params = {} } = ctx.oidc
      const constraint = await constraintOf(provider, given)
      if (client?.clientId === needs.programs && params['subject_token_type'] === apiKeyType)
        return void (ctx.body = await exchangeKey(ctx, needs, constraint))
      const permitted = wordsOf(client).token_exchange ?? []
      if (client === undefined || permitted.length === 0) throw new errors.UnauthorizedClient()

      // 1. What is shown, and what is wanted for it (section 2.1).
      const subject = await shown(ctx, 'subject')
      if (subject?.account == null) throw no('the subject token is none that can be exchanged')
      if (params['requested_token_type'] !== undefined && params['requested_token_type'] !== accessToken)
        throw no('only access tokens are given')
      // 2. Whoever has found a token somewhere must not be able to change it: it is theirs, or is for them.
      if (subject.client !== client.clientId && !isFor(subject, client.clientId))
        throw no('the subject token is not for this client')
      if (!(await isAllowedStill(subject.account, subject.client)))
        throw no('its person has taken back what they allowed')
      // 3. Who acts.
      const act = await actor(ctx, subject, permitted)
      // 4. For which server, and to do what there.
      const server = namedServer(ctx, makeServer)
      const scope = scopeWithin(
        params['scope'],
        server.scopes.filter((word) => subject.scope.includes(word)),
      )
      ctx.body = {
        ...(await issueFor(ctx, {
          account: subject.account,
          server,
          scope,
          constraint,
          secondsAtMost: Math.floor(subject.endsAt - needs.now().getTime() / 1000),
          acr: subject.acr,
          auth_time: subject.authTime,
          ...(act === undefined ? {} : { act }),
        })),
        issued_token_type: accessToken,
      }
    },
    [
      'subject_token',
      'subject_token_type',
      'actor_token',
      'actor_token_type',
      'requested_token_type',
      'resource',
      'audience',
      'scope',
      'purpose',
      'expires_in',
    ],
    // Several servers are several tokens: that is answered as what it is, and not as a mistake in the form.
    ['resource', 'audience'],
  )

  async function shown(ctx: KoaContextWithOIDC, whose: 'subject' | 'actor'): Promise<Presented | null> {
    const { [`${whose}_token`]: token, [`${whose}_token_type`]: kind } = ctx.oidc.params ?? {}
    if (typeof token !== 'string' || typeof kind !== 'string' || !kinds.includes(kind))
      throw no(`${whose}_token and ${whose}_token_type have to be said`)
    const found = await presented(provider, token)
    // Whoever shows it has no proof of the key that it is bound to.
    return found === null || found.isBound ? null : found
  }

  /**
   * What a person has taken back, nobody gets more for. Of a server that had a token exchanged itself nobody was asked: what it holds ends
   * with the token that it was given for.
   */
  async function isAllowedStill(account: string, client: string): Promise<boolean> {
    if (needs.isFirstParty(client) || (await needs.allowedTo(account, client)) !== null) return true
    return (wordsOf(await provider.Client.find(client)).token_exchange ?? []).length > 0
  }

  function isFor({ audience }: Presented, client: string): boolean {
    return needs.resources.some(({ uri, introspector }) => uri === audience && introspector === client)
  }

  /** Section 4.1: who acts now stands outside, who acted before within. Undefined for an impersonation. */
  async function actor(
    ctx: KoaContextWithOIDC,
    { act: before }: Presented,
    permitted: readonly string[],
  ): Promise<Actor | undefined> {
    const { params = {}, client } = ctx.oidc
    const isNamed = params['actor_token'] !== undefined
    if (!isNamed && params['actor_token_type'] !== undefined) throw no('actor_token is missing')
    if (!isNamed && permitted.includes('impersonation')) {
      // Somebody acts for them already: that is not to be forgotten.
      if (before !== undefined) throw no('a token that names who acts is not exchanged for one that does not')
      return undefined
    }
    if (!permitted.includes('delegation')) throw new errors.UnauthorizedClient()
    const by = isNamed ? await shown(ctx, 'actor') : null
    // An actor of its own that is somebody else's token would be a name that anybody can borrow.
    if (isNamed && (by === null || by.client !== client?.clientId))
      throw no('the actor token is not this client’s')
    if (lengthOf(before) >= longestChain) throw no('too many act for one another')
    return { sub: by?.account ?? client?.clientId ?? '', ...(before === undefined ? {} : { act: before }) }
  }
}

const lengthOf = (actor: Actor | undefined): number => (actor === undefined ? 0 : 1 + lengthOf(actor.act))

/** Section 2.2.2. */
const no = (why: string) => new errors.InvalidRequest(why)
