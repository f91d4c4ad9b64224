import { Refused } from '@althing/web-ui/dom/http.ts'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Field } from './fields.tsx'
import type { Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { createWordsOf } from './action-words.ts'
import { actions, type Action } from './overrides-api.ts'
import { Button, PageHeading } from './parts.tsx'
import * as api from './permissions-api.ts'
import { Explained } from './permissions-answer.tsx'
import { May, People } from './permissions-found.tsx'
import { UnknownAction } from './permissions-unknown.tsx'
import {
  addressOf,
  formIn,
  isWhole,
  kindIn,
  questionIn,
  type Form,
  type Kind,
  type Mistakes,
  type Name,
  type Question,
  names,
} from './permissions-form.ts'
import { PolicyProblem } from './policy-parts.tsx'
import { WhatIf } from './what-if.tsx'
import { WhichOne } from './which-one.tsx'

type Answer =
  | { readonly kind: 'why'; readonly asked: api.Asked; readonly explained: api.Explanation }
  | { readonly kind: 'whoCan'; readonly asked: api.Asked; readonly found: api.CanFound }
  | { readonly kind: 'whatMay'; readonly asked: api.MayAsked; readonly found: api.MayFound }

/** Can this one do that, and why: answered by what decides, and by nobody's memory. The question stands in the address. */
export function PermissionsPage({ locale, go, filter }: Console & { readonly filter: URLSearchParams }) {
  const t = adminTexts(locale)
  const { value: known } = useLoaded(knownActions, [])
  const { form, setForm, mistakes, many, answer, error, busy, ask } = useAsking(go, filter)
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
        <Fields
          locale={locale}
          form={form}
          set={setForm}
          mistakes={mistakes}
          known={known ?? []}
          many={
            <WhichOne
              locale={locale}
              people={many?.people ?? []}
              choose={(who) => {
                setForm({ ...form, who })
                ask(many?.kind ?? 'why', { ...form, who })
              }}
            />
          }
        />
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
        <Answered
          key={JSON.stringify([answer.kind, answer.asked])}
          locale={locale}
          go={go}
          answer={answer}
          known={known ?? []}
          addressWith={(action) => addressOf({ ...form, action }, answer.kind)}
        />
      )}
    </>
  )
}

function useAsking(go: Console['go'], filter: URLSearchParams) {
  const [form, setForm] = useState<Form>(() => formIn(filter))
  const [mistakes, setMistakes] = useState<Mistakes>({})
  const [answer, setAnswer] = useState<Answer | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const [many, setMany] = useState<Many | null>(null)
  const here = useRef('')
  const work = async (kind: Kind, form: Form) => {
    const { question, wrong, many: people = [] } = await questionIn(form, kind)
    setMistakes(wrong)
    setMany(people.length === 0 ? null : { people, kind })
    setAnswer(null)
    if (question === null) return focusOn(wrong)
    here.current = addressOf(form, kind)
    go(here.current, 'replace')
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
  // Whoever comes with a question that is whole is answered: from elsewhere, back to it, or by a way within the page.
  useEffect(() => {
    const [next, kind] = [formIn(filter), kindIn(filter)]
    if (addressOf(next, kind) === here.current) return
    here.current = addressOf(next, kind)
    setForm(next)
    setAnswer(null)
    if (isWhole(next, kind)) ask(kind, next)
  }, [filter.toString()])
  return { form, setForm, mistakes, many, answer, error, busy, ask }
}

interface Many {
  readonly people: readonly api.Somebody[]
  /** What was to be asked about them. */
  readonly kind: Kind
}

/** Whoever may ask and not read the list asks without it. */
async function knownActions(): Promise<readonly Action[]> {
  try {
    return await actions()
  } catch (error) {
    if (error instanceof Refused) return []
    throw error
  }
}

async function answerTo({ kind, asked }: Question): Promise<Answer> {
  if (kind === 'why') return { kind, asked, explained: await api.explain(asked) }
  if (kind === 'whoCan') return { kind, asked, found: await api.whoCan(asked, '') }
  return { kind, asked, found: await api.whatMay(asked, '') }
}

interface AnsweredProps extends Pick<Console, 'locale' | 'go'> {
  readonly answer: Answer
  readonly known: readonly Action[]
  readonly addressWith: (action: string) => string
}

function Answered({ answer, known: actions, addressWith, ...here }: AnsweredProps) {
  const known = actions.map(({ name }) => name)
  const action = unknownIn(answer, known)
  if (action !== null)
    return (
      <div className="stack" aria-live="polite">
        <UnknownAction {...here} action={action} known={known} addressWith={addressWith} />
        {answer.kind === 'why' && <WhatIf {...here} asked={answer.asked} />}
      </div>
    )
  if (answer.kind === 'why') return <Explained {...here} asked={answer.asked} explained={answer.explained} />
  if (answer.kind === 'whoCan') return <People {...here} asked={answer.asked} first={answer.found} />
  return (
    <May {...here} asked={answer.asked} first={answer.found} wordsOf={createWordsOf(here.locale, actions)} />
  )
}

/** A policy may be about all actions there will ever be: what is allowed is allowed, whatever it is called. */
function unknownIn(answer: Answer, known: readonly string[]): string | null {
  if (answer.kind === 'whatMay' || known.length === 0 || known.includes(answer.asked.action)) return null
  const isNo = answer.kind === 'why' ? !answer.explained.decision : answer.found.results.length === 0
  return isNo ? answer.asked.action : null
}

interface FieldsProps extends Pick<Console, 'locale'> {
  readonly form: Form
  readonly set: (form: Form) => void
  readonly mistakes: Mistakes
  readonly known: readonly Action[]
  /** Stands below the field that it is about. */
  readonly many: ReactNode
}

function Fields({ locale, form, set, mistakes, known, many }: FieldsProps) {
  const t = adminTexts(locale)
  // As it is found: emptied by hand it does not fold away.
  const [wasWritten] = useState(form.context !== '')
  const wordsOf = createWordsOf(locale, known)
  const proposed = known.map(({ name }) => ({ value: name, words: wordsOf(name) }))
  const hintOf = (name: Name) => t(name === 'what' ? 'permissions.what.optional' : `permissions.${name}.hint`)
  const field = (name: Name) => {
    const mistake = mistakes[name]
    return (
      <Field
        key={name}
        id={`permission-${name}`}
        label={t(`permissions.${name}`)}
        hint={(name === 'action' ? wordsOf(form.action.trim()) : null) ?? hintOf(name)}
        error={mistake === undefined ? undefined : t(`permissions.wrong.${mistake}`)}
        long={name === 'context'}
        {...(name === 'action' ? { known: proposed } : {})}
        value={form[name]}
        onChange={(value) => set({ ...form, [name]: value })}
      />
    )
  }
  return (
    <>
      {field('who')}
      {many}
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
