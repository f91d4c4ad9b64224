import type { ListedApplication } from '@althing/identity/contract'
import { Refused } from '@althing/web-ui/dom/http.ts'
import { createFormats } from '@althing/web-ui/format.ts'
import { useEffect, useRef, useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import type { Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Button, Choice, Notice, PageHeading } from './parts.tsx'
import * as api from './people-api.ts'
import { ProblemNotice } from './problem.tsx'
import { At } from './state.tsx'

const states = ['waiting', 'guardian', 'approved', 'rejected'] as const

/** Who asks for an account, those who have waited longest first; what is being looked at stands in the address. */
export function ApplicationsPage({ filter, locale, go }: Console & { readonly filter: URLSearchParams }) {
  const t = adminTexts(locale)
  const state = filter.get('state') ?? 'waiting'
  const { value, error, busy, act } = useLoaded(() => api.applications(state), [state])
  const [said, setSaid] = useState<Said | null>(null)
  const decide = ({ name, email }: ListedApplication, what: 'approved' | 'rejected', work: Work) =>
    act(() =>
      work().then(
        () => setSaid({ what, name, email }),
        (reason: unknown) => {
          // In another tab, or by a colleague: the list is asked for anew, and it is said of whom.
          if (!(reason instanceof Refused && reason.code === 'identity.joining.decided')) throw reason
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
          <Row key={one.id} locale={locale} application={one} busy={busy} decide={decide} />
        ))}
      </ul>
    </>
  )
}

type Work = () => Promise<unknown>
interface Said {
  readonly what: 'approved' | 'rejected' | 'decided'
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

interface RowProps {
  readonly locale: Console['locale']
  readonly application: ListedApplication
  readonly busy: boolean
  readonly decide: (one: ListedApplication, what: 'approved' | 'rejected', work: Work) => void
}

function Row({ locale, application, busy, decide }: RowProps) {
  const t = adminTexts(locale)
  const { id, name, email, phone, birthDate, guardianEmail, state, createdAt, reason } = application
  return (
    <li>
      <div className="rows-main">
        <p>
          <strong>{name}</strong>
        </p>
        <p className="soft small">
          {[email, phone, t('application.born', { date: dayIn(locale, birthDate) })]
            .filter((part) => part !== null)
            .join(', ')}
          {guardianEmail !== null && `, ${t('application.guardianOf', { email: guardianEmail })}`}
        </p>
        <p className="soft small">
          {t('application.since')} <At locale={locale} at={createdAt} />
        </p>
        {reason !== null && <p className="small">{reason}</p>}
        {state === 'waiting' && (
          <Refuse
            locale={locale}
            name={name}
            busy={busy}
            onRefuse={(why) => decide(application, 'rejected', () => api.reject(id, why))}
          />
        )}
      </div>
      {state === 'waiting' && (
        <Button
          kind="primary"
          busy={busy}
          onPress={() => decide(application, 'approved', () => api.approve(id))}
        >
          {t('application.approve')}
          <span className="visually-hidden"> {name}</span>
        </Button>
      )}
    </li>
  )
}

interface RefuseProps {
  readonly locale: Console['locale']
  readonly name: string
  readonly busy: boolean
  readonly onRefuse: (reason: string) => void
}

/** A refusal is read by a person: there is room to say why. */
function Refuse({ locale, name, busy, onRefuse }: RefuseProps) {
  const t = adminTexts(locale)
  const [reason, setReason] = useState('')
  return (
    <details className="more">
      <summary>
        {t('application.reject')}
        <span className="visually-hidden"> {name}</span>
      </summary>
      <div className="stack-tight">
        <div className="field">
          <label htmlFor={`reason-${name}`}>{t('application.reason')}</label>
          <textarea
            id={`reason-${name}`}
            className="input"
            rows={3}
            maxLength={1000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </div>
        <Button kind="danger" busy={busy} onPress={() => onRefuse(reason)}>
          {t('application.reject.act')}
        </Button>
      </div>
    </details>
  )
}

/** `1990-05-17` as people write it. A day has no time zone: read and shown in one, it stays the same day. */
const dayIn = (locale: Console['locale'], day: string): string =>
  createFormats(locale, 'UTC').date(new Date(`${day}T00:00:00Z`))
