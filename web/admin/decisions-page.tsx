import { Fragment, useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import type * as api from './decisions-api.ts'
import { verify as verifyAll } from './decisions-api.ts'
import { answerTo, refusedFields, type Asked, type Mistakes } from './decisions-question.ts'
import { Decided } from './decided.tsx'
import { Exporting } from './decisions-export.tsx'
import { Field } from './fields.tsx'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Nothing } from './nothing.tsx'
import { Button, Choice, Notice, PageHeading, Pager, StackedTable, type Column } from './parts.tsx'
import { Named } from './permissions-found.tsx'
import { isoIn, localIn, zoneHere } from './moments.ts'
import { PolicyLinks } from './policy-link.tsx'
import { PolicyProblem } from './policy-parts.tsx'
import { AtSecond } from './state.tsx'
import { WhichOne } from './which-one.tsx'
import { useNames, type Names } from './whose.tsx'
import { isForbidden } from './problem.tsx'
import { Where } from './where.tsx'

const fields = ['subject', 'action', 'resource', 'policy'] as const
const times = ['from', 'to'] as const
const room = 'decisions'

/** What was decided, the latest first. What is looked for stands in the address. */
export function DecisionsPage({ locale, go, filter }: Console & { readonly filter: URLSearchParams }) {
  const t = adminTexts(locale)
  const [turned, turn] = useState<readonly string[]>([])
  const asked = Object.fromEntries(
    [...fields, ...times, 'decision'].map((name) => [name, filter.get(name) ?? '']),
  )
  const cursor = turned.at(-1) ?? ''
  const { value, error, load } = useLoaded(() => answerTo(asked, cursor), [filter.toString(), cursor])
  // What was found before is no answer to what could not be asked.
  const found = error === null ? (value?.page ?? null) : null
  const look = (form: Asked) => {
    turn([])
    const query = new URLSearchParams(Object.entries(form).filter(([, word]) => word !== ''))
    go(`/admin/${room}${query.size === 0 ? '' : `?${query.toString()}`}`, 'replace')
  }
  return (
    <>
      <PageHeading>{t('room.decisions')}</PageHeading>
      <p className="soft">{t('decisions.text')}</p>
      <Where may="decisions.verify">
        <Verifying locale={locale} go={go} />
      </Where>
      <Filters
        key={filter.toString()}
        locale={locale}
        asked={asked}
        look={look}
        wrong={error === null ? (value?.wrong ?? {}) : refusedFields(error)}
      />
      {error === null && value !== null && (
        <WhichOne locale={locale} people={value.many} choose={(subject) => look({ ...asked, subject })} />
      )}
      <PolicyProblem locale={locale} error={error} />
      {error !== null && !isForbidden(error) && (
        <div className="row">
          <Button onPress={load}>{t('fail.again')}</Button>
        </div>
      )}
      {found !== null && <Found locale={locale} go={go} of={found.decisions} isNarrowed={filter.size > 0} />}
      <Pager locale={locale} turned={turned} turn={turn} next={found?.next ?? null} />
      {value !== null && found !== null && found.decisions.length > 0 && (
        <Where may="decisions.export">
          <Exporting locale={locale} filter={value.filter} />
        </Where>
      )}
    </>
  )
}

interface FoundProps extends Pick<Console, 'locale' | 'go'> {
  readonly of: readonly api.Told[]
  readonly isNarrowed: boolean
}

function Found({ locale, go, of, isNarrowed }: FoundProps) {
  const t = adminTexts(locale)
  const names = useNames(of.map(({ subject }) => (subject.type === 'Person' ? subject.id : null)))
  return of.length === 0 ? (
    <Nothing
      locale={locale}
      go={go}
      isNarrowed={isNarrowed}
      to={`/admin/${room}`}
      none={t('decisions.none')}
      empty={{ title: t('decisions.empty'), text: t('decisions.empty.text') }}
    />
  ) : (
    <StackedTable
      label={t('decisions.table')}
      columns={columnsOf({ locale, go }, names)}
      rows={of}
      keyOf={({ id }) => id}
    />
  )
}

interface FiltersProps extends Pick<Console, 'locale'> {
  readonly asked: Asked
  readonly look: (form: Asked) => void
  readonly wrong: Mistakes
}

