/** What becomes of letters, for those who look after the house: what waits, what went out, and which mailboxes are held back. */
import { may, route, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import { Done, EmailAddress, ListedDelivery, QueuedLetter, Suppressed } from '../contract.ts'
import { eventRoute, type EventNeeds } from './event-routes.ts'
import type { Deliveries } from './rules.ts'
import { Lifted, QueuePath } from './schema.ts'

type Needs = Pick<Deliveries, 'list' | 'queue' | 'resend' | 'suppressions' | 'lift'> & EventNeeds

export const deliveryRoutes = (needs: Needs): Route[] => [
  ...lookingRoutes(needs),
  ...changingRoutes(needs),
  eventRoute(needs),
]

function lookingRoutes({ list, queue, suppressions }: Needs): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/identity/mail/queue',
        access: may('mail.read'),
        summary: 'Letters that have not gone out: given up first, then failing, then waiting for their turn.',
        reply: z.object({ letters: z.array(QueuedLetter) }),
      },
      async () => ({
        letters: (await queue()).map(({ nextAt, person, ...letter }) => ({
          ...letter,
          account: person,
          nextAt: nextAt.toISOString(),
        })),
      }),
    ),
    route(
      {
        method: 'GET',
        path: '/api/identity/mail/deliveries',
        access: may('mail.read'),
        summary: 'What became of letters and text messages, the latest first.',
        query: z.strictObject({
          account: z.string().max(100).optional(),
          state: ListedDelivery.shape.state.optional(),
          before: z.string().max(100).default(''),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
        reply: z.object({ deliveries: z.array(ListedDelivery), next: z.string().nullable() }),
      },
      async ({ query: { before, limit, ...filter } }) => {
        const found = await list(filter, before, limit)
        return {
          deliveries: found.map(({ beganAt, changedAt, ...one }) => ({
            ...one,
            beganAt: beganAt.toISOString(),
            changedAt: changedAt.toISOString(),
          })),
          next: found.length === limit ? (found.at(-1)?.id ?? null) : null,
        }
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/identity/mail/suppressions',
        access: may('mail.read'),
        summary: 'Mailboxes that nothing is sent to, and why.',
        reply: z.object({ suppressions: z.array(Suppressed) }),
      },
      async () => ({
        suppressions: (await suppressions()).map(({ since, endsAt, ...one }) => ({
          ...one,
          since: since.toISOString(),
          endsAt: endsAt.toISOString(),
        })),
      }),
    ),
  ]
}

function changingRoutes({ resend, lift }: Needs): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/identity/mail/queue/:id/retry',
        access: may('mail.resend'),
        summary: 'Begins one letter of the queue anew, at once.',
        params: QueuePath,
        reply: Done,
      },
      async ({ params, caller }) => {
        await resend(params.id, `person:${caller.subject}`)
        return { done: true as const }
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/identity/mail/suppressions/lift',
        access: may('mail.lift'),
        summary: 'Lets letters go to a mailbox again, here and at a carrier that keeps lists of its own.',
        // In the body: an address in a path would stand in every log on the way.
        body: z.strictObject({ address: EmailAddress }),
        reply: Lifted,
      },
      async ({ body, caller }) => {
        const carrier = await lift(body.address, `person:${caller.subject}`)
        return { done: true as const, carrier }
      },
    ),
  ]
}
