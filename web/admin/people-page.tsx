import type { ListedAccount } from '@althing/identity/contract'
import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Go, withFilter, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Choice, PageHeading, Pager, Pill, StackedTable, type Column } from './parts.tsx'
import { Nothing } from './nothing.tsx'
import * as api from './people-api.ts'
import { ProblemNotice } from './problem.tsx'
import { lookedFor, SearchBox } from './search-box.tsx'
import { Where } from './where.tsx'

const statuses = ['active', 'pending', 'suspended', 'banned'] as const
const tones = { active: 'plain', pending: 'wait', suspended: 'stop', banned: 'stop' } as const

export function Status({ locale, status }: { locale: Console['locale']; status: ListedAccount['status'] }) {
  return <Pill tone={tones[status]}>{adminTexts(locale)(`person.${status}`)}</Pill>
}

/** Everybody who has an account. What is looked for stands in the address, so it can be sent to somebody. */
export function PeoplePage({ filter, ...page }: Console & { readonly filter: URLSearchParams }) {
  const { locale, go } = page
  const t = adminTexts(locale)
  const [q, status, by] = [lookedFor(filter, 'q'), filter.get('status') ?? '', filter.get('by') ?? 'name']
  const [after, setAfter] = useState<readonly string[]>([])
  const asked = { q, status, by, after: after.at(-1) ?? '' }
  const { value, error, load } = useLoaded(() => api.people(asked), [q, status, by, asked.after])
  const set = (name: string, word: string) => {
    setAfter([])
    go(withFilter('people', filter, name, word), 'replace')
  }
  return (
    <>
      <div className="row spread">
        <PageHeading>{t('room.people')}</PageHeading>
        <Where may="users.create">
          <Go to="/admin/people/new" go={go} className="button button-primary">
            {t('people.new')}
          </Go>
        </Where>
      </div>
      <Filters locale={locale} q={filter.get('q') ?? ''} status={status} by={by} set={set} />
      <ProblemNotice locale={locale} error={error} again={load} />
      {value?.users.length === 0 && (
        <Nothing
          locale={locale}
          go={go}
          isNarrowed={q !== '' || status !== ''}
          to="/admin/people"
          none={t('people.none')}
        />
      )}
      {value !== null && value.users.length > 0 && <Table {...page} people={value.users} />}
      <Pager locale={locale} turned={after} turn={setAfter} next={value?.next ?? null} />
    </>
  )
}

interface FiltersProps {
  readonly locale: Console['locale']
  readonly q: string
  readonly status: string
  readonly by: string
  readonly set: (name: string, word: string) => void
}

function Filters({ locale, q, status, by, set }: FiltersProps) {
  const t = adminTexts(locale)
  return (
    <div className="filters" role="search">
      <SearchBox
        id="filter-q"
        locale={locale}
        label={t('people.search')}
        value={q}
        set={(value) => set('q', value)}
      />
      <Choice
        id="filter-status"
        label={t('filter')}
        value={status}
        set={(value) => set('status', value)}
        options={[['', t('filter.all')], ...statuses.map((one) => [one, t(`person.${one}`)] as const)]}
      />
      <Choice
        id="filter-by"
        label={t('people.by')}
        value={by}
        set={(value) => set('by', value)}
        options={(['name', 'made'] as const).map((one) => [one, t(`people.by.${one}`)] as const)}
      />
    </div>
  )
}

function Table({ locale, go, people }: Console & { readonly people: readonly ListedAccount[] }) {
  const t = adminTexts(locale)
  const columns: readonly Column<ListedAccount>[] = [
    {
      title: t('col.name'),
      cell: ({ id, name }) => (
        <Go to={`/admin/people/${id}`} go={go}>
          {name}
        </Go>
      ),
    },
    { title: t('col.email'), cell: ({ email }) => email },
    { title: t('col.state'), cell: ({ status }) => <Status locale={locale} status={status} /> },
    { title: t('col.roles'), cell: ({ roles }) => rolesIn(locale, roles) },
  ]
  return <StackedTable label={t('room.people')} columns={columns} rows={people} keyOf={({ id }) => id} />
}

export const rolesIn = (locale: Console['locale'], roles: readonly string[]): string =>
  roles.map((role) => adminTexts(locale)('role', { role: role.replaceAll('-', '_') })).join(', ')
