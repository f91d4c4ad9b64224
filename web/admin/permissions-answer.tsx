import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import type { Console } from './go.tsx'
import { Button, Notice, Pill } from './parts.tsx'
import { Section } from './person-page.tsx'
import * as api from './permissions-api.ts'
import { PolicyTold } from './permissions-policy.tsx'
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
            <ul className="rows">
              {needed.map((need) => (
                <Need key={need.policy + need.words.en} locale={locale} go={go} asked={asked} need={need} />
              ))}
            </ul>
          )}
        </Section>
      )}
      {policies.length > 0 && (
        <Section title={t('permissions.policies')}>
          <p className="soft">{t('permissions.looked', { shown: policies.length, looked })}</p>
          {policies.map((policy) => (
            <PolicyTold key={policy.id} locale={locale} go={go} policy={policy} />
          ))}
        </Section>
      )}
      <WhatIf locale={locale} go={go} asked={asked} />
    </div>
  )
}

interface NeedProps extends Pick<Console, 'locale' | 'go'> {
  readonly asked: api.Asked
  readonly need: api.Explanation['needed'][number]
}

/** One way to a yes, in words, and whether it still is one: it is tried where it is told. */
function Need({ locale, go, asked, need: { changes, words } }: NeedProps) {
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
        <p>{words[locale]}</p>
        <p className="row">
          {sorts.map((sort) => (
            <Pill key={sort} tone="plain">
              {t('permissions.sort', { sort })}
            </Pill>
          ))}
        </p>
        <PolicyProblem locale={locale} error={error} />
        {simulated !== null && <Supposed locale={locale} go={go} simulated={simulated} />}
      </div>
      {simulated === null && (
        <Button kind="quiet" busy={busy} onPress={tryIt}>
          {t('permissions.tryNeed')}
          <span className="visually-hidden">: {words[locale]}</span>
        </Button>
      )}
    </li>
  )
}
