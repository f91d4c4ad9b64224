import { useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import * as api from './decisions-api.ts'
import { Decided } from './decided.tsx'
import type { Console } from './go.tsx'
import { Button, Facts, Notice } from './parts.tsx'
import { Section } from './person-page.tsx'
import { PolicyLinks } from './policy-link.tsx'
import { PolicyProblem } from './policy-parts.tsx'

type Here = Pick<Console, 'locale' | 'go'>
interface Props extends Here {
  readonly of: api.Whole
}
type Which = 'then' | 'now'
interface Came {
  readonly which: Which
  readonly made: api.MadeAgain
}

/** What was decided is decided once more from what was written of it: nobody is let in by that. */
export function MakingAgain({ locale, go, of }: Props) {
  const t = adminTexts(locale)
  const [came, setCame] = useState<Came | null>(null)
  const { error, busy, work } = useWork()
  const make = (which: Which) =>
    work(async () => {
      setCame(null)
      setCame({ which, made: await api.again(of.id, which) })
    })
  return (
    <Section title={t('again.title')}>
      <p className="soft">{t('again.text')}</p>
      <div className="row">
        {(['then', 'now'] as const).map((which) => (
          <Button key={which} busy={busy} onPress={() => make(which)}>
            {t(`again.${which}`)}
          </Button>
        ))}
      </div>
      <PolicyProblem locale={locale} error={error} />
      <div aria-live="polite">{came !== null && <Outcome locale={locale} go={go} {...came} />}</div>
    </Section>
  )
}

function Outcome({ locale, go, which, made: { revision, was, is, not, readsMore } }: Here & Came) {
  const t = adminTexts(locale)
  if (is === null)
    return (
      <Notice tone="wait" title={t(`again.not.${not ?? 'policies'}`)}>
        {readsMore.length > 0 && <p className="wraps">{t('again.reads', { what: readsMore.join(', ') })}</p>}
      </Notice>
    )
  const how = comparedOf(was, is)
  // The policies of then have been compared by their digest already: there it can only be the log itself.
  if (which === 'then' && how !== 'same') return <Notice tone="stop" title={t('again.broken')} />
  return (
    <Notice tone={how === 'different' ? 'wait' : 'go'} title={t(`again.${how}`, { revision })}>
      {how !== 'same' && (
        <Facts
          rows={[
            [t('again.was'), <Made key="was" locale={locale} go={go} made={was} />],
            [t('again.is'), <Made key="is" locale={locale} go={go} made={is} revision={revision} />],
          ]}
        />
      )}
    </Notice>
  )
}

function comparedOf(was: api.Made, is: api.Made): 'same' | 'reasons' | 'different' {
  if (was.decision !== is.decision) return 'different'
  const namesOf = ({ determining, errors }: api.Made) =>
    [...determining, ...errors.map(({ policy }) => policy)].toSorted().join('\n')
  return namesOf(was) === namesOf(is) ? 'same' : 'reasons'
}

function Made({
  locale,
  go,
  made: { decision, determining, errors },
  revision,
}: Here & { readonly made: api.Made; readonly revision?: number }) {
  const t = adminTexts(locale)
  return (
    <span className="row">
      <Decided locale={locale} decision={decision} />
      {determining.length === 0 && errors.length === 0 ? (
        t('decision.nothing')
      ) : (
        <PolicyLinks
          go={go}
          ids={[...determining, ...errors.map(({ policy }) => policy)]}
          {...(revision === undefined ? {} : { revision })}
        />
      )}
    </span>
  )
}

/** That it is what was written: its batch against what the audit log says of it. */
export function PlaceProven({ locale, of: { batch } }: Omit<Props, 'go'>) {
  const t = adminTexts(locale)
  const [verdict, setVerdict] = useState<api.Verdict | null>(null)
  const { error, busy, work } = useWork()
  const verify = () => work(async () => setVerdict(await api.verifyBatch(batch)))
  return (
    <Section title={t('again.place')}>
      <div className="row">
        <Button busy={busy} onPress={verify}>
          {t(busy ? 'verify.doing' : 'again.verify')}
        </Button>
      </div>
      <PolicyProblem locale={locale} error={error} />
      {verdict !== null && <Proven locale={locale} verdict={verdict} batch={batch} />}
    </Section>
  )
}

interface ProvenProps extends Pick<Console, 'locale'> {
  readonly verdict: api.Verdict
  readonly batch: number
}

function Proven({ locale, verdict: { batches, rows, intact, findings }, batch }: ProvenProps) {
  const t = adminTexts(locale)
  if (batches === 0) return <Notice tone="wait" title={t('again.waiting', { batch })} />
  if (intact)
    return (
      <Notice tone="go" title={t('again.verified', { batch })}>
        <p>{t('again.verified.text', { rows })}</p>
      </Notice>
    )
  return (
    <Notice tone="stop" title={t('again.altered', { batch })}>
      <ul className="stack-tight">
        {findings.map(({ place, what }, n) => (
          <li key={n}>
            {t('verify.finding', { what: what.replaceAll(' ', '_'), batch, place: place ?? 0 })}
          </li>
        ))}
      </ul>
    </Notice>
  )
}

function useWork() {
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const work = (what: () => Promise<void>) => {
    setBusy(true)
    what()
      .then(() => setError(null), setError)
      .finally(() => setBusy(false))
  }
  return { error, busy, work }
}
