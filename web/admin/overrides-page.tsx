import type { ReactNode } from 'react'
import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Go, withFilter, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Nothing } from './nothing.tsx'
import { Choice, PageHeading, Pager, StackedTable, type Column } from './parts.tsx'
import * as api from './overrides-api.ts'
import { personOf, StandingShort, Until, What } from './override-parts.tsx'
import { Named } from './permissions-found.tsx'
import { PolicyProblem } from './policy-parts.tsx'
import { keeper } from './policies-api.ts'
import { At } from './state.tsx'
import { useNames, type Names } from './whose.tsx'

interface Props extends Console {
  readonly filter: URLSearchParams
}

/** Exceptions from the policies, each with its end. What is shown stands in the address. */
export function OverridesPage({ filter, ...page }: Props) {
  const t = adminTexts(page.locale)
  const { value } = useLoaded(keeper, [])
  return (
    <Room
      {...page}
      filter={filter}
      door="overrides"
      act={
        value?.may('overrides.ask') === true && (
          <Go to="/admin/overrides/new" go={page.go} className="button button-primary">
            {t('overrides.new')}
          </Go>
        )
      }
    />
  )
}

/** A role that is lent when nobody else is at hand. */
export function EmergencyPage({ filter, ...page }: Props) {
  const t = adminTexts(page.locale)
  const { value } = useLoaded(keeper, [])
  return (
    <Room
      {...page}
      filter={filter}
      door="emergency"
      act={
        value?.may('emergency.ask') === true && (
          <Go to="/admin/emergency/new" go={page.go} className="button button-primary">
            {t('emergency.ask')}
          </Go>
        )
      }
    />
  )
}

interface RoomProps extends Props {
  readonly door: api.Door
  readonly act: ReactNode
}

function Room({ locale, go, filter, door, act }: RoomProps) {
  const t = adminTexts(locale)
  const [turned, turn] = useState<readonly string[]>([])
  const before = turned.at(-1) ?? ''
  const [state, kind] = [filter.get('state') ?? '', filter.get('kind') ?? '']
  const { value, error, load } = useLoaded<{ overrides: api.Override[]; next: string | null }>(
    () =>
      door === 'overrides' ? api.overrides({ state, kind, before }) : api.emergencies({ state, before }),
    [state, kind, before],
  )
  const words = door === 'overrides' ? 'overrides' : 'emergency'
  const found = value?.overrides ?? []
  const names = useNames(found.map(({ subject }) => personOf(subject)))
  const set = (name: string, word: string) => {
    turn([])
    go(withFilter(door, filter, name, word), 'replace')
  }
  return (
    <>
      <div className="row spread">
        <PageHeading>{t(`room.${door}`)}</PageHeading>
        {act}
      </div>
      <p className="soft">{t(`${words}.text`)}</p>
      <Filters locale={locale} state={state} kind={door === 'overrides' ? kind : null} set={set} />
      <PolicyProblem locale={locale} error={error} again={load} />
      {value !== null && found.length === 0 && (
        <Nothing
          locale={locale}
          go={go}
          isNarrowed={state !== '' || kind !== ''}
          to={`/admin/${door}`}
          none={t(`${words}.none`)}
          empty={{ title: t(`${words}.empty`), text: t(`${words}.empty.text`) }}
        />
      )}
      {found.length > 0 && (
        <StackedTable
          label={t(`${words}.table`)}
          columns={columnsOf({ locale, go }, door, names)}
          rows={found}
          keyOf={({ id }) => id}
        />
      )}
      <Pager locale={locale} turned={turned} turn={turn} next={value?.next ?? null} />
    </>
  )
}

interface FiltersProps extends Pick<Console, 'locale'> {
  readonly state: string
  /** Null where there is one kind only. */
  readonly kind: string | null
  readonly set: (name: string, word: string) => void
}

function Filters({ locale, state, kind, set }: FiltersProps) {
  const t = adminTexts(locale)
  return (
    <div className="filters" role="search">
      <Choice
        id="filter-state"
        label={t('col.state')}
        value={state}
        set={(word) => set('state', word)}
        options={[
          ['', t('filter.all')],
          ...api.states.map(
            (one) => [one, t('override.state', { state: one.replaceAll('-', '_') })] as const,
          ),
        ]}
      />
      {kind !== null && (
        <Choice
          id="filter-kind"
          label={t('overrides.kind')}
          value={kind}
          set={(word) => set('kind', word)}
          options={[
            ['', t('filter.all')],
            ...api.kinds.map((one) => [one, t('override.kind', { kind: one })] as const),
          ]}
        />
      )}
    </div>
  )
}

function columnsOf(
  { locale, go }: Pick<Console, 'locale' | 'go'>,
  door: api.Door,
  names: Names,
): readonly Column<api.Override>[] {
  const t = adminTexts(locale)
  return [
    {
      title: t('overrides.kind'),
      cell: ({ id, kind }) => (
        <Go to={`/admin/${door}/${id}`} go={go}>
          {t('override.kind', { kind })}
        </Go>
      ),
    },
    { title: t('col.state'), cell: (one) => <StandingShort locale={locale} of={one} /> },
    {
      title: t('override.whom'),
      cell: ({ subject }) => <Named locale={locale} go={go} one={subject} names={names} />,
    },
    { title: t('override.what'), cell: (one) => <What locale={locale} of={one} /> },
    { title: t('override.until'), cell: (one) => <Until locale={locale} of={one} /> },
    { title: t('override.askedAt'), cell: ({ askedAt }) => <At locale={locale} at={askedAt} /> },
  ]
}
