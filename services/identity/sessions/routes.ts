import { may, RevocationFeed, route, type Route } from '@althing/kernel/http'
import { Feed as FeedQuery } from './schema.ts'
import type { Feed } from './feed.ts'

export function feedRoutes(feed: Feed): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/internal/revocations',
        access: may('revocations.read'),
        summary: 'Sessions and stamps that were revoked after a number; waits when there is nothing new.',
        query: FeedQuery,
        reply: RevocationFeed,
      },
      ({ query }) => feed.newerThan(query.after),
    ),
  ]
}
