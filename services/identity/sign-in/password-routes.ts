import { page, redirect, type Answer, type Route } from '@althing/kernel/http'
import { passwordPage } from '@althing/web-signin/password.ts'
import type { SignInProblem } from '@althing/web-signin/pages.ts'
import { z } from 'zod'
import { expired, Switches, withQuery } from '../pages.ts'
import type { Kept } from './attempts.ts'
import { hiddenOf, type Formed, type House, type Live, type Needs } from './shared-routes.ts'
import { PasswordForm, Step } from './schema.ts'

const path = '/sign-in/password'

/** The same page for every address, ours or not. */
export async function showPassword<S extends Live>(
  needs: Needs<S>,
  house: House<S>,
  asked: Formed,
  { attempt }: Kept,
  problem?: SignInProblem,
): Promise<Answer<undefined>> {
  const { name, identifier, place, again } = attempt
  const target = { csrf: asked.csrf, hidden: { attempt: name } }
  const at = needs.pages.saying(asked, withQuery(path, { attempt: name }), { problem })
  return house.show(
    asked,
    place,
    async (client) =>
      passwordPage(needs.pages.chrome(asked, at), {
        action: '/sign-in/password',
        ...target,
        identifier,
        again,
        otherHref: withQuery('/sign-in', hiddenOf(place)),
        forgotHref: '/recover',
        passkey: { action: '/sign-in/passkey', ...target, options: await needs.passkeyOptions() },
        ...(identifier === '' ? {} : { link: { action: '/sign-in/link', ...target } }),
        ...(again && needs.eidOrigins !== undefined
          ? { eid: { action: '/sign-in/eid', csrf: asked.csrf, hidden: hiddenOf(place) } }
          : {}),
        ...(client === undefined ? {} : { client }),
        ...(problem === undefined ? {} : { problem }),
      }),
    problem,
  )
}

export function passwordRoutes<S extends Live>(needs: Needs<S>, house: House<S>): Route[] {
  const { pages, signIn } = needs
  return [
    page(
      {
        method: 'GET',
        path: '/sign-in/password',
        access: 'public',
        query: z.object({ ...Switches, ...Step }),
      },
      async (asked) => {
        const { attempt } = asked.query
        const kept = await house.attemptOf(asked, attempt)
        if (kept === null) return redirect('/sign-in')
        return showPassword(needs, house, asked, kept, pages.said<SignInProblem>(asked, path).problem)
      },
    ),
    page(
      { method: 'POST', path: '/sign-in/password', access: 'public', body: PasswordForm },
      async (asked) => {
        const { attempt, password, remember } = asked.body
        const found = await house.attemptOf(asked, attempt)
        if (found === null) return expired(pages, asked)
        const kept = { ...found, attempt: { ...found.attempt, remember: remember === 'on' } }
        const again = (problem: SignInProblem) => showPassword(needs, house, asked, kept, problem)
        if (password === '') return again({ kind: 'missing', fields: ['password'] })
        const answer = await signIn.withPassword(kept, password, await house.visitor(asked))
        return house.lead(asked, answer, kept, again)
      },
    ),
  ]
}
