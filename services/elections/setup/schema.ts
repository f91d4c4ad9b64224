import { z } from 'zod'
import { AdminElection, ElectionId, Status } from '../contract.ts'

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
