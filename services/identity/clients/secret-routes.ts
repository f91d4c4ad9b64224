import { may, route, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import type { ClientOperations } from './operations.ts'
import { ClientPath, Detailed, detailed, DetailedOnce, SecretPath } from './shapes.ts'

export interface ClientRouteNeeds {
  readonly operations: ClientOperations
  /** Where discovery begins. */
  readonly issuer: string
  readonly logoHrefOf: (client: string) => Promise<string | null>
}

export const ofClient = ({ params }: { params: { id: string } }) => ({ type: 'Client', id: params.id })

/** Two secrets at once, so that one can take the place of the other while both are in use. */
export function secretRoutes({ operations, issuer }: ClientRouteNeeds): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/identity/clients/:id/secrets',
        access: may('clients.change', ofClient),
        summary: 'Makes a second secret. It is in this answer and in no other.',
        params: ClientPath,
        reply: DetailedOnce,
        status: 201,
      },
      async ({ params, caller }) => {
        const { client, secret } = await operations.addSecret(params.id, `person:${caller.subject}`)
        return { client: detailed(client, issuer), secret }
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/identity/clients/:id/secrets/:secret/retire',
        access: may('clients.change', ofClient),
        summary: 'Ends a secret: at once, or at the time that is said, within a year.',
        params: SecretPath,
        body: z.strictObject({ endsAt: z.iso.datetime({ offset: true }).optional() }),
        reply: Detailed,
      },
      async ({ params: { id, secret }, body: { endsAt }, caller }) => {
        const at = endsAt === undefined ? undefined : new Date(endsAt)
        const client = await operations.retireSecret(id, secret, at, `person:${caller.subject}`)
        return detailed(client, issuer)
      },
    ),
  ]
}
