import { page, redirect, type Answer, type Cookie, type Route } from '@althing/kernel/http'
import { accountsPage } from '@althing/web-signin/accounts.ts'
import { z } from 'zod'
import { expired, Switches, withQuery, type Asked, type Pages } from '../pages.ts'
import type { Conversation } from './arrival.ts'
import { AccountForm } from './schema.ts'

type Formed = Asked & { readonly body: z.output<typeof AccountForm> }

interface Needs<S> {
  readonly pages: Pages
  readonly conversation: Conversation
  /** What is shown of a question that is over. */
  readonly over: (asked: Asked, interaction: string) => Promise<Answer<undefined>>
  readonly sessionOf: (cookies: Asked['cookies']) => Promise<S | null>
  readonly signOut: (session: S) => Promise<void>
  readonly nameOf: (account: string) => Promise<string>
  readonly addressOf: (account: string) => Promise<string>
  readonly clientName: (client: string) => Promise<string | undefined>
  readonly sessionCookie: string
}

/**
 * The application wants the person to say who is to go on (OIDC Core, section 3.1.2.1, `select_account`). A browser of ours has one session:
 * so it is whoever is signed in, or somebody else, who signs in then.
 */
export function accountRoutes<S extends { readonly account: string }>({
  pages,
  conversation,
  over,
  sessionOf,
  signOut,
  nameOf,
  addressOf,
  clientName,
  sessionCookie,
}: Needs<S>): Route[] {
  const gone: Cookie[] = [{ name: sessionCookie, value: '', maxAgeSeconds: 0 }]
  const goOn = (asked: Formed, target: string | null, cookies: readonly Cookie[] = []) =>
    target === null ? over(asked, asked.body.interaction) : redirect(target, { cookies })

  return [
    page(
      // Public to the kernel; the session that the question was asked in is looked at here.
      {
        method: 'GET',
        path: '/sign-in/account',
        access: 'public',
        query: z.object({ ...Switches, interaction: z.string().max(100) }),
      },
      async (asked) => {
        const { interaction } = asked.query
        const question = await conversation.question(interaction, asked.cookies)
        const session = await sessionOf(asked.cookies)
        if (question === null) return over(asked, interaction)
        if (question.kind !== 'account') return expired(pages, asked)
        // There is nobody to choose: whoever signs in has chosen.
        if (session === null) {
          const onward = await conversation.chosen(interaction, asked.cookies, true)
          return onward === null ? over(asked, interaction) : redirect(onward)
        }
        const client = await clientName(question.client)
        const text = accountsPage(pages.chrome(asked, withQuery('/sign-in/account', { interaction })), {
          action: '/sign-in/account',
          csrf: asked.csrf,
          hidden: { interaction },
          person: await nameOf(session.account),
          address: await addressOf(session.account),
          ...(client === undefined ? {} : { client }),
        })
        const formAction = question.redirectOrigin === null ? [] : [question.redirectOrigin]
        return pages.show(asked, text, { formAction })
      },
    ),
    page({ method: 'POST', path: '/sign-in/account', access: 'public', body: AccountForm }, async (asked) => {
      const { interaction, decision } = asked.body
      const isAnother = decision === 'other'
      const onward = await conversation.chosen(interaction, asked.cookies, isAnother)
      if (!isAnother || onward === null) return goOn(asked, onward)
      const session = await sessionOf(asked.cookies)
      if (session !== null) await signOut(session)
      return goOn(asked, onward, gone)
    }),
  ]
}
