import { page, redirect, type Route } from '@althing/kernel/http'
import { linkPage, linkSentPage } from '@althing/web-signin/link.ts'
import { z } from 'zod'
import { expired, Switches, used, withQuery, type Asked } from '../pages.ts'
import { hiddenOf, placeOf, type House, type Live, type Needs } from './shared-routes.ts'
import { LinkForm, UseLinkForm, Where } from './schema.ts'

/** A link by mail, in place of a password. It may be opened on another device than the one on which it was asked for. */
export function linkRoutes<S extends Live>(needs: Needs<S>, house: House<S>): Route[] {
  const { pages, signIn } = needs
  const over = (asked: Asked) => used(pages, asked, '/sign-in')
  return [
    page({ method: 'POST', path: '/sign-in/link', access: 'public', body: LinkForm }, async (asked) => {
      const kept = await house.attemptOf(asked, asked.body.attempt)
      if (kept === null) return expired(pages, asked)
      await needs.sendLink(kept.attempt.identifier, kept.attempt.place, asked.network)
      return redirect('/sign-in/link/sent')
    }),
    page(
      { method: 'GET', path: '/sign-in/link/sent', access: 'public', query: z.object(Switches) },
      (asked) =>
        pages.show(
          asked,
          linkSentPage(pages.chrome(asked, '/sign-in/link/sent'), {
            againHref: '/sign-in',
            signInHref: '/sign-in',
          }),
        ),
    ),
    // Looking burns nothing: scanners of mail open links too. What it opens, it opens in the browser in which the button is pressed.
    page(
      {
        method: 'GET',
        path: '/sign-in/link',
        access: 'public',
        query: z.object({ ...Switches, token: z.string().max(100).default(''), return: Where.return }),
      },
      async (asked) => {
        const { token, return: back } = asked.query
        const person = token === '' ? null : await needs.lookAtLink(token)
        if (person === null) return token === '' ? redirect('/sign-in') : over(asked)
        return pages.show(
          asked,
          linkPage(pages.chrome(asked, withQuery('/sign-in/link', { token, return: back })), {
            action: '/sign-in/link/use',
            csrf: asked.csrf,
            hidden: { token, ...hiddenOf({ return: back }) },
            identifier: person.email,
          }),
        )
      },
    ),
    page(
      {
        method: 'POST',
        path: '/sign-in/link/use',
        access: 'public',
        body: UseLinkForm.extend({ return: Where.return }),
      },
      async (asked) => {
        const place = placeOf({ return: asked.body.return })
        const { answer, kept, cookie } = await signIn.withLink(
          asked.body.token,
          place,
          await house.visitor(asked),
        )
        if (answer.kind === 'expired') return over(asked)
        const cookies = cookie === undefined ? [] : [cookie]
        return house.lead(asked, answer, kept ?? null, () => Promise.resolve(over(asked)), cookies)
      },
    ),
  ]
}
