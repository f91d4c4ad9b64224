import { z } from 'zod'
import { AdminElection, ElectionId, Result, Status, Text, VotingType } from '../contract.ts'

export const ElectionPath = z.object({ id: ElectionId })
export const Answered = z.object({ success: z.literal(true), election: AdminElection })

/** The source system's answer for one question, beside the whole result. */
export const OfficerResults = Result.extend({
  election_id: ElectionId,
  title: Text,
  status: Status,
  question: Text.optional(),
  voting_type: VotingType.optional(),
  total_votes: z.int().optional(),
  results: z
    .array(z.object({ answer_id: z.string(), text: Text, votes: z.int(), percentage: z.number() }))
    .optional(),
  /** Null when several tie: nobody is made a winner by the order of a list. */
  winner: z.object({ answer_id: z.string(), text: Text }).nullable().optional(),
})
export type OfficerResults = z.output<typeof OfficerResults>
