import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { useCarried } from './carried.ts'
import { wordOf } from './client-fields.tsx'
import { Field } from './fields.tsx'
import { Go, type Console } from './go.tsx'
import { Button, Choice, PageHeading } from './parts.tsx'
import { fieldErrorsOf, ProblemNotice } from './problem.tsx'
import { fieldIn } from './program-form.ts'
import * as api from './programs-api.ts'
import { room } from './programs-page.tsx'

const fields = ['name', 'purpose', 'owner'] as const

/** Its kind, whose it is and what for; what it may do is said with its keys. */
export function NewProgramPage({ filter, locale, go }: Console & { readonly filter: URLSearchParams }) {
  const t = adminTexts(locale)
  const wished = filter.get('kind') ?? 'service'
  const kind = api.isKind(wished) ? wished : 'service'
  const [form, setForm] = useCarried('program-new', () => ({ name: '', purpose: '', owner: '' }))
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const wrong = fieldErrorsOf(error).map(({ pointer }) => fieldIn(pointer))
  const send = () => {
    setBusy(true)
    const owner = form.owner.trim() === '' ? null : form.owner.trim()
    api
      .create({ ...form, kind, owner })
      .then(({ id }) => go(`/admin/${room}/${id}`, 'replace'), setError)
      .finally(() => setBusy(false))
  }
  return (
    <>
      <p>
        <Go to={`/admin/${room}`} go={go}>
          {t('programs.all')}
        </Go>
      </p>
      <PageHeading>{t('programs.new')}</PageHeading>
      <ProblemNotice locale={locale} error={error} />
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (!busy) send()
        }}
      >
        <Choice
          id="f-kind"
          label={t('program.kind.ask')}
          value={kind}
          set={(value) => go(`/admin/${room}/new?kind=${value}`, 'replace')}
          options={api.kinds.map((one) => [one, t('program.kind', { kind: wordOf(one) })] as const)}
        />
        <p className="hint">{t('program.kind.hint', { kind: wordOf(kind) })}</p>
        {fields.map((field) => (
          <Field
            key={field}
            id={`f-${field}`}
            label={t('program.field', { field })}
            hint={t('program.hint', { field })}
            error={wrong.includes(field) ? t('program.wrong', { field }) : undefined}
            value={form[field]}
            onChange={(value) => setForm({ ...form, [field]: value })}
          />
        ))}
        <div className="row">
          <Button kind="primary" busy={busy}>
            {t('programs.create')}
          </Button>
        </div>
      </form>
    </>
  )
}
