/** The paper: what may be marked, what is still missing, and what it says in the end. No screen, no network. */
import type { Choice, Question } from '@althing/elections/contract'
import type { Draft, Mark } from './place.ts'

const empty: Mark = { options: [], blank: false }

export const markOf = (draft: Draft, question: Question): Mark => draft[question.id] ?? empty

/** One option takes the place of another where one may be chosen; whoever chooses something does not vote blank. */
export function choose(draft: Draft, question: Question, option: string, chosen: boolean): Draft {
  const { options } = markOf(draft, question)
  const others = question.voting_type === 'single-choice' ? [] : options.filter((one) => one !== option)
  const next = chosen ? [...others, option] : others
  return { ...draft, [question.id]: { options: inOrderOf(question, next), blank: false } }
}

export const chooseBlank = (draft: Draft, question: Question, blank: boolean): Draft => ({
  ...draft,
  [question.id]: { options: blank ? [] : markOf(draft, question).options, blank },
})

export type Lack = 'nothing' | 'too many'

/** A question left open is not taken for a blank vote: saying nothing must be said. */
export function lackOf(draft: Draft, question: Question): Lack | null {
  const { options, blank } = markOf(draft, question)
  if (options.length > question.max_selections) return 'too many'
  return options.length === 0 && !blank ? 'nothing' : null
}

export const isWhole = (draft: Draft, questions: readonly Question[]): boolean =>
  questions.every((question) => lackOf(draft, question) === null)

/** @throws RangeError when something is still missing */
export function choiceOf(draft: Draft, questions: readonly Question[]): Choice {
  if (!isWhole(draft, questions)) throw new RangeError('The paper is not whole.')
  return {
    answers: Object.fromEntries(questions.map((question) => [question.id, markOf(draft, question).options])),
  }
}

/** In the order of the paper, whatever order they were pressed in; what is not on the paper falls away. */
const inOrderOf = ({ options }: Question, chosen: readonly string[]): string[] =>
  options.map(({ id }) => id).filter((id) => chosen.includes(id))

/** Up to this many stand on one page. */
export const questionsOnOnePage = 3
