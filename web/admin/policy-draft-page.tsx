import { Refused } from '@althing/web-ui/dom/http.ts'
import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { isNotThere, NotThere } from './not-there.tsx'
import { Button, Facts, Notice, PageHeading } from './parts.tsx'
import { Section } from './person-page.tsx'
import * as api from './policies-api.ts'
import { Acts, type Done } from './policy-acts.tsx'
import { Impacts } from './policy-impact.tsx'
import { JudgedShown } from './policy-judged.tsx'
import { accountOf, Differences, DraftStanding, PolicyProblem, room, Who } from './policy-parts.tsx'
import { Back, PolicyTexts } from './policy-version-page.tsx'
import { At } from './state.tsx'
import { useToldHere } from './told-there.ts'
import { useNames, type Names } from './whose.tsx'

async function whole(id: string) {
  const [draft, { parts }, keeper] = await Promise.all([api.draft(id), api.draftDifference(id), api.keeper()])
  return { draft, parts, keeper }
}
type Whole = Awaited<ReturnType<typeof whole>>

/** A draft as it is read before it comes into force: what it changes, what it is checked with, and what can be done with it now. */
export function PolicyDraftPage({ locale, go, id }: Console & { readonly id: string }) {
  const t = adminTexts(locale)
  const { value, error, busy, load, act } = useLoaded(() => whole(id), [id])
  const [done, setDone] = useState<Done | null>(useToldHere() === 'taken-back' ? 'takenBack' : null)
  if (value === null && isNotThere(error)) return <NotThere locale={locale} go={go} />
  const work = (what: () => Promise<unknown>, then: Done) => {
    setDone(null)
    act(() => what().then(() => setDone(then)))
  }
  const isStale = error instanceof Refused && (error.status === 412 || error.status === 409)
  return (
    <>
      <Back locale={locale} go={go} />
      {value !== null && (
        <>
          <PageHeading>{value.draft.title}</PageHeading>
          <div className="row">
            <DraftStanding locale={locale} draft={value.draft} inForce={value.draft.inForce} />
          </div>
        </>
      )}
      <PolicyProblem locale={locale} error={error} />
      {isStale && (
        <div className="row">
          <Button kind="primary" onPress={load}>
            {t('draft.readAgain')}
          </Button>
        </div>
      )}
      {done !== null && error === null && <Notice tone="go" title={t(`draft.done.${done}`)} />}
      {value !== null && <Read locale={locale} go={go} value={value} busy={busy} work={work} />}
    </>
  )
}

interface PartProps extends Pick<Console, 'locale' | 'go'> {
  readonly value: Whole
  readonly busy: boolean
  readonly work: (what: () => Promise<unknown>, then: Done) => void
}

function Read(props: PartProps) {
  const { locale, go, value } = props
  const { draft, parts, keeper } = value
  const t = adminTexts(locale)
  const isOpen = draft.state === 'open'
  const writes = keeper.may('policy.draft')
  const names = useNames(draft.authors.map(({ actor }) => accountOf(actor)))
  return (
    <>
      {isOpen && draft.basedOn !== draft.inForce && <Outdated {...props} />}
      {isOpen && <Acts {...props} draft={draft} keeper={keeper} names={names} />}
      <About locale={locale} go={go} draft={draft} names={names} />
      {draft.note !== '' && (
        <Section title={t('draft.note')}>
          <p className="as-written wraps">{draft.note}</p>
        </Section>
      )}
      {isOpen && (
        <Section title={t('draft.differs', { revision: draft.inForce })}>
          <Differences locale={locale} parts={parts} />
        </Section>
      )}
      {isOpen && writes && <Checking key={draft.version} locale={locale} draft={draft} />}
      {isOpen && (
        <Impacts key={`impact ${draft.version}`} locale={locale} go={go} draft={draft} writes={writes} />
      )}
      <PolicyTexts locale={locale} texts={draft} />
    </>
  )
}

/** What has come into force meanwhile is looked at, and then it is said that the draft is meant on top of it. */
function Outdated({ locale, go, value: { draft, keeper }, busy, work }: PartProps) {
  const t = adminTexts(locale)
  const { id, version, basedOn, inForce } = draft
  return (
    <Notice tone="wait" title={t('draft.outdated')}>
      <p>{t('draft.outdated.text', { basedOn, inForce })}</p>
      <div className="row">
        <Go
          to={`/admin/${room}/compare?from=${basedOn}&to=${inForce}`}
          go={go}
          className="button button-secondary"
        >
          {t('draft.outdated.see')}
        </Go>
        {keeper.may('policy.draft') && (
          <Button
            busy={busy}
            onPress={() => work(() => api.change(id, version, { basedOn: inForce }), 'onTop')}
          >
            {t('draft.outdated.onTop', { inForce })}
          </Button>
        )}
      </div>
    </Notice>
  )
}

interface AboutProps extends Pick<Console, 'locale' | 'go'> {
  readonly draft: api.DraftRead
  readonly names: Names
}

function About({ locale, go, draft, names }: AboutProps) {
  const t = adminTexts(locale)
  const { madeBy, changedBy, changedAt, proposedBy, proposedAt, basedOn } = draft
  const who = (actor: string) => (
    <span key={actor}>
      <Who locale={locale} go={go} actor={actor} names={names} />
      {isFormer(draft, actor) && <span className="soft"> · {t('draft.author.former')}</span>}
    </span>
  )
  return (
    <Facts
      rows={[
        [t('draft.basedOn'), t('version.name', { revision: basedOn })],
        [t('draft.madeBy'), who(madeBy)],
        [t('draft.changedBy'), who(changedBy)],
        [t('draft.changedAt'), <At key="at" locale={locale} at={changedAt} />],
        ...(proposedBy === null
          ? []
          : ([
              [t('draft.proposedBy'), who(proposedBy)],
              [t('draft.proposedAt'), <At key="proposed" locale={locale} at={proposedAt} />],
            ] as const)),
      ]}
    />
  )
}

const isFormer = ({ authors }: api.DraftRead, actor: string): boolean =>
  authors.some((one) => one.actor === actor && one.isAdministrator === false)

/** Done at once: whoever reads a draft to bring it into force wants to know whether it is right. */
function Checking({ locale, draft }: Pick<Console, 'locale'> & { readonly draft: api.Draft }) {
  const t = adminTexts(locale)
  const { value, error, load } = useLoaded(() => api.checkDraft(draft.id), [draft.id])
  return (
    <Section title={t('check.title.draft')}>
      {value === null && error === null && <p role="status">{t('check.doing')}</p>}
      <PolicyProblem locale={locale} error={error} />
      {value !== null && <JudgedShown locale={locale} judged={value} />}
      <div className="row">
        <Button onPress={load}>{t('check.again')}</Button>
      </div>
    </Section>
  )
}
