import { z } from 'zod'
import {
  AdminElection,
  ElectionId,
  Eligibility,
  IssuedCounts,
  Question,
  Result,
  Status,
  Text,
} from '../contract.ts'

/** One row of election: what the features of this service tell each other of it (see record.ts). */
const Publication = z.enum(['none', 'pending', 'done', 'refused'])

export const Election = z.object({
  id: ElectionId,
  title: Text,
  description: Text.nullable(),
  questions: z.array(Question),
  eligibility: Eligibility,
  status: Status,
  hidden: z.boolean(),
  publication: Publication,
  publicationProblem: z.string().nullable(),
  smallGroupReason: z.string().nullable(),
  sealingKey: z.string().nullable(),
  scheduledStart: z.date().nullable(),
  scheduledEnd: z.date().nullable(),
  /** Exact text, so that hash and leaf can be made again. */
  manifest: z.string().nullable(),
  manifestHash: z.string().nullable(),
  manifestNote: z.string().nullable(),
  entitled: z.int().nullable(),
  issued: IssuedCounts.shape.issued.nullable(),
  privateKey: z.string().nullable(),
  result: Result.nullable(),
  publishedAt: z.date().nullable(),
  openedAt: z.date().nullable(),
  closedAt: z.date().nullable(),
  createdAt: z.date(),
  version: z.int(),
  /** The database's clock when the row was read. */
  now: z.date(),
})
export type Election = z.output<typeof Election>

/** What may be set while it is a draft. */
export type Draft = Pick<
  Election,
  | 'title'
  | 'description'
  | 'questions'
  | 'eligibility'
  | 'scheduledStart'
  | 'scheduledEnd'
  | 'sealingKey'
  | 'smallGroupReason'
>

export const ElectionPath = z.object({ id: ElectionId })

const switched = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1')

export const ListQuery = z.strictObject({
  status: Status.optional(),
  includeHidden: switched.default(false),
  search: z.string().trim().min(1).max(200).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(200).optional(),
})
export type ListQuery = z.output<typeof ListQuery>

export const Answered = z.object({ success: z.literal(true), election: AdminElection })
export const Removed = z.object({ success: z.literal(true) })
export const Listed = z.object({
  elections: z.array(AdminElection),
  pagination: z.object({ limit: z.int(), has_more: z.boolean(), next_cursor: z.string().nullable() }),
})

/** Where a page ended. */
export const Cursor = z.object({ createdAt: z.coerce.date(), id: ElectionId })

export interface Filter {
  readonly status?: Status | undefined
  readonly includeHidden: boolean
  readonly search?: string | undefined
  readonly limit: number
  readonly after?: z.output<typeof Cursor> | undefined
}

export interface Published {
  readonly manifest: string
  readonly hash: string
  readonly note: string
  readonly entitled: number
}

export const Counted = z.object({ status: Status, count: z.int() })
export type Counted = z.output<typeof Counted>
