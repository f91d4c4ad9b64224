import { may, route, type Caller, type Route } from '@althing/kernel/http'
import { idempotencyKeyOf } from '@althing/kernel/resilience'
import { CreateElection, PatchElection } from '../contract.ts'
import type { Setup } from './rules.ts'
import { Answered, ElectionPath, Listed, ListQuery, Removed } from './schema.ts'

const actor = ({ kind, subject }: Caller) => `${kind}:${subject}`
const mayHere = (action: string) =>
  may<{ id: string }>(action, ({ params }) => ({ type: 'Election', id: params.id }))
const base = '/api/admin/elections'

export const setupRoutes = (setup: Setup): Route[] => [...readingRoutes(setup), ...changingRoutes(setup)]

function changingRoutes(setup: Setup): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: base,
        access: may('elections.create'),
        summary: 'A new draft. With an Idempotency-Key, asking again gives the same one.',
        body: CreateElection,
        reply: Answered,
        status: 201,
        bodyLimit: 256 * 1024,
      },
      async ({ body, caller, headers }) => ({
        success: true as const,
        election: await setup.create(body, actor(caller), idempotencyKeyOf(headers)),
      }),
    ),
    route(
      {
        method: 'PATCH',
        path: `${base}/:id`,
        access: mayHere('elections.update'),
        params: ElectionPath,
        body: PatchElection,
        reply: Answered,
        bodyLimit: 256 * 1024,
      },
      async ({ params, body, caller }) => ({
        success: true as const,
        election: await setup.change(params.id, body, actor(caller)),
      }),
    ),
    route(
      {
        method: 'DELETE',
        path: `${base}/:id`,
        access: mayHere('elections.delete'),
        params: ElectionPath,
        reply: Removed,
      },
      async ({ params, caller }) => {
        await setup.remove(params.id, actor(caller))
        return { success: true as const }
      },
    ),
  ]
}

function readingRoutes(setup: Setup): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: base,
        access: may('elections.list'),
        summary: 'All elections, newest first.',
        query: ListQuery,
        reply: Listed,
      },
      ({ query }) => setup.list(query),
    ),
    route(
      {
        method: 'GET',
        path: `${base}/:id`,
        access: mayHere('elections.read'),
        params: ElectionPath,
        reply: Answered,
      },
      async ({ params }) => ({
        success: true as const,
        election: await setup.show(params.id),
      }),
    ),
  ]
}
