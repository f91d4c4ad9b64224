import { may, route, type Route } from '@althing/kernel/http'
import { PersonId } from '@althing/identity/contract'
import { z } from 'zod'
import { StandingOf } from '../contract.ts'
import type { Proven } from '../proof.ts'
import { decideDays, type Overrides } from './rules.ts'
import {
  ActionsListed,
  type ActionListed,
  Ask,
  OverridePath,
  OverrideShown,
  OverridesListed,
  OverridesQuery,
} from './schema.ts'
import { byOf, settlingRoutes } from './settling-routes.ts'
import { withheld } from './withheld.ts'

interface Needs {
  readonly overrides: Overrides
  readonly proven: Proven
  readonly mostDays: number
  /** Everything that a policy may permit or forbid, and which of it is Althing’s own. */
  readonly actions: () => Promise<Omit<ActionListed, 'withheld'>[]>
}

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
      async ({ query: { limit, ...filter } }) => ({
        ...(await overrides.list(filter, limit)),
        mostDays,
        decideDays,
      }),
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
        path: '/internal/policy/standing/:person',
        access: may<{ person: string }>('overrides.standing', ({ params }) => ({
          type: 'Person',
          id: params.person,
        })),
        summary: 'What somebody is lent, permitted or denied now, for the page of their own account.',
        params: z.object({ person: PersonId }),
        reply: StandingOf,
      },
      async ({ params }) => ({ standing: await overrides.standing(params.person) }),
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
        actions: (await actions()).map((one) => ({
          ...one,
          withheld: { deny: withheld('deny', one.name), allow: withheld('allow', one.name) },
        })),
      }),
    ),
  ]
}

/** Each is a letter to everybody who decides. */
const limits = [{ name: 'override-asks', by: 'account', most: 60, withinSeconds: 3600 }] as const

function changingRoutes({ overrides, proven }: Needs): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/policy/overrides',
        access: may('overrides.ask'),
        limits,
        summary:
          'Denies somebody something at once, which needs a second factor just now; or asks for something to be permitted to them, about which somebody else decides. What is denied with what was lent to whoever denies it ends with that: `until` in the answer says when at the latest.',
        body: Ask,
        reply: OverrideShown,
        status: 201,
      },
      ({ body, caller }) => {
        if (body.kind === 'deny') proven(caller)
        return overrides.ask(body, byOf(caller))
      },
    ),
    ...settlingRoutes({
      of: 'overrides',
      rules: overrides,
      proven,
      summaries: {
        decide:
          'Brings into force what somebody else asked for, or refuses it; needs a second factor just now.',
        end: 'Ends an override before its time, or takes back a wish for one; emergency access too. What hangs on it ends with it. Whoever was lent this ends nothing that somebody who ranks above them has, has asked for or has decided.',
      },
    }),
  ]
}
