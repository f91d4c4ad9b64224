/** The engine's few own pages, in our dress: errors, and the question at the end. */
import { correlation } from '@althing/kernel/context'
import { errorPage } from '@althing/web-signin/error.ts'
import { leavingPage, signedOutPage, signOutPage } from '@althing/web-signin/sign-out.ts'
import type { KoaContextWithOIDC } from 'oidc-provider'
import { withQuery, type Pages } from '../pages.ts'
import { devicePages } from './device-pages.ts'
import type { Shown } from './engine-needs.ts'
import { askedOf, redirectOrigin, show } from './showing.ts'
import { paths } from './schema.ts'

interface Needs {
  readonly pages: Pages
  readonly isFirstParty: (client: string) => boolean
  readonly nameOf: (account: string) => Promise<string | undefined>
  /** The issuer is reached by https. */
  readonly isSecure: boolean
}

export function enginePages({ pages, isFirstParty, nameOf, isSecure }: Needs): Shown {
  return {
    ...devicePages({ pages, isSecure }),
    error(ctx, kind, { error }) {
      const asked = askedOf(ctx, isSecure)
      show(
        ctx,
        errorPage(pages.chrome(asked, '/'), {
          kind: kind === 'expired' ? 'expired' : 'client',
          homeHref: '/',
          reference: `${correlation() ?? ''} ${error}`.trim(),
        }),
      )
    },
    async logout(ctx, xsrf) {
      const { session, client, params } = ctx.oidc
      const account = session?.accountId
      const person = account === undefined ? undefined : await nameOf(account)
      const page = signOutPage(pages.chrome(askedOf(ctx, isSecure), pathOf(ctx)), {
        action: `${paths.logout}/confirm`,
        csrf: xsrf,
        hidden: { xsrf, logout: 'yes' },
        stayHref: '/',
        ...(person === undefined ? {} : { person }),
        ...(client === undefined || isFirstParty(client.clientId)
          ? {}
          : { client: client.clientName ?? client.clientId }),
      })
      show(ctx, page, { formAction: redirectOrigin(params?.['post_logout_redirect_uri']) })
    },
    leaving(ctx, frames, next) {
      const page = leavingPage(pages.chrome(askedOf(ctx, isSecure), '/sign-out'), { frames, nextHref: next })
      ctx.status = 200
      ctx.remove('location')
      // Whoever does not answer in that time holds nobody up.
      ctx.set('refresh', `3;url=${next}`)
      show(ctx, page, { frames: frames.map((frame) => new URL(frame).origin) })
    },
    signedOut(ctx) {
      ctx.redirect('/sign-out/done')
      ctx.status = 303
    },
    alreadyOut(ctx) {
      const { client } = ctx.oidc
      const back = wayBack(ctx)
      const page = signedOutPage(pages.chrome(askedOf(ctx, isSecure), pathOf(ctx)), {
        signInHref: '/',
        homeHref: '/',
        ...(back === undefined || client === undefined
          ? {}
          : { back: { client: client.clientName ?? client.clientId, href: back } }),
      })
      show(ctx, page)
    },
  }
}

/** The engine has compared it with what the application has registered, and has taken it away where no application is named. */
function wayBack({ oidc: { params } }: KoaContextWithOIDC): string | undefined {
  const { post_logout_redirect_uri: target, state } = params ?? {}
  if (typeof target !== 'string') return undefined
  const back = new URL(target)
  if (typeof state === 'string') back.searchParams.set('state', state)
  return back.href
}

/** The same question as a link, for the switches: by the name of the application, so that no token stands in an address. */
function pathOf({ oidc: { client, params } }: KoaContextWithOIDC): string {
  const word = (name: string) => (typeof params?.[name] === 'string' ? params[name] : undefined)
  return withQuery(paths.logout, {
    client_id: client?.clientId,
    post_logout_redirect_uri: word('post_logout_redirect_uri'),
    state: word('state'),
  })
}
