import { page, redirect, type Answer, type Route } from '@althing/kernel/http'
import { signInPage } from '@althing/web-signin/sign-in.ts'
import type { SignInData, SignInProblem } from '@althing/web-signin/pages.ts'
import { z } from 'zod'
import { Attested } from '../gate.ts'
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

const FirstForm = IdentifierForm.extend(Attested)

/** The first question: who are you? Or a passkey, or the electronic ID, which say it themselves. */
export function identifierRoutes<S extends Live>(needs: Needs<S>, house: House<S>): Route[] {
  const { attempts, conversation, gate, sessionOf, signIn } = needs

  /** Whoever is signed in on this device, remembered or not, has shown more than that a browser asks. */
  const isExempt = async ({ cookies }: Asked) => !gate.isDemanded || (await sessionOf(cookies)) !== null

  async function show(
    asked: Formed,
    place: Place,
    more: Pick<SignInData, 'identifier' | 'problem' | 'done'> = {},
  ): Promise<Answer<undefined>> {
    const exempt = await isExempt(asked)
    return house.show(
      asked,
      place,
      async (client, question) => {
        const target = { csrf: asked.csrf, hidden: hiddenOf(place) }
        const { problem, done } = more
        const identifier = more.identifier ?? question?.hint ?? undefined
        const at = needs.pages.saying(asked, withQuery('/sign-in', { ...place }), {
          problem,
          done,
          ...(identifier === undefined ? {} : { values: { identifier } }),
        })
        return signInPage(needs.pages.chrome(asked, at), {
          action: '/sign-in',
          ...target,
          ...more,
          ...(identifier === undefined ? {} : { identifier }),
          registerHref: '/register',
          others: needs.connectors.map(({ id, name }) => ({
            name,
            target: { action: `/sign-in/with/${id}`, ...target },
          })),
          passkey: { action: '/sign-in/passkey', ...target, options: await needs.passkeyOptions() },
          ...(client === undefined ? {} : { client }),
          ...(needs.eidOrigins === undefined ? {} : { eid: { action: '/sign-in/eid', ...target } }),
          ...(question?.fresh === true && question.account !== null ? { again: true } : {}),
          ...(exempt ? {} : gate.widgetFor('sign-in')),
        })
      },
      more.problem,
      exempt ? [] : gate.widgets,
    )
  }

  /** Links by mail need no gate of their own: they are sent for an attempt, and this is where attempts begin. */
  async function stopped(
    asked: Formed & { readonly body: z.output<typeof FirstForm> },
    place: Place,
  ): Promise<Answer<undefined> | null> {
    if (await isExempt(asked)) return null
    const found = await gate.stops(asked, 'sign-in')
    const { identifier } = asked.body
    return found === null ? null : show(asked, place, { identifier, problem: { kind: found.problem } })
  }

  /** Signed in already, in another tab perhaps: nothing is asked twice, unless a fresh proof is wanted. */
  async function onward(asked: Formed, place: Place): Promise<Answer<undefined> | null> {
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
        }),
      },
      async (asked) => {
        const { said: _said, lang: _lang, theme: _theme, ...place } = asked.query
        const { problem, done, values } = needs.pages.said<SignInProblem, SignInData['done']>(
          asked,
          '/sign-in',
        )
        const { identifier } = values ?? {}
        // Who was just refused, or has to begin again, is told so, though they may be signed in from before; so is whoever has confirmed
        // an address where somebody else is signed in.
        const isTold = problem?.kind === 'unusual' || problem?.kind === 'reset' || done === 'address'
        return (
          (isTold ? null : await onward(asked, place)) ??
          show(asked, placeOf(place), {
            ...(problem === undefined ? {} : { problem }),
            ...(identifier === undefined ? {} : { identifier }),
            ...(done === undefined ? {} : { done }),
          })
        )
      },
    ),
    page({ method: 'POST', path: '/sign-in', access: 'public', body: FirstForm }, async (asked) => {
      const { identifier, password, interaction, return: back } = asked.body
      const place = placeOf({ interaction, return: back })
      const turnedAway = await stopped(asked, place)
      if (turnedAway !== null) return turnedAway
      if (identifier.trim() === '')
        return show(asked, place, { problem: { kind: 'missing', fields: ['identifier'] } })
      if ((await house.questionOf(asked, place)) === null) return expired(needs.pages, asked)
      const { kept, cookie } = attempts.begin({
        identifier: identifier.trim(),
        account: null,
        proven: [],
        isTold: false,
        again: false,
        remember: false,
        place,
      })
      const next = withQuery('/sign-in/password', { attempt: kept.attempt.name })
      const cookies = [...oldAttempts(asked.cookies), cookie]
      if (password === '') {
        const slowed = await needs.mayBegin(asked.network)
        if (slowed !== null) return show(asked, place, { identifier, problem: slowed })
        await attempts.keep(kept)
        return redirect(next, { cookies })
      }
      // A password manager has filled in both: nobody is asked again for what is there.
      const answer = await signIn.withPassword(kept, password, await house.visitor(asked))
      const again = async (problem: SignInProblem) => {
        // Nothing of it was looked at: nothing of it is kept.
        if (problem.kind === 'too_many') return show(asked, place, { identifier, problem })
        await attempts.keep(kept)
        return showPassword(needs, house, asked, kept, problem)
      }
      return house.lead(asked, answer, kept, again, cookies)
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
        const { kept, cookie } = attempts.begin({
          identifier: await needs.addressOf(session.account),
          account: session.account,
          proven: [],
          isTold: false,
          again: true,
          remember: false,
          place,
        })
        await attempts.keep(kept)
        return redirect(withQuery('/sign-in/password', { attempt: kept.attempt.name }), { cookies: [cookie] })
      },
    ),
  ]
}
