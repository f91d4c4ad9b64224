import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Button, Choice, Pager, StackedTable, type Column } from './parts.tsx'
import { Section } from './person-page.tsx'
import * as api from './policies-api.ts'
import { accountOf, room, Who } from './policy-parts.tsx'
import { ProblemNotice } from './problem.tsx'
import { At } from './state.tsx'
import { useNames, type Names } from './whose.tsx'
import { Tick } from './tick.tsx'

type Here = Pick<Console, 'locale' | 'go'>

/** Everything that has been in force: who brought it there, when and why. */
export function PolicyVersions({ locale, go }: Here) {
  const t = adminTexts(locale)
  const [turned, turn] = useState<readonly string[]>([])
  const [isAll, setAll] = useState(false)
  const before = turned.at(-1) ?? ''
  const { value, error, load } = useLoaded(() => api.versions(before, { isAll }), [before, String(isAll)])
  const versions = value?.versions ?? []
  const names = useNames(versions.map(({ publishedBy }) => accountOf(publishedBy)))
  const next = value?.next ?? null
  return (
    <Section title={t('versions.title')}>
      <p className="soft">{t('versions.overrides')}</p>
      <Tick isOn={isAll} put={(isOn) => (turn([]), setAll(isOn))}>
        {t('versions.overrides.show')}
      </Tick>
      <ProblemNotice locale={locale} error={error} again={load} />
      {versions.length > 0 && (
        <StackedTable
          label={t('versions.table')}
          columns={columnsOf({ locale, go }, names)}
          rows={versions}
          keyOf={({ revision }) => String(revision)}
        />
      )}
      <Pager locale={locale} turned={turned} turn={turn} next={next === null ? null : String(next)} />
      {versions.length > 1 && (
        <Comparing
          key={`${before} ${versions[0]?.revision}`}
          locale={locale}
          go={go}
          of={versions.map((one) => one.revision)}
        />
      )}
    </Section>
  )
}

function columnsOf({ locale, go }: Here, names: Names): readonly Column<api.Version>[] {
  const t = adminTexts(locale)
  return [
    {
      title: t('version.title'),
      cell: ({ revision }) => (
        <Go to={`/admin/${room}/${revision}`} go={go}>
          {t('version.name', { revision })}
        </Go>
      ),
    },
    { title: t('col.when'), cell: ({ publishedAt }) => <At locale={locale} at={publishedAt} /> },
    {
      title: t('version.by'),
      cell: ({ publishedBy }) => <Who locale={locale} go={go} actor={publishedBy} names={names} />,
    },
    {
      title: t('version.how'),
      cell: ({ kind, isAlone }) => (isAlone ? t('version.alone') : t('version.kind', { kind })),
    },
    { title: t('version.why'), cell: (one) => whyOf(locale, one) },
  ]
}

export function whyOf(locale: Console['locale'], { title, reason, restores }: api.Version): string {
  const t = adminTexts(locale)
  const back = restores === null ? null : t('version.restores', { revision: restores })
  return [title, back, reason].filter((one) => one !== null).join(' · ')
}

function Comparing({ locale, go, of }: Here & { readonly of: readonly number[] }) {
  const t = adminTexts(locale)
  const [from, setFrom] = useState(String(of[1]))
  const [to, setTo] = useState(String(of[0]))
  const options = of.map((revision) => [String(revision), t('version.name', { revision })] as const)
  return (
    <form
      className="filters compare"
      onSubmit={(event) => {
        event.preventDefault()
        go(`/admin/${room}/compare?from=${from}&to=${to}`)
      }}
    >
      <Choice id="compare-from" label={t('compare.from')} value={from} set={setFrom} options={options} />
      <Choice id="compare-to" label={t('compare.to')} value={to} set={setTo} options={options} />
      <Button>{t('compare.act')}</Button>
    </form>
  )
}
