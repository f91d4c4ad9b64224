/** The result as the source system's console reads it: the same numbers, by question. */
import type { z } from 'zod'
import type { Result } from '../contract.ts'
import type { Election } from '../record.ts'
import type { OfficerResults } from './schema.ts'

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
