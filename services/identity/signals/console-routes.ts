import { may, route, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import { Done } from '../contract.ts'
import type { SignalOperations } from './operations.ts'
import { SignalDelivery, StreamId } from './schema.ts'

const DeliveryPath = z.object({ id: z.string().regex(/^sgd_[0-9a-f-]{36}$/) })
const ofDelivery = ({ params }: { params: { id: string } }) => ({ type: 'SignalDelivery', id: params.id })

/** What applications were told, for those who look after the house; and once more what did not arrive. */
export function signalConsoleRoutes({ list, replay }: Pick<SignalOperations, 'list' | 'replay'>): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/identity/signals',
        access: may('signals.read'),
        summary: 'What applications are told about people, the latest first.',
        query: z.strictObject({
          state: SignalDelivery.shape.state.optional(),
          stream: StreamId.optional(),
          before: z.string().max(100).default(''),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
        reply: z.object({ deliveries: z.array(SignalDelivery), next: z.string().nullable() }),
      },
      async ({ query: { before, limit, ...filter } }) => {
        const deliveries = await list(filter, before, limit)
        return {
          deliveries: deliveries.map(({ at, nextAt, doneAt, ...one }) => ({
            ...one,
            at: at.toISOString(),
            nextAt: nextAt.toISOString(),
            doneAt: doneAt?.toISOString() ?? null,
          })),
          next: deliveries.length === limit ? (deliveries.at(-1)?.id ?? null) : null,
        }
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/identity/signals/:id/replay',
        access: may('signals.replay', ofDelivery),
        summary: 'Tells it once more, under the same id.',
        params: DeliveryPath,
        reply: Done,
      },
      async ({ params, caller }) => {
        await replay(params.id, `person:${caller.subject}`)
        return { done: true as const }
      },
    ),
  ]
}
