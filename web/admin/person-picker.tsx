import { rankAmong } from '@althing/policy/contract'
import { useEffect, useRef, useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Choices } from './choices.tsx'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Button } from './parts.tsx'
import { nameOf, peopleLike, type Ref } from './permissions-api.ts'
import { Picker } from './picker.tsx'
import { ProblemNotice } from './problem.tsx'

interface Props extends Pick<Console, 'locale' | 'go'> {
  /** Of whoever chooses: whom they rank below, somebody else sees to. */
  readonly rank: number
  readonly subject: Ref | null
  readonly called: string
  readonly error: string | undefined
  /** A role is what is missing: the way to where one is given. */
  readonly isRoleless: boolean
  readonly choose: (subject: Ref | null, called: string) => void
}

/** Somebody by name or address; whoever is no person, a service or a key, by kind and id. */
export function PersonPicker({ locale, go, rank, subject, called, error, isRoleless, choose }: Props) {
  const t = adminTexts(locale)
  const [words, setWords] = useState('')
  const { value, error: failure } = useLoaded(() => found(words), [words])
  const people = failure === null ? value : null
  const isMoved = useRef(false)
  // What was pressed is gone: whoever uses the keyboard goes on from what has taken its place.
  useEffect(() => {
    if (!isMoved.current) return
    isMoved.current = false
    document
      .querySelector<HTMLElement>(subject === null ? '#override-who' : '[data-part="who"] button')
      ?.focus()
  }, [subject])
  const move = (to: Ref | null, name: string) => {
    isMoved.current = true
    choose(to, name)
  }
  if (subject !== null)
    return (
      <Choices id="override-who" legend={t('override.form.who')} error={error}>
        <div className="row">
          <strong>{called === '' ? nameOf(subject) : called}</strong>
          <Button kind="quiet" onPress={() => move(null, '')}>
            {t('override.form.who.change')}
          </Button>
          {isRoleless && (
            <Go to={`/admin/people/${subject.id}/edit`} go={go}>
              {t('roles.change')}
            </Go>
          )}
        </div>
      </Choices>
    )
  return (
    <Picker
      id="override-who"
      locale={locale}
      legend={t('override.form.who')}
      error={error}
      label={t('override.form.who.search')}
      words={words}
      set={setWords}
      status={people !== null && words !== '' && t('override.form.who.found', { count: people.length })}
    >
      <ProblemNotice locale={locale} error={failure} />
      {people !== null && people.length > 0 && (
        <ul className="rows found">
          {people.map(({ ref, name, more, roles }) => (
            <li key={nameOf(ref)}>
              {rankAmong(roles) > rank ? (
                <p>
                  {name} <span className="soft small">{t('override.form.who.above')}</span>
                </p>
              ) : (
                <Button kind="quiet" onPress={() => move(ref, name)}>
                  {name === '' ? nameOf(ref) : name}{' '}
                  {more !== '' && <span className="soft small">{more}</span>}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Picker>
  )
}

const found = async (words: string) => (words.trim() === '' ? [] : (await peopleLike(words)).slice(0, 8))
