import { page, redirect, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import { switchPath, type Pages } from '../pages.ts'

/**
 * The switch of language and colours below a form that somebody has begun: what they wrote goes along, and comes back on the same page. It
 * does nothing else, so whoever is not signed in may use it.
 */
export const languageRoute = (pages: Pages): Route =>
  page(
    {
      method: 'POST',
      path: switchPath,
      access: 'public',
      // Whatever form it is: what is no secret is picked from it, and the rest is forgotten.
      body: z.looseObject({ to: z.string().max(9000) }),
    },
    (asked) => {
      const { to, ...written } = asked.body
      const values = Object.entries(written).filter(
        (one): one is [string, string] => typeof one[1] === 'string',
      )
      return redirect(pages.along(asked, to, Object.fromEntries(values)))
    },
  )
