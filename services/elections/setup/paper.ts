/**
 * What an officer writes becomes one form: questions with ids, options with ids, each text by language. What is not a ballot
 * paper is refused here, with the field that is wrong, before anything is stored.
 */
import type { FieldError } from '@althing/kernel/errors'
import { createECDH } from 'node:crypto'
import { fromBase64url } from '@althing/kernel/crypto'
import { paddedBytesFor, Question, type CreateElection, type Text } from '../contract.ts'
import { fault } from './faults.ts'

type Input = Pick<CreateElection, 'question' | 'answers' | 'voting_type' | 'max_selections' | 'questions'>
type QuestionIn = NonNullable<CreateElection['questions']>[number]
type AnswerIn = QuestionIn['answers'][number]
type Language = 'is' | 'en'

/** Board entries have at most 65,535 bytes (C2SP tlog-tiles), the manifest's leaf among them; keys and frame need some of them. */
const longestPaper = 48_000

export const textOf = (given: string | Text, language: Language): Text =>
  typeof given === 'string' ? { [language]: given } : given

/** Both forms of input → questions. @throws Fault elections.setup.paper naming each field */
export function paperOf(input: Input, language: Language): Question[] {
  const asked = input.questions ?? [singleQuestion(input)]
  const at = (index: number) => (input.questions === undefined ? '' : `/questions/${index}`)
  const mistakes = [...both(input), ...asked.flatMap((one, index) => mistakesIn(one, at(index)))]
  refuse(mistakes)
  const questions = asked.map((one, index) => questionOf(one, index, language))
  refuse(
    twice(
      questions.map(({ id }) => id),
      (index) => `${at(index)}/id`,
    ),
  )
  refuse(tooLarge(questions))
  return questions
}

function both({ question, answers, questions }: Input): FieldError[] {
  if (questions === undefined || (question === undefined && answers === undefined)) return []
  return [
    { pointer: '/questions', message: 'Give either one question with its answers, or questions; not both.' },
  ]
}

function singleQuestion({ question, answers, voting_type, max_selections }: Input): QuestionIn {
  refuse([
    ...(question === undefined ? [{ pointer: '/question', message: 'Say what is asked.' }] : []),
    ...(answers === undefined ? [{ pointer: '/answers', message: 'Give at least two answers.' }] : []),
  ])
  return {
    text: question ?? '',
    answers: answers ?? [],
    voting_type: voting_type ?? 'single-choice',
    ...(max_selections === undefined ? {} : { max_selections }),
  }
}

function mistakesIn({ answers, voting_type, max_selections }: QuestionIn, at: string): FieldError[] {
  const field = (name: string) => `${at}/${name}`
  const mistakes: FieldError[] = []
  if (voting_type === 'single-choice' && (max_selections ?? 1) !== 1) {
    mistakes.push({ pointer: field('max_selections'), message: 'A single choice has exactly one selection.' })
  }
  if ((max_selections ?? 1) > answers.length)
    mistakes.push({ pointer: field('max_selections'), message: 'Is more than there are answers.' })
  const seen = new Set<string>()
  for (const [index, answer] of answers.entries()) {
    const words = spoken(answer)
    if (words.some((word) => seen.has(word)))
      mistakes.push({ pointer: `${field('answers')}/${index}`, message: 'Stands on the paper already.' })
    for (const word of words) seen.add(word)
  }
  return mistakes
}

/** An answer in each language, as a reader compares it: case and composition do not tell two answers apart. */
function spoken(answer: AnswerIn): string[] {
  const text = typeof answer === 'string' ? answer : answer.text
  const entries = typeof text === 'string' ? [['', text] as const] : Object.entries(text)
  return entries.map(([, word = '']) => word.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' '))
}

function questionOf(
  { id, text, answers, voting_type, max_selections }: QuestionIn,
  index: number,
  language: Language,
): Question {
  const taken = new Set(
    answers.flatMap((answer) => (typeof answer === 'string' || answer.id === undefined ? [] : [answer.id])),
  )
  const options = answers.map((answer, place) => {
    const given = typeof answer === 'string' ? { text: answer } : answer
    return { id: given.id ?? freeId(taken, place), text: textOf(given.text, language) }
  })
  refuse(
    twice(
      options.map((option) => option.id),
      (place) => `/questions/${index}/answers/${place}/id`,
    ),
  )
  const most = voting_type === 'single-choice' ? 1 : (max_selections ?? answers.length)
  return Question.parse({
    id: id ?? `q${index + 1}`,
    text: textOf(text, language),
    voting_type,
    max_selections: most,
    options,
  })
}

function freeId(taken: Set<string>, place: number): string {
  let id = `a${place + 1}`
  while (taken.has(id)) id = `${id}-`
  taken.add(id)
  return id
}

function twice(ids: readonly string[], pointer: (index: number) => string): FieldError[] {
  return ids.flatMap((id, index) =>
    ids.indexOf(id) < index ? [{ pointer: pointer(index), message: 'This id stands twice.' }] : [],
  )
}

function tooLarge(questions: readonly Question[]): FieldError[] {
  const bytes = new TextEncoder().encode(JSON.stringify(questions)).length
  const fits = bytes <= longestPaper && paddedBytesFor(questions) <= 16_384
  return fits
    ? []
    : [
        {
          pointer: '/questions',
          message: 'The paper is too long. Shorten texts or ids, or make two elections.',
        },
      ]
}

/** A point of P-256 that is none would make every ballot impossible to open, and be found when all is over. */
export function checkSealingKey(key: string): void {
  try {
    const pair = createECDH('prime256v1')
    pair.generateKeys()
    const point = fromBase64url(key)
    if (point[0] !== 4) throw new TypeError('compressed')
    pair.computeSecret(point)
  } catch {
    refuse([{ pointer: '/sealing_key', message: 'Is not a public key of P-256 (65 bytes, uncompressed).' }])
  }
}

export function checkSchedule(start: Date | null, end: Date | null): void {
  if (start !== null && end !== null && end <= start)
    refuse([{ pointer: '/scheduled_end', message: 'Is not after the beginning.' }])
}

function refuse(fields: readonly FieldError[]): void {
  if (fields.length > 0) throw fault.paper(undefined, { fields })
}
