import { may, route, type Route } from '@althing/kernel/http'
import type { Proven } from '../proof.ts'
import type { Emergency } from './emergency.ts'
import { AskEmergency, EmergencyListed, EmergencyQuery, OverridePath, OverrideShown } from './schema.ts'
import { byOf, settlingRoutes } from './settling-routes.ts'

interface Needs {
  readonly emergency: Emergency
  readonly proven: Proven
}

export const emergencyRoutes = (needs: Needs): Route[] => [...readingRoutes(needs), ...changingRoutes(needs)]

function readingRoutes({ emergency }: Needs): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/policy/emergency',
        access: may('emergency.read'),
        summary: 'Emergency access: who asked for it, who has it, and what whoever looks may ask for.',
        query: EmergencyQuery,
        reply: EmergencyListed,
      },
      async ({ query: { limit, ...filter }, caller }) => ({
        ...(await emergency.list(filter, limit)),
        offer: emergency.offer(caller.roles),
      }),
    ),
    route(
      {
        method: 'GET',
        path: '/api/policy/emergency/:id',
        access: may('emergency.read'),
        summary: 'One of them, with what was said of it.',
        params: OverridePath,
        reply: OverrideShown,
      },
      ({ params }) => emergency.show(params.id),
    ),
  ]
}

function changingRoutes({ emergency, proven }: Needs): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/policy/emergency',
        access: may('emergency.ask'),
        summary:
          'Asks for emergency access for oneself, about which somebody else decides; needs a second factor just now.',
        body: AskEmergency,
        reply: OverrideShown,
        status: 201,
      },
      ({ body, caller }) => {
        proven(caller)
        return emergency.ask(body, byOf(caller))
      },
    ),
    ...settlingRoutes({
      of: 'emergency',
      rules: emergency,
      proven,
      summaries: {
        decide:
          'Brings somebody else’s emergency access into force, or refuses it; needs a second factor just now.',
        end: 'Gives one’s own emergency access back, or ends somebody’s before its time.',
      },
    }),
  ]
}
