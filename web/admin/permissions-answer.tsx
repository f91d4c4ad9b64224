import { createFormats } from '@althing/web-ui/format.ts'
import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import { Go, type Console } from './go.tsx'
import { Button, Notice, Pill } from './parts.tsx'
import { Section } from './person-page.tsx'
import * as api from './permissions-api.ts'
import { PolicyTold } from './permissions-policy.tsx'
import { useSaying, type Say } from './permissions-saying.ts'
import { Supposed } from './permissions-supposed.tsx'
import { PolicyProblem } from './policy-parts.tsx'
import { WhatIf } from './what-if.tsx'

interface ExplainedProps extends Pick<Console, 'locale' | 'go'> {
  readonly asked: api.Asked
  readonly explained: api.Explanation
}

/** The answer in words first; then what would be needed; then each policy that had a say; and what would be if something were otherwise. */
export function Explained({ locale, go, asked, explained }: ExplainedProps) {
  const t = adminTexts(locale)
  const { decision, words, unknown, policies, looked, needed } = explained
  const [first = '', ...others] = words[locale]
  const say = useSaying(explained)
  const sayAt = (text: string) => say(momentsFor(locale, text))
  const decided = overridesIn(explained)
  return (
    <div className="stack" aria-live="polite">
      <Unknown locale={locale} of={unknown} say={say} />
      <Notice
        tone={decision ? 'go' : 'wait'}
        title={isOnlyFactor(explained) ? t('permissions.withFactor') : sayAt(first)}
      >
        {isForAWhile(explained) && <p>{t('permissions.until')}</p>}
        {others.map((sentence) => (
          <p key={sentence} className="wraps">
            {sayAt(sentence)}
          </p>
        ))}
        {decided.map((id) => (
          <p key={id}>
            <SeeOverride locale={locale} go={go} id={id} />
          </p>
        ))}
      </Notice>
      {!decision && (
        <Section title={t('permissions.needed')}>
          {needed.length === 0 ? (
            <p className="soft">{t('permissions.needed.none')}</p>
          ) : (
            <ul className="rows">
              {needed.map((need) => (
                <Need
                  key={need.policy + need.words.en}
                  locale={locale}
                  go={go}
                  asked={asked}
                  need={need}
                  say={say}
                />
              ))}
            </ul>
          )}
        </Section>
      )}
      {policies.length > 0 && (
        <Section title={t('permissions.policies')}>
          <p className="soft">{t('permissions.looked', { shown: policies.length, looked })}</p>
          {policies.map((policy) => (
            <PolicyTold key={policy.id} locale={locale} go={go} policy={policy} say={say} />
          ))}
        </Section>
      )}
      <WhatIf locale={locale} go={go} asked={asked} />
    </div>
  )
}

interface UnknownProps extends Pick<Console, 'locale'> {
  readonly of: api.Explanation['unknown']
  readonly say: Say
}

/** The answer is of nobody in particular: most often a name is mistyped. */
function Unknown({ locale, of, say }: UnknownProps) {
  if (of.length === 0) return null
  return (
    <Notice tone="wait" title={adminTexts(locale)('permissions.nobody')}>
      {of.map(({ words }) => (
        <p key={words.en} className="wraps">
          {say(words[locale])}
        </p>
      ))}
    </Notice>
  )
}

/** They may, and lack nothing but a stronger sign-in: that is not a no. */
const isOnlyFactor = ({ decision, needed }: api.Explanation): boolean =>
  !decision &&
  needed.some(({ changes }) => changes.length > 0 && changes.every(({ sort }) => sort === 'factor'))

/** The answer ends by itself: nothing but overrides decided it. */
const isForAWhile = ({ determining, policies }: api.Explanation): boolean =>
  determining.length > 0 &&
  determining.every((id) => policies.some((one) => one.id === id && one.override?.until != null))

/** Of those that decided the overrides, each once: one that lends a role is many policies. */
const overridesIn = ({ determining, policies }: api.Explanation): readonly string[] => [
  ...new Set(
    policies.flatMap(({ id, override }) =>
      override === null || !determining.includes(id) ? [] : [override.id],
    ),
  ),
]

const moment = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g

/** Moments in a sentence, by the clock of whoever reads it. */
const momentsFor = (locale: Console['locale'], text: string): string =>
  text.replace(moment, (at) => createFormats(locale).exact(new Date(at)))

function SeeOverride({ locale, go, id }: Pick<Console, 'locale' | 'go'> & { readonly id: string }) {
  return (
    <Go to={`/admin/overrides/${id}`} go={go}>
      {adminTexts(locale)('permissions.seeOverride')}
    </Go>
  )
}

interface NeedProps extends Pick<Console, 'locale' | 'go'> {
  readonly say: Say
  readonly asked: api.Asked
  readonly need: api.Explanation['needed'][number]
}

/** One way to a yes, in words, and whether it still is one: it is tried where it is told. */
function Need({ locale, go, asked, say, need: { changes, ends, words } }: NeedProps) {
  const t = adminTexts(locale)
  const [simulated, setSimulated] = useState<api.Simulated | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const sorts = [...new Set(changes.map(({ sort }) => sort))]
  const tryIt = () => {
    setBusy(true)
    api
      .simulate(asked, changes)
      .then((found) => (setError(null), setSimulated(found)), setError)
      .finally(() => setBusy(false))
  }
  return (
    <li>
      <div className="rows-main stack-tight wraps">
        <p>{say(words[locale])}</p>
        {ends.map((id) => (
          <p key={id}>
            <SeeOverride locale={locale} go={go} id={id} />
          </p>
        ))}
        {sorts.length > 0 && (
          <p className="row">
            {sorts.map((sort) => (
              <Pill key={sort} tone="plain">
                {t('permissions.sort', { sort })}
              </Pill>
            ))}
          </p>
        )}
        <PolicyProblem locale={locale} error={error} />
        {simulated !== null && <Supposed locale={locale} go={go} simulated={simulated} />}
      </div>
      {simulated === null && changes.length > 0 && (
        <Button kind="quiet" busy={busy} onPress={tryIt}>
          {t('permissions.tryNeed')}
          <span className="visually-hidden">: {say(words[locale])}</span>
        </Button>
      )}
    </li>
  )
}
