import type { ReactNode } from 'react'
import { Choices } from './choices.tsx'
import type { Console } from './go.tsx'
import { SearchBox } from './search-box.tsx'

interface Props extends Pick<Console, 'locale'> {
  readonly id: string
  readonly legend: string
  readonly error: string | undefined
  /** What is looked for, in words. */
  readonly label: string
  readonly words: string
  readonly set: (words: string) => void
  /** How much was found, for those who hear it. */
  readonly status: ReactNode
  readonly children: ReactNode
}

/** A part of a form in which a few letters show what can be chosen. */
export function Picker({ id, locale, legend, error, label, words, set, status, children }: Props) {
  return (
    <Choices id={id} legend={legend} error={error}>
      <SearchBox id={id} locale={locale} label={label} value={words} set={set} />
      <p className="soft small" role="status">
        {status}
      </p>
      {children}
    </Choices>
  )
}
