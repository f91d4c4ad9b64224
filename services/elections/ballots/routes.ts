import { anonymousRoute, type Route } from '@althing/kernel/http'
import { Cast, Receipt } from '../contract.ts'
import type { Ballots } from './rules.ts'
import { BoxPath } from './schema.ts'

export function ballotRoutes(ballots: Ballots): Route[] {
  return [
    anonymousRoute(
      {
        path: '/api/elections/:election/ballots',
        summary: 'Casts a sealed ballot.',
        params: BoxPath,
        body: Cast,
        reply: Receipt,
      },
      ({ params, body }) => ballots.cast(params.election, body),
    ),
  ]
}
