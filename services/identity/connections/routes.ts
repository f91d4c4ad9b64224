import { page, redirect, type Route } from '@althing/kernel/http'
import { connectedPage, type ConnectedData } from '@althing/web-account/connected.ts'
import { z } from 'zod'
import { manageOwn, readOwn } from '../own.ts'
import { Switches, type Pages } from '../pages.ts'
import type { Connections } from './rules.ts'
import { ChoicesForm, ClientForm } from './schema.ts'

interface Needs {
  readonly pages: Pages
  readonly connections: Connections
  readonly find: (id: string) => Promise<{ readonly name: string } | null>
}

const path = '/account/connected'
const actions = { end: `${path}/end`, choose: `${path}/sharing` }

/** The applications that I use with this account, and what they are told. */
export function connectionRoutes({ pages, connections, find }: Needs): Route[] {
  return [
    page(
      {
        method: 'GET',
        path,
        access: readOwn,
        summary: 'My applications, and what they are told.',
        query: z.object(Switches),
      },
      async (asked) => {
        const { subject } = asked.caller
        const [person, connected, choices] = await Promise.all([
          find(subject),
          connections.list(subject),
          connections.choicesOf(subject),
        ])
        if (person === null) return redirect('/sign-in')
        const { done } = pages.said<never, ConnectedData['done']>(asked, path)
        const text = connectedPage(await pages.own(asked, path, person), {
          csrf: asked.csrf,
          connected,
          choices,
          actions,
          backHref: '/account',
          ...(done === undefined ? {} : { done }),
        })
        return pages.show(asked, text)
      },
    ),
    page({ method: 'POST', path: actions.end, access: manageOwn, body: ClientForm }, async (asked) => {
      const wasThere = await connections.disconnect(asked.caller.subject, asked.body.client)
      return pages.tell(asked, path, { done: wasThere ? 'ended' : 'gone' })
    }),
    page({ method: 'POST', path: actions.choose, access: manageOwn, body: ChoicesForm }, async (asked) => {
      await connections.choose(asked.caller.subject, asked.body)
      return pages.tell(asked, path, { done: 'saved' })
    }),
  ]
}
