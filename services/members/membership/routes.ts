import { may, route, type Route } from '@althing/kernel/http'
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
  ]
}
