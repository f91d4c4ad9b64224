import { useEffect, useRef, useState, type FormEvent } from 'react'
import { adminTexts } from './admin-texts.ts'
import * as api from './api.ts'
import { useCarried } from './carried.ts'
import { BothField, Field } from './fields.tsx'
import { Go, type Console } from './go.tsx'
import { isNotThere, NotThere } from './not-there.tsx'
import {
  bodyOf,
  emptyForm,
  emptyQuestion,
  formOf,
  idOf,
  idOfPointer,
  needsOf,
  type PaperForm,
} from './paper-form.ts'
import { Button, PageHeading } from './parts.tsx'
import { fieldErrorsOf, ProblemNotice } from './problem.tsx'
import { QuestionFields } from './question-fields.tsx'
import { uiTexts } from '@althing/web-ui/ui-texts.ts'

/** A draft is written here; nothing in it binds anybody before it is published. */
export function EditPage({ id, ...page }: Console & { readonly id: string | null }) {
  const { locale, go } = page
  const t = adminTexts(locale)
  const [form, setForm] = useCarried<PaperForm | null>('paper', () => (id === null ? emptyForm : null))
  const [mistakes, setMistakes] = useState<Readonly<Record<string, string>>>({})
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const keyOf = useKeyOf()
  useEffect(() => {
    // What came along is what was being written.
    if (id !== null && form === null) api.show(id).then((election) => setForm(formOf(election)), setError)
  }, [id])
  const save = async (event: FormEvent) => {
    event.preventDefault()
    if (form === null || busy) return
    const needs = Object.fromEntries(needsOf(form).map(({ field, need }) => [field, t(need)]))
    setMistakes(needs)
    setError(null)
    if (Object.keys(needs).length > 0) return
    setBusy(true)
    try {
      const body = bodyOf(form)
      const election = id === null ? await api.create(body, keyOf(body)) : await api.patch(id, body)
      go(`/admin/elections/${election.id}`, 'replace')
    } catch (refusal) {
      setError(refusal)
      setMistakes(
        Object.fromEntries(fieldErrorsOf(refusal).map((one) => [idOfPointer(one.pointer), one.message])),
      )
    }
    setBusy(false)
  }
  if (form === null && isNotThere(error)) return <NotThere {...page} />
  return (
    <>
      <PageHeading>{t(id === null ? 'form.new' : 'form.edit')}</PageHeading>
      <ProblemNotice locale={locale} error={error} />
      <Summary {...page} mistakes={mistakes} />
      {form !== null && (
        <form className="stack" noValidate onSubmit={(event) => void save(event)}>
          <Fields {...page} form={form} mistakes={mistakes} onChange={setForm} />
          <div className="row">
            <Button kind="primary" busy={busy}>
              {t(busy ? 'form.saving' : 'form.save')}
            </Button>
            <Go to={id === null ? '/admin/elections' : `/admin/elections/${id}`} go={go}>
              {t('form.cancel')}
            </Go>
          </div>
        </form>
      )}
    </>
  )
}

type Mistakes = Readonly<Record<string, string>>

function Summary({ locale, mistakes }: Console & { readonly mistakes: Mistakes }) {
  const at = useRef<HTMLDivElement>(null)
  const entries = Object.entries(mistakes)
  useEffect(() => at.current?.focus(), [mistakes])
  if (entries.length === 0) return null
  return (
    <div className="summary" role="alert" tabIndex={-1} aria-labelledby="summary-title" ref={at}>
      <h2 id="summary-title">{uiTexts(locale)('form.problem')}</h2>
      <ul>
        {entries.map(([field, message]) => (
          <li key={field}>
            <a
              href={`#${field}`}
              onClick={(event) => {
                event.preventDefault()
                const place = document.getElementById(field)
                ;(place?.querySelector('input') ?? place)?.focus()
              }}
            >
              {message}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}

interface FieldsProps extends Console {
  readonly form: PaperForm
  readonly mistakes: Mistakes
  readonly onChange: (form: PaperForm) => void
}

function Fields({ locale, form, mistakes, onChange }: FieldsProps) {
  const t = adminTexts(locale)
  const set = (part: Partial<PaperForm>) => onChange({ ...form, ...part })
  return (
    <>
      <p className="soft">{t('form.languages')}</p>
      <BothField
        locale={locale}
        id={idOf('title')}
        label={t('form.title')}
        value={form.title}
        error={mistakes[idOf('title')]}
        onChange={(title) => set({ title })}
      />
      <BothField
        locale={locale}
        id={idOf('description')}
        label={t('form.description')}
        hint={t('form.description.hint')}
        value={form.description}
        error={mistakes[idOf('description')]}
        onChange={(description) => set({ description })}
        long
      />
      <h2>{t('form.questions')}</h2>
      <p className="soft">{t('form.blank')}</p>
      {form.questions.map((question, index) => (
        <QuestionFields
          key={index}
          locale={locale}
          index={index}
          question={question}
          mistakes={mistakes}
          onChange={(next) => set({ questions: form.questions.with(index, next) })}
          {...(form.questions.length > 1 && {
            onRemove: () => set({ questions: form.questions.filter((_, at) => at !== index) }),
          })}
        />
      ))}
      {form.questions.length < 20 && (
        <div>
          <Button onPress={() => set({ questions: [...form.questions, emptyQuestion] })}>
            {t('form.question.add')}
          </Button>
        </div>
      )}
      <Schedule locale={locale} form={form} mistakes={mistakes} set={set} />
    </>
  )
}

interface ScheduleProps {
  readonly locale: Console['locale']
  readonly form: PaperForm
  readonly mistakes: Mistakes
  readonly set: (part: Partial<PaperForm>) => void
}

function Schedule({ locale, form, mistakes, set }: ScheduleProps) {
  const t = adminTexts(locale)
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  return (
    <>
      <h2>{t('form.schedule')}</h2>
      <p className="soft">{t('form.zone', { zone })}</p>
      <div className="both">
        {(['start', 'end'] as const).map((name) => (
          <Field
            key={name}
            id={idOf(`scheduled_${name}`)}
            label={t(`form.${name}`)}
            hint={t(`form.${name}.hint`)}
            type="datetime-local"
            value={form[name]}
            error={mistakes[idOf(`scheduled_${name}`)]}
            onChange={(value) => set({ [name]: value })}
          />
        ))}
      </div>
    </>
  )
}

/** The same draft sent again has the same key; one that was changed in between is another. */
function useKeyOf() {
  const last = useRef({ text: '', key: '' })
  return (body: unknown): string => {
    const text = JSON.stringify(body)
    if (text !== last.current.text) last.current = { text, key: crypto.randomUUID() }
    return last.current.key
  }
}
