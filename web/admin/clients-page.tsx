import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { wordOf } from './client-fields.tsx'
import * as api from './clients-api.ts'
import { Go, withFilter, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Nothing } from './nothing.tsx'
import { Choice, PageHeading, Pager, Pill, StackedTable, type Column } from './parts.tsx'
import { ProblemNotice } from './problem.tsx'
import { lookedFor, SearchBox } from './search-box.tsx'
import { At } from './state.tsx'
import { Where } from './where.tsx'

/** Which applications may sign people in, and what about them is worth a look. What is looked for stands in the address. */
export function ClientsPage({ filter, locale, go }: Console & { readonly filter: URLSearchParams }) {
  const t = adminTexts(locale)
  const [search, state] = [lookedFor(filter, 'search'), filter.get('state') ?? '']
  const [turned, turn] = useState<readonly string[]>([])
  const after = turned.at(-1) ?? ''
  const { value, error, load } = useLoaded(
    () => api.clients({ search, state, after }),
    [search, state, after],
  )
  const set = (name: string, word: string) => {
    turn([])
    go(withFilter('clients', filter, name, word), 'replace')
  }
  return (
    <>
      <div className="row spread">
        <PageHeading>{t('room.clients')}</PageHeading>
        <Where may="clients.create">
          <Go to="/admin/clients/new" go={go} className="button button-primary">
            {t('clients.new')}
          </Go>
        </Where>
      </div>
      <p className="soft">{t('clients.text')}</p>
      <Filters locale={locale} search={filter.get('search') ?? ''} state={state} set={set} />
      <ProblemNotice locale={locale} error={error} again={load} />
      {value?.clients.length === 0 && (
        <Nothing
          locale={locale}
          go={go}
          isNarrowed={search !== '' || state !== ''}
          to="/admin/clients"
          none={t('clients.none')}
          empty={{ title: t('clients.empty'), text: t('clients.empty.text'), act: 'clients.create' }}
        />
      )}
      {value !== null && value.clients.length > 0 && (
        <StackedTable
          label={t('clients.table')}
          columns={columnsOf(locale, go)}
          rows={value.clients}
          keyOf={({ id }) => id}
        />
      )}
      <Pager locale={locale} turned={turned} turn={turn} next={value?.next ?? null} />
    </>
  )
}

interface FiltersProps extends Pick<Console, 'locale'> {
  readonly search: string
  readonly state: string
  readonly set: (name: string, word: string) => void
}

function Filters({ locale, search, state, set }: FiltersProps) {
  const t = adminTexts(locale)
  return (
    <div className="filters" role="search">
      <SearchBox
        locale={locale}
        id="filter-search"
        label={t('clients.search')}
        value={search}
        set={(value) => set('search', value)}
      />
      <Choice
        id="filter-state"
        label={t('filter')}
        value={state}
        set={(value) => set('state', value)}
        options={[
          ['', t('filter.all')],
          ...(['enabled', 'disabled'] as const).map((one) => [one, t(`client.${one}`)] as const),
        ]}
      />
    </div>
  )
}

function columnsOf(locale: Console['locale'], go: Console['go']): readonly Column<api.Listed>[] {
  const t = adminTexts(locale)
  return [
    {
      title: t('col.name'),
      cell: ({ id, name }) => (
        <Go to={`/admin/clients/${id}`} go={go}>
          {name}
        </Go>
      ),
    },
    { title: t('client.kind.title'), cell: ({ kind }) => t('client.kind', { kind }) },
    {
      title: t('col.state'),
      cell: (client) => <Standing locale={locale} client={client} />,
    },
    { title: t('client.policy'), cell: ({ policy }) => t('client.choice', { one: wordOf(policy) }) },
    {
      title: t('client.used'),
      cell: ({ usedAt }) => (usedAt === null ? t('client.used.never') : <At locale={locale} at={usedAt} />),
    },
  ]
}

interface StandingProps extends Pick<Console, 'locale'> {
  readonly client: api.Listed
}

/** What somebody may have to do something about, in words and in colour. */
export function Standing({ locale, client: { disabled, provesBySecret, secrets, weakened } }: StandingProps) {
  const t = adminTexts(locale)
  const notices = [...new Set(secrets.flatMap(({ notice }) => notice ?? []))]
  return (
    <div className="row">
      <Pill tone={disabled ? 'stop' : 'go'}>{t(disabled ? 'client.disabled' : 'client.enabled')}</Pill>
      {provesBySecret && secrets.length === 0 && <Pill tone="stop">{t('client.secretless')}</Pill>}
      {notices.map((notice) => (
        <Pill key={notice} tone="wait">
          {t(`client.secret.${notice}`)}
        </Pill>
      ))}
      {weakened.length > 0 && <Pill tone="wait">{t('client.weakened', { count: weakened.length })}</Pill>}
    </div>
  )
}
