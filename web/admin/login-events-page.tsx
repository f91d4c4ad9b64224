import { wayOf } from '@althing/web-ui/way.ts'
import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { withFilter, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Choice, PageHeading, Pager } from './parts.tsx'
import * as api from './people-api.ts'
import { Section, Tries } from './person-page.tsx'
import { ProblemNotice } from './problem.tsx'
import { At } from './state.tsx'

interface Filtered extends Pick<Console, 'locale'> {
  readonly value: string
  readonly set: (value: string) => void
}

/** Who came or tried to, and why not: first grouped, because that is what tells an attack from a bad morning. */
export function LoginEventsPage({ filter, locale, go }: Console & { readonly filter: URLSearchParams }) {
  const t = adminTexts(locale)
  const set = (name: string) => (value: string) =>
    go(withFilter('login-events', filter, name, value), 'replace')
  return (
    <>
      <PageHeading>{t('room.login-events')}</PageHeading>
      <Reasons locale={locale} value={filter.get('days') ?? '1'} set={set('days')} />
      <All locale={locale} go={go} value={filter.get('result') ?? ''} set={set('result')} />
    </>
  )
}

function Reasons({ locale, value: days, set }: Filtered) {
  const t = adminTexts(locale)
  const { value, error } = useLoaded(() => api.reasons(days), [days])
  const spans = [
    ['1', t('reasons.day')],
    ['7', t('reasons.week')],
    ['90', t('reasons.quarter')],
  ] as const
  return (
    <Section title={t('reasons.title')}>
      <div className="filters">
        <Choice id="filter-days" label={t('reasons.since')} value={days} set={set} options={spans} />
      </div>
      <ProblemNotice locale={locale} error={error} />
      {value?.reasons.length === 0 && <p role="status">{t('reasons.none')}</p>}
      <ul className="rows" aria-label={t('reasons.title')}>
        {value?.reasons.map(({ method, reason, count, accounts, networks, latest }) => (
          <li key={`${method} ${reason}`}>
            <div className="rows-main">
              <p className="sentence">
                {t('how', wayOf(method))}: <strong>{t('why', { reason })}</strong>
              </p>
              <p className="soft small">
                {t('reasons.figures', { count, accounts, networks })} <At locale={locale} at={latest} />
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  )
}

function All({ locale, go, value: result, set }: Filtered & Pick<Console, 'go'>) {
  const t = adminTexts(locale)
  const [before, setBefore] = useState<readonly string[]>([])
  const at = before.at(-1) ?? ''
  const { value, error } = useLoaded(() => api.tries({ result, before: at }), [result, at])
  const kinds = [
    ['', t('filter.all')],
    ['refused', t('try.refused')],
    ['in', t('try.in')],
  ] as const
  const choose = (kind: string) => {
    setBefore([])
    set(kind)
  }
  return (
    <Section title={t('tries.title')}>
      <div className="filters">
        <Choice id="filter-result" label={t('filter')} value={result} set={choose} options={kinds} />
      </div>
      <ProblemNotice locale={locale} error={error} />
      {value !== null && <Tries locale={locale} tries={value.events} go={go} />}
      <Pager locale={locale} turned={before} turn={setBefore} next={value?.next ?? null} />
    </Section>
  )
}
