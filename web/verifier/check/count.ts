/** plurality/v1, counted a second time, as PROTOCOL.md says it. */
import { canonical, fromUtf8 } from './bytes.ts'
import type { Question } from './shapes.ts'

export type Answers = Readonly<Record<string, readonly string[]>>

export interface Counted {
  readonly id: string
  readonly options: readonly { readonly id: string; readonly votes: number; readonly percentage: number }[]
  readonly blank: number
  readonly voters: number
  readonly winners: readonly string[]
}

/** Canonical JSON `{"answers":{…}}`, then zeros to the end; null when it is anything else, down to one byte. */
export function readChoice(plaintext: Uint8Array): Answers | null {
  const end = plaintext.indexOf(0)
  try {
    const text = fromUtf8(end === -1 ? plaintext : plaintext.subarray(0, end))
    const choice: unknown = JSON.parse(text)
    if (!isDictionary(choice) || Object.keys(choice).join() !== 'answers' || !isDictionary(choice['answers']))
      return null
    const isList = (one: unknown) => Array.isArray(one) && one.every((id) => typeof id === 'string')
    const isCanonical =
      canonical(choice) === text &&
      plaintext.subarray(end === -1 ? plaintext.length : end).every((byte) => byte === 0)
    return isCanonical && Object.values(choice['answers']).every(isList)
      ? (choice['answers'] as Answers)
      : null
  } catch {
    return null
  }
}

const isDictionary = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Only what stands on the paper, nothing twice, not more than allowed. */
export function isVote(answers: Answers, questions: readonly Question[]): boolean {
  return Object.entries(answers).every(([id, chosen]) => {
    const question = questions.find((one) => one.id === id)
    return (
      question !== undefined &&
      chosen.length <= question.most &&
      new Set(chosen).size === chosen.length &&
      chosen.every((option) => question.options.includes(option))
    )
  })
}

/** @param votes valid ones only */
export function count(question: Question, votes: readonly Answers[]): Counted {
  const chosen = votes.map((answers) =>
    Object.hasOwn(answers, question.id) ? (answers[question.id] ?? []) : [],
  )
  const voters = chosen.length
  const options = question.options.map((id) => {
    const votesFor = chosen.filter((ids) => ids.includes(id)).length
    return {
      id,
      votes: votesFor,
      percentage: voters === 0 ? 0 : Math.floor((votesFor * 20_000 + voters) / (2 * voters)) / 100,
    }
  })
  const seats = question.type === 'single-choice' ? 1 : question.most
  const least = Math.max(1, options.map((one) => one.votes).sort((a, b) => b - a)[seats - 1] ?? 0)
  return {
    id: question.id,
    options,
    blank: chosen.filter((ids) => ids.length === 0).length,
    voters,
    winners: options.filter((one) => one.votes >= least).map((one) => one.id),
  }
}
