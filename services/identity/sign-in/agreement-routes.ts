/** The texts have changed since somebody agreed, or they never did: they are asked when they have signed in, and then go on to where they wanted. */
import { page, redirect, type Answer, type Cookie, type Route } from '@althing/kernel/http'
import { agreementPage } from '@althing/web-signin/agreement.ts'
import type { Agreement } from '@althing/web-signin/pages.ts'
import { z } from 'zod'
import { expired, ownPath, Switches, withQuery, type Asked, type Pages } from '../pages.ts'
import { agreementPath, laterCookie, laterOf } from './agreeing.ts'
import type { Conversation } from './arrival.ts'
import { AgreementForm, Where, type Place } from './schema.ts'

interface Live {
  readonly id: string
  readonly account: string
  readonly acr: string
  readonly amr: readonly string[]
  readonly authTime: Date
}

interface Needs {
  readonly pages: Pages
  readonly conversation: Conversation
  readonly sessionOf: (cookies: Asked['cookies']) => Promise<Live | null>
  /** What somebody has not agreed to as it is now; null when there is nothing. `isNew`: they never agreed to anything. */
  readonly agreementOf: (
    account: string,
    locale: 'is' | 'en',
  ) => Promise<{ readonly agreement: Agreement; readonly isNew: boolean } | null>
  readonly agree: (account: string) => Promise<void>
}

export function agreementRoutes(needs: Needs): Route[] {
  const { pages, conversation, sessionOf, agreementOf, agree } = needs

  async function onward(
    asked: Asked,
    session: Live,
    place: Place,
    cookies: readonly Cookie[],
  ): Promise<Answer<undefined>> {
    if (place.interaction === undefined) return redirect(ownPath(place.return) ?? '/account', { cookies })
    const { id, account, acr, amr, authTime } = session
    const who = { session: id, account, acr, amr, authTime }
    const target = await conversation.signedIn(place.interaction, asked.cookies, who)
    if (target !== null) return redirect(target, { cookies })
    // Not over, but another proof is wanted than the one that this session began with.
    const isOver = (await conversation.question(place.interaction, asked.cookies)) === null
    return isOver ? expired(pages, asked) : redirect(withQuery('/sign-in', { ...place }), { cookies })
  }

  async function show(
    asked: Asked & { readonly csrf: string },
    place: Place,
    hasChanged = false,
  ): Promise<Answer<undefined>> {
    const session = await sessionOf(asked.cookies)
    if (session === null) return redirect(withQuery('/sign-in', { ...place }))
    const due = await agreementOf(session.account, pages.locale(asked))
    if (due === null) return onward(asked, session, place, [])
    const question =
      place.interaction === undefined ? null : await conversation.question(place.interaction, asked.cookies)
    if (place.interaction !== undefined && question?.kind !== 'login') return expired(pages, asked)
    const { interaction, return: back } = place
    const text = agreementPage(
      pages.chrome(
        asked,
        pages.saying(asked, withQuery(agreementPath, { interaction, return: back }), {
          problem: hasChanged || undefined,
        }),
      ),
      {
        ...due,
        hasChanged,
        action: agreementPath,
        csrf: asked.csrf,
        hidden: Object.fromEntries(
          Object.entries(place).filter((entry): entry is [string, string] => entry[1] !== undefined),
        ),
      },
    )
    const formAction = question?.redirectOrigin == null ? [] : [question.redirectOrigin]
    return pages.show(asked, text, { formAction, status: hasChanged ? 409 : 200 })
  }

  return [
    page(
      { method: 'GET', path: agreementPath, access: 'public', query: z.object({ ...Switches, ...Where }) },
      (asked) => show(asked, placeOf(asked.query), pages.said<true>(asked, agreementPath).problem === true),
    ),
    // Public to the kernel; whose session it is, is looked at here.
    page({ method: 'POST', path: agreementPath, access: 'public', body: AgreementForm }, async (asked) => {
      const place = placeOf(asked.body)
      const session = await sessionOf(asked.cookies)
      if (session === null) return redirect(withQuery('/sign-in', { ...place }))
      const { account } = session
      const due = await agreementOf(account, pages.locale(asked))
      // What is agreed to is what was read: another version has come into force meanwhile.
      if (due !== null && due.agreement.version !== asked.body.version) return show(asked, place, true)
      if (asked.body.decision === 'agree') await agree(account)
      const later = {
        name: laterCookie,
        value: laterOf(account, asked.body.version),
        path: '/sign-in',
        maxAgeSeconds: 28_800,
      }
      return onward(asked, session, place, asked.body.decision === 'later' ? [later] : [])
    }),
  ]
}

const placeOf = ({ interaction, return: back }: Place): Place => ({
  ...(interaction === undefined ? {} : { interaction }),
  ...(back === undefined ? {} : { return: back }),
})
