/** What people are called: for lists that name accounts by their ids, one question for a page of them. */
import { may, route, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import { NamesOf, PersonId } from '../contract.ts'

interface Needs {
  readonly namesOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

/** As many as fit into an address of which every server takes the length. */
const most = 100

/** Whoever may see that somebody tried may not therefore see who people are: that is for who may look at people. */
export function namesRoute({ namesOf }: Needs): Route {
  return route(
    {
      method: 'GET',
      path: '/api/identity/names',
      access: may('users.read'),
      summary: 'What these people are called; who is not there any more has no name.',
      query: z.strictObject({
        of: z
          .string()
          .max(most * 50)
          .transform((text) => text.split(','))
          .pipe(z.array(PersonId).min(1).max(most)),
      }),
      reply: NamesOf,
    },
    async ({ query }) => ({ names: Object.fromEntries(await namesOf(query.of)) }),
  )
}
