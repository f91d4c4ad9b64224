/** @jsxImportSource preact */
import { Button, Heading, Notice, Said, Sign, Words } from '@althing/web-ui/island/parts.tsx'
import type { Locale } from '@althing/web-ui/locale.ts'
import type { Step } from './check/step.ts'
import type { Verdict } from './check/verify.ts'
import { Recount } from './recount.tsx'
import { ReceiptSearch } from './receipt-search.tsx'
import { StepList } from './step-list.tsx'
import { verifierTexts } from './verifier-texts.ts'

interface Props {
  readonly locale: Locale
  readonly name: string
  readonly verdict: Verdict
  readonly onAnother: () => void
}

export function VerdictPage({ locale, name, verdict, onAnother }: Props) {
  const t = verifierTexts(locale)
  const { manifest, fingerprint, outcome, steps } = verdict
  return (
    <>
      <Head locale={locale} verdict={verdict} />
      {fingerprint !== null && (
        <section class="stack-tight" aria-labelledby="fingerprint">
          <h2 id="fingerprint">{t('fingerprint')}</h2>
          <Words words={fingerprint} label={t('fingerprint')} />
          <p>{t('fingerprint.text')}</p>
        </section>
      )}
      {manifest !== null && outcome !== null && (
        <Recount locale={locale} manifest={manifest} outcome={outcome} />
      )}
      {verdict.places !== null && <ReceiptSearch locale={locale} verdict={verdict} />}
      <section class="stack-tight" aria-labelledby="steps">
        <h2 id="steps">{t('steps')}</h2>
        <StepList locale={locale} steps={steps} />
        <p class="soft small">{name}</p>
      </section>
      <div class="row">
        <Button onPress={onAnother}>{t('another')}</Button>
        <Button kind="quiet" onPress={() => print()}>
          {t('print')}
        </Button>
      </div>
    </>
  )
}

/** What came out, in one sentence; and when it is bad, what that means for a person and what to do. */
function Head({ locale, verdict }: { readonly locale: Locale; readonly verdict: Verdict }) {
  const t = verifierTexts(locale)
  const { manifest, outcome, steps } = verdict
  const last = steps.at(-1)
  const tone = outcome !== null ? 'go' : last?.outcome === 'unable' ? 'wait' : 'stop'
  const title = { go: 'ok.title', wait: 'unable.title', stop: 'bad.title' } as const
  return (
    <div class={`verdict verdict-${tone}`}>
      {manifest !== null && (
        <p class="soft">
          <Said text={manifest.title} locale={locale} />
          {manifest.organisation !== '' && ` · ${manifest.organisation}`}
        </p>
      )}
      <div class="verdict-title">
        <Sign tone={tone} />
        <Heading>{t(title[tone])}</Heading>
      </div>
      {outcome !== null && <p class="lead">{t('ok.lead', { n: outcome.ballots })}</p>}
      {outcome !== null && steps.some((step) => step.outcome === 'untold') && (
        <Notice tone="wait" title={t('step.untold')}>
          <p>{t('ok.untold')}</p>
        </Notice>
      )}
      {outcome === null && last !== undefined && <Refusal locale={locale} last={last} />}
    </div>
  )
}

function Refusal({ locale, last }: { readonly locale: Locale; readonly last: Step }) {
  const t = verifierTexts(locale)
  if (last.outcome === 'unable') return <p class="lead">{t('unable.lead')}</p>
  return (
    <>
      <p class="lead">{t('bad.lead', { step: t(last.name) })}</p>
      <h2 class="h3">{t('means')}</h2>
      <p>{t(`${last.name}.means`)}</p>
      <h2 class="h3">{t('todo')}</h2>
      <p>{t(`${last.name}.todo`)}</p>
      <p class="code" lang="en">
        {last.detail}
      </p>
    </>
  )
}
