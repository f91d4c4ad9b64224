import { anonymousRoute, may, route, type Route } from '@althing/kernel/http'
import { Release, Result } from '../contract.ts'
import type { Tally } from './rules.ts'
import { Answered, ElectionPath, OfficerResults } from './schema.ts'

const mayHere = (action: string) =>
  may<{ id: string }>(action, ({ params }) => ({ type: 'Election', id: params.id }))

export function tallyRoutes(tally: Tally): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/admin/elections/:id/tally',
        access: mayHere('elections.tally'),
        summary: 'Releases the key, opens the ballots and counts.',
        params: ElectionPath,
        body: Release,
        reply: Answered,
      },
      async ({ params, body, caller }) => ({
        success: true as const,
        election: await tally.tally(params.id, body.private_key, `${caller.kind}:${caller.subject}`),
      }),
    ),
    route(
      {
        method: 'GET',
        path: '/api/admin/elections/:id/results',
        access: mayHere('elections.results'),
        params: ElectionPath,
        reply: OfficerResults,
      },
      ({ params }) => tally.officerResults(params.id),
    ),
  ]
}

export const publicResultRoutes = (tally: Tally): Route[] => [
  anonymousRoute(
    {
      method: 'GET',
      path: '/api/elections/:id/results',
      summary: 'The result, once it is counted.',
      params: ElectionPath,
      reply: Result,
    },
    ({ params }) => tally.publicResults(params.id),
  ),
]
