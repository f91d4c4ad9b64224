import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { wordOf } from './client-fields.tsx'
import { Go, withFilter, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Nothing } from './nothing.tsx'
import { PageHeading, Pager, Pill, StackedTable, type Column } from './parts.tsx'
import { ProblemNotice } from './problem.tsx'
import * as api from './programs-api.ts'
import { lookedFor, SearchBox } from './search-box.tsx'
import { At } from './state.tsx'
import { Where } from './where.tsx'

export const room = 'service-identities'

/** Which programs come in their own name, whose each is, and when it was last here. */
export function ProgramsPage({ filter, locale, go }: Console & { readonly filter: URLSearchParams }) {
  const t = adminTexts(locale)
  const search = lookedFor(filter, 'search')
  const [turned, turn] = useState<readonly string[]>([])
  const after = turned.at(-1) ?? ''
  const { value, error, load } = useLoaded(() => api.programs({ search, after }), [search, after])
  return (
    <>
      <div className="row spread">
        <PageHeading>{t('room.service-identities')}</PageHeading>
        <Where may="service-identities.create">
          <Go to={`/admin/${room}/new`} go={go} className="button button-primary">
            {t('programs.new')}
          </Go>
        </Where>
      </div>
      <p className="soft">{t('programs.text')}</p>
      <div className="filters" role="search">
        <SearchBox
          id="filter-search"
          locale={locale}
          label={t('programs.search')}
          value={filter.get('search') ?? ''}
          set={(words) => {
            turn([])
            go(withFilter(room, filter, 'search', words), 'replace')
          }}
        />
      </div>
      <ProblemNotice locale={locale} error={error} again={load} />
      {value?.identities.length === 0 && (
        <Nothing
          locale={locale}
          go={go}
          isNarrowed={search !== ''}
          to={`/admin/${room}`}
          none={t('programs.none')}
          empty={{
            title: t('programs.empty'),
            text: t('programs.empty.text'),
            act: 'service-identities.create',
          }}
        />
      )}
      {value !== null && value.identities.length > 0 && (
        <StackedTable
          label={t('programs.table')}
          columns={columnsOf(locale, go)}
          rows={value.identities}
          keyOf={({ id }) => id}
        />
      )}
      <Pager locale={locale} turned={turned} turn={turn} next={value?.next ?? null} />
    </>
  )
}

function columnsOf(locale: Console['locale'], go: Console['go']): readonly Column<api.Program>[] {
  const t = adminTexts(locale)
  return [
    {
      title: t('col.name'),
      cell: ({ id, name }) => (
        <Go to={`/admin/${room}/${id}`} go={go}>
          {name}
        </Go>
      ),
    },
    { title: t('client.kind.title'), cell: ({ kind }) => t('program.kind', { kind: wordOf(kind) }) },
    { title: t('col.state'), cell: (program) => <Standing locale={locale} program={program} /> },
    { title: t('program.purpose'), cell: ({ purpose }) => purpose },
    {
      title: t('client.used'),
      cell: ({ usedAt }) => (usedAt === null ? t('client.used.never') : <At locale={locale} at={usedAt} />),
    },
  ]
}

interface StandingProps extends Pick<Console, 'locale'> {
  readonly program: api.Program
}

/** What somebody may have to do something about, in words and in colour. */
export function Standing({ locale, program: { disabled, ownerKind, owner, keys } }: StandingProps) {
  const t = adminTexts(locale)
  const live = keys.filter(({ state }) => state === 'live').length
  return (
    <div className="row">
      <Pill tone={disabled ? 'stop' : 'go'}>{t(disabled ? 'client.disabled' : 'client.enabled')}</Pill>
      {ownerKind === 'person' && owner === null && <Pill tone="stop">{t('program.ownerless')}</Pill>}
      {live === 0 && <Pill tone="wait">{t('program.keyless')}</Pill>}
    </div>
  )
}
