import { may, route, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import { PersonId } from '../contract.ts'
import { TimelineKind, TimelineLine } from './schema.ts'
import type { Timeline } from './rules.ts'

/** What happened to somebody, for those who look after people. */
export function timelineRoute(timeline: Timeline): Route {
  return route(
    {
      method: 'GET',
      path: '/api/identity/users/:id/timeline',
      access: may('users.timeline', ({ params }: { params: { id: string } }) => ({
        type: 'Person',
        id: params.id,
      })),
      summary: 'What happened to an account, who did it and why, the latest first.',
      params: z.object({ id: PersonId }),
      query: z.strictObject({
        kind: TimelineKind.optional(),
        before: z.string().max(600).default(''),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      reply: z.object({ lines: z.array(TimelineLine), next: z.string().nullable() }),
    },
    ({ params, query: { kind, before, limit } }) => timeline.of(params.id, kind, before, limit),
  )
}
