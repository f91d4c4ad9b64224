import { z } from 'zod'
import { AdminElection, ElectionId, Result, Status, Text, VotingType } from '../contract.ts'
import type { Election } from '../record.ts'

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

export function seedShape(
  { id, title, status, questions }: Election,
  result: z.output<typeof Result>,
): OfficerResults {
  const whole = { ...result, election_id: id, title, status }
  const [question] = questions
  const [counted] = result.questions
  if (questions.length !== 1 || question === undefined || counted === undefined) return whole
  const textOf = (option: string) => question.options.find((one) => one.id === option)?.text ?? question.text
  const [winner] = counted.winners
  return {
    ...whole,
    question: question.text,
    voting_type: question.voting_type,
    total_votes: counted.voters,
    results: counted.options.map((option) => ({
      answer_id: option.id,
      text: textOf(option.id),
      votes: option.votes,
      percentage: option.percentage,
    })),
    winner:
      winner !== undefined && counted.winners.length === 1
        ? { answer_id: winner, text: textOf(winner) }
        : null,
  }
}
