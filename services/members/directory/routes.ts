import { may, route, type Route } from '@althing/kernel/http'
import { RollPage } from '../contract.ts'
import type { Listing } from './rules.ts'
import { ListQuery, MemberList, MemberPath, MemberView, RollQuery } from './schema.ts'

export function directoryRoutes(listing: Listing): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/members',
        access: may('members.list'),
        summary: 'Members by name; q looks in names, e-mail addresses and kennitölur.',
        query: ListQuery,
        reply: MemberList,
      },
      ({ query }) => listing.list(query),
    ),
    route(
      {
        method: 'GET',
        path: '/api/members/:id',
        access: may<{ id: string }>('members.read', ({ params }) => ({ type: 'Member', id: params.id })),
        params: MemberPath,
        reply: MemberView,
      },
      ({ params }) => listing.get(params.id),
    ),
    route(
      {
        method: 'GET',
        path: '/internal/members/roll',
        access: may('members.roll'),
        query: RollQuery,
        reply: RollPage,
      },
      ({ query }) => listing.roll(query.cut_off, query.after ?? null),
    ),
  ]
}
