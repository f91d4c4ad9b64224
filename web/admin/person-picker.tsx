import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import type { Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Button } from './parts.tsx'
import * as people from './people-api.ts'
import { nameOf, refIn, type Ref } from './permissions-api.ts'
import { SearchBox } from './search-box.tsx'

interface Props extends Pick<Console, 'locale'> {
  readonly subject: Ref | null
  readonly called: string
  readonly error: string | undefined
  readonly choose: (subject: Ref | null, called: string) => void
}

interface Found {
  readonly ref: Ref
  readonly name: string
  readonly more: string
}

/** Somebody by name or address; whoever is no person, a service or a key, by kind and id. */
export function PersonPicker({ locale, subject, called, error, choose }: Props) {
  const t = adminTexts(locale)
  const [words, setWords] = useState('')
  const { value } = useLoaded(() => found(words), [words])
  if (subject !== null)
    return (
      <fieldset className="choices">
        <legend>{t('override.form.who')}</legend>
        <div className="row">
          <strong>{called === '' ? nameOf(subject) : called}</strong>
          <Button kind="quiet" onPress={() => choose(null, '')}>
            {t('override.form.who.change')}
          </Button>
        </div>
      </fieldset>
    )
  return (
    <fieldset className="choices" aria-describedby={error === undefined ? undefined : 'override-who-error'}>
      <legend>{t('override.form.who')}</legend>
      {error !== undefined && (
        <p className="error" id="override-who-error">
          {error}
        </p>
      )}
      <SearchBox
        id="override-who"
        locale={locale}
        label={t('override.form.who.search')}
        value={words}
        set={setWords}
      />
      <p className="soft small" role="status">
        {value !== null && words !== '' && t('override.form.who.found', { count: value.length })}
      </p>
      {value !== null && value.length > 0 && (
        <ul className="rows found">
          {value.map(({ ref, name, more }) => (
            <li key={nameOf(ref)}>
              <Button kind="quiet" onPress={() => choose(ref, name)}>
                {name === '' ? nameOf(ref) : name} {more !== '' && <span className="soft small">{more}</span>}
              </Button>
            </li>
          ))}
        </ul>
      )}
    </fieldset>
  )
}

async function found(words: string): Promise<readonly Found[]> {
  const text = words.trim()
  if (text === '') return []
  const ref = refIn(text)
  if (ref !== null) return [{ ref, name: '', more: '' }]
  const { users } = await people.people({ q: text, status: '', by: 'name', after: '' })
  return users
    .slice(0, 8)
    .map(({ id, name, email }) => ({ ref: { type: 'Person', id }, name, more: email ?? '' }))
}
