import { may, route, type Route } from '@althing/kernel/http'
import { whoIs } from '../caller.ts'
import { DraftPath } from '../contract.ts'
import type { Shadow } from './rules.ts'
import { ShadowQuery, ShadowShown, Start } from './schema.ts'

export const shadowRoutes = (shadow: Shadow): Route[] => [
  route(
    {
      method: 'PUT',
      path: '/api/policy/drafts/:id/shadow',
      access: may('policy.draft'),
      summary:
        'Tries a draft beside what is in force, on a share of the decisions; nobody is told what it says.',
      params: DraftPath,
      body: Start,
      reply: ShadowShown,
    },
    ({ params, body, caller }) => shadow.start(params.id, body.share, whoIs(caller)),
  ),
  route(
    {
      method: 'DELETE',
      path: '/api/policy/drafts/:id/shadow',
      access: may('policy.draft'),
      summary: 'Ends it.',
      params: DraftPath,
      reply: ShadowShown,
    },
    ({ params, caller }) => shadow.end(params.id, whoIs(caller)),
  ),
  route(
    {
      method: 'GET',
      path: '/api/policy/drafts/:id/shadow',
      access: may('policy.read'),
      summary: 'How it goes, and the newest decisions that it would have made otherwise.',
      params: DraftPath,
      query: ShadowQuery,
      reply: ShadowShown,
    },
    ({ params, query }) => shadow.look(params.id, query.limit),
  ),
]
