import type { ReactNode } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Facts, Notice, PageHeading, StackedTable, type Column } from './parts.tsx'
import { Section } from './person-page.tsx'
import * as api from './policies-api.ts'
import { Barred, isBarred } from './policy-barred.tsx'
import { accountOf, DraftStanding, room, Who } from './policy-parts.tsx'
import { PolicyVersions } from './policy-versions.tsx'
import { ProblemNotice } from './problem.tsx'
import { At } from './state.tsx'
import { useNames, type Names } from './whose.tsx'

type Here = Pick<Console, 'locale' | 'go'>

/** What is in force, what somebody would have instead, and what was in force before. */
export function PoliciesPage({ locale, go }: Console) {
  const t = adminTexts(locale)
  const { value: keeper } = useLoaded(api.keeper, [])
  const writes = keeper?.may('policy.draft') === true
  return (
    <>
      <div className="row spread">
        <PageHeading>{t('room.policies')}</PageHeading>
        {writes && (
          <Go to={`/admin/${room}/new`} go={go} className="button button-primary">
            {t('drafts.new')}
          </Go>
        )}
      </div>
      <p className="soft">{t('policies.text')}</p>
      {keeper !== null && isBarred(keeper, 'policy.draft') && (
        <Barred locale={locale} go={go} keeper={keeper} act="policy.draft" />
      )}
      <InForce locale={locale} go={go} />
      <Drafts locale={locale} go={go} writes={writes} />
      <PolicyVersions locale={locale} go={go} />
    </>
  )
}

async function inForce() {
  const [state, { versions }, drafts] = await Promise.all([
    api.state(),
    api.versions('', { limit: 1 }),
    // Only an open draft is tried beside what is in force, and only one at a time.
    api.drafts(),
  ])
  const shadows = await Promise.all(drafts.map(async (draft) => ({ draft, ...(await api.shadow(draft.id)) })))
  return { state, latest: versions[0], tried: shadows.find(({ running }) => running !== null) }
}

function InForce({ locale, go }: Here) {
  const t = adminTexts(locale)
  const { value, error, load } = useLoaded(inForce, [])
  const latest = value?.latest
  const names = useNames([accountOf(latest?.publishedBy ?? null)])
  if (value === null || latest === undefined)
    return <ProblemNotice locale={locale} error={error} again={load} />
  const { state, tried } = value
  const rows: (readonly [string, ReactNode])[] = [
    [
      t('policies.revision'),
      <Go key="revision" to={`/admin/${room}/${state.written}`} go={go}>
        {t('version.name', { revision: state.written })}
      </Go>,
    ],
    [t('policies.since'), <At key="since" locale={locale} at={latest.publishedAt} />],
    [t('version.by'), <Who key="by" locale={locale} go={go} actor={latest.publishedBy} names={names} />],
    [t('version.how'), t('version.kind', { kind: latest.kind })],
    [t('policies.count'), t('policies.counts', { own: state.own, organisation: state.organisation })],
    ...overridesIn({ locale, go }, state.overrides),
    [
      t('policies.digest'),
      <code key="digest" className="wraps">
        {state.digest}
      </code>,
    ],
  ]
  return (
    <Section title={t('policies.inForce')}>
      {state.misfit !== null && (
        <Notice tone="stop" title={t('policies.misfit')}>
          <p>{t('policies.misfit.text')}</p>
          <ul className="stack-tight wraps">
            {state.misfit.map((one) => (
              <li key={one} lang="en">
                {one}
              </li>
            ))}
          </ul>
        </Notice>
      )}
      {tried?.running != null && (
        <Notice tone="wait" title={t('shadow.notice', { title: tried.draft.title })}>
          <p>{t('shadow.counts', { compared: tried.running.compared, differed: tried.running.differed })}</p>
          <p>
            <Go to={`/admin/${room}/${tried.draft.id}`} go={go}>
              {t('shadow.see')}
            </Go>
          </p>
        </Notice>
      )}
      <Facts rows={rows} />
    </Section>
  )
}

function overridesIn({ locale, go }: Here, count: number): readonly (readonly [string, ReactNode])[] {
  const t = adminTexts(locale)
  if (count === 0) return []
  const link = (
    <Go key="overrides" to="/admin/overrides?state=in-force" go={go}>
      {t('policies.overrides', { count })}
    </Go>
  )
  return [[t('room.overrides'), link]]
}

function Drafts({ locale, go, writes }: Here & { readonly writes: boolean }) {
  const t = adminTexts(locale)
  const { value, error, load } = useLoaded(() => api.drafts(), [])
  const names = useNames((value ?? []).map(({ changedBy }) => accountOf(changedBy)))
  return (
    <Section title={t('drafts.title')}>
      <ProblemNotice locale={locale} error={error} again={load} />
      {value?.length === 0 && (
        <div className="empty">
          <h3>{t('drafts.empty')}</h3>
          <p className="soft">{t(writes ? 'drafts.empty.text' : 'drafts.empty.look')}</p>
        </div>
      )}
      {value !== null && value.length > 0 && (
        <StackedTable
          label={t('drafts.table')}
          columns={columnsOf({ locale, go }, names)}
          rows={value}
          keyOf={({ id }) => id}
        />
      )}
    </Section>
  )
}

function columnsOf({ locale, go }: Here, names: Names): readonly Column<api.DraftHead>[] {
  const t = adminTexts(locale)
  return [
    {
      title: t('draft.title'),
      cell: ({ id, title }) => (
        <Go to={`/admin/${room}/${id}`} go={go}>
          {title}
        </Go>
      ),
    },
    { title: t('col.state'), cell: (draft) => <DraftStanding locale={locale} draft={draft} /> },
    {
      title: t('draft.changedBy'),
      cell: ({ changedBy }) => <Who locale={locale} go={go} actor={changedBy} names={names} />,
    },
    { title: t('draft.changedAt'), cell: ({ changedAt }) => <At locale={locale} at={changedAt} /> },
  ]
}
