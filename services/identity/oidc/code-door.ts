/** What stands before the page on which the code of a device is written (RFC 8628, sections 3.3.1 and 5.1). */
import { isFault } from '@althing/kernel/errors'
import { networkOf } from '@althing/kernel/http'
import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { EngineNeeds } from './engine-needs.ts'
import { paths } from './schema.ts'

/** A link may carry the code along. It is shown in its field: the engine would send the form by a script, unseen. */
export const carriedCode = (ctx: KoaContextWithOIDC): string | undefined =>
  (ctx.state as { readonly userCode?: string }).userCode

/** Eight letters can be guessed by whoever may guess often enough; so tries are counted before the code is looked up. */
export function guardCodes(provider: Provider, { shown, spendCodeTry }: EngineNeeds): void {
  provider.use(async (given, next) => {
    const ctx = given as unknown as KoaContextWithOIDC
    if (ctx.path !== paths.userCode) return next()
    if (ctx.method === 'GET') {
      const code: unknown = ctx.query['user_code']
      if (typeof code === 'string' && code.length <= 20) (ctx.state as { userCode?: string }).userCode = code
      ctx.query = {}
      return next()
    }
    try {
      await spendCodeTry(networkOf(ctx.ip))
    } catch (error) {
      if (!isFault(error, 'kernel.limits.too_many')) throw error
      return shown.deviceTooMany(ctx, error.retryAfterSeconds ?? 60)
    }
    return next()
  })
}
