import type { ListedApplication } from '@althing/identity/contract'
import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Applicant, isDecided } from './applications-page.tsx'
import { Field } from './fields.tsx'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { isNotThere, NotThere } from './not-there.tsx'
import { Button, Notice, PageHeading } from './parts.tsx'
import * as api from './people-api.ts'
import { ProblemNotice } from './problem.tsx'
import { useMay } from './standing.ts'
import { tooLong } from './too-long.ts'

/** Asks before somebody is refused: who it is, what comes of it, and room for a reason that they read. */
export function ApplicationPage({ id, locale, go }: Console & { readonly id: string }) {
  const t = adminTexts(locale)
  const { value: one, error, busy, load, act } = useLoaded(() => api.application(id), [id])
  const [isRefused, setRefused] = useState(false)
  const isAsked = useMay()('applications.decide') && one?.state === 'waiting'
  if (one === null && isNotThere(error)) return <NotThere locale={locale} go={go} />
  const refuse = (reason: string) =>
    act(() =>
      api.reject(id, reason).then(
        () => setRefused(true),
        // In another tab, or by a colleague: how it stands now is asked for anew and said.
        (why: unknown) => {
          if (!isDecided(why)) throw why
        },
      ),
    )
  return (
    <>
      <p>
        <Go to="/admin/applications" go={go}>
          {t('applications.all')}
        </Go>
      </p>
      {one === null ? (
        <ProblemNotice locale={locale} error={error} again={load} />
      ) : (
        <>
          <PageHeading>
            {t(isAsked ? 'application.reject.title' : 'application.of', { name: one.name })}
          </PageHeading>
          <Applicant locale={locale} application={one} />
          <ProblemNotice locale={locale} error={error} />
          {isAsked && <Refusal locale={locale} go={go} busy={busy} refuse={refuse} />}
          {one.state !== 'waiting' && <Decided locale={locale} application={one} isRefused={isRefused} />}
        </>
      )}
    </>
  )
}

/** As its door takes it: it is the whole letter to somebody who has no account. */
const mostReason = 1000

interface RefusalProps extends Pick<Console, 'locale' | 'go'> {
  readonly busy: boolean
  readonly refuse: (reason: string) => void
}

function Refusal({ locale, go, busy, refuse }: RefusalProps) {
  const t = adminTexts(locale)
  const [reason, setReason] = useState('')
  const long = tooLong(locale, reason, mostReason)
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault()
        if (long === undefined) refuse(reason.trim())
        else document.getElementById('application-reason')?.focus()
      }}
    >
      <p>{t('application.reject.text')}</p>
      <Field
        id="application-reason"
        label={t('application.reason')}
        hint={t('application.reason.hint')}
        long
        error={long}
        value={reason}
        onChange={setReason}
      />
      <div className="row">
        <Button kind="danger" busy={busy}>
          {t('application.reject.act')}
        </Button>
        <Go to="/admin/applications" go={go} className="button button-quiet">
          {t('confirm.cancel')}
        </Go>
      </div>
    </form>
  )
}

interface DecidedProps extends Pick<Console, 'locale'> {
  readonly application: ListedApplication
  readonly isRefused: boolean
}

/** What was done just now, or how it stands. */
function Decided({ locale, application, isRefused }: DecidedProps) {
  const t = adminTexts(locale)
  const { name, email, state, reason } = application
  const title = isRefused
    ? t('application.said.rejected', { name, email })
    : t('application.stands', { state: t(`application.${state}`) })
  return (
    <Notice tone={isRefused ? 'go' : 'info'} title={title}>
      {reason !== null && <p className="wraps">{reason}</p>}
    </Notice>
  )
}
