/** The engine's few own pages, in our dress: errors, and the question at the end. */
import type { KoaContextWithOIDC } from 'oidc-provider'
import { contentPolicy, cookieName, parseCookies } from '@althing/kernel/http'
import { errorPage } from '@althing/web-signin/error.ts'
import { signOutPage } from '@althing/web-signin/sign-out.ts'
import type { Asked, Pages } from '../pages.ts'
import type { Shown } from './engine.ts'
import { paths } from './schema.ts'

interface Needs {
  readonly pages: Pages
  readonly isFirstParty: (client: string) => boolean
  readonly nameOf: (account: string) => Promise<string | undefined>
  readonly endSession: (session: string, account: string) => Promise<void>
  readonly sessionCookie: string
  /** The issuer is reached by https. */
  readonly isSecure: boolean
}

export function enginePages({
  pages,
  isFirstParty,
  nameOf,
  endSession,
  sessionCookie,
  isSecure,
}: Needs): Shown {
  return {
    error(ctx, kind) {
      const asked = askedOf(ctx, isSecure)
      show(
        ctx,
        errorPage(pages.chrome(asked, '/'), {
          kind: kind === 'expired' ? 'expired' : 'client',
          homeHref: '/',
        }),
      )
    },
    async logout(ctx, xsrf) {
      const { session, client, entities, params } = ctx.oidc
      const account = session?.accountId
      // Our own portal asks with the person's ID token in hand, which no other site has: they have said it there already.
      if (
        session !== undefined &&
        account !== undefined &&
        client !== undefined &&
        isFirstParty(client.clientId) &&
        entities.IdTokenHint?.payload['sub'] === account
      ) {
        await endSession(session.uid, account)
        ctx.cookies.set(cookieName(sessionCookie, isSecure), null, { signed: false, secure: isSecure })
        const target = params?.['post_logout_redirect_uri']
        ctx.redirect(typeof target === 'string' ? target : '/sign-out/done')
        ctx.status = 303
        return
      }
      const person = account === undefined ? undefined : await nameOf(account)
      const page = signOutPage(pages.chrome(askedOf(ctx, isSecure), '/sign-out'), {
        action: `${paths.logout}/confirm`,
        csrf: xsrf,
        hidden: { xsrf, logout: 'yes' },
        stayHref: '/',
        ...(person === undefined ? {} : { person }),
        ...(client === undefined || isFirstParty(client.clientId)
          ? {}
          : { client: client.clientName ?? client.clientId }),
      })
      show(ctx, page, redirectOrigin(params?.['post_logout_redirect_uri']))
    },
    signedOut(ctx) {
      ctx.redirect('/sign-out/done')
      ctx.status = 303
    },
  }
}

function askedOf(ctx: KoaContextWithOIDC, isSecure: boolean): Asked {
  const headers = ctx.headers as Asked['headers']
  return { headers, cookies: parseCookies(headers['cookie'], isSecure) }
}

function show(ctx: KoaContextWithOIDC, page: string, formAction: readonly string[] = []): void {
  ctx.type = 'text/html; charset=utf-8'
  ctx.set({ 'content-security-policy': contentPolicy({ formAction }), 'cache-control': 'no-store' })
  ctx.body = page
}

function redirectOrigin(target: unknown): string[] {
  return typeof target === 'string' && URL.canParse(target) ? [new URL(target).origin] : []
}
