/** A member as the features of this service speak of one. */
import type { Member } from './directory/schema.ts'

export type { Member } from './directory/schema.ts'

/** What a source says about a member. A field that it does not speak of stays as it is. */
export interface MemberWords {
  readonly kennitala: string
  readonly name?: string | undefined
  readonly email?: string | undefined
  readonly phone?: string | undefined
  readonly dateJoined?: string | undefined
  readonly feesPaid?: boolean | undefined
  readonly status?: 'active' | 'inactive' | undefined
}

const wordFields = ['name', 'email', 'phone', 'dateJoined', 'feesPaid', 'status'] as const

/** The fields in which the words differ from what is known. */
export function differing(known: Member, words: MemberWords): (typeof wordFields)[number][] {
  return wordFields.filter((field) => words[field] !== undefined && words[field] !== known[field])
}

/** One applied change, as others in this service need to hear of it. */
export interface Changed {
  readonly before: Member | null
  readonly after: Member
  readonly fields: readonly string[]
}
