/** What must be right before an election is published, because afterwards nobody can change it. */
import type { AdminElection } from '@althing/elections/contract'

export interface Item {
  readonly name: 'questions' | 'language' | 'key' | 'roll' | 'time'
  readonly state: 'done' | 'todo' | 'note'
  readonly text:
    | 'check.questions'
    | 'check.language'
    | 'check.language.no'
    | 'check.key'
    | 'check.key.no'
    | 'check.key.unsaved'
    | 'check.roll'
    | 'check.time'
    | 'check.time.no'
    | 'check.time.past'
}

export function checklist(election: AdminElection, keyIsSaved: boolean, now: Date): readonly Item[] {
  const { questions, scheduled_end: end } = election
  return [
    { name: 'questions', state: questions.length > 0 ? 'done' : 'todo', text: 'check.questions' },
    inBoth(election)
      ? { name: 'language', state: 'done', text: 'check.language' }
      : { name: 'language', state: 'note', text: 'check.language.no' },
    keyItem(election, keyIsSaved),
    { name: 'roll', state: 'done', text: 'check.roll' },
    end === null
      ? { name: 'time', state: 'note', text: 'check.time.no' }
      : new Date(end) <= now
        ? { name: 'time', state: 'todo', text: 'check.time.past' }
        : { name: 'time', state: 'done', text: 'check.time' },
  ]
}

export const isReady = (items: readonly Item[]): boolean => items.every(({ state }) => state !== 'todo')

function keyItem({ sealing_key }: AdminElection, isSaved: boolean): Item {
  if (sealing_key === null) return { name: 'key', state: 'todo', text: 'check.key.no' }
  return isSaved
    ? { name: 'key', state: 'done', text: 'check.key' }
    : { name: 'key', state: 'todo', text: 'check.key.unsaved' }
}

function inBoth({ title, description, questions }: AdminElection): boolean {
  const texts = [
    title,
    ...(description === null ? [] : [description]),
    ...questions.flatMap(({ text, options }) => [text, ...options.map((option) => option.text)]),
  ]
  return texts.every(({ is, en }) => is !== undefined && en !== undefined)
}
