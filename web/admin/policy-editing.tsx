import { Refused } from '@althing/web-ui/dom/http.ts'
import { useEffect, useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Field } from './fields.tsx'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { isNotThere, NotThere } from './not-there.tsx'
import { Button, Notice, PageHeading } from './parts.tsx'
import * as api from './policies-api.ts'
import { Barred, isBarred } from './policy-barred.tsx'
import { JudgedShown } from './policy-judged.tsx'
import { PolicyProblem, room } from './policy-parts.tsx'
import { PolicyTextFields, show } from './policy-text-fields.tsx'
import { useChecked } from './policy-checked.ts'
import { isSignedOut, UnsavedOffer, WritingProblem } from './policy-unsaved.tsx'
import { Back } from './policy-version-page.tsx'
import { tellThere } from './told-there.ts'
import { forgetUnsaved, keepUnsaved, unsavedOf, type Unsaved } from './unsaved.ts'

type Here = Pick<Console, 'locale' | 'go'>

interface Written extends api.Texts {
  readonly title: string
  readonly note: string
}

/** What is in force is what a draft begins with. */
async function begun(id: string | null) {
  const keeper = await api.keeper()
  if (id !== null) {
    const draft = await api.draft(id)
    return { written: onlyWritten(draft), draft, base: draft.version, keeper }
  }
  const { written } = await api.state()
  const texts = await api.version(String(written))
  return { written: onlyWritten({ ...texts, title: '', note: '' }), draft: null, base: written, keeper }
}
type Begun = Awaited<ReturnType<typeof begun>>

/** @param id null of one that is begun */
export function PolicyEditPage({ locale, go, clock, id }: Console & { readonly id: string | null }) {
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
      {value !== null && <Beginning locale={locale} go={go} clock={clock} begun={value} />}
      {value === null && error !== null && (
        <div className="row">
          <Button onPress={load}>{t('fail.again')}</Button>
        </div>
      )}
    </>
  )
}

interface BeginningProps extends Here, Pick<Console, 'clock'> {
  readonly begun: Begun
}

/** Text that was not saved is gone on with, or thrown away, before anything else is written. */
function Beginning({ locale, go, clock, begun }: BeginningProps) {
  const { written, draft, base, keeper } = begun
  const name = nameOf(draft)
  const [kept] = useState(() => keptOf(begun))
  const [chosen, choose] = useState<'kept' | 'saved' | null>(kept === null ? 'saved' : null)
  if (isBarred(keeper, 'policy.draft'))
    return <Barred locale={locale} go={go} keeper={keeper} act="policy.draft" />
  if (!keeper.may('policy.draft')) return <OnlyRead locale={locale} />
  if (kept !== null && chosen === null)
    return (
      <UnsavedOffer
        locale={locale}
        clock={clock}
        at={kept.at}
        since={kept.version === base ? null : draft === null ? 'new' : 'draft'}
        goOn={() => choose('kept')}
        drop={() => (forgetUnsaved(name), choose('saved'))}
      />
    )
  const from = kept !== null && chosen === 'kept' ? kept : { written, version: base }
  const keep = (now: Written) =>
    keepUnsaved(name, {
      by: keeper.actor,
      at: clock().toISOString(),
      version: from.version,
      written: now,
    })
  return <Editing locale={locale} go={go} draft={draft} {...from} keep={keep} />
}

const nameOf = (draft: api.Draft | null) => `policy.${draft?.id ?? 'new'}`

/** What says the same as what is saved has nothing in it to lose. */
function keptOf({ written, draft, keeper }: Begun): Unsaved<Written> | null {
  const kept = unsavedOf<Written>(nameOf(draft), keeper.actor)
  return kept === null || JSON.stringify(kept.written) === JSON.stringify(written) ? null : kept
}

function OnlyRead({ locale }: Pick<Console, 'locale'>) {
  const t = adminTexts(locale)
  return (
    <Notice tone="info" title={t('draft.onlyRead')}>
      <p>{t('draft.onlyRead.text')}</p>
    </Notice>
  )
}

interface EditingProps extends Here {
  readonly written: Written
  /** What it is written on top of. */
  readonly version: number
  readonly draft: api.Draft | null
  readonly keep: (written: Written) => void
}

