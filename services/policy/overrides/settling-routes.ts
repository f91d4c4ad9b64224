/** What both kinds have in common at their doors: a second person decides, and somebody ends it. */
import { may, route, type Caller, type Route } from '@althing/kernel/http'
import { whoIs } from '../caller.ts'
import type { Proven } from '../proof.ts'
import type { By, Overrides } from './rules.ts'
import { Decide, End, OverridePath, OverrideShown } from './schema.ts'

export const byOf = (caller: Caller): By & { readonly person: string } => ({
  actor: whoIs(caller),
  person: caller.subject,
  roles: caller.roles,
  caller,
  isAlone: false,
})

interface Settling {
  readonly of: 'overrides' | 'emergency'
  readonly rules: Pick<Overrides, 'decide' | 'end'>
  readonly proven: Proven
  readonly summaries: { readonly decide: string; readonly end: string }
}

export const settlingRoutes = ({ of, rules, proven, summaries }: Settling): Route[] => [
  route(
    {
      method: 'POST',
      path: `/api/policy/${of}/:id/decide`,
      access: may(`${of}.decide`),
      summary: summaries.decide,
      params: OverridePath,
      body: Decide,
      reply: OverrideShown,
    },
    ({ params, body, caller }) => {
      proven(caller)
      return rules.decide(params.id, body, byOf(caller))
    },
  ),
  route(
    {
      method: 'POST',
      path: `/api/policy/${of}/:id/end`,
      access: may(`${of}.end`),
      summary: summaries.end,
      params: OverridePath,
      body: End,
      reply: OverrideShown,
    },
    ({ params, body, caller }) => rules.end(params.id, body.reason, byOf(caller)),
  ),
]
