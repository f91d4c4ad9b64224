import { Fragment, useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Go, type Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Pager, StackedTable } from './parts.tsx'
import { Section } from './person-page.tsx'
import * as api from './permissions-api.ts'
import { policyAddress } from './policy-link.tsx'
import { PolicyProblem } from './policy-parts.tsx'
import { useNames, Whose, type Names } from './whose.tsx'
import type { WordsOf } from './action-words.ts'

type Here = Pick<Console, 'locale' | 'go'>

/** The first page came with the answer; the others are asked for when somebody turns to them. */
function usePages<T extends { readonly page: { readonly next_token: string } }>(
  first: T,
  ask: (token: string) => Promise<T>,
) {
  const [turned, turn] = useState<readonly string[]>([])
  const token = turned.at(-1) ?? ''
  const { value, error } = useLoaded(async () => (token === '' ? first : ask(token)), [token])
  const shown = value ?? first
  const next = shown.page.next_token === '' ? null : shown.page.next_token
  return { shown, error, turned, turn, next }
}

interface PeopleProps extends Here {
  readonly asked: api.Asked
  readonly first: api.CanFound
}

/** Who can, and through which policy. */
export function People({ locale, go, asked, first }: PeopleProps) {
  const t = adminTexts(locale)
  const { shown, error, ...pages } = usePages(first, (token) => api.whoCan(asked, token))
  const { results } = shown
  const names = useNames(results.map(({ type, id }) => (type === 'Person' ? id : null)))
  return (
    <Section title={t('permissions.can', { action: asked.action, what: api.nameOf(asked.resource) })}>
      <PolicyProblem locale={locale} error={error} />
      {results.length === 0 && (
        <p role="status">{t(pages.next === null ? 'permissions.can.none' : 'permissions.may.more')}</p>
      )}
      {results.length > 0 && (
        <StackedTable
          label={t('permissions.can.table')}
          columns={[
            { title: t('col.who'), cell: (one) => <Named locale={locale} go={go} one={one} names={names} /> },
            {
              title: t('permissions.through'),
              cell: ({ through }) => <Through go={go} through={through} />,
            },
            {
              title: t('permissions.why'),
              cell: (one) => (
                <Go to={questionAddress({ ...asked, subject: one })} go={go}>
                  {t('permissions.ask')}
                  <span className="visually-hidden">: {api.nameOf(one)}</span>
                </Go>
              ),
            },
          ]}
          rows={results}
          keyOf={api.nameOf}
        />
      )}
      <Pager locale={locale} {...pages} />
    </Section>
  )
}

interface MayProps extends Here {
  readonly asked: api.MayAsked
  readonly first: api.MayFound
  readonly wordsOf: WordsOf
}

interface May {
  readonly resource: api.MayFound['results'][number]['resource']
  readonly name: string
  readonly through: readonly Reached[]
}

/** What they may do, to what, and through which policy. */
export function May({ locale, go, asked, first, wordsOf }: MayProps) {
  const t = adminTexts(locale)
  const { shown, error, ...pages } = usePages(first, (token) => api.whatMay(asked, token))
  const names = useNames([asked.subject.type === 'Person' ? asked.subject.id : null])
  const rows: May[] = shown.results.flatMap(({ resource, actions }) =>
    actions.map(({ name, through }) => ({ resource, name, through })),
  )
  const who = names.get(asked.subject.id) ?? api.nameOf(asked.subject)
  return (
    <Section title={t('permissions.may', { who })}>
      <PolicyProblem locale={locale} error={error} />
      {rows.length === 0 && (
        <p role="status">{t(pages.next === null ? 'permissions.may.none' : 'permissions.may.more')}</p>
      )}
      {(asked.resource === undefined || rows.some(({ resource }) => resource.id === null)) && (
        <p className="soft">{t('permissions.may.any.text')}</p>
      )}
      {rows.length > 0 && (
        <StackedTable
          label={t('permissions.may.table')}
          columns={[
            {
              title: t('permissions.may.action'),
              cell: ({ name, resource: { type, id } }) => (
                <>
                  <Go
                    to={questionAddress({ ...asked, action: name, resource: { type, id: id ?? '' } })}
                    go={go}
                    className="wraps"
                  >
                    {name}
                  </Go>
                  {wordsOf(name) !== null && <span className="soft small"> {wordsOf(name)}</span>}
                </>
              ),
            },
            {
              title: t('permissions.on'),
              cell: ({ resource: { type, id } }) =>
                id === null ? (
                  <span className="wraps">{t('permissions.may.any', { kind: type })}</span>
                ) : (
                  <code className="wraps">{api.nameOf({ type, id })}</code>
                ),
            },
            {
              title: t('permissions.through'),
              cell: ({ through }) => <Through go={go} through={through} />,
            },
          ]}
          rows={rows}
          keyOf={({ name, resource: { type, id } }) => `${name} ${type}::${id ?? ''}`}
        />
      )}
      <Pager locale={locale} {...pages} />
    </Section>
  )
}

/** The question why, with everything filled in. */
function questionAddress({ subject, action, resource, context }: api.Asked): string {
  const query = new URLSearchParams({
    who: api.nameOf(subject),
    action,
    what: api.nameOf(resource),
    ...(context === undefined ? {} : { context: JSON.stringify(context) }),
  })
  return `/admin/permissions?${query.toString()}`
}

type Reached = api.CanFound['results'][number]['through'][number]

function Through({ go, through }: Pick<Console, 'go'> & { readonly through: readonly Reached[] }) {
  return (
    <span className="wraps">
      {through.map(({ policy, in: group }, n) => (
        <Fragment key={policy}>
          {n > 0 && ', '}
          <Go to={policyAddress(policy)} go={go}>
            {policy}
          </Go>
          {group !== null && ` (${api.nameOf(group)})`}
        </Fragment>
      ))}
    </span>
  )
}

interface NamedProps extends Here {
  readonly one: api.Ref
  readonly names: Names
}

/** A person by their name, where it is known; anything else as it is written. */
export function Named({ locale, go, one, names }: NamedProps) {
  if (one.type === 'Person' && names.has(one.id))
    return <Whose locale={locale} go={go} account={one.id} names={names} />
  return <code className="wraps">{api.nameOf(one)}</code>
}