function Editing({ locale, go, written: before, version, draft, keep }: EditingProps) {
  const t = adminTexts(locale)
  const [written, setWritten] = useState<Written>(before)
  const [isTried, setTried] = useState(false)
  const { error, busy, save, saveAnyway } = useSaving({ go, draft, version, written })
  const checked = useChecked(written)
  const wrong = mistakeIn(written)
  const isOvertaken = draft !== null && error instanceof Refused && error.status === 412
  useEffect(() => {
    if (written !== before) keep(written)
  }, [written])
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        setTried(true)
        if (wrong === null) save()
        else document.getElementById(`policy-${wrong.part}`)?.focus()
      }}
    >
      <Field
        id="policy-title"
        label={t('draft.title')}
        hint={t('draft.title.hint')}
        error={errorOf(locale, 'title', wrong, isTried)}
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
        error={errorOf(locale, 'note', wrong, isTried)}
        value={written.note}
        onChange={(note) => setWritten({ ...written, note })}
      />
      <Checked locale={locale} checked={checked} isSaid={isSignedOut(error)} />
      {!isOvertaken && <WritingProblem locale={locale} error={error} />}
      {draft !== null && draft.proposedBy !== null && <p>{t('draft.takesBack')}</p>}
      {draft !== null && isOvertaken && <Overtaken locale={locale} id={draft.id} saveAnyway={saveAnyway} />}
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

/** As the door has them (services/policy/drafts/schema.ts). What is too long is said and never cut: whoever puts in a text sees no end of it. */
const most = { title: 200, note: 4000 } as const

interface Mistake {
  readonly part: keyof typeof most
  /** How long it is; none where it is missing. */
  readonly count: number
}

function mistakeIn(written: Written): Mistake | null {
  for (const part of ['title', 'note'] as const) {
    const count = written[part].trim().length
    if (count > most[part] || (part === 'title' && count === 0)) return { part, count }
  }
  return null
}

/** That it is missing is said to whoever wants to save it; that it is too long, at once. */
function errorOf(locale: Here['locale'], part: Mistake['part'], wrong: Mistake | null, isTried: boolean) {
  const t = adminTexts(locale)
  if (wrong?.part !== part) return undefined
  if (wrong.count === 0) return isTried ? t('draft.title.needed') : undefined
  return t(`draft.${part}.long`, { count: wrong.count, most: most[part] })
}

interface SavingProps extends Pick<EditingProps, 'version' | 'draft' | 'written'>, Pick<Here, 'go'> {}

function useSaving({ go, draft, version, written }: SavingProps) {
  const [read, setRead] = useState(version)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const saveOver = async (version: number) => {
    const saved = draft === null ? await api.create(written) : await api.change(draft.id, version, written)
    setRead(saved.version)
    forgetUnsaved(nameOf(draft))
    // What stood proposed is changed: that takes the proposal back (services/policy/drafts/rules.ts).
    if (draft !== null && draft.proposedBy !== null) tellThere(`/admin/${room}/${saved.id}`, 'taken-back')
    go(`/admin/${room}/${saved.id}`, draft === null ? 'replace' : 'push')
  }
  const work = (what: () => Promise<void>) => {
    if (busy) return
    setBusy(true)
    what()
      .catch(setError)
      .finally(() => setBusy(false))
  }
  const save = () => work(() => saveOver(read))
  const saveAnyway = () =>
    work(async () => saveOver(draft === null ? read : (await api.draft(draft.id)).version))
  return { error, busy, save, saveAnyway }
}

interface CheckedProps extends Pick<Console, 'locale'> {
  readonly checked: ReturnType<typeof useChecked>
  /** That the sign-in has ended stands beside the button to save already. */
  readonly isSaid: boolean
}

function Checked({ locale, checked: { judged, error, busy }, isSaid }: CheckedProps) {
  const t = adminTexts(locale)
  return (
    <section className="stack" aria-label={t('check.title.draft')}>
      <p className="soft" role="status">
        {t(busy ? 'check.doing' : 'check.pauses')}
      </p>
      {!(isSaid && isSignedOut(error)) && <WritingProblem locale={locale} error={error} />}
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
