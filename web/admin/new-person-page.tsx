import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { useCarried } from './carried.ts'
import { Go, type Console } from './go.tsx'
import { Button, Choice, PageHeading } from './parts.tsx'
import * as api from './people-api.ts'
import { fieldErrorsOf, ProblemNotice } from './problem.tsx'

const fields = ['name', 'email', 'kennitala'] as const

/** An account for somebody: what comes next, a link or a code on paper, is on its own page. */
export function NewPersonPage({ locale, go }: Console) {
  const t = adminTexts(locale)
  const [form, setForm] = useCarried('person-new', () => ({ name: '', email: '', kennitala: '' }))
  const [letters, setLetters] = useCarried<string>('person-new-letters', () => locale)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const wrong = (name: string) => fieldErrorsOf(error).some(({ pointer }) => pointer === `/${name}`)
  const send = () => {
    setBusy(true)
    const given = Object.fromEntries(Object.entries(form).filter(([, value]) => value.trim() !== ''))
    api
      .create({ ...given, locale: letters })
      .then(({ id }) => go(`/admin/people/${id}`), setError)
      .finally(() => setBusy(false))
  }
  return (
    <>
      <p>
        <Go to="/admin/people" go={go}>
          {t('people.all')}
        </Go>
      </p>
      <PageHeading>{t('people.new')}</PageHeading>
      <ProblemNotice locale={locale} error={error} />
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          send()
        }}
      >
        {fields.map((name) => (
          <Field
            key={name}
            locale={locale}
            name={name}
            isWrong={wrong(name)}
            value={form[name]}
            set={(value) => setForm({ ...form, [name]: value })}
          />
        ))}
        <Choice
          id="f-locale"
          label={t('people.field.locale')}
          value={letters}
          set={setLetters}
          options={[
            ['is', 'Íslenska'],
            ['en', 'English'],
          ]}
        />
        <div className="row">
          <Button kind="primary" busy={busy}>
            {t('people.create')}
          </Button>
        </div>
      </form>
    </>
  )
}

interface FieldProps extends Pick<Console, 'locale'> {
  readonly name: (typeof fields)[number]
  readonly isWrong: boolean
  readonly value: string
  readonly set: (value: string) => void
}

function Field({ locale, name, isWrong, value, set }: FieldProps) {
  const t = adminTexts(locale)
  const described = isWrong ? `f-${name}-error` : name === 'name' ? undefined : `f-${name}-hint`
  return (
    <div className={`field${isWrong ? ' field-wrong' : ''}`}>
      <label htmlFor={`f-${name}`}>{t(`people.field.${name}`)}</label>
      {name !== 'name' && (
        <p className="hint" id={`f-${name}-hint`}>
          {t(`people.field.${name}.hint`)}
        </p>
      )}
      {isWrong && (
        <p className="error" id={`f-${name}-error`}>
          {t(`people.field.${name}.wrong`)}
        </p>
      )}
      <input
        id={`f-${name}`}
        className="input"
        autoComplete="off"
        aria-invalid={isWrong ? true : undefined}
        aria-describedby={described}
        value={value}
        onChange={(event) => set(event.target.value)}
      />
    </div>
  )
}
