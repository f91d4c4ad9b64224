import type { SecurityAlert } from '@althing/identity/contract'
import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Go, withFilter, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Choice, PageHeading, Pager, Pill } from './parts.tsx'
import * as api from './people-api.ts'
import { ProblemNotice } from './problem.tsx'
import { At } from './state.tsx'

/** What should be looked at, the latest first; what is being looked at stands in the address. */
export function AlertsPage({ filter, locale, go }: Console & { readonly filter: URLSearchParams }) {
  const t = adminTexts(locale)
  const [state, severity] = [filter.get('state') ?? 'open', filter.get('severity') ?? '']
  const [turned, turn] = useState<readonly string[]>([])
  const before = turned.at(-1) ?? ''
  const { value, error } = useLoaded(() => api.alerts({ state, severity, before }), [state, severity, before])
  const set = (name: string) => (chosen: string) => {
    turn([])
    go(withFilter('alerts', filter, name, chosen), 'replace')
  }
  const states = (['open', 'resolved'] as const).map((one) => [one, t(`alert.${one}`)] as const)
  return (
    <>
      <PageHeading>{t('room.alerts')}</PageHeading>
      <div className="filters" role="search">
        <Choice id="filter-alert" label={t('filter')} value={state} set={set('state')} options={states} />
        <Choice
          id="filter-severity"
          label={t('alert.severity')}
          value={severity}
          set={set('severity')}
          options={[
            ['', t('filter.all')],
            ...graves.map((one) => [one, t(`alert.severity.${one}`)] as const),
          ]}
        />
      </div>
      <ProblemNotice locale={locale} error={error} />
      {value?.alerts.length === 0 && (
        <div className="empty">
          <h2>{t('alerts.none')}</h2>
          <p className="soft">{t('alerts.none.text')}</p>
        </div>
      )}
      <ul className="rows" aria-label={t('room.alerts')}>
        {value?.alerts.map((alert) => (
          <Row key={alert.id} locale={locale} go={go} alert={alert} />
        ))}
      </ul>
      <Pager locale={locale} turned={turned} turn={turn} next={value?.next ?? null} />
    </>
  )
}

const graves = ['high', 'medium', 'low'] as const
const tones = { high: 'stop', medium: 'wait', low: 'plain' } as const

/** How grave, in a word and a sign: never by colour alone. */
export function Grave({ locale, severity }: Pick<Console, 'locale'> & Pick<SecurityAlert, 'severity'>) {
  const t = adminTexts(locale)
  return (
    <Pill tone={tones[severity]}>
      <span className="visually-hidden">{t('alert.severity')}: </span>
      {t(`alert.severity.${severity}`)}
    </Pill>
  )
}

function Row({ locale, go, alert }: Pick<Console, 'locale' | 'go'> & { readonly alert: SecurityAlert }) {
  const t = adminTexts(locale)
  const { id, kind, severity, network, count, lastSeen, reason } = alert
  return (
    <li>
      <div className="rows-main">
        <p>
          <Go to={`/admin/alerts/${id}`} go={go}>
            <strong>{t('alert.kind', { kind: kind.replaceAll('-', '_') })}</strong>
          </Go>
        </p>
        <p className="soft small">
          {network !== null && `${network}, `}
          {t('alert.seen', { count })} <At locale={locale} at={lastSeen} />
        </p>
        {reason !== null && <p className="small">{reason}</p>}
      </div>
      <Grave locale={locale} severity={severity} />
    </li>
  )
}
