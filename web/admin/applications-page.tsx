import type { ListedApplication } from '@althing/identity/contract'
import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import type { Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Button, Choice, PageHeading } from './parts.tsx'
import * as api from './people-api.ts'
import { ProblemNotice } from './problem.tsx'
import { At } from './state.tsx'

const states = ['waiting', 'guardian', 'approved', 'rejected'] as const

/** Who asks for an account, those who have waited longest first; what is being looked at stands in the address. */
export function ApplicationsPage({ filter, locale, go }: Console & { readonly filter: URLSearchParams }) {
  const t = adminTexts(locale)
  const state = filter.get('state') ?? 'waiting'
  const { value, error, busy, act } = useLoaded(() => api.applications(state), [state])
  return (
    <>
      <PageHeading>{t('room.applications')}</PageHeading>
      <div className="filters" role="search">
        <Choice
          id="filter-application"
          label={t('filter')}
          value={state}
          set={(value) => go(`/admin/applications?state=${value}`, 'replace')}
          options={states.map((one) => [one, t(`application.${one}`)] as const)}
        />
      </div>
      <ProblemNotice locale={locale} error={error} />
      {value?.applications.length === 0 && (
        <div className="empty">
          <h2>{t(`applications.none.${state === 'waiting' ? 'waiting' : 'other'}`)}</h2>
          <p className="soft">{t('applications.none.text')}</p>
        </div>
      )}
      <ul className="rows" aria-label={t('room.applications')}>
        {value?.applications.map((one) => (
          <Row key={one.id} locale={locale} application={one} busy={busy} act={act} />
        ))}
      </ul>
    </>
  )
}

interface RowProps {
  readonly locale: Console['locale']
  readonly application: ListedApplication
  readonly busy: boolean
  readonly act: (work: () => Promise<unknown>) => void
}

function Row({ locale, application, busy, act }: RowProps) {
  const t = adminTexts(locale)
  const { id, name, email, phone, birthDate, guardianEmail, state, createdAt, reason } = application
  return (
    <li>
      <div className="rows-main">
        <p>
          <strong>{name}</strong>
        </p>
        <p className="soft small">
          {[email, phone, t('application.born', { date: birthDate })]
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
            onRefuse={(why) => act(() => api.reject(id, why))}
          />
        )}
      </div>
      {state === 'waiting' && (
        <Button kind="primary" busy={busy} onPress={() => act(() => api.approve(id))}>
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
