/** What actions are, in words, as policy says it; an organisation's own have their names alone. */
import type { Locale } from '@althing/web-ui/locale.ts'
import type { Action } from './overrides-api.ts'

export type WordsOf = (action: string) => string | null

export function createWordsOf(locale: Locale, actions: readonly Action[]): WordsOf {
  const words = new Map(actions.map(({ name, said }) => [name, said?.words[locale] ?? null]))
  return (action) => words.get(action) ?? null
}

interface Group {
  /** Where they are asked about. */
  readonly at: string
  readonly actions: readonly Action[]
}

/** In the order in which somebody looks for them: what people do first, what services do among themselves last. */
const order = ['identity', 'elections', 'members', 'events', 'policy', 'other', 'between'] as const

export function groupsOf(actions: readonly Action[]): Group[] {
  const atOf = ({ said }: Action) => order.find((at) => at === said?.at) ?? 'other'
  return order
    .map((at) => ({ at, actions: actions.filter((one) => atOf(one) === at) }))
    .filter((group) => group.actions.length > 0)
}
