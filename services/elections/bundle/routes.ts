import { anonymousRoute, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import { Bundle, ElectionId } from '../contract.ts'
import type { Bundles } from './rules.ts'

export const bundleRoutes = (bundle: Bundles): Route[] => [
  anonymousRoute(
    {
      method: 'GET',
      path: '/api/elections/:id/bundle',
      summary: 'Everything that is needed to check the count.',
      params: z.object({ id: ElectionId }),
      reply: Bundle,
    },
    ({ params }) => bundle(params.id),
  ),
]
