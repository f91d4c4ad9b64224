import { page, type Route } from '@althing/kernel/http'
import { homePage } from '@althing/web-account/home.ts'
import { z } from 'zod'
import { Switches, type Pages } from '../pages.ts'

interface Needs {
  readonly pages: Pages
  readonly now: () => Date
  readonly find: (id: string) => Promise<{ readonly name: string } | null>
  readonly erasureOf: (account: string) => Promise<{ readonly dueAt: Date } | null>
}

/** The front page where identity stands alone. Beside the portal it is the portal's: the way back home is the same in both. */
export function homeRoute({ pages, now, find, erasureOf }: Needs): Route {
  return page(
    { method: 'GET', path: '/', access: 'public', summary: 'The front page.', query: z.object(Switches) },
    async (asked) => {
      // Public: nobody need have signed in to be welcome.
      const caller = asked.caller as typeof asked.caller | undefined
      const person = caller === undefined ? null : await find(caller.subject)
      const erasure = caller === undefined ? null : await erasureOf(caller.subject)
      const chrome = person === null ? pages.chrome(asked, '/') : await pages.own(asked, '/', person)
      const text = homePage(chrome, {
        now: now(),
        signInHref: '/sign-in',
        places: person === null ? {} : { account: '/account' },
        ...(person === null ? {} : { person }),
        ...(erasure === null ? {} : { erasure: { due: erasure.dueAt, keepHref: '/account/privacy' } }),
      })
      return pages.show(asked, text)
    },
  )
}
