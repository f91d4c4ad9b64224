/**
 * What anybody can make us keep without having shown anything: the question behind an authorization request, a pushed request and a device's
 * code of an application without a secret. A network may begin so many in a minute (RFC 9126, section 2.3: 429), or one machine fills the table.
 */
import { errors, Provider, type Adapter, type KoaContextWithOIDC } from 'oidc-provider'
import { isFault } from '@althing/kernel/errors'
import { networkOf } from '@althing/kernel/http'

/** @throws Fault kernel.limits.too_many */
export type SpendBeginning = (network: string) => Promise<void>

const kinds: readonly string[] = ['Interaction', 'PushedAuthorizationRequest', 'DeviceCode']
const endpoints: readonly string[] = ['authorization', 'pushed_authorization_request', 'device_authorization']

/** What is kept behind another door belongs to something that has begun already. */
export function countedAdapter(kind: string, adapter: Adapter, spend: SpendBeginning): Adapter {
  if (!kinds.includes(kind)) return adapter
  return {
    ...adapter,
    async upsert(...kept) {
      const { ctx } = Provider
      if (ctx !== undefined && isStranger(ctx)) await count(ctx, spend)
      return adapter.upsert(...kept)
    },
  }
}

function isStranger({ oidc }: KoaContextWithOIDC): boolean {
  if (!endpoints.includes(oidc.route)) return false
  return oidc.route === 'authorization'
    ? oidc.session?.accountId === undefined
    : oidc.client?.clientAuthMethod === 'none'
}

async function count(ctx: KoaContextWithOIDC, spend: SpendBeginning): Promise<void> {
  try {
    await spend(networkOf(ctx.ip))
  } catch (error) {
    if (!isFault(error, 'kernel.limits.too_many')) throw error
    ctx.set('retry-after', String(Math.ceil(error.retryAfterSeconds ?? 60)))
    const refused = new errors.TemporarilyUnavailable('too many requests from this network; wait a little')
    throw Object.assign(refused, { status: 429, statusCode: 429 })
  }
}
