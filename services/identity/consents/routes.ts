import { page, redirect, type Route } from '@althing/kernel/http'
import { consentsPage } from '@althing/web-account/consents.ts'
import { z } from 'zod'
import { manageOwn, readOwn } from '../own.ts'
import { Switches, type Pages } from '../pages.ts'
import type { Consents } from './rules.ts'
import { MarketingForm } from './schema.ts'

interface Needs {
  readonly pages: Pages
  readonly consents: Consents
  readonly find: (id: string) => Promise<{ readonly name: string } | null>
}

const path = '/account/consents'

/** What I agreed to, and taking it back. */
export function consentsRoutes({ pages, consents, find }: Needs): Route[] {
  return [
    page(
      {
        method: 'GET',
        path,
        access: readOwn,
        summary: 'What I agreed to.',
        query: z.object(Switches),
      },
      async (asked) => {
        const { subject } = asked.caller
        const [person, history] = await Promise.all([
          find(subject),
          consents.historyOf(subject, pages.locale(asked)),
        ])
        if (person === null) return redirect('/sign-in')
        const text = consentsPage(await pages.own(asked, path, person), {
          csrf: asked.csrf,
          action: path,
          history,
          backHref: '/account',
          ...(pages.said(asked, path).done === undefined ? {} : { done: true }),
        })
        return pages.show(asked, text)
      },
    ),
    page({ method: 'POST', path, access: manageOwn, body: MarketingForm }, async (asked) => {
      await consents.setMarketing(asked.caller.subject, asked.body.marketing === 'on')
      return pages.tell(asked, path, { done: 'saved' })
    }),
  ]
}
