import type { AdminElection } from '@althing/elections/contract'
import { useEffect, useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import * as api from './api.ts'
import { Go, withFilter, type Console } from './go.tsx'
import { Nothing } from './nothing.tsx'
import { Choice, PageHeading, Said, sayOne, StackedTable, type Column } from './parts.tsx'
import { ProblemNotice } from './problem.tsx'
import { lookedFor, SearchBox } from './search-box.tsx'
import { At, State, turnoutWords } from './state.tsx'
import { Where } from './where.tsx'

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
  const search = lookedFor(filter, 'search')
  const set = (name: string, value: string) => go(withFilter('elections', filter, name, value), 'replace')
  const shown = (elections ?? []).filter(
    (one) =>
      (groups[state]?.includes(one.status) ?? true) &&
      sayOne(one.title, locale).toLowerCase().includes(search.toLowerCase()),
  )
  return (
    <>
      <div className="row spread">
        <PageHeading>{t('title')}</PageHeading>
        <Where may="elections.create">
          <Go to="/admin/elections/new" go={go} className="button button-primary">
            {t('new')}
          </Go>
        </Where>
      </div>
      <ProblemNotice locale={locale} error={error} again={load} />
      {elections?.length === 0 && (
        <div className="empty">
          <h2>{t('list.empty')}</h2>
          <Where may="elections.create">
            <p className="soft">{t('list.empty.text')}</p>
          </Where>
        </div>
      )}
      {elections !== null && elections.length > 0 && (
        <>
          <Filters locale={locale} state={state} search={filter.get('search') ?? ''} set={set} />
          {shown.length === 0 ? (
            <Nothing
              locale={locale}
              go={go}
              isNarrowed={state !== '' || search !== ''}
              to="/admin/elections"
              none={t('list.none')}
            />
          ) : (
            <Table {...page} elections={shown} />
          )}
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
      <Choice
        id="filter-state"
        label={t('filter')}
        value={state}
        set={(value) => set('state', value)}
        options={[
          ['', t('filter.all')],
          ...(['draft', 'open', 'over'] as const).map((group) => [group, t(`filter.${group}`)] as const),
        ]}
      />
      <SearchBox
        id="filter-search"
        locale={locale}
        label={t('search')}
        value={search}
        set={(value) => set('search', value)}
      />
    </div>
  )
}

function Table({ locale, go, elections }: Console & { readonly elections: readonly AdminElection[] }) {
  const t = adminTexts(locale)
  const columns: readonly Column<AdminElection>[] = [
    {
      title: t('col.title'),
      cell: ({ id, title }) => (
        <Go to={`/admin/elections/${id}`} go={go}>
          <Said text={title} locale={locale} />
        </Go>
      ),
    },
    { title: t('col.state'), cell: (election) => <State locale={locale} election={election} /> },
    { title: t('col.turnout'), cell: (election) => turnoutWords(locale, election), number: true },
    {
      title: t('col.begins'),
      cell: ({ scheduled_start, opened_at }) => <At locale={locale} at={scheduled_start ?? opened_at} />,
    },
    {
      title: t('col.ends'),
      cell: ({ closed_at, scheduled_end }) => <At locale={locale} at={closed_at ?? scheduled_end} />,
    },
  ]
  return <StackedTable label={t('title')} columns={columns} rows={elections} keyOf={({ id }) => id} />
}
