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
      // Beside the ballots nobody needs to know when a voter signs out.
      ({ query, caller }) =>
        feed.newerThan(query.after, {
          officersOnly: caller.kind === 'service' && caller.subject === 'elections',
        }),
    ),
  ]
}
