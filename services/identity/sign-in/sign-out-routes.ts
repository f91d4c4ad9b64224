import { page, redirect, type Cookie, type Route } from '@althing/kernel/http'
import { signedOutPage, signOutPage } from '@althing/web-signin/sign-out.ts'
import { z } from 'zod'
import { Switches, type Asked, type Pages } from '../pages.ts'
import { Empty } from './schema.ts'

interface Needs<S> {
  readonly pages: Pages
  readonly sessionOf: (cookies: Asked['cookies']) => Promise<S | null>
  readonly signOut: (session: S) => Promise<void>
  readonly nameOf: (account: string) => Promise<string>
  readonly sessionCookie: string
}

export function signOutRoutes<S extends { readonly account: string }>({
  pages,
  sessionOf,
  signOut,
  nameOf,
  sessionCookie,
}: Needs<S>): Route[] {
  const gone: Cookie[] = [{ name: sessionCookie, value: '', maxAgeSeconds: 0 }]
  return [
    // Public: a link alone signs nobody out; the page asks, and its form carries the proof that it is ours.
    page({ method: 'GET', path: '/sign-out', access: 'public', query: z.object(Switches) }, async (asked) => {
      const session = await sessionOf(asked.cookies)
      if (session === null) return redirect('/sign-out/done')
      const person = await nameOf(session.account)
      return pages.show(
        asked,
        signOutPage(pages.chrome(asked, '/sign-out'), {
          action: '/sign-out',
          csrf: asked.csrf,
          person,
          stayHref: '/account',
        }),
      )
    }),
    page({ method: 'POST', path: '/sign-out', access: 'public', body: Empty }, async (asked) => {
      const session = await sessionOf(asked.cookies)
      if (session !== null) await signOut(session)
      return redirect('/sign-out/done', { cookies: gone })
    }),
    page(
      { method: 'GET', path: '/sign-out/done', access: 'public', query: z.object(Switches) },
      async (asked) => {
        // Whoever is signed in is not told by a link that they are out.
        if ((await sessionOf(asked.cookies)) !== null) return redirect('/sign-out')
        const chrome = pages.chrome(asked, '/sign-out/done')
        return pages.show(asked, signedOutPage(chrome, { signInHref: '/', homeHref: '/' }))
      },
    ),
  ]
}
