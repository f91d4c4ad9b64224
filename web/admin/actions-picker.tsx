import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { createWordsOf, groupsOf } from './action-words.ts'
import type { Console } from './go.tsx'
import { Options } from './options.tsx'
import type { Action } from './overrides-api.ts'
import { Picker } from './picker.tsx'

interface Props extends Pick<Console, 'locale'> {
  readonly actions: readonly Action[]
  readonly chosen: readonly string[]
  readonly error: string | undefined
  readonly set: (chosen: readonly string[]) => void
}

/** There are many: a few letters show the fitting ones, the arrows walk through them, and what is chosen stays in sight. */
export function ActionsPicker({ locale, actions, chosen, error, set }: Props) {
  const t = adminTexts(locale)
  const [words, setWords] = useState('')
  const wordsOf = createWordsOf(locale, actions)
  const look = words.trim().toLocaleLowerCase(locale)
  const shown = actions.filter(
    ({ name }) =>
      chosen.includes(name) || `${name} ${wordsOf(name) ?? ''}`.toLocaleLowerCase(locale).includes(look),
  )
  return (
    <Picker
      id="override-actions"
      locale={locale}
      legend={t('override.form.actions')}
      error={error}
      label={t('override.form.actions.search')}
      words={words}
      set={setWords}
      status={
        <>
          {t('override.form.actions.count', { count: chosen.length })}
          {chosen.length > 0 && `: ${chosen.map((name) => wordsOf(name) ?? name).join(', ')}`}
          {shown.length === 0 && ` · ${t('override.form.actions.none')}`}
        </>
      }
    >
      {shown.length > 0 && (
        <Options
          id="override-action"
          label={t('override.form.actions')}
          groups={groupsOf(shown).map(({ at, actions: own }) => ({
            id: at,
            title: t('actions.at', { at }),
            options: own.map(({ name }) => ({ name, words: wordsOf(name) })),
          }))}
          chosen={chosen}
          toggle={(name) =>
            set(chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name])
          }
        />
      )}
    </Picker>
  )
}
