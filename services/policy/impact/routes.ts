import { may, route, type Route } from '@althing/kernel/http'
import { DraftPath } from '../contract.ts'
import type { ImpactReports } from './rules.ts'
import { Impact, ImpactQuery } from './schema.ts'

export const impactRoutes = (impact: ImpactReports): Route[] => [
  route(
    {
      method: 'GET',
      path: '/api/policy/drafts/:id/impact',
      access: may('policy.read'),
      summary:
        'Which of the last decisions the draft would have made otherwise, and of how many nobody can say.',
      params: DraftPath,
      query: ImpactQuery,
      reply: Impact,
    },
    ({ params, query }) => impact.report(params.id, query.last),
  ),
]
