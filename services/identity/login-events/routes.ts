import { may, route, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import { LoginTry, RefusalCount } from '../contract.ts'
import type { LoginEvents } from './rules.ts'

/** Who came or tried to, for those who look after the house. */
export function loginEventRoutes({ list, reasons }: LoginEvents): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/identity/login-events',
        access: may('login-events.read'),
        summary: 'Who signed in or tried to, the latest first.',
        query: z.strictObject({
          account: z.string().max(100).optional(),
          result: z.enum(['in', 'step', 'refused']).optional(),
          before: z.string().max(100).default(''),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
        reply: z.object({ events: z.array(LoginTry), next: z.string().nullable() }),
      },
      async ({ query: { account, result, before, limit } }) => {
        const events = await list({ account, result }, before, limit)
        return {
          events: events.map(({ at, ...event }) => ({ ...event, at: at.toISOString() })),
          next: events.length === limit ? (events.at(-1)?.id ?? null) : null,
        }
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/identity/login-events/reasons',
        access: may('login-events.read'),
        summary: 'Why people were refused, and how often.',
        query: z.strictObject({ days: z.coerce.number().int().min(1).max(90).default(1) }),
        reply: z.object({ reasons: z.array(RefusalCount) }),
      },
      async ({ query: { days } }) => ({
        reasons: (await reasons(days)).map(({ latest, ...reason }) => ({
          ...reason,
          latest: latest.toISOString(),
        })),
      }),
    ),
  ]
}
