import { createFormats } from '@althing/web-ui/format.ts'
import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import type { Console } from './go.tsx'
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
  const { decision, words, policies, looked, needed } = explained
  const [first = '', ...others] = words[locale]
  const say = useSaying(explained)
  const until = endOf(explained)
  return (
    <div className="stack" aria-live="polite">
      <Notice
        tone={decision ? 'go' : 'wait'}
        title={isOnlyFactor(explained) ? t('permissions.withFactor') : say(first)}
      >
        {others.map((sentence) => (
          <p key={sentence} className="wraps">
            {say(sentence)}
          </p>
        ))}
        {until !== null && <p>{t('permissions.until', { at: createFormats(locale).exact(until) })}</p>}
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

/** They may, and lack nothing but a stronger sign-in: that is not a no. */
const isOnlyFactor = ({ decision, needed }: api.Explanation): boolean =>
  !decision &&
  needed.some(({ changes }) => changes.length > 0 && changes.every(({ sort }) => sort === 'factor'))

/** When the answer ends by itself: where nothing but overrides decided it. */
function endOf({ determining, policies }: api.Explanation): Date | null {
  const ends = determining.map((id) => policies.find((one) => one.id === id)?.override?.until)
  const known = ends.filter((one) => typeof one === 'string')
  if (known.length === 0 || known.length < ends.length) return null
  return new Date(Math.max(...known.map((one) => Date.parse(one))))
}

interface NeedProps extends Pick<Console, 'locale' | 'go'> {
  readonly say: Say
  readonly asked: api.Asked
  readonly need: api.Explanation['needed'][number]
}

/** One way to a yes, in words, and whether it still is one: it is tried where it is told. */
function Need({ locale, go, asked, say, need: { changes, words } }: NeedProps) {
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
          <span className="visually-hidden">: {say(words[locale])}</span>
        </Button>
      )}
    </li>
  )
}
