import { page, redirect, type Answer, type Cookie, type Route } from '@althing/kernel/http'
import { isFault } from '@althing/kernel/errors'
import { z } from 'zod'
import { withQuery, type Asked, type Pages } from '../pages.ts'
import type { Federation } from './rules.ts'
import { browserCookie, Callback, Out, type Carried } from './schema.ts'

interface Needs {
  readonly federation: Federation
  /** Going out and coming back are counted apart: a hall of people does each once. */
  readonly spend: (by: 'browser' | 'network' | 'begin', who: string) => Promise<void>
  /** A session for the account, and on to where the person wanted to go. */
  readonly arrive: (
    account: string,
    asked: Asked & { readonly network: string },
    place: Carried,
  ) => Promise<Answer<undefined>>
  readonly localeOf: (asked: Pick<Asked, 'headers' | 'cookies'>) => 'is' | 'en'
  readonly pages: Pick<Pages, 'tell'>
  readonly onFailure: (error: unknown) => Promise<void>
  readonly onAttempt: () => void
}

export function federationRoutes({
  federation,
  spend,
  arrive,
  localeOf,
  pages,
  onFailure,
  onAttempt,
}: Needs): Route[] {
  const kept = (value: string): Cookie => ({
    name: browserCookie,
    value,
    path: '/sign-in',
    maxAgeSeconds: 900,
  })
  const back = async (
    asked: { readonly csrf: string },
    error: unknown,
    place: Carried = {},
  ): Promise<Answer<undefined>> => {
    await onFailure(error)
    return pages.tell(asked, withQuery('/sign-in', { ...place }), { problem: { kind: 'eid_failed' } })
  }
  return [
    // A link leads to the page with the button, so that reloading it harms nobody.
    page({ method: 'GET', path: '/sign-in/eid', access: 'public', query: z.object({}) }, () =>
      redirect('/sign-in'),
    ),
    page({ method: 'POST', path: '/sign-in/eid', access: 'public', body: Out }, async (asked) => {
      await spend('begin', asked.network)
      try {
        const { url, browser } = await federation.begin(asked.cookies[browserCookie], asked.body)
        return redirect(url, { cookies: [kept(browser)] })
      } catch (error) {
        return back(asked, error, asked.body)
      }
    }),
    // Public: the state, bound to this browser, is the proof that it was begun here.
    page(
      { method: 'GET', path: '/sign-in/eid/callback', access: 'public', query: Callback },
      async (asked) => {
        onAttempt()
        const browser = asked.cookies[browserCookie]
        await spend('browser', browser ?? asked.network)
        await spend('network', asked.network)
        try {
          const { account, carried } = await federation.finish(asked.query, browser, localeOf(asked))
          const { headers, cookies, network } = asked
          return await arrive(account, { headers, cookies, network }, carried)
        } catch (error) {
          if (isFault(error) && error.code.startsWith('kernel.limits.')) throw error
          return back(asked, error)
        }
      },
    ),
  ]
}
