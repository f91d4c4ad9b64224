import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Field } from './fields.tsx'
import type { Console } from './go.tsx'
import { Button, Choice } from './parts.tsx'
import * as api from './permissions-api.ts'

const kinds = ['join', 'leave', 'set', 'unset'] as const
type Kind = (typeof kinds)[number]
const subjects = ['subject', 'resource', 'context'] as const
type Of = (typeof subjects)[number]

interface Form {
  readonly of: Of
  readonly kind: Kind
  readonly in: string
  readonly path: string
  readonly value: string
}
type Mistakes = Partial<Record<'in' | 'path' | 'value', 'needed' | 'written'>>

interface Props extends Pick<Console, 'locale'> {
  readonly asked: api.Asked
  readonly add: (change: api.Change) => void
}

const empty: Form = { of: 'subject', kind: 'join', in: '', path: '', value: '' }

/** One thing that would be otherwise. Nothing is in the context, or out of it, as somebody is in a group: there are attributes only. */
export function ChangeForm({ locale, asked, add }: Props) {
  const t = adminTexts(locale)
  const [form, setForm] = useState(empty)
  const [mistakes, setMistakes] = useState<Mistakes>({})
  const own = form.of === 'context' ? kinds.slice(2) : kinds
  const kind = own.includes(form.kind) ? form.kind : 'set'
  const field = (name: 'in' | 'path' | 'value') => {
    const mistake = mistakes[name]
    return (
      <Field
        id={`whatif-${name}`}
        label={t(`whatif.${name}`)}
        hint={t(`whatif.${name}.hint`)}
        error={mistake === undefined ? undefined : t(`permissions.wrong.${mistake}`)}
        value={form[name]}
        onChange={(value) => setForm({ ...form, [name]: value })}
      />
    )
  }
  const submit = () => {
    const made = changeIn({ ...form, kind }, asked)
    setMistakes('wrong' in made ? made.wrong : {})
    if ('wrong' in made) return document.getElementById(`whatif-${Object.keys(made.wrong)[0]}`)?.focus()
    add(made.change)
    setForm({ ...form, in: '', path: '', value: '' })
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <div className="filters">
        <Choice
          id="whatif-of"
          label={t('whatif.of')}
          value={form.of}
          set={(of) => setForm({ ...form, of: of as Of })}
          options={subjects.map((of) => [of, t(`whatif.of.${of}`)] as const)}
        />
        <Choice
          id="whatif-kind"
          label={t('whatif.kind')}
          value={kind}
          set={(next) => setForm({ ...form, kind: next as Kind })}
          options={own.map((one) => [one, t(`whatif.kind.${one}`)] as const)}
        />
      </div>
      {kind === 'join' || kind === 'leave' ? field('in') : field('path')}
      {kind === 'set' && field('value')}
      <div className="row">
        <Button>{t('whatif.add')}</Button>
      </div>
    </form>
  )
}

type Made = { readonly change: api.Change } | { readonly wrong: Mistakes }

function changeIn(form: Form, asked: api.Asked): Made {
  const { kind } = form
  const of = form.of === 'context' ? null : asked[form.of]
  if (kind === 'join' || kind === 'leave') {
    const group = api.refIn(form.in)
    if (of === null || group === null) return { wrong: { in: form.in.trim() === '' ? 'needed' : 'written' } }
    return { change: { kind, of, in: group } }
  }
  const path = form.path.trim().split('.')
  if (path.includes('')) return { wrong: { path: 'needed' } }
  if (kind === 'unset') return { change: { kind, of, path } }
  if (form.value.trim() === '') return { wrong: { value: 'needed' } }
  return { change: { kind, of, path, value: valueIn(form.value) } }
}

/** JSON; what is none is the text that it looks like. */
function valueIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text.trim()
  }
}
