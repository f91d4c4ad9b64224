/**
 * A program changes its key for a token: for one purpose, one server, a few minutes (RFC 8693, with a kind of subject token of our own).
 * The key is the proof, so the application that it comes by keeps no secret. Beside the words of the RFC it says `purpose`, and may say
 * `expires_in`, in seconds.
 */
import { isFault } from '@althing/kernel/errors'
import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import type { Constraint } from './constraint.ts'
import type { EngineNeeds } from './engine-needs.ts'

export async function exchangeKey(
  ctx: KoaContextWithOIDC,
  { tokenForKey }: EngineNeeds,
  constraint: Constraint,
) {
  const { params = {} } = ctx.oidc
  const text = (name: string) => {
    const value = params[name]
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  if (params['actor_token'] !== undefined || params['actor_token_type'] !== undefined)
    throw new errors.InvalidRequest('nobody acts for a program')
  const wishedType = text('requested_token_type')
  if (wishedType !== undefined && wishedType !== accessToken)
    throw new errors.InvalidRequest('only access tokens are given')
  const [resource, audience] = [params['resource'], params['audience']]
  // RFC 8707, section 2: each token is for one server.
  if (Array.isArray(resource) || Array.isArray(audience) || (resource && audience && resource !== audience))
    throw new errors.InvalidTarget('one resource has to be named')
  // The application that programs come by has no certificate, so it is a key or nothing.
  const boundTo = await constraint.useProof()
  try {
    const given = await tokenForKey({
      key: text('subject_token') ?? '',
      address: ctx.ip,
      purpose: text('purpose') ?? '',
      audience: text('resource') ?? text('audience'),
      scope: text('scope')?.split(' '),
      seconds: secondsIn(text('expires_in')),
      boundTo,
    })
    return {
      access_token: given.token,
      issued_token_type: accessToken,
      token_type: given.isBound ? 'DPoP' : 'Bearer',
      expires_in: given.expiresIn,
      scope: given.scope,
    }
  } catch (error) {
    throw refusalOf(error, ctx)
  }
}

const accessToken = 'urn:ietf:params:oauth:token-type:access_token'

function secondsIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new errors.InvalidRequest('expires_in is a number of seconds')
  return Number(text)
}

/** RFC 8693, section 2.2.2: a subject token that is worth nothing, for whatever reason, is an invalid request. */
const requests = {
  key_refused: 'the key opens nothing here',
  elsewhere: 'the key may not be used from this network',
  off_hours: 'the key may not be used at this hour',
  no_purpose: 'purpose says in 8 to 200 characters what the token is for',
  lives_too_long: 'expires_in is more than a token of this kind may live',
} as const

function refusalOf(error: unknown, ctx: KoaContextWithOIDC): unknown {
  if (isFault(error, 'kernel.limits.too_many')) {
    ctx.set('retry-after', String(Math.ceil(error.retryAfterSeconds ?? 60)))
    const often = new errors.TemporarilyUnavailable('the key was changed for many tokens; wait a little')
    return Object.assign(often, { status: 429, statusCode: 429 })
  }
  const is = (code: string) => isFault(error, `identity.service-identities.${code}`)
  if (is('unknown_server')) return new errors.InvalidTarget('the key is for no such server')
  if (is('scope_too_wide')) return new errors.InvalidScope('more is asked for than the key may do', '')
  const known = Object.entries(requests).find(([code]) => is(code))
  return known === undefined ? error : new errors.InvalidRequest(known[1])
}