function Filters({ locale, asked, look, wrong }: FiltersProps) {
  const t = adminTexts(locale)
  const errorOf = (name: string) => {
    const mistake = wrong[name]
    return mistake === undefined ? undefined : t(`permissions.wrong.${mistake}`)
  }
  const [form, setForm] = useState(asked)
  const set = (name: string) => (value: string) => setForm({ ...form, [name]: value })
  return (
    <form
      className="filters decision-filters"
      role="search"
      onSubmit={(event) => {
        event.preventDefault()
        look(form)
      }}
    >
      {fields.map((name) => (
        <Field
          key={name}
          id={`filter-${name}`}
          label={t(`decisions.filter.${name}`)}
          error={errorOf(name)}
          value={form[name] ?? ''}
          onChange={set(name)}
        />
      ))}
      {times.map((name) => (
        <Field
          key={name}
          id={`filter-${name}`}
          label={t(`decisions.filter.${name}`, { zone: zoneHere(locale) })}
          error={errorOf(name)}
          type="datetime-local"
          value={localIn(form[name] ?? '')}
          onChange={(value) => set(name)(isoIn(value))}
        />
      ))}
      <Choice
        id="filter-decision"
        label={t('decisions.filter.decision')}
        value={form['decision'] ?? ''}
        set={set('decision')}
        options={[
          ['', t('filter.all')],
          ['allow', t('decision.allow')],
          ['deny', t('decision.deny')],
        ]}
      />
      <Button>{t('decisions.look')}</Button>
    </form>
  )
}

function columnsOf(here: Pick<Console, 'locale' | 'go'>, names: Names): readonly Column<api.Told>[] {
  const t = adminTexts(here.locale)
  return [
    {
      title: t('decision.what'),
      cell: ({ id, action }) => (
        <Go to={`/admin/${room}/${id}`} go={here.go} className="wraps">
          <Breaking name={action} />
        </Go>
      ),
    },
    { title: t('decision.is'), cell: ({ decision }) => <Decided locale={here.locale} decision={decision} /> },
    { title: t('decision.who'), cell: ({ subject }) => <Named {...here} one={subject} names={names} /> },
    { title: t('decision.to'), cell: ({ resource }) => <Named {...here} one={resource} names={names} /> },
    {
      title: t('decision.by'),
      cell: ({ determining, policies }) =>
        determining.length === 0 ? (
          t('decision.nothing')
        ) : (
          <PolicyLinks go={here.go} ids={determining} revision={policies} />
        ),
    },
    { title: t('col.when'), cell: ({ at }) => <AtSecond locale={here.locale} at={at} /> },
  ]
}

/** A long name breaks after its points, and not within a word. */
function Breaking({ name }: { readonly name: string }) {
  return name.split(/(?<=[.-])/).map((part, n) => (
    <Fragment key={n}>
      {n > 0 && <wbr />}
      {part}
    </Fragment>
  ))
}

/** Compares what is written here with what the audit log says of it. */
function Verifying({ locale, go }: Pick<Console, 'locale' | 'go'>) {
  const t = adminTexts(locale)
  const [verdict, setVerdict] = useState<api.Verdict | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const verify = () => {
    setBusy(true)
    verifyAll()
      .then(
        (found) => (setVerdict(found), setError(null)),
        (reason: unknown) => (setVerdict(null), setError(reason)),
      )
      .finally(() => setBusy(false))
  }
  return (
    <>
      <div className="row">
        <Button busy={busy} onPress={verify}>
          {t(busy ? 'verify.doing' : 'verify.act')}
        </Button>
      </div>
      <PolicyProblem locale={locale} error={error} />
      {verdict !== null && (
        <Notice
          tone={verdict.intact ? 'go' : 'stop'}
          title={t(verdict.intact ? 'verify.intact' : 'verify.broken')}
        >
          <p>
            {t('verify.counts', { rows: verdict.rows, batches: verdict.batches, erased: verdict.erased })}
          </p>
          {verdict.findings.length > 0 && (
            <ul className="stack-tight">
              {verdict.findings.slice(0, 50).map(({ batch, place, decision, what }, n) => (
                <li key={n}>
                  {t('verify.finding', { what: what.replaceAll(' ', '_'), batch, place: place ?? 0 })}{' '}
                  {decision !== null && (
                    <Go to={`/admin/${room}/${decision}`} go={go}>
                      {t('verify.see')}
                    </Go>
                  )}
                </li>
              ))}
            </ul>
          )}
        </Notice>
      )}
    </>
  )
}
