import { may, route, type Route } from '@althing/kernel/http'
import type { Imports } from './rules.ts'
import { Committed, ImportPath, Preview } from './schema.ts'

/** Decided number: 50 MB, read as it comes. */
const largestFileBytes = 50 * 1024 * 1024

export function importRoutes(imports: Imports): Route[] {
  return [
    route(
      {
        method: 'POST',
        path: '/api/members/imports',
        access: may('members.import'),
        summary: 'Looks at a CSV file of members: every mistake by row and column. Changes nothing.',
        streams: 'text/csv',
        bodyLimit: largestFileBytes,
        status: 201,
        reply: Preview,
        limits: [{ name: 'members-import', by: 'account', most: 30, withinSeconds: 600 }],
      },
      ({ stream, caller }) => imports.check(stream, `person:${caller.subject}`),
    ),
    route(
      {
        method: 'GET',
        path: '/api/members/imports/:id',
        access: may('members.import'),
        params: ImportPath,
        reply: Preview,
      },
      ({ params }) => imports.preview(params.id),
    ),
    route(
      {
        method: 'POST',
        path: '/api/members/imports/:id/commit',
        access: may('members.import'),
        summary: 'Applies what was looked at: all of it or nothing. A second time changes nothing.',
        params: ImportPath,
        reply: Committed,
      },
      ({ params, caller }) => imports.commit(params.id, `person:${caller.subject}`),
    ),
  ]
}
