import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import type { Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Notice, Pager, Pill, StackedTable } from './parts.tsx'
import { Section } from './person-page.tsx'
import * as api from './permissions-api.ts'
import { PolicyProblem } from './policy-parts.tsx'
import { useNames, Whose, type Names } from './whose.tsx'

interface ExplainedProps extends Pick<Console, 'locale'> {
  readonly explained: api.Explanation
}

/** The answer in words first; then what would be needed; then each policy that had a say. */
export function Explained({ locale, explained }: ExplainedProps) {
  const t = adminTexts(locale)
  const { decision, words, policies, looked, needed } = explained
  const [first = '', ...others] = words[locale]
  return (
    <div className="stack" aria-live="polite">
      <Notice tone={decision ? 'go' : 'wait'} title={first}>
        {others.map((sentence) => (
          <p key={sentence} className="wraps">
            {sentence}
          </p>
        ))}
      </Notice>
      {!decision && (
        <Section title={t('permissions.needed')}>
          {needed.length === 0 ? (
            <p className="soft">{t('permissions.needed.none')}</p>
          ) : (
            <ul className="stack-tight wraps">
              {needed.map(({ policy, words: way }) => (
                <li key={policy + way.en}>{way[locale]}</li>
              ))}
            </ul>
          )}
        </Section>
      )}
      {policies.length > 0 && (
        <Section title={t('permissions.policies')}>
          <p className="soft">{t('permissions.looked', { shown: policies.length, looked })}</p>
          {policies.map((policy) => (
            <Policy key={policy.id} locale={locale} policy={policy} />
          ))}
        </Section>
      )}
    </div>
  )
}

const tones = { yes: 'go', no: 'plain', error: 'stop' } as const

function Policy({
  locale,
  policy: { id, effect, applies, goals, advice },
}: Pick<Console, 'locale'> & { readonly policy: api.Explanation['policies'][number] }) {
  const t = adminTexts(locale)
  return (
    <details className="fold">
      <summary>
        <h3 className="wraps">
          {id} · {t(`permissions.effect.${effect}`)}
        </h3>
        <Pill tone={tones[applies]}>{t(`permissions.applies.${applies}`)}</Pill>
      </summary>
      {advice !== null && <p>{advice}</p>}
      {goals.length === 0 ? (
        <p className="soft">{t('permissions.goals.none')}</p>
      ) : (
        <ul className="rows">
          {goals.map(({ of, text, holds }) => (
            <li key={of + text}>
              <div className="rows-main">
                <p className="soft small">{t('permissions.goal', { of })}</p>
                <p className="wraps">
                  <code>{text}</code>
                </p>
              </div>
              <Pill tone={tones[holds]}>{t(`permissions.holds.${holds}`)}</Pill>
            </li>
          ))}
        </ul>
      )}
    </details>
  )
}

interface PeopleProps extends Pick<Console, 'locale' | 'go'> {
  readonly asked: api.Asked
  readonly first: api.CanFound
}

/** Who can, and through which policy. */
export function People({ locale, go, asked, first }: PeopleProps) {
  const t = adminTexts(locale)
  const [turned, turn] = useState<readonly string[]>([])
  const token = turned.at(-1) ?? ''
  const { value, error } = useLoaded(async () => (token === '' ? first : api.whoCan(asked, token)), [token])
  const { results, page } = value ?? first
  const names = useNames(results.map(({ type, id }) => (type === 'Person' ? id : null)))
  return (
    <Section title={t('permissions.can', { action: asked.action, what: api.nameOf(asked.resource) })}>
      <PolicyProblem locale={locale} error={error} />
      {results.length === 0 && <p role="status">{t('permissions.can.none')}</p>}
      {results.length > 0 && (
        <StackedTable
          label={t('permissions.can.table')}
          columns={[
            { title: t('col.who'), cell: (one) => <Named locale={locale} go={go} one={one} names={names} /> },
            {
              title: t('permissions.through'),
              cell: ({ through }) => <span className="wraps">{through.map(throughOf).join(', ')}</span>,
            },
          ]}
          rows={results}
          keyOf={api.nameOf}
        />
      )}
      <Pager
        locale={locale}
        turned={turned}
        turn={turn}
        next={page.next_token === '' ? null : page.next_token}
      />
    </Section>
  )
}

const throughOf = ({ policy, in: group }: api.CanFound['results'][number]['through'][number]): string =>
  group === null ? policy : `${policy} (${api.nameOf(group)})`

interface NamedProps extends Pick<Console, 'locale' | 'go'> {
  readonly one: api.Ref
  readonly names: Names
}

/** A person by their name, where it is known; anything else as it is written. */
export function Named({ locale, go, one, names }: NamedProps) {
  if (one.type === 'Person' && names.has(one.id))
    return <Whose locale={locale} go={go} account={one.id} names={names} />
  return <code className="wraps">{api.nameOf(one)}</code>
}
