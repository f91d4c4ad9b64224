import { BundleAnswer } from '@althing/kernel/authz'
import { may, route, type Route } from '@althing/kernel/http'
import type { Current } from './current.ts'
import { BundleQuery } from './schema.ts'

export function bundleRoutes(current: Current): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/internal/policy/bundle',
        // No service can decide before it has a bundle, and this one decides with its own: it has it before it listens.
        access: may('policy.bundle'),
        query: BundleQuery,
        reply: BundleAnswer,
      },
      async ({ query }) => (await current.otherThan(query)) ?? { unchanged: true as const },
    ),
  ]
}
