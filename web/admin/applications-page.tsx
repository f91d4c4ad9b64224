import type { ListedApplication } from '@althing/identity/contract'
import { Refused } from '@althing/web-ui/dom/http.ts'
import { createFormats } from '@althing/web-ui/format.ts'
import { useEffect, useRef, useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Button, Choice, Notice, PageHeading } from './parts.tsx'
import * as api from './people-api.ts'
import { ProblemNotice } from './problem.tsx'
import { At } from './state.tsx'
import { Where } from './where.tsx'

const states = ['waiting', 'guardian', 'approved', 'rejected'] as const

/** Who asks for an account, those who have waited longest first; what is being looked at stands in the address. */
export function ApplicationsPage({ filter, locale, go }: Console & { readonly filter: URLSearchParams }) {
  const t = adminTexts(locale)
  const state = filter.get('state') ?? 'waiting'
  const { value, error, busy, act } = useLoaded(() => api.applications(state), [state])
  const [said, setSaid] = useState<Said | null>(null)
  const approve = ({ id, name, email }: ListedApplication) =>
    act(() =>
      api.approve(id).then(
        () => setSaid({ what: 'approved', name, email }),
        (reason: unknown) => {
          // In another tab, or by a colleague: the list is asked for anew, and it is said of whom.
          if (!isDecided(reason)) throw reason
          setSaid({ what: 'decided', name, email })
        },
      ),
    )
  return (
    <>
      <PageHeading>{t('room.applications')}</PageHeading>
      <div className="filters" role="search">
        <Choice
          id="filter-application"
          label={t('filter')}
          value={state}
          set={(value) => (setSaid(null), go(`/admin/applications?state=${value}`, 'replace'))}
          options={states.map((one) => [one, t(`application.${one}`)] as const)}
        />
      </div>
      <ProblemNotice locale={locale} error={error} />
      <WhatWasDone locale={locale} said={said} />
      {value?.applications.length === 0 && (
        <div className="empty">
          <h2>{t(`applications.none.${state === 'waiting' ? 'waiting' : 'other'}`)}</h2>
          <p className="soft">{t('applications.none.text')}</p>
        </div>
      )}
      <ul className="rows" aria-label={t('room.applications')}>
        {value?.applications.map((one) => (
          <Row key={one.id} locale={locale} go={go} application={one} busy={busy} approve={approve} />
        ))}
      </ul>
    </>
  )
}

export const isDecided = (reason: unknown): boolean =>
  reason instanceof Refused && reason.code === 'identity.joining.decided'

interface Said {
  readonly what: 'approved' | 'decided'
  readonly name: string
  readonly email: string
}

/** The row that was decided is gone, and the keyboard with it: it goes on from what was done. */
function WhatWasDone({ locale, said }: Pick<Console, 'locale'> & { readonly said: Said | null }) {
  const t = adminTexts(locale)
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (said !== null) place.current?.focus()
  }, [said])
  if (said === null) return null
  const { what, name, email } = said
  return (
    <div ref={place} tabIndex={-1}>
      <Notice
        tone={what === 'decided' ? 'wait' : 'go'}
        title={t(`application.said.${what}`, { name, email })}
      />
    </div>
  )
}

interface RowProps extends Pick<Console, 'locale' | 'go'> {
  readonly application: ListedApplication
  readonly busy: boolean
  readonly approve: (one: ListedApplication) => void
}

/** Letting somebody in is one press; refusing has a page of its own, which asks and leaves room to say why. */
function Row({ locale, go, application, busy, approve }: RowProps) {
  const t = adminTexts(locale)
  const { id, name, state, reason } = application
  return (
    <li>
      <div className="rows-main">
        <p>
          <strong>{name}</strong>
        </p>
        <Applicant locale={locale} application={application} />
        {reason !== null && <p className="small">{reason}</p>}
      </div>
      {state === 'waiting' && (
        <Where may="applications.decide">
          <div className="row">
            <Button kind="primary" busy={busy} onPress={() => approve(application)}>
              {t('application.approve')}
              <span className="visually-hidden"> {name}</span>
            </Button>
            <Go to={`/admin/applications/${id}`} go={go} className="button button-secondary">
              {t('application.reject')}
              <span className="visually-hidden"> {name}</span>
            </Go>
          </div>
        </Where>
      )}
    </li>
  )
}

/** Who asks, and since when. */
export function Applicant({ locale, application }: Pick<RowProps, 'locale' | 'application'>) {
  const t = adminTexts(locale)
  const { email, phone, birthDate, guardianEmail, createdAt } = application
  return (
    <>
      <p className="soft small">
        {[email, phone, t('application.born', { date: dayIn(locale, birthDate) })]
          .filter((part) => part !== null)
          .join(', ')}
        {guardianEmail !== null && `, ${t('application.guardianOf', { email: guardianEmail })}`}
      </p>
      <p className="soft small">
        {t('application.since')} <At locale={locale} at={createdAt} />
      </p>
    </>
  )
}

/** `1990-05-17` as people write it. A day has no time zone: read and shown in one, it stays the same day. */
const dayIn = (locale: Console['locale'], day: string): string =>
  createFormats(locale, 'UTC').date(new Date(`${day}T00:00:00Z`))
