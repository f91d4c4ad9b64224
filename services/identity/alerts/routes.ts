import { may, route, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import { ResolveReason, SecurityAlert, SecurityAlertDetail } from '../contract.ts'
import type { Alerts } from './rules.ts'
import { AlertPath, type Alert } from './schema.ts'

const ofAlert = ({ params }: { params: { id: string } }) => ({ type: 'SecurityAlert', id: params.id })

/** What those who look after the house should see, and say why it is settled. */
export function alertRoutes({ list, show, resolve }: Alerts): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/identity/alerts',
        access: may('alerts.read'),
        summary: 'Security alerts, the latest first.',
        query: z.strictObject({
          state: SecurityAlert.shape.state.optional(),
          severity: SecurityAlert.shape.severity.optional(),
          account: z.string().max(100).optional(),
          before: z.string().max(100).default(''),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
        reply: z.object({ alerts: z.array(SecurityAlert), next: z.string().nullable() }),
      },
      async ({ query: { before, limit, ...filter } }) => {
        const alerts = await list(filter, before, limit)
        return {
          alerts: alerts.map(told),
          next: alerts.length === limit ? (alerts.at(-1)?.id ?? null) : null,
        }
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/identity/alerts/:id',
        access: may('alerts.read', ofAlert),
        summary: 'One security alert, and where it was told.',
        params: AlertPath,
        reply: SecurityAlertDetail,
      },
      async ({ params: { id } }) => {
        const { alert, deliveries } = await show(id)
        return {
          ...told(alert),
          deliveries: deliveries.map(({ sink, deliveredAt }) => ({
            sink,
            deliveredAt: deliveredAt?.toISOString() ?? null,
          })),
        }
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/identity/alerts/:id/resolve',
        access: may('alerts.resolve', ofAlert),
        summary: 'Says why an alert needs nobody any more. The same thing seen later is a new alert.',
        params: AlertPath,
        body: z.strictObject({ reason: ResolveReason }),
        reply: SecurityAlert,
      },
      async ({ params, body, caller }) =>
        told(await resolve(params.id, body.reason, `person:${caller.subject}`)),
    ),
  ]
}

const told = ({ firstSeen, lastSeen, resolvedAt, ...alert }: Alert) => ({
  ...alert,
  firstSeen: firstSeen.toISOString(),
  lastSeen: lastSeen.toISOString(),
  resolvedAt: resolvedAt?.toISOString() ?? null,
})
