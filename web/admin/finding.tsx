import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { Heading } from 'react-aria-components'
import { adminTexts } from './admin-texts.ts'
import { roomsLike, thingsLike, type Found, type Places } from './found.ts'
import { Go, type Console } from './go.tsx'

const pauseMs = 250
/** As much as a list looks for. */
const longest = 100

interface Props extends Pick<Console, 'locale' | 'go'>, Places {
  readonly close: () => void
}

/** A room, or somebody, by a few letters. What is found are links: Tab and the arrows go through them, Enter takes the first. */
export function Finding({ locale, go, rooms, close }: Props) {
  const t = adminTexts(locale)
  const [words, setWords] = useState('')
  const { found, isWhole } = useFound(locale, rooms, words.trim())
  const list = useRef<HTMLUListElement>(null)
  const leave: Console['go'] = (path) => {
    close()
    go(path)
  }
  const first = found[0]
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (first !== undefined) leave(first.href)
      }}
      onKeyDown={(event) => step(event, list.current)}
    >
      <Heading slot="title">{t('find.title')}</Heading>
      <div className="field">
        <label htmlFor="find">{t('find.label')}</label>
        <input
          id="find"
          type="search"
          className="input"
          autoComplete="off"
          autoFocus
          maxLength={longest}
          value={words}
          onChange={(event) => setWords(event.target.value)}
        />
      </div>
      <p className="soft small" role="status">
        {t('find.count', { count: found.length })}
        {!isWhole && ` ${t('find.partly')}`}
      </p>
      <ul className="rows found" aria-label={t('find.title')} ref={list}>
        {found.map((one) => (
          <li key={one.href}>
            <Go to={one.href} go={leave}>
              {one.name}
              <span className="soft small"> {one.kind}</span>
            </Go>
          </li>
        ))}
      </ul>
    </form>
  )
}

/** Down from the field into the list, and up again. */
function step(event: KeyboardEvent, list: HTMLUListElement | null): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
  const stops = [document.getElementById('find'), ...(list?.querySelectorAll<HTMLElement>('a') ?? [])]
  const at = stops.indexOf(document.activeElement as HTMLElement)
  const next = stops[at + (event.key === 'ArrowDown' ? 1 : -1)]
  if (at < 0 || next == null) return
  event.preventDefault()
  next.focus()
}

/** Rooms at once; what is in them when somebody pauses, and only for what they still look for. */
function useFound(locale: Console['locale'], rooms: Places['rooms'], words: string) {
  const [things, setThings] = useState<readonly Found[]>([])
  const [isWhole, setWhole] = useState(true)
  useEffect(() => {
    setThings([])
    setWhole(true)
    if (words.length < 2) return undefined
    let isCurrent = true
    const timer = setTimeout(() => {
      void thingsLike(locale, rooms, words).then((answer) => {
        if (!isCurrent) return
        setThings(answer.found)
        setWhole(answer.isWhole)
      })
    }, pauseMs)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [words])
  return { found: [...roomsLike(locale, rooms, words), ...things], isWhole }
}
