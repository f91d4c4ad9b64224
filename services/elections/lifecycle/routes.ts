import { may, route, type Caller, type Route } from '@althing/kernel/http'
import type { z } from 'zod'
import { Issuance, IssuedCounts, OpenElection, type ElectionId } from '../contract.ts'
import type { Move } from './moves.ts'
import type { Publishing } from './publish.ts'
import type { Lifecycle } from './rules.ts'
import { Accepted, Answered, ElectionPath } from './schema.ts'

const actor = ({ kind, subject }: Caller) => `${kind}:${subject}`
const mayHere = (action: string) =>
  may<{ id: string }>(action, ({ params }) => ({ type: 'Election', id: params.id }))

interface Verbs {
  readonly lifecycle: Lifecycle
  readonly publishing: Publishing
  readonly issued: (id: ElectionId, counts: z.output<typeof IssuedCounts>['issued']) => Promise<boolean>
}

export function lifecycleRoutes({ lifecycle, publishing, issued }: Verbs): Route[] {
  const step = (move: Move) =>
    verb(move, `elections.${move}`, (id, caller) => lifecycle.step(id, move, actor(caller)))
  return [
    route(
      {
        method: 'POST',
        path: '/api/admin/elections/:id/open',
        access: mayHere('elections.open'),
        summary: 'Publishes, and opens now or at the scheduled start.',
        params: ElectionPath,
        body: OpenElection.default({}), // Nothing to say is said by sending nothing.
        reply: Answered,
      },
      async ({ params, body, caller }) => ({
        success: true as const,
        election: await lifecycle.open(params.id, body, actor(caller)),
      }),
    ),
    ...(['close', 'pause', 'resume', 'archive', 'cancel'] as const).map(step),
    verb('hide', 'elections.hide', (id, caller) => lifecycle.setHidden(id, true, actor(caller))),
    verb('unhide', 'elections.unhide', (id, caller) => lifecycle.setHidden(id, false, actor(caller))),
    route(
      {
        method: 'PUT',
        path: '/internal/elections/:id/issuance',
        access: mayHere('elections.issuance'),
        params: ElectionPath,
        body: Issuance,
        reply: Accepted,
        bodyLimit: 256 * 1024,
      },
      async ({ params, body }) => ({ accepted: await publishing.issuance(params.id, body) }),
    ),
    route(
      {
        method: 'PUT',
        path: '/internal/elections/:id/issued',
        access: mayHere('elections.issuance'),
        params: ElectionPath,
        body: IssuedCounts,
        reply: Accepted,
      },
      async ({ params, body }) => ({ accepted: await issued(params.id, body.issued) }),
    ),
  ]
}

function verb(
  name: string,
  action: string,
  act: (id: ElectionId, caller: Caller) => Promise<z.input<typeof Answered>['election']>,
): Route {
  return route(
    {
      method: 'POST',
      path: `/api/admin/elections/:id/${name}`,
      access: mayHere(action),
      params: ElectionPath,
      reply: Answered,
    },
    async ({ params, caller }) => ({
      success: true as const,
      election: await act(params.id, caller),
    }),
  )
}
