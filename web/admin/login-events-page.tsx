import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import type { Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Button, PageHeading } from './parts.tsx'
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
  const set = (name: string) => (value: string) => {
    const next = new URLSearchParams(filter)
    if (value === '') next.delete(name)
    else next.set(name, value)
    go(`/admin/login-events${next.size === 0 ? '' : `?${next.toString()}`}`, 'replace')
  }
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
      <Choice id="days" label={t('reasons.since')} value={days} set={set} options={spans} />
      <ProblemNotice locale={locale} error={error} />
      {value?.reasons.length === 0 && <p role="status">{t('reasons.none')}</p>}
      <ul className="rows">
        {value?.reasons.map(({ method, reason, count, accounts, networks, latest }) => (
          <li key={`${method} ${reason}`}>
            <div className="rows-main">
              <p>
                <strong>{t('why', { reason })}</strong> {t('how', { method: method.replaceAll('-', '_') })}
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
  const next = value?.next ?? null
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
      <Choice id="result" label={t('filter')} value={result} set={choose} options={kinds} />
      <ProblemNotice locale={locale} error={error} />
      {value !== null && <Tries locale={locale} tries={value.events} go={go} />}
      <div className="row">
        {before.length > 0 && (
          <Button onPress={() => setBefore(before.slice(0, -1))}>{t('page.before')}</Button>
        )}
        {next !== null && <Button onPress={() => setBefore([...before, next])}>{t('page.next')}</Button>}
      </div>
    </Section>
  )
}

interface ChoiceProps {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly options: readonly (readonly [value: string, label: string])[]
  readonly set: (value: string) => void
}

function Choice({ id, label, value, options, set }: ChoiceProps) {
  return (
    <div className="filters">
      <div className="field">
        <label htmlFor={`filter-${id}`}>{label}</label>
        <select
          id={`filter-${id}`}
          className="input"
          value={value}
          onChange={(event) => set(event.target.value)}
        >
          {options.map(([one, words]) => (
            <option key={one} value={one}>
              {words}
            </option>
          ))}
        </select>
      </div>
    </div>
  )
}
