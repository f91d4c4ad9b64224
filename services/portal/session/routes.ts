import { answer, page, redirect, route, type Csrf, type Route } from '@althing/kernel/http'
import { Me } from '../contract.ts'
import type { Sessions } from './rules.ts'
import { CallbackQuery, LoginQuery } from './schema.ts'

/** The cookie of a signed-in browser, and the one that lives while a sign-in is under way. */
export const sessionCookie = 'althing'
const browserCookie = 'althing_login'

interface Needs {
  readonly sessions: Sessions
  readonly csrf: Csrf
  readonly ballotUrl: string
  /** Sign-ins begun in a minute from one network: each leaves a row behind for a while. */
  readonly perNetwork: number
}

export function sessionRoutes({ sessions, csrf, ballotUrl, perNetwork }: Needs): Route[] {
  const limits = [{ name: 'login', by: 'network', most: perNetwork, withinSeconds: 60 }] as const
  return [
    page(
      { method: 'GET', path: '/session/login', access: 'public', query: LoginQuery, limits }, // Where nobody is signed in yet.
      async ({ query, cookies: had }) => {
        const { location, browser } = await sessions.begin(
          query.return,
          had[browserCookie],
          query.quiet !== undefined,
        )
        const cookies = [{ name: browserCookie, value: browser, maxAgeSeconds: 600, path: '/session' }]
        return redirect(location, { cookies })
      },
    ),
    page(
      { method: 'GET', path: '/session/callback', access: 'public', query: CallbackQuery }, // Its state is the key to it.
      async ({ query, cookies }) => {
        const { cookie, returnTo } = await sessions.finish(
          query,
          cookies[browserCookie],
          cookies[sessionCookie],
        )
        // The other cookie stays: a sign-in of another tab may be under way.
        return redirect(returnTo, {
          cookies: cookie === null ? [] : [{ name: sessionCookie, value: cookie }],
        })
      },
    ),
    route(
      { method: 'GET', path: '/session/me', access: 'public', reply: Me }, // Says who is asking, to whoever asks.
      async ({ cookies }) => {
        const person = await sessions.look(cookies[sessionCookie])
        const issued = csrf.issue(cookies)
        const me: Me = {
          signedIn: person !== null,
          subject: person?.subject ?? null,
          name: person?.name ?? null,
          roles: [...(person?.roles ?? [])],
          csrf: issued.token,
          ballotUrl,
        }
        return answer(me, { cookies: issued.cookies })
      },
    ),
  ]
}
