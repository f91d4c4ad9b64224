import { page, redirect, type Answer, type Route } from '@althing/kernel/http'
import { signInPage } from '@althing/web-signin/sign-in.ts'
import type { SignInProblem } from '@althing/web-signin/pages.ts'
import { z } from 'zod'
import { expired, ownPath, Switches, withQuery, type Asked } from '../pages.ts'
import {
  hiddenOf,
  oldAttempts,
  placeOf,
  type Formed,
  type House,
  type Live,
  type Needs,
} from './shared-routes.ts'
import { showPassword } from './password-routes.ts'
import { IdentifierForm, Where, type Place } from './schema.ts'

/** The first question: who are you? Or a passkey, or the electronic ID, which say it themselves. */
export function identifierRoutes<S extends Live>(needs: Needs<S>, house: House<S>): Route[] {
  const { attempts, conversation, sessionOf, signIn } = needs

  const show = (asked: Formed, place: Place, more: { identifier?: string; problem?: SignInProblem } = {}) =>
    house.show(
      asked,
      place,
      async (client, question) => {
        const target = { csrf: asked.csrf, hidden: hiddenOf(place) }
        return signInPage(needs.pages.chrome(asked, withQuery('/sign-in', { ...place })), {
          action: '/sign-in',
          ...target,
          ...more,
          registerHref: '/register',
          others: needs.connectors.map(({ id, name }) => ({
            name,
            target: { action: `/sign-in/with/${id}`, ...target },
          })),
          passkey: { action: '/sign-in/passkey', ...target, options: await needs.passkeyOptions() },
          ...(client === undefined ? {} : { client }),
          ...(needs.eidOrigins === undefined ? {} : { eid: { action: '/sign-in/eid', ...target } }),
          ...(question?.fresh === true && question.account !== null ? { again: true } : {}),
        })
      },
      more.problem,
    )

  /** Signed in already, in another tab perhaps: nothing is asked twice, unless a fresh proof is wanted. */
  async function onward(asked: Asked, place: Place): Promise<Answer<undefined> | null> {
    const session = await sessionOf(asked.cookies)
    if (session === null) return null
    if (place.interaction === undefined) return redirect(ownPath(place.return) ?? '/account')
    const question = await conversation.question(place.interaction, asked.cookies)
    if (question === null || question.kind !== 'login' || question.fresh) return null
    const target = await conversation.signedIn(place.interaction, asked.cookies, {
      ...session,
      session: session.id,
    })
    return target === null ? null : redirect(target)
  }

  return [
    page(
      {
        method: 'GET',
        path: '/sign-in',
        access: 'public',
        summary: 'Sign in.',
        query: z.object({
          ...Switches,
          ...Where,
          problem: z.enum(['eid_failed', 'passkey', 'connector', 'unusual']).optional(),
        }),
      },
      async (asked) => {
        const { problem, ...place } = asked.query
        // Who was just refused is told so, though they may be signed in from before.
        return (
          (problem === 'unusual' ? null : await onward(asked, place)) ??
          show(asked, placeOf(place), problem === undefined ? {} : { problem: { kind: problem } })
        )
      },
    ),
    page({ method: 'POST', path: '/sign-in', access: 'public', body: IdentifierForm }, async (asked) => {
      const { identifier, password, ...place } = asked.body
      if (identifier.trim() === '')
        return show(asked, place, { problem: { kind: 'missing', fields: ['identifier'] } })
      if ((await house.questionOf(asked, place)) === null) return expired(needs.pages, asked)
      const { kept, cookie } = await attempts.begin({
        identifier: identifier.trim(),
        account: null,
        proven: [],
        again: false,
        remember: false,
        place: placeOf(place),
      })
      const next = withQuery('/sign-in/password', { attempt: kept.attempt.name })
      const cookies = [...oldAttempts(asked.cookies), cookie]
      if (password === '') return redirect(next, { cookies })
      // A password manager has filled in both: nobody is asked again for what is there.
      const answer = await signIn.withPassword(kept, password, await house.visitor(asked))
      return house.lead(
        asked,
        answer,
        kept,
        (problem) => showPassword(needs, house, asked, kept, problem),
        cookies,
      )
    }),
    // Somebody who is signed in proves it once more, before something that matters.
    page(
      {
        method: 'GET',
        path: '/sign-in/again',
        access: 'public',
        query: z.object({ ...Switches, return: z.string().max(1000).optional() }),
      },
      async (asked) => {
        const session = await sessionOf(asked.cookies)
        const place = { return: ownPath(asked.query.return) ?? '/account' }
        if (session === null) return redirect(withQuery('/sign-in', place))
        const { kept, cookie } = await attempts.begin({
          identifier: await needs.addressOf(session.account),
          account: session.account,
          proven: [],
          again: true,
          remember: false,
          place,
        })
        return redirect(withQuery('/sign-in/password', { attempt: kept.attempt.name }), { cookies: [cookie] })
      },
    ),
  ]
}
