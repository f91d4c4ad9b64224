import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Field } from './fields.tsx'
import type { Console } from './go.tsx'
import { Button, PageHeading } from './parts.tsx'
import * as api from './permissions-api.ts'
import { Explained, People } from './permissions-answer.tsx'
import { PolicyProblem } from './policy-parts.tsx'

const names = ['who', 'action', 'what', 'context'] as const
type Name = (typeof names)[number]
type Form = Readonly<Record<Name, string>>
type Mistake = 'needed' | 'nobody' | 'many' | 'written' | 'json'
type Mistakes = Partial<Record<Name, Mistake>>

interface Answer {
  readonly asked: api.Asked
  readonly explained?: api.Explanation
  readonly found?: api.CanFound
}

/** Can this one do that, and why: answered by what decides, and by nobody's memory. The question stands in the address. */
export function PermissionsPage({ locale, go, filter }: Console & { readonly filter: URLSearchParams }) {
  const t = adminTexts(locale)
  const [form, setForm] = useState<Form>(() => ({
    who: filter.get('who') ?? '',
    action: filter.get('action') ?? '',
    what: filter.get('what') ?? '',
    context: filter.get('context') ?? '',
  }))
  const [mistakes, setMistakes] = useState<Mistakes>({})
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const work = async (isWhoCan: boolean) => {
    const { asked, wrong } = await questionIn(form, isWhoCan)
    setMistakes(wrong)
    setAnswer(null)
    if (asked === null) return focusOn(wrong)
    const query = new URLSearchParams(Object.entries(form).filter(([, value]) => value !== ''))
    go(`/admin/permissions?${query.toString()}`, 'replace')
    setAnswer(
      isWhoCan
        ? { asked, found: await api.whoCan(asked, '') }
        : { asked, explained: await api.explain(asked) },
    )
  }
  const ask = (isWhoCan: boolean) => {
    if (busy) return
    setBusy(true)
    setError(null)
    work(isWhoCan)
      .catch((reason: unknown) => (setAnswer(null), setError(reason)))
      .finally(() => setBusy(false))
  }
  return (
    <>
      <PageHeading>{t('room.permissions')}</PageHeading>
      <p className="soft">{t('permissions.text')}</p>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          ask(false)
        }}
      >
        <Fields locale={locale} form={form} set={setForm} mistakes={mistakes} />
        <div className="row">
          <Button kind="primary" busy={busy}>
            {t('permissions.ask')}
          </Button>
          <Button busy={busy} onPress={() => ask(true)}>
            {t('permissions.whoCan')}
          </Button>
        </div>
      </form>
      <PolicyProblem locale={locale} error={error} />
      {answer?.explained !== undefined && <Explained locale={locale} explained={answer.explained} />}
      {answer?.found !== undefined && (
        <People
          key={JSON.stringify(answer.asked)}
          locale={locale}
          go={go}
          asked={answer.asked}
          first={answer.found}
        />
      )}
    </>
  )
}

interface FieldsProps extends Pick<Console, 'locale'> {
  readonly form: Form
  readonly set: (form: Form) => void
  readonly mistakes: Mistakes
}

function Fields({ locale, form, set, mistakes }: FieldsProps) {
  const t = adminTexts(locale)
  // As it is found: emptied by hand it does not fold away.
  const [wasWritten] = useState(form.context !== '')
  const field = (name: Name) => {
    const mistake = mistakes[name]
    return (
      <Field
        key={name}
        id={`permission-${name}`}
        label={t(`permissions.${name}`)}
        hint={t(`permissions.${name}.hint`)}
        error={mistake === undefined ? undefined : t(`permissions.wrong.${mistake}`)}
        long={name === 'context'}
        value={form[name]}
        onChange={(value) => set({ ...form, [name]: value })}
      />
    )
  }
  return (
    <>
      {field('who')}
      {field('action')}
      {field('what')}
      <details className="fold" open={wasWritten || mistakes.context !== undefined}>
        <summary>{t('permissions.more')}</summary>
        {field('context')}
      </details>
    </>
  )
}

/** Null, and what is wrong at which field. Who can does not ask about anybody: only of which kind they are. */
async function questionIn(
  { who, action, what, context }: Form,
  isWhoCan: boolean,
): Promise<{ readonly asked: api.Asked | null; readonly wrong: Mistakes }> {
  const resource = api.refIn(what)
  const around = contextIn(context)
  const wrong: Mistakes = {
    ...(action.trim() === '' ? { action: 'needed' } : {}),
    ...(resource === null ? { what: what.trim() === '' ? 'needed' : 'written' } : {}),
    ...(around === null ? { context: 'json' } : {}),
    ...(!isWhoCan && who.trim() === '' ? { who: 'needed' } : {}),
  }
  if (resource === null || around === null || Object.keys(wrong).length > 0) return { asked: null, wrong }
  const one = { action: action.trim(), resource, context: around }
  if (isWhoCan) return { asked: { ...one, subject: api.refIn(who) ?? { type: 'Person', id: '' } }, wrong }
  const found = await api.peopleLike(who)
  const [subject] = found
  if (subject === undefined) return { asked: null, wrong: { who: 'nobody' } }
  if (found.length > 1) return { asked: null, wrong: { who: 'many' } }
  return { asked: { ...one, subject }, wrong }
}

function contextIn(text: string): Readonly<Record<string, unknown>> | undefined | null {
  if (text.trim() === '') return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null
  } catch {
    return null
  }
}

function focusOn(wrong: Mistakes): void {
  const first = names.find((name) => wrong[name] !== undefined)
  document.getElementById(`permission-${first ?? 'who'}`)?.focus()
}
