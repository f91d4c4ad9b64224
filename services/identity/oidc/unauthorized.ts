/** A word of RFC 6749 that the engine has not: a grant that the application was not registered for (section 5.2; RFC 8628, section 3.1). */
import type { Provider } from 'oidc-provider'
import { z } from 'zod'

const NotRegistered = z.object({
  error: z.literal('invalid_request'),
  error_description: z.string().regex(/(grant type|device_code|ciba) is not allowed for this client$/),
})

export function sayUnauthorized(provider: Provider): void {
  provider.use(async (ctx, next) => {
    await next()
    const body: unknown = ctx.body
    if (NotRegistered.safeParse(body).success)
      ctx.body = { ...(body as object), error: 'unauthorized_client' }
  })
}
