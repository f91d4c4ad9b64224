import { Refused } from '@althing/web-ui/dom/http.ts'
import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Field } from './fields.tsx'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { isNotThere, NotThere } from './not-there.tsx'
import { Button, Notice, PageHeading } from './parts.tsx'
import * as api from './policies-api.ts'
import { JudgedShown } from './policy-judged.tsx'
import { PolicyProblem, room } from './policy-parts.tsx'
import { PolicyTextFields, show } from './policy-text-fields.tsx'
import { useChecked } from './policy-checked.ts'
import { Back } from './policy-version-page.tsx'

type Here = Pick<Console, 'locale' | 'go'>

interface Written extends api.Texts {
  readonly title: string
  readonly note: string
}

/** What is in force is what a draft begins with. */
async function begun(id: string | null): Promise<{ written: Written; draft: api.Draft | null }> {
  if (id !== null) {
    const draft = await api.draft(id)
    return { written: draft, draft }
  }
  const { written } = await api.state()
  return { written: { ...(await api.version(String(written))), title: '', note: '' }, draft: null }
}

/** @param id null of one that is begun */
export function PolicyEditPage({ locale, go, id }: Console & { readonly id: string | null }) {
  const t = adminTexts(locale)
  const { value, error, load } = useLoaded(() => begun(id), [id ?? ''])
  if (value === null && isNotThere(error)) return <NotThere locale={locale} go={go} />
  return (
    <>
      {id === null ? (
        <Back locale={locale} go={go} />
      ) : (
        <p>
          <Go to={`/admin/${room}/${id}`} go={go}>
            {t('draft.back')}
          </Go>
        </p>
      )}
      <PageHeading>{t(id === null ? 'drafts.new' : 'draft.edit')}</PageHeading>
      {value === null && <PolicyProblem locale={locale} error={error} />}
      {value !== null && <Editing locale={locale} go={go} {...value} />}
      {value === null && error !== null && (
        <div className="row">
          <Button onPress={load}>{t('fail.again')}</Button>
        </div>
      )}
    </>
  )
}

interface EditingProps extends Here {
  readonly written: Written
  readonly draft: api.Draft | null
}

function Editing({ locale, go, written: before, draft }: EditingProps) {
  const t = adminTexts(locale)
  const [written, setWritten] = useState<Written>(() => onlyWritten(before))
  const [read, setRead] = useState(draft?.version ?? 0)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const [isTried, setTried] = useState(false)
  const checked = useChecked(written)
  const isWritten = written.title.trim() !== ''
  const save = async (version: number) => {
    const saved = draft === null ? await api.create(written) : await api.change(draft.id, version, written)
    setRead(saved.version)
    go(`/admin/${room}/${saved.id}`, draft === null ? 'replace' : 'push')
  }
  const work = (what: () => Promise<void>) => {
    if (busy) return
    setBusy(true)
    what()
      .catch(setError)
      .finally(() => setBusy(false))
  }
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (isWritten) work(() => save(read))
        else document.getElementById('policy-title')?.focus()
      }}
    >
      <Field
        id="policy-title"
        label={t('draft.title')}
        hint={t('draft.title.hint')}
        most={200}
        error={isTried && !isWritten ? t('draft.title.needed') : undefined}
        value={written.title}
        onChange={(title) => setWritten({ ...written, title })}
      />
      <PolicyTextFields
        locale={locale}
        texts={written}
        set={(part, text) => setWritten((before) => ({ ...before, [part]: text }))}
      />
      <Field
        id="policy-note"
        label={t('draft.note')}
        hint={t('draft.note.hint')}
        long
        most={4000}
        value={written.note}
        onChange={(note) => setWritten({ ...written, note })}
      />
      <Checked locale={locale} checked={checked} />
      <PolicyProblem locale={locale} error={error} />
      {draft !== null && error instanceof Refused && error.status === 412 && (
        <Overtaken
          locale={locale}
          id={draft.id}
          saveAnyway={() => work(async () => save((await api.draft(draft.id)).version))}
        />
      )}
      <div className="row">
        <Button kind="primary" busy={busy}>
          {t('draft.save')}
        </Button>
        <Button busy={checked.busy} onPress={checked.check}>
          {t('check.act')}
        </Button>
      </div>
    </form>
  )
}

function Checked({
  locale,
  checked: { judged, error, busy },
}: Pick<Console, 'locale'> & { readonly checked: ReturnType<typeof useChecked> }) {
  const t = adminTexts(locale)
  return (
    <section className="stack" aria-label={t('check.title.draft')}>
      <p className="soft" role="status">
        {t(busy ? 'check.doing' : 'check.pauses')}
      </p>
      <PolicyProblem locale={locale} error={error} />
      {judged !== null && <JudgedShown locale={locale} judged={judged} goTo={show} />}
    </section>
  )
}

const onlyWritten = ({ title, note, policies, schema, links, tests }: Written): Written => ({
  title,
  note,
  policies,
  schema,
  links,
  tests,
})

/** Nothing that was typed is lost: what somebody else saved is looked at beside it. */
function Overtaken({
  locale,
  id,
  saveAnyway,
}: Pick<Console, 'locale'> & { readonly id: string; readonly saveAnyway: () => void }) {
  const t = adminTexts(locale)
  return (
    <Notice tone="wait" title={t('draft.overtaken')}>
      <p>{t('draft.overtaken.text')}</p>
      <div className="row">
        <a className="button button-secondary" href={`/admin/${room}/${id}`} target="_blank" rel="noreferrer">
          {t('draft.overtaken.see')}
        </a>
        <Button kind="danger" onPress={saveAnyway}>
          {t('draft.overtaken.save')}
        </Button>
      </div>
    </Notice>
  )
}
