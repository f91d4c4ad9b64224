import { may, route, type Caller, type Route } from '@althing/kernel/http'
import { whoIs } from '../caller.ts'
import type { Proven } from '../proof.ts'
import { undeniable, type By, type Overrides } from './rules.ts'
import {
  ActionsListed,
  type ActionListed,
  Ask,
  Decide,
  End,
  OverridePath,
  OverrideShown,
  OverridesListed,
  OverridesQuery,
} from './schema.ts'

interface Needs {
  readonly overrides: Overrides
  readonly proven: Proven
  readonly mostDays: number
  /** Everything that a policy may permit or forbid, and which of it is Althing’s own. */
  readonly actions: () => Promise<Omit<ActionListed, 'isDeniable'>[]>
}

export const byOf = (caller: Caller): By & { readonly person: string } => ({
  actor: whoIs(caller),
  person: caller.subject,
  roles: caller.roles,
  isAlone: false,
})

export const overrideRoutes = (needs: Needs): Route[] => [...readingRoutes(needs), ...changingRoutes(needs)]

function readingRoutes({ overrides, mostDays, actions }: Needs): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/policy/overrides',
        access: may('overrides.read'),
        summary: 'What somebody in particular may or may not do, and until when; the newest first.',
        query: OverridesQuery,
        reply: OverridesListed,
      },
      async ({ query: { limit, ...filter } }) => ({ ...(await overrides.list(filter, limit)), mostDays }),
    ),
    route(
      {
        method: 'GET',
        path: '/api/policy/overrides/:id',
        access: may('overrides.read'),
        summary: 'One override: who wanted it, who decided about it, why and until when.',
        params: OverridePath,
        reply: OverrideShown,
      },
      ({ params }) => overrides.show(params.id),
    ),
    route(
      {
        method: 'GET',
        path: '/api/policy/actions',
        access: may('overrides.read'),
        summary: 'Everything that can be permitted or denied to somebody in particular.',
        reply: ActionsListed,
      },
      async () => ({
        actions: (await actions()).map((one) => ({ ...one, isDeniable: !undeniable.includes(one.name) })),
      }),
    ),
  ]
}

function changingRoutes({ overrides, proven }: Needs): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/policy/overrides',
        access: may('overrides.ask'),
        summary:
          'Denies somebody something at once, which needs a second factor just now; or asks for something to be permitted to them, about which somebody else decides.',
        body: Ask,
        reply: OverrideShown,
        status: 201,
      },
      ({ body, caller }) => {
        if (body.kind === 'deny') proven(caller)
        return overrides.ask(body, byOf(caller))
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/policy/overrides/:id/decide',
        access: may('overrides.decide'),
        summary:
          'Brings into force what somebody else asked for, or refuses it; needs a second factor just now.',
        params: OverridePath,
        body: Decide,
        reply: OverrideShown,
      },
      ({ params, body, caller }) => {
        proven(caller)
        return overrides.decide(params.id, body, byOf(caller))
      },
    ),
    route(
      {
        method: 'POST',
        path: '/api/policy/overrides/:id/end',
        access: may('overrides.end'),
        summary: 'Ends an override before its time, or takes back a wish for one; emergency access too.',
        params: OverridePath,
        body: End,
        reply: OverrideShown,
      },
      ({ params, body, caller }) => overrides.end(params.id, body.reason, byOf(caller)),
    ),
  ]
}
