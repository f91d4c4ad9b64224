import { isFault } from '@althing/kernel/errors'
import { answer, page, redirect, route, type Csrf, type Limits, type Route } from '@althing/kernel/http'
import { Me } from '../contract.ts'
import type { Sessions } from './rules.ts'
import { CallbackQuery, LoginQuery } from './schema.ts'

/** The cookie of a signed-in browser, and the one that lives while a sign-in is under way. */
export const sessionCookie = 'althing'
/** Where it is found out whether somebody is signed in at identity, without asking them for anything. */
export const quietPath = '/session/quiet'
const browserCookie = 'althing_login'
const underWay = (value: string) => ({
  name: browserCookie,
  value,
  maxAgeSeconds: 600,
  path: '/session',
})

interface Needs {
  readonly sessions: Sessions
  readonly csrf: Csrf
  readonly limits: Pick<Limits, 'spend'>
  readonly ballotUrl: string
  /** Sign-ins begun in a minute from one network: each leaves a row behind for a while. */
  readonly perNetwork: number
}

export function sessionRoutes({ sessions, csrf, limits, ballotUrl, perNetwork }: Needs): Route[] {
  const rule = { most: perNetwork, withinSeconds: 60 }
  const login = [{ name: 'login', by: 'network', ...rule }] as const
  const spend = (network: string) => limits.spend('login', network, rule)
  return [
    page(
      { method: 'GET', path: '/session/login', access: 'public', query: LoginQuery, limits: login }, // Where nobody is signed in yet.
      async ({ query, cookies: had }) => {
        const { location, browser } = await sessions.begin(query.return, had[browserCookie], query.proof)
        return redirect(location, { cookies: [underWay(browser)] })
      },
    ),
    page(
      { method: 'GET', path: quietPath, access: 'public' }, // Asks nobody for anything.
      async ({ cookies: had, network }) => {
        try {
          await spend(network)
        } catch (error) {
          // Nobody asked for this round: where a hall has used up its sign-ins, its people still see the page.
          if (isFault(error)) return redirect('/')
          throw error
        }
        const { location, browser } = await sessions.begin('/', had[browserCookie], 'quiet')
        return redirect(location, { cookies: [underWay(browser)] })
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
