import { DecisionReports } from '@althing/kernel/authz'
import { may, route, streamed, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import { whoIs } from '../caller.ts'
import type { DecisionReading } from './reading.ts'
import type { Replays } from './replaying.ts'
import type { MakingAgain } from './again.ts'
import type { HearReports } from './reported.ts'
import { Exporting, ListingWritten, ReplayingWritten } from './asking.ts'
import { Again, MadeAgain, Replayed, ToldPage, ToldWhole, Verdict, Verifying } from './schema.ts'
import type { Verifying as Verifies } from './verifying.ts'

interface Needs {
  readonly hear: HearReports
  readonly reading: DecisionReading
  readonly verifying: Verifies
  readonly replaying: Replays
  readonly again: MakingAgain
}

const types = { ndjson: 'application/x-ndjson; charset=utf-8', csv: 'text/csv; charset=utf-8' } as const

/** What was decided, for those who look after it. */
export function decisionRoutes({ hear, reading, ...proving }: Needs): Route[] {
  return [...readingRoutes(reading), ...provingRoutes(proving), reportRoute(hear)]
}

const reportRoute = (hear: HearReports): Route =>
  route(
    {
      method: 'POST',
      path: '/internal/policy/decisions',
      access: may('decisions.report'),
      summary: 'What a service of ours decided by itself.',
      body: DecisionReports,
      bodyLimit: 2 ** 20,
      reply: z.object({ heard: z.int() }),
    },
    async ({ body: { decisions }, caller }) => ({ heard: await hear(caller.subject, decisions) }),
  )

function readingRoutes(reading: DecisionReading): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/policy/decisions',
        access: may('decisions.read'),
        summary: 'What was decided, the latest first.',
        query: ListingWritten,
        reply: ToldPage,
      },
      ({ query, caller }) => reading.list(query, whoIs(caller)),
    ),
    route(
      {
        method: 'GET',
        path: '/api/policy/decisions/export',
        access: may('decisions.export'),
        summary: 'What was decided, all of it, as NDJSON or CSV.',
        query: Exporting,
      },
      async ({ query: { format, ...filter }, caller }) =>
        streamed(await reading.exported(filter, format, whoIs(caller)), types[format], {
          headers: { 'content-disposition': `attachment; filename="decisions.${format}"` },
        }),
    ),
    route(
      {
        method: 'GET',
        path: '/api/policy/decisions/:id',
        access: may('decisions.read'),
        summary: 'One decision, with everything that it was made of.',
        params: z.object({ id: z.uuid() }),
        reply: ToldWhole,
      },
      ({ params, caller }) => reading.show(params.id, whoIs(caller)),
    ),
  ]
}

function provingRoutes({ verifying, replaying, again }: Omit<Needs, 'reading' | 'hear'>): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/policy/decisions/verify',
        access: may('decisions.verify'),
        summary: 'Compares the decision log with the audit log, a part at a time.',
        body: Verifying,
        reply: Verdict,
      },
      ({ body }) => verifying.verify(body.after, body.through),
    ),
    route(
      {
        method: 'POST',
        path: '/api/policy/decisions/replay',
        access: may('decisions.replay'),
        summary: 'Makes decisions again from what was written of them.',
        body: ReplayingWritten,
        reply: Replayed,
      },
      ({ body }) => replaying.replay(body),
    ),
    route(
      {
        method: 'POST',
        path: '/api/policy/decisions/:id/replay',
        access: may('decisions.replay'),
        summary: 'Makes one decision again: with the policies of then, or with those of today.',
        params: z.object({ id: z.uuid() }),
        body: Again,
        reply: MadeAgain,
      },
      ({ params, body }) => again.make(params.id, body.policies),
    ),
  ]
}
