/** An election as it lies in the table `election`: what the features of this service tell each other. */
import { z } from 'zod'
import { ElectionId, Eligibility, IssuedCounts, Question, Result, Status, Text } from './contract.ts'

export const Publication = z.enum(['none', 'pending', 'done', 'refused'])

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

/** Voting is over and will not come back. */
export const isOver = (status: Status): boolean =>
  ['closed', 'tallied', 'archived', 'cancelled'].includes(status)

/** Everybody may know of it. */
export const isPublic = ({ hidden, manifest }: Pick<Election, 'hidden' | 'manifest'>): boolean =>
  !hidden && manifest !== null
