/** The inbox of a service: facts from others arrive here, signed, and are applied once. */
import { z } from 'zod'
import { applyOnce, type Database, type Db } from '../db/index.ts'
import { may, route, type Route } from '../http/index.ts'
import type { Receives, Tx } from './define.ts'
import { messageFault } from './message-faults.ts'
import { erasureConfirmed, isAboutErased, personErased } from './privacy.ts'

export const Delivery = z.object({ id: z.uuid(), topic: z.string().max(100), payload: z.unknown() })
export const messagePath = '/internal/messages'

/** One route for all topics. A sender may speak only of the topics that its name stands beside. */
export function messageRoute(
  service: string,
  receives: readonly Receives[],
  database: Database,
  tx: (db: Db) => Tx,
): Route {
  return route(
    {
      method: 'POST',
      path: messagePath,
      access: may('messages.deliver', () => ({ type: 'Service', id: service })),
      body: Delivery,
      bodyLimit: 8 * 1024 * 1024,
      reply: z.object({ applied: z.boolean() }),
    },
    async ({ body, caller }) => {
      const receiver = receives.find(
        ({ topic, from }) => topic === body.topic && from.includes(caller.subject),
      )
      if (receiver === undefined) throw messageFault.unknown_topic()
      const applied = await database.transaction((db) =>
        applyOnce(db, body.id, async () => {
          const isOfErasing = body.topic === personErased || body.topic === erasureConfirmed
          if (!isOfErasing && (await isAboutErased(db, body.payload))) return
          await receiver.apply(body.payload, db, tx(db))
        }),
      )
      return { applied }
    },
  )
}
