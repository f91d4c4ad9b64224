import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import type { Console } from './go.tsx'
import { Picker } from './picker.tsx'

interface Props extends Pick<Console, 'locale'> {
  readonly actions: readonly string[]
  readonly chosen: readonly string[]
  readonly error: string | undefined
  readonly set: (chosen: readonly string[]) => void
}

/** There are many: a few letters show the fitting ones, and what is chosen stays in sight. */
export function ActionsPicker({ locale, actions, chosen, error, set }: Props) {
  const t = adminTexts(locale)
  const [words, setWords] = useState('')
  const look = words.trim().toLowerCase()
  const shown = actions.filter((name) => chosen.includes(name) || name.toLowerCase().includes(look))
  const toggle = (name: string, isOn: boolean) =>
    set(isOn ? [...chosen, name] : chosen.filter((one) => one !== name))
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
          {shown.length === 0 && ` · ${t('override.form.actions.none')}`}
        </>
      }
    >
      <div className="found picks">
        {shown.map((name) => (
          <label key={name} className="tick">
            <input
              type="checkbox"
              checked={chosen.includes(name)}
              onChange={(event) => toggle(name, event.target.checked)}
            />
            <code className="wraps">{name}</code>
          </label>
        ))}
      </div>
    </Picker>
  )
}
