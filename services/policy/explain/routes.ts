import { may, route, type Caller, type Route } from '@althing/kernel/http'
import { Evaluation } from '../contract.ts'
import type { Finding } from './finding.ts'
import type { Explaining } from './rules.ts'
import { CanFound, Explanation, MayFound, Simulated, Simulating, WhatMay, WhoCan } from './schema.ts'

interface Asking {
  readonly caller: Caller
  readonly request: string | undefined
}

const door = { method: 'POST', access: may('access.explain'), bodyLimit: 2 ** 20 } as const
const asking = ({ caller }: { readonly caller: Caller }): Asking => ({ caller, request: undefined })

/** Why, why not, and what would be: for those who look after it. None of it is a decision. */
export function explainRoutes(
  { explain, simulate }: Explaining<Asking>,
  { whoCan, whatMay }: Finding<Asking>,
): Route[] {
  return [
    route(
      {
        ...door,
        path: '/api/policy/explain',
        summary: 'Why somebody may do this, why not, and what it would take.',
        body: Evaluation,
        reply: Explanation,
      },
      (input) => explain(input.body, asking(input)),
    ),
    route(
      {
        ...door,
        path: '/api/policy/simulate',
        summary: 'What would be decided if something were otherwise, or with the policies of a draft.',
        body: Simulating,
        reply: Simulated,
      },
      (input) => simulate(input.body, asking(input)),
    ),
    route(
      {
        ...door,
        path: '/api/policy/who-can',
        summary: 'Who may do this to that, and through what.',
        body: WhoCan,
        reply: CanFound,
      },
      (input) => whoCan(input.body, asking(input)),
    ),
    route(
      {
        ...door,
        path: '/api/policy/what-may',
        summary: 'What somebody may do, to what, and through what.',
        body: WhatMay,
        reply: MayFound,
      },
      (input) => whatMay(input.body, asking(input)),
    ),
  ]
}
