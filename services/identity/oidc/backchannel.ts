/**
 * An application asks a person who is elsewhere (OpenID CIBA Core 1.0). Whom it asks has to decide on a page of ours; what it is told before
 * that is the same for who has an account and for who has none.
 */
import { errors, type CIBAConfiguration, type KoaContextWithOIDC, type Provider } from 'oidc-provider'
import { isFault } from '@althing/kernel/errors'
import { networkOf } from '@althing/kernel/http'
import { identifierIn } from '../identifier.ts'
import type { Backchannel, EngineNeeds } from './engine-needs.ts'
import { wordsOf } from './own-words.ts'

/** Seconds between two questions of an application that waits, unless it is told otherwise (section 7.3). */
const pollSeconds = 5
export const longestSeconds = 600

/** Whoever is asked and is not there: a request for nobody waits until its end, as one that nobody answers. */
export const nobody = 'nobody'

/** What can be read in a hurry, in any script; no character that hides or turns what stands beside it. */
const spoken = /^[\p{L}\p{M}\p{N} .,:;!?#+_()/-]{1,64}$/u

export function backchannel({ backchannel: lent, policyOf }: EngineNeeds): CIBAConfiguration {
  const askedTooOften = new WeakSet<object>()
  return {
    enabled: true,
    deliveryModes: ['poll', 'ping'],
    validateBindingMessage(ctx, message) {
      if (message === undefined) {
        // FAPI CIBA, section 5.2.2: without a word on both screens nobody knows which request it is.
        if (policyOf(wordsOf(ctx.oidc.client).policy).fapi)
          throw new errors.InvalidRequest('binding_message is missing')
        return
      }
      if (!spoken.test(message) || message.trim() !== message)
        throw new errors.InvalidBindingMessage('up to 64 letters, digits and simple signs in one line')
    },
    validateRequestContext() {},
    processLoginHintToken() {
      throw new errors.InvalidRequest('login_hint_token is not supported')
    },
    async processLoginHint(_ctx, hint = '') {
      const account = await lent.accountOf(hint)
      if (account === undefined)
        throw new errors.UnknownUserId('the hint is neither an address nor a kennitala')
      return account ?? nobody
    },
    async verifyUserCode(ctx, { accountId }, code) {
      if (code !== undefined) throw new errors.InvalidRequest('user_code is not supported')
      if (await spend(lent, ctx, accountId)) askedTooOften.add(ctx)
    },
    async triggerAuthenticationDevice(ctx, request, { accountId }, client) {
      Object.assign(ctx.body as object, { interval: pollSeconds })
      await lent.begin({
        id: request.jti,
        account: accountId === nobody || askedTooOften.has(ctx) ? null : accountId,
        client: client.clientId,
        network: networkOf(ctx.ip),
        seconds: request.expiration,
      })
    },
  }
}

/**
 * Section 13: refused without being looked at. What the application hears of is counted by what it has written, whether that is anybody or not.
 * By whose it is it is counted as well, in silence: or two names of one person would be twice as many questions, and a refusal would say that
 * they are one person's. Nobody is counted so too, for the time that it takes.
 * @returns whether the person has been asked too often: then nobody is asked
 */
async function spend(lent: Backchannel, ctx: KoaContextWithOIDC, account: string): Promise<boolean> {
  const client = ctx.oidc.client?.clientId ?? ''
  const hint = ctx.oidc.params?.['login_hint']
  // A hint that is a token of ours names the account, and nobody learns anything from it.
  const written = typeof hint === 'string' ? identifierIn(hint) : account
  try {
    await lent.spend(client, written)
  } catch (error) {
    if (!isFault(error, 'kernel.limits.too_many')) throw error
    ctx.set('retry-after', String(Math.ceil(error.retryAfterSeconds ?? 60)))
    const refused = new errors.AccessDenied('too many requests; wait a little')
    throw Object.assign(refused, { status: 403, statusCode: 403 })
  }
  return lent.isSpent(client, account === nobody ? `nobody ${written}` : account)
}

/** The engine says of itself that it knows codes of users, which we do not (section 4). */
export function sayNoUserCode(provider: Provider): void {
  provider.use(async (ctx, next) => {
    await next()
    if (ctx.path.startsWith('/.well-known/') && typeof ctx.body === 'object' && ctx.body !== null)
      if ('backchannel_user_code_parameter_supported' in ctx.body)
        Object.assign(ctx.body, { backchannel_user_code_parameter_supported: false })
  })
}
