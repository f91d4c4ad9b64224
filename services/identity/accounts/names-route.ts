/** What people are called: for lists that name accounts by their ids, one question for a page of them. */
import { may, route, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import { NamesOf, PersonId } from '../contract.ts'

interface Needs {
  readonly namesOf: (ids: readonly string[]) => Promise<ReadonlyMap<string, string>>
}

/** As many as fit into an address of which every server takes the length. */
const most = 100

/**
 * For whoever has an office: what they decide about, or read of, names people by their ids. What is no id of a person here, or nobody's any more, has no
 * name: an application asks about people of its own too, and the others of a page do not lose theirs by it.
 */
export function namesRoute({ namesOf }: Needs): Route {
  return route(
    {
      method: 'GET',
      path: '/api/identity/names',
      access: may('users.names'),
      summary:
        'What these people are called; what is no id of a person here, or nobody’s any more, has no name.',
      query: z.strictObject({
        of: z
          .string()
          .max(most * 50)
          .transform((text) => text.split(','))
          .pipe(z.array(z.string()).max(most))
          .transform((ids) => ids.filter((id) => PersonId.safeParse(id).success)),
      }),
      reply: NamesOf,
    },
    async ({ query }) => ({ names: Object.fromEntries(await namesOf(query.of)) }),
  )
}
