import type { ReactNode } from 'react'
import { adminTexts } from './admin-texts.ts'
import { AskedBy } from './asked-by.tsx'
import { writtenOut } from './cedar-json.ts'
import * as api from './decisions-api.ts'
import { Decided } from './decided.tsx'
import { MakingAgain, PlaceProven } from './decision-again.tsx'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { isNotThere, NotThere } from './not-there.tsx'
import { Facts, PageHeading } from './parts.tsx'
import { nameOf } from './permissions-api.ts'
import { Named } from './permissions-found.tsx'
import { Section } from './person-page.tsx'
import { PolicyLinks } from './policy-link.tsx'
import { accountOf } from './policy-parts.tsx'
import { ProblemNotice } from './problem.tsx'
import { AtSecond } from './state.tsx'
import { useNames } from './whose.tsx'
import { Where } from './where.tsx'
import { useRooms } from './standing.ts'

/** One decision, with everything that it was made of. */
export function DecisionPage({ locale, go, id }: Console & { readonly id: string }) {
  const t = adminTexts(locale)
  const { value, error, load } = useLoaded(() => api.decision(id), [id])
  if (value === null && isNotThere(error)) return <NotThere locale={locale} go={go} />
  return (
    <>
      <p>
        <Go to="/admin/decisions" go={go}>
          {t('decisions.all')}
        </Go>
      </p>
      <ProblemNotice locale={locale} error={error} again={load} />
      {value !== null && (
        <>
          <PageHeading>{value.action}</PageHeading>
          <div className="row">
            <Decided locale={locale} decision={value.decision} />
          </div>
          <About locale={locale} go={go} of={value} />
          <Where may="decisions.replay">
            <MakingAgain locale={locale} go={go} of={value} />
          </Where>
          <Where may="decisions.verify">
            <PlaceProven locale={locale} of={value} />
          </Where>
          <Seen locale={locale} of={value} />
        </>
      )}
    </>
  )
}

function About({ locale, go, of }: Pick<Console, 'locale' | 'go'> & { readonly of: api.Whole }) {
  const t = adminTexts(locale)
  const names = useNames([of.subject.type === 'Person' ? of.subject.id : null, accountOf(of.caller)])
  const mayAsk = useRooms().includes('permissions')
  const asked = new URLSearchParams({
    who: nameOf(of.subject),
    action: of.action,
    what: nameOf(of.resource),
  }).toString()
  const rows: (readonly [string, ReactNode])[] = [
    [t('col.when'), <AtSecond key="at" locale={locale} at={of.at} />],
    [t('decision.who'), <Named key="who" locale={locale} go={go} one={of.subject} names={names} />],
    [t('decision.to'), <Named key="to" locale={locale} go={go} one={of.resource} names={names} />],
    [t('decision.caller'), <AskedBy key="caller" locale={locale} go={go} caller={of.caller} names={names} />],
    [
      t('decision.by'),
      of.determining.length === 0 ? (
        t('decision.nothing')
      ) : (
        <PolicyLinks key="by" go={go} ids={of.determining} revision={of.policies} />
      ),
    ],
    ...(of.errors.length === 0
      ? []
      : [
          [
            t('decision.errors'),
            of.errors.map(({ policy, message }) => (
              <div key={policy}>
                {policy}: <span lang="en">{message}</span>
              </div>
            )),
          ] as const,
        ]),
    [
      t('decision.policies'),
      <Go key="policies" to={`/admin/policies/${of.policies}`} go={go}>
        {t('version.name', { revision: of.policies })}
      </Go>,
    ],
    [t('decision.world'), String(of.world)],
    [t('decision.took'), t(of.cached ? 'decision.cached' : 'decision.micro', { micro: of.microseconds })],
    [t('decision.where'), t('decision.batch', { batch: of.batch, place: of.place })],
    [t('decision.again'), t('decision.replayable', { how: of.replayable })],
  ]
  return (
    <>
      <Facts rows={rows} />
      {mayAsk && (
        <p>
          <Go to={`/admin/permissions?${asked}`} go={go}>
            {t('decision.ask')}
          </Go>
        </p>
      )}
    </>
  )
}

function Seen({ locale, of: { seen } }: Pick<Console, 'locale'> & { readonly of: api.Whole }) {
  const t = adminTexts(locale)
  return (
    <Section title={t('decision.seen')}>
      {seen === null ? (
        <p className="soft">{t('decision.seen.forgotten')}</p>
      ) : (
        <>
          {seen.redacted !== undefined && seen.redacted.length > 0 && (
            <p className="soft">{t('decision.redacted', { what: seen.redacted.join(', ') })}</p>
          )}
          {seen.entities.map(({ type, id, attributes, ancestors }) => (
            <figure key={`${type} ${id}`} className="stack-tight">
              <figcaption className="wraps">
                <strong>{nameOf({ type, id })}</strong>
                {ancestors.length > 0 && (
                  <span className="soft">
                    {' '}
                    {t('decision.in', { what: ancestors.map(nameOf).join(', ') })}
                  </span>
                )}
              </figcaption>
              <pre className="snippet">
                <code>{writtenOut(attributes)}</code>
              </pre>
            </figure>
          ))}
          <figure className="stack-tight">
            <figcaption>
              <strong>{t('decision.context')}</strong>
            </figcaption>
            <pre className="snippet">
              <code>{writtenOut(seen.context)}</code>
            </pre>
          </figure>
        </>
      )}
    </Section>
  )
}
