import { z } from 'zod'
import { MemberId, PersonId } from '../contract.ts'

const Status = z.enum(['active', 'inactive'])

/** One row of member. */
export const Member = z.object({
  id: MemberId,
  kennitala: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  /** Seven digits, or a foreign number with its country. */
  phone: z.string().nullable(),
  dateJoined: z.iso.date().nullable(),
  feesPaid: z.boolean(),
  status: Status,
  person: PersonId.nullable(),
  /** What proved that the account is this member's: the eID, or a mailbox only. */
  linkedBy: z.enum(['kennitala', 'email']).nullable(),
  leftAt: z.date().nullable(),
  createdAt: z.date(),
  updatedAt: z.date(),
})
export type Member = z.output<typeof Member>

export const MemberPath = z.object({ id: MemberId })

export const ListQuery = z.strictObject({
  /** Part of a name or of an e-mail address, or the beginning of a kennitala. */
  q: z
    .string()
    .trim()
    .min(1)
    .max(100)
    .regex(/^\P{Cc}*$/u)
    .optional(),
  status: Status.optional(),
  cursor: z.string().min(1).max(600).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
export type ListQuery = z.output<typeof ListQuery>

const at = z.date().transform((date) => date.toISOString())

export const MemberView = Member.extend({ leftAt: at.nullable(), createdAt: at, updatedAt: at })
export const MemberList = z.object({ members: z.array(MemberView), next: z.string().nullable() })

export const RollQuery = z.strictObject({
  cut_off: z.iso.datetime({ offset: true }),
  after: MemberId.optional(),
})

/** From when until when somebody was a member. */
export interface Period {
  readonly member: MemberId
  readonly from: Date
}

export interface Change {
  readonly member: MemberId
  readonly fields: readonly string[]
}
