/** Is this person a member, and since when? Who has not paid is a member all the same. */
import type { z } from 'zod'
import type { Membership, PersonId } from '../contract.ts'
import { maskKennitala } from '../kennitala.ts'
import type { Member } from '../member.ts'
import type { Claim } from './schema.ts'

type Answer = z.input<typeof Membership>

interface Needs {
  readonly memberOf: (person: PersonId) => Promise<Member | null>
  readonly claimOf: (person: PersonId) => Promise<Claim | null>
}

export function createMembership({ memberOf, claimOf }: Needs) {
  return {
    async of(person: PersonId): Promise<Answer> {
      const member = await memberOf(person)
      return member === null ? stranger(await claimOf(person)) : known(member)
    },
  }
}
export type MembershipOf = ReturnType<typeof createMembership>

/** `verified`: the eID proved the kennitala. */
function known(member: Member): Answer {
  const isMember = member.status === 'active'
  return {
    isMember,
    membershipStatus: isMember ? (member.feesPaid ? 'active' : 'unpaid') : 'inactive',
    feesPaid: member.feesPaid,
    verified: member.linkedBy === 'kennitala',
    kennitala: maskKennitala(member.kennitala),
    member: member.id,
    name: member.name,
    memberSince: member.dateJoined,
    phone: member.phone,
  }
}

function stranger(claim: Claim | null): Answer {
  const nationalId = claim?.nationalId ?? null
  return {
    isMember: false,
    membershipStatus: 'not_found',
    feesPaid: false,
    verified: nationalId !== null,
    kennitala: nationalId === null ? null : maskKennitala(nationalId),
    member: null,
    name: null,
    memberSince: null,
    phone: null,
  }
}
