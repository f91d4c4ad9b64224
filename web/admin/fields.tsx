import type { Locale } from '@althing/web-ui/locale.ts'
import { adminTexts } from './admin-texts.ts'
import type { Both } from './paper-form.ts'

interface Proposal {
  readonly value: string
  /** What it is, beside it. */
  readonly words: string | null
}

interface FieldProps {
  readonly id: string
  readonly label: string
  readonly hint?: string
  readonly error?: string | undefined
  readonly type?: 'text' | 'datetime-local' | 'number'
  readonly lang?: Locale
  readonly long?: boolean
  /** Proposed while somebody writes; anything else may be written too. */
  readonly known?: readonly Proposal[]
  readonly value: string
  readonly onChange: (value: string) => void
}

/** Label, hint, error, input: in this order, so that a reader hears them before writing. */
export function Field({
  id,
  label,
  hint,
  error,
  type = 'text',
  lang,
  long,
  known = [],
  value,
  onChange,
}: FieldProps) {
  const by = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  const more = {
    id,
    className: type === 'number' ? 'input input-short' : 'input',
    value,
    autoComplete: 'off',
    ...(by !== '' && { 'aria-describedby': by }),
    ...(error && { 'aria-invalid': true }),
    ...(lang && { lang }),
    ...(known.length > 0 && { list: `${id}-known` }),
  }
  return (
    <div className={error ? 'field field-wrong' : 'field'}>
      <label htmlFor={id}>{label}</label>
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p className="error" id={`${id}-error`}>
          {error}
        </p>
      )}
      {long ? (
        <textarea {...more} rows={3} onChange={(event) => onChange(event.target.value)} />
      ) : (
        <input {...more} type={type} onChange={(event) => onChange(event.target.value)} />
      )}
      {known.length > 0 && (
        <datalist id={`${id}-known`}>
          {known.map(({ value, words }) => (
            <option key={value} value={value} label={words ?? undefined} />
          ))}
        </datalist>
      )}
    </div>
  )
}

interface BothProps extends Omit<FieldProps, 'value' | 'onChange' | 'lang' | 'type'> {
  readonly locale: Locale
  readonly value: Both
  readonly onChange: (value: Both) => void
}

/** One text in each language, side by side. */
export function BothField({ locale, id, label, hint, error, value, onChange, long = false }: BothProps) {
  const t = adminTexts(locale)
  return (
    <div className="both" id={id}>
      {(['is', 'en'] as const).map((lang) => (
        <Field
          key={lang}
          id={`${id}-${lang}`}
          label={`${label} · ${t(`form.${lang}`)}`}
          lang={lang}
          long={long}
          value={value[lang]}
          onChange={(text) => onChange({ ...value, [lang]: text })}
          {...(lang === 'is' && hint !== undefined && { hint })}
          {...(lang === 'is' && { error })}
        />
      ))}
    </div>
  )
}
