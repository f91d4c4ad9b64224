/** What stands before the page on which the code of a device is written (RFC 8628, sections 3.3.1 and 5.1). */
import { isFault } from '@althing/kernel/errors'
import { networkOf } from '@althing/kernel/http'
import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { EngineNeeds } from './engine-needs.ts'
import { withQuery } from '../pages.ts'
import { queryOf } from './posted.ts'
import { paths } from './schema.ts'

/** Where the switches below the code lead: it is no try of it. */
export const switchPath = withQuery(paths.userCode, { switch: 'yes' })

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
    if (ctx.query['switch'] !== undefined) return turnPage(ctx)
    try {
      await spendCodeTry(networkOf(ctx.ip))
    } catch (error) {
      if (!isFault(error, 'kernel.limits.too_many')) throw error
      return shown.deviceTooMany(ctx, error.retryAfterSeconds ?? 60)
    }
    return next()
  })
}

/** The same page in another language or other colours, with the code as it is written by now. */
async function turnPage(ctx: KoaContextWithOIDC): Promise<void> {
  const form = await formIn(ctx)
  const to = URL.parse(form.get('to') ?? '', 'http://page')?.searchParams
  const word = (name: string) => to?.get(name) ?? undefined
  const code = form.get('user_code') ?? ''
  ctx.status = 303
  ctx.redirect(
    withQuery(paths.userCode, {
      user_code: code === '' || code.length > 20 ? undefined : code,
      // What was wrong was so of the code before.
      said: code === word('user_code') ? word('said') : undefined,
      lang: word('lang'),
      theme: word('theme'),
    }),
  )
}

/** What is no form is an empty one: whoever sends it gets an empty page. */
async function formIn(ctx: KoaContextWithOIDC): Promise<URLSearchParams> {
  try {
    return new URLSearchParams(await queryOf(ctx.req))
  } catch (error) {
    if (!isFault(error)) throw error
    ctx.set('connection', 'close')
    return new URLSearchParams()
  }
}
