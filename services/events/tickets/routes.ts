import type { Attestation } from '@althing/kernel/attestation'
import { may, route, type Caller, type Input, type Route } from '@althing/kernel/http'
import { Entitlements, ManifestCopy, TicketAnswer, TicketRequest } from '../contract.ts'
import type { Tickets } from './rules.ts'
import { ElectionPath } from './schema.ts'

const self = ({ caller }: { caller: Caller }) => ({ type: 'Person', id: caller.subject })

/** What an app or a browser sends along; it is handed to the verifier, and to nothing that knows an election. */
const evidenceIn = (headers: Input<undefined, undefined, undefined>['headers']) => ({
  'app-check': headers['x-firebase-appcheck'],
  turnstile: headers['x-turnstile-response'],
})

export function ticketRoutes(tickets: Tickets, attestation: Attestation): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/events/me/entitlements',
        access: may('tickets.read-own', self),
        summary: 'What the signed-in person may take part in.',
        reply: Entitlements,
        // Who looks at their tickets is about to fetch one: no line says when.
        unlogged: true,
      },
      ({ caller }) => tickets.entitlements(caller.subject),
    ),
    route(
      {
        method: 'GET',
        path: '/api/events/elections/:id/manifest',
        access: may('tickets.read-own', self),
        summary: 'The exact text of an election, for those on its roll.',
        params: ElectionPath,
        reply: ManifestCopy,
        unlogged: true,
      },
      ({ params, caller }) => tickets.manifest(caller.subject, params.id),
    ),
    route(
      {
        method: 'POST',
        path: '/api/events/tickets',
        access: may('tickets.issue', self),
        summary: 'Signs what it cannot see: one ticket for each entitlement (RFC 9474).',
        body: TicketRequest,
        reply: TicketAnswer,
        // No counter either: it would keep the minute beside the account. The entitlement bounds what one can get.
        unlogged: true,
      },
      async ({ body, caller, headers }) => {
        // After the sign-in, which it does not replace, and before anything is looked up or spent.
        await attestation.demand(evidenceIn(headers), 'ticket')
        return tickets.issue(caller.subject, body)
      },
    ),
  ]
}
