import type { Console } from './go.tsx'

interface Props extends Pick<Console, 'locale'> {
  readonly words: Readonly<Record<string, { readonly is: string; readonly en: string }>>
  readonly actions: readonly string[]
}

/** Each in words, where there are any, and by its name. */
export function Said({ locale, words, actions }: Props) {
  return (
    <ul className="stack-tight">
      {actions.map((name) => (
        <li key={name}>
          {words[name]?.[locale]} <code className="wraps">{name}</code>
        </li>
      ))}
    </ul>
  )
}
