/**
 * Who asks to be signed out and is signed out already has what they want (OpenID Connect RP-Initiated Logout, section 2). The engine would
 * send a form to itself and look for what it has kept with the session, which is nothing: strangers have no session here.
 */
import type { KoaContextWithOIDC, Provider } from 'oidc-provider'
import type { EngineNeeds } from './engine-needs.ts'

export function sayAlreadyOut(provider: Provider, { shown }: Pick<EngineNeeds, 'shown'>): void {
  provider.use(async (given, next) => {
    await next()
    const ctx = given as unknown as KoaContextWithOIDC
    if (ctx.oidc?.session === undefined || ctx.oidc.session.accountId !== undefined) return
    // What the request has wrong in it has been refused by then, in the words of that page.
    if (ctx.oidc.route === 'end_session' && ctx.status === 200) shown.alreadyOut(ctx)
    // The button was pressed twice, or in a second window: the first time has done it. It is no application's mistake.
    if (ctx.oidc.route === 'end_session_confirm' && ctx.status === 400) shown.signedOut(ctx)
  })
}
