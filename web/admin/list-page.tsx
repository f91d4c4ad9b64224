import type { AdminElection } from '@althing/elections/contract'
import { useEffect, useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import * as api from './api.ts'
import { Go, type Console } from './go.tsx'
import { Button, PageHeading, Said, sayOne } from './parts.tsx'
import { ProblemNotice } from './problem.tsx'
import { At, State, turnoutWords } from './state.tsx'

const groups: Readonly<Record<string, readonly AdminElection['status'][]>> = {
  draft: ['draft'],
  open: ['published', 'open', 'paused'],
  over: ['closed', 'tallied', 'archived', 'cancelled'],
}

/** All elections, newest first. What is shown stands in the address, so it can be sent to somebody. */
export function ListPage({ filter, ...page }: Console & { readonly filter: URLSearchParams }) {
  const { locale, go } = page
  const t = adminTexts(locale)
  const [elections, setElections] = useState<readonly AdminElection[] | null>(null)
  const [error, setError] = useState<unknown>(null)
  const load = () => {
    setError(null)
    api.list().then(setElections, setError)
  }
  useEffect(load, [])
  const state = filter.get('state') ?? ''
  const search = filter.get('search') ?? ''
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(filter)
    if (value === '') next.delete(name)
    else next.set(name, value)
    go(`/admin/elections${next.size === 0 ? '' : `?${next.toString()}`}`, 'replace')
  }
  const shown = (elections ?? []).filter(
    (one) =>
      (groups[state]?.includes(one.status) ?? true) &&
      sayOne(one.title, locale).toLowerCase().includes(search.toLowerCase()),
  )
  return (
    <>
      <div className="row spread">
        <PageHeading>{t('title')}</PageHeading>
        <Go to="/admin/elections/new" go={go} className="button button-primary">
          {t('new')}
        </Go>
      </div>
      <ProblemNotice locale={locale} error={error} />
      {error !== null && (
        <div className="row">
          <Button kind="primary" onPress={load}>
            {t('fail.again')}
          </Button>
        </div>
      )}
      {elections?.length === 0 && (
        <div className="empty">
          <h2>{t('list.empty')}</h2>
          <p className="soft">{t('list.empty.text')}</p>
        </div>
      )}
      {elections !== null && elections.length > 0 && (
        <>
          <Filters locale={locale} state={state} search={search} set={set} />
          {shown.length === 0 ? <p role="status">{t('list.none')}</p> : <Table {...page} elections={shown} />}
        </>
      )}
    </>
  )
}

interface FiltersProps {
  readonly locale: Console['locale']
  readonly state: string
  readonly search: string
  readonly set: (name: string, value: string) => void
}

function Filters({ locale, state, search, set }: FiltersProps) {
  const t = adminTexts(locale)
  return (
    <div className="filters" role="search">
      <div className="field">
        <label htmlFor="filter-state">{t('filter')}</label>
        <select
          id="filter-state"
          className="input"
          value={state}
          onChange={(event) => set('state', event.target.value)}
        >
          <option value="">{t('filter.all')}</option>
          {(['draft', 'open', 'over'] as const).map((group) => (
            <option key={group} value={group}>
              {t(`filter.${group}`)}
            </option>
          ))}
        </select>
      </div>
      <div className="field">
        <label htmlFor="filter-search">{t('search')}</label>
        <input
          id="filter-search"
          type="search"
          className="input"
          value={search}
          onChange={(event) => set('search', event.target.value)}
        />
      </div>
    </div>
  )
}

function Table({ locale, go, elections }: Console & { readonly elections: readonly AdminElection[] }) {
  const t = adminTexts(locale)
  return (
    <div className="table-wrap" role="region" aria-label={t('title')} tabIndex={0}>
      <table className="stacks">
        <thead>
          <tr>
            {(['title', 'state', 'turnout', 'begins', 'ends'] as const).map((column) => (
              <th key={column} scope="col" className={column === 'turnout' ? 'number' : undefined}>
                {t(`col.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {elections.map((election) => (
            <tr key={election.id}>
              <th scope="row">
                <Go to={`/admin/elections/${election.id}`} go={go}>
                  <Said text={election.title} locale={locale} />
                </Go>
              </th>
              <td data-column={t('col.state')}>
                <State locale={locale} election={election} />
              </td>
              <td className="number" data-column={t('col.turnout')}>
                {turnoutWords(locale, election)}
              </td>
              <td data-column={t('col.begins')}>
                <At locale={locale} at={election.scheduled_start ?? election.opened_at} />
              </td>
              <td data-column={t('col.ends')}>
                <At locale={locale} at={election.closed_at ?? election.scheduled_end} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
