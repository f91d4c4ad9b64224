import type { Locale } from '@althing/web-ui/locale.ts'
import { useEffect, useState } from 'react'
import { adminTexts } from './admin-texts.ts'

/** A moment after the last letter, not after each. */
const pauseMs = 250

/** As much as every list takes to look for; whoever pastes a letter here has missed the field. */
const most = 100

interface Props {
  readonly id: string
  readonly locale: Locale
  readonly label: string
  /** What is looked for, as it stands in the address. */
  readonly value: string
  readonly set: (value: string) => void
}

/** What an address says is looked for, as far as a list takes it: a longer one is no dead end. */
export const lookedFor = (filter: URLSearchParams, name: string): string => cut(filter.get(name) ?? '')

const cut = (words: string) => words.trimStart().slice(0, most)

/** Looks while somebody writes: a table is asked for when they pause. What is too long stays in the field, to be mended, and is said. */
export function SearchBox({ id, locale, label, value, set }: Props) {
  const t = adminTexts(locale)
  const [written, setWritten] = useState(value)
  useEffect(() => {
    if (written === value) return undefined
    const timer = setTimeout(() => set(cut(written)), pauseMs)
    return () => clearTimeout(timer)
  }, [written])
  // Emptied from outside, by the way back to the whole list.
  useEffect(() => {
    if (value === '') setWritten('')
  }, [value])
  const isLong = written.trimStart().length > most
  return (
    <div className={isLong ? 'field field-wrong' : 'field'}>
      <label htmlFor={id}>{label}</label>
      <p className={isLong ? 'error' : 'visually-hidden'} id={`${id}-long`} role="status">
        {isLong && t('search.long', { most })}
      </p>
      <input
        id={id}
        type="search"
        className="input"
        value={written}
        aria-invalid={isLong ? true : undefined}
        aria-describedby={isLong ? `${id}-long` : undefined}
        onChange={(event) => setWritten(event.target.value)}
      />
    </div>
  )
}
