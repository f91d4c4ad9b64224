/** Applications for those who look after the house: which there are, and what each of them is. */
import { may, route, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import { Done } from '../contract.ts'
import { PolicyName, type ClientWords } from './schema.ts'
import { ofClient, secretRoutes, type ClientRouteNeeds } from './secret-routes.ts'
import {
  Changed,
  ClientPath,
  Detailed,
  detailed,
  DetailedOnce,
  Listed,
  listed,
  Made,
  Whole,
} from './shapes.ts'

export const clientRoutes = (needs: ClientRouteNeeds): Route[] => [
  ...lookingRoutes(needs),
  ...writingRoutes(needs),
  ...standingRoutes(needs),
  ...secretRoutes(needs),
]

function lookingRoutes({ operations, issuer, logoHrefOf }: ClientRouteNeeds): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/identity/clients',
        access: may('clients.read'),
        summary: 'The applications that may sign people in, by id; no secret among them.',
        query: z.strictObject({
          search: z.string().trim().max(100).default(''),
          policy: PolicyName.optional(),
          state: z.enum(['enabled', 'disabled']).optional(),
          after: z.string().max(100).default(''),
          limit: z.coerce.number().int().min(1).max(200).default(50),
        }),
        reply: z.object({ clients: z.array(Listed), next: z.string().nullable() }),
      },
      async ({ query: { after, limit, ...filter } }) => {
        const clients = await operations.list(filter, after, limit)
        return {
          clients: clients.map(listed),
          next: clients.length === limit ? (clients.at(-1)?.id ?? null) : null,
        }
      },
    ),
    route(
      {
        method: 'GET',
        path: '/api/identity/clients/:id',
        access: may('clients.read', ofClient),
        summary: 'One application, in the words of RFC 7591.',
        params: ClientPath,
        reply: Whole,
      },
      async ({ params }) => ({
        ...detailed(await operations.show(params.id), issuer),
        logoHref: await logoHrefOf(params.id),
      }),
    ),
  ]
}

function writingRoutes({ operations, issuer }: ClientRouteNeeds): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/identity/clients',
        access: may('clients.create'),
        summary:
          'Makes an application of a kind. Its secret, when it has one, is in this answer and in no other.',
        body: Made,
        reply: DetailedOnce,
        status: 201,
      },
      async ({ body: { metadata, ...wished }, caller }) => {
        const words = metadata as ClientWords
        const made = await operations.create({ ...wished, metadata: words }, `person:${caller.subject}`)
        return { client: detailed(made.client, issuer), secret: made.secret }
      },
    ),
    route(
      {
        method: 'PATCH',
        path: '/api/identity/clients/:id',
        access: may('clients.change', ofClient),
        summary:
          'Changes what is named, and nothing else; null takes a word away. With the version that it was made from it is refused when somebody was faster.',
        params: ClientPath,
        body: Changed,
        reply: DetailedOnce,
      },
      async ({ params, body, caller }) => {
        const done = await operations.change(params.id, body, `person:${caller.subject}`)
        return { client: detailed(done.client, issuer), secret: done.secret }
      },
    ),
  ]
}

function standingRoutes({ operations, issuer }: ClientRouteNeeds): Route[] {
  return [
    ...(['disable', 'enable'] as const).map((verb) =>
      route(
        {
          method: 'POST',
          path: `/api/identity/clients/:id/${verb}`,
          access: may(`clients.${verb}`, ofClient),
          summary:
            verb === 'disable'
              ? 'From the next request on it can do nothing. What people allowed it stays.'
              : 'It may be used again, with what people allowed it before.',
          params: ClientPath,
          reply: Detailed,
        },
        async ({ params, caller }) =>
          detailed(
            await operations.setDisabled(params.id, verb === 'disable', `person:${caller.subject}`),
            issuer,
          ),
      ),
    ),
    route(
      {
        method: 'DELETE',
        path: '/api/identity/clients/:id',
        access: may('clients.remove', ofClient),
        summary:
          'Ends it for ever, with its secrets, its tokens, what people allowed it and what it is told.',
        params: ClientPath,
        reply: Done,
      },
      async ({ params, caller }) => {
        await operations.remove(params.id, `person:${caller.subject}`)
        return { done: true as const }
      },
    ),
  ]
}
