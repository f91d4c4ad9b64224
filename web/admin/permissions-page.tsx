import { useEffect, useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Field } from './fields.tsx'
import type { Console } from './go.tsx'
import { Button, PageHeading } from './parts.tsx'
import * as api from './permissions-api.ts'
import { Explained } from './permissions-answer.tsx'
import { May, People } from './permissions-found.tsx'
import {
  questionIn,
  type Form,
  type Kind,
  type Mistakes,
  type Name,
  type Question,
  names,
} from './permissions-form.ts'
import { PolicyProblem } from './policy-parts.tsx'

type Answer =
  | { readonly kind: 'why'; readonly asked: api.Asked; readonly explained: api.Explanation }
  | { readonly kind: 'whoCan'; readonly asked: api.Asked; readonly found: api.CanFound }
  | { readonly kind: 'whatMay'; readonly asked: api.MayAsked; readonly found: api.MayFound }

/** Can this one do that, and why: answered by what decides, and by nobody's memory. The question stands in the address. */
export function PermissionsPage({ locale, go, filter }: Console & { readonly filter: URLSearchParams }) {
  const t = adminTexts(locale)
  const [form, setForm] = useState<Form>(() => formOf(filter))
  const [mistakes, setMistakes] = useState<Mistakes>({})
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const work = async (kind: Kind, form: Form) => {
    const { question, wrong } = await questionIn(form, kind)
    setMistakes(wrong)
    setAnswer(null)
    if (question === null) return focusOn(wrong)
    const query = new URLSearchParams(Object.entries(form).filter(([, value]) => value !== ''))
    go(`/admin/permissions?${query.toString()}`, 'replace')
    setAnswer(await answerTo(question))
  }
  const ask = (kind: Kind, of = form) => {
    if (busy) return
    setBusy(true)
    setError(null)
    work(kind, of)
      .catch((reason: unknown) => (setAnswer(null), setError(reason)))
      .finally(() => setBusy(false))
  }
  // A way within the page leads to another question: it is asked when it is whole.
  useEffect(() => {
    const next = formOf(filter)
    if (names.every((name) => next[name] === form[name])) return
    setForm(next)
    setAnswer(null)
    if (next.who !== '' && next.action !== '' && next.what !== '') ask('why', next)
  }, [filter.toString()])
  return (
    <>
      <PageHeading>{t('room.permissions')}</PageHeading>
      <p className="soft">{t('permissions.text')}</p>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          ask('why')
        }}
      >
        <Fields locale={locale} form={form} set={setForm} mistakes={mistakes} />
        <div className="row">
          <Button kind="primary" busy={busy}>
            {t('permissions.ask')}
          </Button>
          {(['whoCan', 'whatMay'] as const).map((kind) => (
            <Button key={kind} busy={busy} onPress={() => ask(kind)}>
              {t(`permissions.${kind}`)}
            </Button>
          ))}
        </div>
      </form>
      <PolicyProblem locale={locale} error={error} />
      {answer !== null && (
        <Answered key={JSON.stringify([answer.kind, answer.asked])} locale={locale} go={go} answer={answer} />
      )}
    </>
  )
}

const formOf = (filter: URLSearchParams): Form => ({
  who: filter.get('who') ?? '',
  action: filter.get('action') ?? '',
  what: filter.get('what') ?? '',
  context: filter.get('context') ?? '',
})

async function answerTo({ kind, asked }: Question): Promise<Answer> {
  if (kind === 'why') return { kind, asked, explained: await api.explain(asked) }
  if (kind === 'whoCan') return { kind, asked, found: await api.whoCan(asked, '') }
  return { kind, asked, found: await api.whatMay(asked, '') }
}

function Answered({ answer, ...here }: Pick<Console, 'locale' | 'go'> & { readonly answer: Answer }) {
  if (answer.kind === 'why') return <Explained {...here} asked={answer.asked} explained={answer.explained} />
  if (answer.kind === 'whoCan') return <People {...here} asked={answer.asked} first={answer.found} />
  return <May {...here} asked={answer.asked} first={answer.found} />
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
        hint={t(name === 'what' ? 'permissions.what.optional' : `permissions.${name}.hint`)}
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

function focusOn(wrong: Mistakes): void {
  const first = names.find((name) => wrong[name] !== undefined)
  document.getElementById(`permission-${first ?? 'who'}`)?.focus()
}
