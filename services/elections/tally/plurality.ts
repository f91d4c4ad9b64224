/**
 * `plurality/v1` of PROTOCOL.md: every ballot names at most as many options as it may, an option with more votes wins, a blank
 * vote is a vote. Pure: what it counts and what comes out are plain data, and the order of ballots does not matter.
 */
import type { z } from 'zod'
import type { Choice, Question, QuestionResult } from '../contract.ts'

type Outcome = z.output<typeof QuestionResult>

/** Every option on the paper, none twice, no more than allowed; a question left out is blank. */
export function isVote(questions: readonly Question[], { answers }: Choice): boolean {
  const paper = new Map(questions.map((question) => [question.id, question]))
  return Object.entries(answers).every(([id, chosen]) => {
    const question = paper.get(id)
    if (
      question === undefined ||
      chosen.length > question.max_selections ||
      new Set(chosen).size !== chosen.length
    )
      return false
    return chosen.every((option) => question.options.some((one) => one.id === option))
  })
}

/** @param votes valid ones only, see isVote */
export function plurality(questions: readonly Question[], votes: readonly Choice[]): Outcome[] {
  return questions.map((question) =>
    countQuestion(
      question,
      votes.map(({ answers }) => (Object.hasOwn(answers, question.id) ? (answers[question.id] ?? []) : [])),
    ),
  )
}

function countQuestion(
  { id, options, voting_type, max_selections }: Question,
  ballots: readonly (readonly string[])[],
): Outcome {
  const counts = new Map(options.map((option) => [option.id, 0]))
  for (const chosen of ballots) for (const option of chosen) counts.set(option, (counts.get(option) ?? 0) + 1)
  const voters = ballots.length
  const seats = voting_type === 'single-choice' ? 1 : max_selections
  return {
    id,
    options: [...counts].map(([option, votes]) => ({
      id: option,
      votes,
      percentage: percentage(votes, voters),
    })),
    blank: ballots.filter((chosen) => chosen.length === 0).length,
    voters,
    winners: winners(counts, seats),
  }
}

/** Two decimals, half up, in whole numbers so that every implementation rounds alike. */
export function percentage(votes: number, voters: number): number {
  if (voters === 0) return 0
  return Math.floor((votes * 20_000 + voters) / (2 * voters)) / 100
}

/** The options with the most votes, and all that tie for the last place; never one that nobody chose. */
function winners(counts: ReadonlyMap<string, number>, seats: number): string[] {
  const sorted = [...counts.values()].sort((a, b) => b - a)
  const needed = Math.max(sorted[seats - 1] ?? 0, 1)
  return [...counts].flatMap(([option, votes]) => (votes >= needed ? [option] : []))
}
