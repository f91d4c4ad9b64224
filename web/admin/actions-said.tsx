import { createWordsOf } from './action-words.ts'
import type { Console } from './go.tsx'
import type { Action } from './overrides-api.ts'

interface Props extends Pick<Console, 'locale'> {
  readonly known: readonly Action[]
  readonly actions: readonly string[]
}

/** Each in words, where there are any, and by its name. */
export function Said({ locale, known, actions }: Props) {
  const wordsOf = createWordsOf(locale, known)
  return (
    <ul className="stack-tight">
      {actions.map((name) => (
        <li key={name}>
          {wordsOf(name)} <code className="wraps">{name}</code>
        </li>
      ))}
    </ul>
  )
}
