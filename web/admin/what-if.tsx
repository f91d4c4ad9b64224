import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import type { Console } from './go.tsx'
import { useLoaded } from './loaded.ts'
import { Button, Choice } from './parts.tsx'
import * as api from './permissions-api.ts'
import { Supposed } from './permissions-supposed.tsx'
import { drafts } from './policies-api.ts'
import { PolicyProblem } from './policy-parts.tsx'
import { ChangeForm } from './what-if-change.tsx'

interface Props extends Pick<Console, 'locale' | 'go'> {
  readonly asked: api.Asked
}

/** The same question in a world that is a little otherwise, or with the policies of a draft: nothing really changes. */
export function WhatIf({ locale, go, asked }: Props) {
  const t = adminTexts(locale)
  const [changes, setChanges] = useState<readonly api.Change[]>([])
  const [draft, setDraft] = useState('')
  const [simulated, setSimulated] = useState<api.Simulated | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  // Who may ask and not read drafts asks without them.
  const { value: open } = useLoaded(() => drafts(), [])
  // What came of another question is not shown with this one.
  const change = (set: () => void) => (setSimulated(null), set())
  const tryIt = () => {
    setBusy(true)
    api
      .simulate(asked, changes, draft)
      .then((found) => (setError(null), setSimulated(found)), setError)
      .finally(() => setBusy(false))
  }
  return (
    <details className="fold">
      <summary>
        <h2>{t('whatif.title')}</h2>
      </summary>
      <div className="stack">
        <p className="soft">{t('whatif.text')}</p>
        {open !== null && open.length > 0 && (
          <Choice
            id="whatif-draft"
            label={t('whatif.draft')}
            value={draft}
            set={(id) => change(() => setDraft(id))}
            options={[
              ['', t('whatif.draft.none')],
              ...open.map(({ id, title }) => [id, t('whatif.draft.one', { title })] as const),
            ]}
          />
        )}
        <Changes
          locale={locale}
          changes={changes}
          drop={(n) => change(() => setChanges(changes.filter((_, at) => at !== n)))}
        />
        <ChangeForm
          locale={locale}
          asked={asked}
          add={(one) => change(() => setChanges([...changes, one]))}
        />
        <div className="row">
          <Button kind="primary" busy={busy || (changes.length === 0 && draft === '')} onPress={tryIt}>
            {t('whatif.act')}
          </Button>
        </div>
        <PolicyProblem locale={locale} error={error} />
        {simulated !== null && <Supposed locale={locale} go={go} simulated={simulated} />}
      </div>
    </details>
  )
}

interface ChangesProps extends Pick<Console, 'locale'> {
  readonly changes: readonly api.Change[]
  readonly drop: (n: number) => void
}

function Changes({ locale, changes, drop }: ChangesProps) {
  const t = adminTexts(locale)
  if (changes.length === 0) return null
  return (
    <ul className="rows">
      {changes.map((change, n) => (
        <li key={n}>
          <p className="rows-main wraps">{changeWords(locale, change)}</p>
          <Button kind="quiet" onPress={() => drop(n)}>
            {t('whatif.drop')}
            <span className="visually-hidden">: {changeWords(locale, change)}</span>
          </Button>
        </li>
      ))}
    </ul>
  )
}

function changeWords(locale: Console['locale'], change: api.Change): string {
  const t = adminTexts(locale)
  const of = change.of === null ? t('whatif.of.context') : api.nameOf(change.of)
  if ('in' in change) return t(`whatif.change.${change.kind}`, { of, in: api.nameOf(change.in) })
  const path = change.path.join('.')
  return change.kind === 'set'
    ? t('whatif.change.set', { of, path, value: JSON.stringify(change.value) })
    : t('whatif.change.unset', { of, path })
}
