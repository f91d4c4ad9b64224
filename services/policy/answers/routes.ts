import { may, route, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import { whoIs } from '../caller.ts'
import type { Answers } from './rules.ts'
import type { Renewing } from './renewing.ts'
import { Invalidating, Renewed, Stats } from './schema.ts'

/** Decisions that are kept, for those who look after the machine. */
export function answerRoutes({ stats }: Pick<Answers, 'stats'>, { renew }: Renewing): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/policy/cache',
        access: may('cache.read'),
        summary: 'What is kept of earlier decisions, at the node that answers.',
        reply: Stats,
      },
      () => stats(),
    ),
    route(
      {
        method: 'POST',
        path: '/api/policy/cache/clear',
        access: may('cache.clear'),
        summary: 'Has every node forget what it keeps of earlier decisions.',
        body: z.strictObject({}),
        reply: Renewed,
      },
      ({ caller }) => renew([], whoIs(caller)),
    ),
    route(
      {
        method: 'POST',
        path: '/api/policy/cache/invalidate',
        access: may('cache.clear'),
        summary: 'Has every node read these anew, and forget what it decided with them.',
        body: Invalidating,
        reply: Renewed,
      },
      ({ body, caller }) => renew(body.entities, whoIs(caller)),
    ),
  ]
}
