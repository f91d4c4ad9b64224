/** What others in the person world may know of members: membership in words, and who was a member at a moment. */
import { z } from 'zod'

export const MemberId = z
  .string()
  .regex(/^mem_[0-9a-f-]{36}$/)
  .brand<'MemberId'>()
export type MemberId = z.output<typeof MemberId>
/** Account of identity: opaque here. */
export const PersonId = z
  .string()
  .regex(/^acc_[0-9a-f-]{36}$/)
  .brand<'PersonId'>()
export type PersonId = z.output<typeof PersonId>

export const MembershipStatus = z.enum(['active', 'unpaid', 'inactive', 'not_found'])
export type MembershipStatus = z.output<typeof MembershipStatus>

/** GET /api/members/me/membership (functional specification A7: verifyMembership). */
export const Membership = z.object({
  isMember: z.boolean(),
  membershipStatus: MembershipStatus,
  feesPaid: z.boolean(),
  verified: z.boolean(),
  /** First six digits, then stars. */
  kennitala: z.string().nullable(),
  member: MemberId.nullable(),
  name: z.string().nullable(),
  memberSince: z.iso.date().nullable(),
  /** Of the member themself; a directory of the version before does not say it. */
  phone: z.string().nullable().default(null),
})
export type Membership = z.output<typeof Membership>

/** identity → members: whether a person belongs, for the page of their own account. */
export const membershipOf = (person: string) => ({
  method: 'GET' as const,
  path: `/internal/members/membership/${encodeURIComponent(person)}`,
  reply: Membership,
})

/** events → members: everybody entitled at a moment, in pages, in the order of the id. Members without an account are there too. */
export const RollEntry = z.object({ member: MemberId, person: PersonId.nullable() })
export const RollPage = z.object({ entries: z.array(RollEntry), next: MemberId.nullable() })
export const rollAt = (cutOff: string, after: MemberId | null) => ({
  method: 'GET' as const,
  path: `/internal/members/roll?cut_off=${encodeURIComponent(cutOff)}${after === null ? '' : `&after=${after}`}`,
  reply: RollPage,
})

/** members → identity: this account belongs to a member (role `member`), or no longer does. */
export const memberJoined = 'members.joined'
export const MemberJoined = z.object({ person: PersonId, member: MemberId })
export const memberLeft = 'members.left'
export const MemberLeft = z.object({ person: PersonId, member: MemberId })
/** members → events: an account was linked to a member, so that rolls already frozen find their voter. */
export const memberLinked = 'members.linked'
export const MemberLinked = z.object({ person: PersonId, member: MemberId })
