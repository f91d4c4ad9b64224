import { may, route, type Route } from '@althing/kernel/http'
import { z } from 'zod'
import { Membership, PersonId } from '../contract.ts'
import type { MembershipOf } from './rules.ts'

export function membershipRoutes(membership: MembershipOf): Route[] {
  return [
    route(
      {
        method: 'GET',
        path: '/api/members/me/membership',
        access: may('members.read-own', ({ caller }) => ({ type: 'Person', id: caller.subject })),
        summary: 'Whether the signed-in person is a member.',
        reply: Membership,
      },
      ({ caller }) => membership.of(PersonId.parse(caller.subject)),
    ),
    route(
      {
        method: 'GET',
        path: '/internal/members/membership/:person',
        access: may<{ person: string }>('members.membership', ({ params }) => ({
          type: 'Person',
          id: params.person,
        })),
        params: z.object({ person: PersonId }),
        reply: Membership,
      },
      ({ params }) => membership.of(params.person),
    ),
  ]
}
