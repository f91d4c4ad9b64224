import { page, redirect, type Route } from '@althing/kernel/http'
import { codePage } from '@althing/web-signin/code.ts'
import type { SignInProblem } from '@althing/web-signin/pages.ts'
import { z } from 'zod'
import { expired, Switches, withQuery } from '../pages.ts'
import type { Kept } from './attempts.ts'
import { hiddenOf, placeOf, type Formed, type House, type Live, type Needs } from './shared-routes.ts'
import { CodeForm, PasskeyForm, Step } from './schema.ts'
import { createSteps, waysPath } from './mailed-code-routes.ts'

const path = '/sign-in/code'

/** The second step, for who has turned it on: a code of the application, a recovery code, or a passkey. */
export function codeRoutes<S extends Live>(needs: Needs<S>, house: House<S>): Route[] {
  const { pages, signIn } = needs
  const stepsOf = createSteps(needs)
  const show = async (asked: Formed, kept: Kept, problem?: SignInProblem) => {
    const { name, account, place } = kept.attempt
    const target = { csrf: asked.csrf, hidden: { attempt: name } }
    const options = await needs.passkeyOptions(account ?? undefined)
    const { codes, hasApplication } = await stepsOf(kept)
    return house.show(
      asked,
      place,
      () =>
        codePage(pages.chrome(asked, pages.saying(asked, withQuery(path, { attempt: name }), { problem })), {
          action: '/sign-in/code',
          ...target,
          passkeyOnly: !hasApplication,
          otherHref: withQuery('/sign-in', hiddenOf(place)),
          ...(codes.length === 0 ? {} : { waysHref: withQuery(waysPath, { attempt: name }) }),
          passkey: { action: '/sign-in/passkey', ...target, options },
          ...(problem === undefined ? {} : { problem }),
        }),
      problem,
    )
  }
  return [
    page(
      {
        method: 'GET',
        path: '/sign-in/code',
        access: 'public',
        query: z.object({ ...Switches, ...Step }),
      },
      async (asked) => {
        const { attempt } = asked.query
        const kept = await house.attemptOf(asked, attempt)
        if (kept === null || kept.attempt.proven.length === 0) return redirect('/sign-in')
        // Who has no application has nothing to write here yet; who has a passkey alone finds it here.
        const { hasApplication, codes, isSameMailbox, isNoneLeft } = await stepsOf(kept)
        if (isNoneLeft) return house.anew(asked, kept)
        const { problem } = pages.said<SignInProblem>(asked, path)
        if (!hasApplication && (codes.length > 0 || isSameMailbox))
          return pages.tell(asked, withQuery(waysPath, { attempt }), { problem })
        return show(asked, kept, problem)
      },
    ),
    page({ method: 'POST', path: '/sign-in/code', access: 'public', body: CodeForm }, async (asked) => {
      const kept = await house.attemptOf(asked, asked.body.attempt)
      if (kept === null) return expired(pages, asked)
      if ((await stepsOf(kept)).isNoneLeft) return house.anew(asked, kept)
      if (asked.body.code.trim() === '') return show(asked, kept, { kind: 'missing', fields: ['code'] })
      const answer = await signIn.withCode(kept, asked.body.code, await house.visitor(asked))
      return house.lead(asked, answer, kept, (problem) => show(asked, kept, problem))
    }),
  ]
}

/** From any step: a passkey is enough by itself. What was not accepted leads back to the page that it was on. */
export function passkeyRoute<S extends Live>({ pages, signIn }: Needs<S>, house: House<S>): Route {
  return page(
    { method: 'POST', path: '/sign-in/passkey', access: 'public', body: PasskeyForm },
    async (asked) => {
      const { attempt, credential, ...place } = asked.body
      const kept = attempt === undefined ? null : await house.attemptOf(asked, attempt)
      if (attempt !== undefined && kept === null) return expired(pages, asked)
      const answer = await signIn.withPasskey(kept, credential, await house.visitor(asked), placeOf(place))
      return house.lead(asked, answer, kept, () => {
        const at =
          kept === null ? '/sign-in' : kept.attempt.proven.length > 0 ? '/sign-in/code' : '/sign-in/password'
        const where = kept === null ? hiddenOf(place) : { attempt: kept.attempt.name }
        return Promise.resolve(pages.tell(asked, withQuery(at, where), { problem: { kind: 'passkey' } }))
      })
    },
  )
}
