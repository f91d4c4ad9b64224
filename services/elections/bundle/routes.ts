import { anonymousRoute, bytes, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import { ElectionId } from '../contract.ts'
import type { Bundles } from './rules.ts'

const forEver = 'public, max-age=31536000, immutable'
const briefly = 'public, max-age=2'

export const bundleRoutes = (bundle: Bundles): Route[] => [
  anonymousRoute(
    {
      method: 'GET',
      path: '/api/elections/:id/bundle',
      summary: 'Everything that is needed to check the count.',
      params: z.object({ id: ElectionId }),
      // The shape is `Bundle` of the contract; it was checked when the text was made.
      reply: z.undefined(),
    },
    async ({ params }) => {
      const { text, etag, final } = await bundle(params.id)
      const headers = { etag, 'cache-control': final ? forEver : briefly }
      return bytes(text, 'application/json; charset=utf-8', { headers })
    },
  ),
]
