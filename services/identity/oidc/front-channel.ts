/**
 * OpenID Connect Front-Channel Logout: the browser itself tells the applications of this session, in frames, before it goes on. What
 * does not reach them so (a closed window, a browser that keeps frames apart from cookies) they hear by the other channel.
 */
import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { EngineNeeds } from './engine-needs.ts'
import { wordsOf } from './own-words.ts'

export function tellThroughBrowser(provider: Provider, { shown, issuer }: EngineNeeds): void {
  provider.use(async (given, next) => {
    await next()
    const ctx = given as unknown as KoaContextWithOIDC
    const isEnd = ctx.oidc?.route === 'end_session_confirm' || ctx.oidc?.route === 'end_session'
    const location = ctx.response.get('location')
    if (!isEnd || ctx.status !== 303 || location === '' || !hasEnded(ctx)) return
    const frames = await framesOf(ctx, issuer)
    if (frames.length > 0) shown.leaving(ctx, frames, location)
  })
}

/** Our own portal ends it without a question; everybody else by the word that the person gave. */
const hasEnded = ({ oidc }: KoaContextWithOIDC): boolean =>
  oidc.route === 'end_session' || oidc.params?.['logout'] !== undefined

async function framesOf({ oidc }: KoaContextWithOIDC, issuer: string): Promise<string[]> {
  const { session, provider } = oidc
  const known = Object.entries(session?.authorizations ?? {})
  const frames = await Promise.all(
    known.map(async ([id, { sid }]) => {
      const words = wordsOf(await provider.Client.find(id))
      if (words.frontchannel_logout_uri === undefined) return []
      const frame = new URL(words.frontchannel_logout_uri)
      if (words.frontchannel_logout_session_required === true && sid !== undefined) {
        frame.searchParams.set('iss', issuer)
        frame.searchParams.set('sid', sid)
      }
      return [frame.href]
    }),
  )
  return frames.flat()
}
