/** The form of an election as plain data: what was written, what is missing, and what is sent. */
import { isoIn, localIn } from './moments.ts'
import type { AdminElection } from '@althing/elections/contract'

export interface Both {
  readonly is: string
  readonly en: string
}
export interface QuestionForm {
  readonly text: Both
  readonly type: 'single-choice' | 'multi-choice'
  readonly most: string
  readonly answers: readonly Both[]
}
export interface PaperForm {
  readonly title: Both
  readonly description: Both
  readonly questions: readonly QuestionForm[]
  /** As an input of type datetime-local holds it. */
  readonly start: string
  readonly end: string
}

const none: Both = { is: '', en: '' }
export const emptyQuestion: QuestionForm = {
  text: none,
  type: 'single-choice',
  most: '1',
  answers: [none, none],
}
export const emptyForm: PaperForm = {
  title: none,
  description: none,
  questions: [emptyQuestion],
  start: '',
  end: '',
}
export const emptyAnswer = none

export type Need = 'need.title' | 'need.text' | 'need.answers' | 'need.most' | 'need.order'

/** What is missing, by the id of its field. */
export function needsOf(form: PaperForm): { readonly field: string; readonly need: Need }[] {
  const questions = form.questions.flatMap((question, index) => {
    const answers = question.answers.filter(isWritten)
    const most = Number(question.most)
    const isMany = question.type === 'multi-choice'
    return [
      ...(isWritten(question.text)
        ? []
        : [{ field: idOf('questions', index, 'text'), need: 'need.text' as const }]),
      ...(answers.length >= 2
        ? []
        : [{ field: idOf('questions', index, 'answers', 0), need: 'need.answers' as const }]),
      ...(isMany && !(Number.isInteger(most) && most >= 1 && most <= answers.length)
        ? [{ field: idOf('questions', index, 'max_selections'), need: 'need.most' as const }]
        : []),
    ]
  })
  const isTurned = form.start !== '' && form.end !== '' && form.end <= form.start
  return [
    ...(isWritten(form.title) ? [] : [{ field: idOf('title'), need: 'need.title' as const }]),
    ...questions,
    ...(isTurned ? [{ field: idOf('scheduled_end'), need: 'need.order' as const }] : []),
  ]
}

/** `/questions/0/answers/1` of a refusal becomes the id of the field it is about. */
export const idOf = (...path: readonly (string | number)[]): string => ['f', ...path].join('-')
export const idOfPointer = (pointer: string): string =>
  idOf(...pointer.split('/').filter((part) => part !== ''))

export function bodyOf(form: PaperForm) {
  return {
    title: written(form.title),
    ...(isWritten(form.description) ? { description: written(form.description) } : { description: '' }),
    questions: form.questions.map(({ text, type, most, answers }) => ({
      text: written(text),
      voting_type: type,
      max_selections: type === 'single-choice' ? 1 : Number(most),
      answers: answers.filter(isWritten).map((answer) => ({ text: written(answer) })),
    })),
    scheduled_start: isoIn(form.start) || null,
    scheduled_end: isoIn(form.end) || null,
  }
}

export function formOf(election: AdminElection): PaperForm {
  return {
    title: bothOf(election.title),
    description: bothOf(election.description ?? {}),
    questions: election.questions.map((question) => ({
      text: bothOf(question.text),
      type: question.voting_type,
      most: String(question.max_selections),
      answers: question.options.map(({ text }) => bothOf(text)),
    })),
    start: localIn(election.scheduled_start ?? ''),
    end: localIn(election.scheduled_end ?? ''),
  }
}

const isWritten = ({ is, en }: Both): boolean => is.trim() !== '' || en.trim() !== ''
const bothOf = ({ is = '', en = '' }: { is?: string | undefined; en?: string | undefined }): Both => ({
  is,
  en,
})

/** A language that was left empty is left out, so that readers of it see the other. */
function written({ is, en }: Both) {
  return { ...(is.trim() === '' ? {} : { is: is.trim() }), ...(en.trim() === '' ? {} : { en: en.trim() }) }
}
