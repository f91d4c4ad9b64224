/** @jsxImportSource preact */
import type { Question, QuestionResult, Result } from '@althing/elections/contract'
import { Refused } from '@althing/web-ui/dom/http.ts'
import { createFormats } from '@althing/web-ui/format.ts'
import { Heading, Notice, Said, Waiting } from '@althing/web-ui/island/parts.tsx'
import { Bars } from '@althing/web-ui/island/bars.tsx'
import { useEffect, useState } from 'preact/hooks'
import type { z } from 'zod'
import * as api from './api.ts'
import { boothTexts } from './booth-texts.ts'
import { Go, type Booth } from './go.tsx'
import { LoadProblemPage } from './load-problem.tsx'
import { load, problemOf, type Loaded } from './loading.ts'
import { addressOf } from './route.ts'
import { StatePill, Times } from './state-pill.tsx'

type Counted = z.output<typeof Result>
type Known = Loaded & { readonly counted: Counted | null }

/** The result for everybody, and the way to count again. */
export function ResultsPage({ election, ...booth }: Booth & { readonly election: string }) {
  const { locale } = booth
  const [known, setKnown] = useState<Known | Error | null>(null)
  const start = () => {
    setKnown(null)
    read(election, booth).then(setKnown, (error: unknown) => setKnown(error as Error))
  }
  useEffect(start, [election])
  if (known === null) return <Waiting locale={locale} />
  if (known instanceof Error) return <LoadProblemPage {...booth} problem={problemOf(known)} again={start} />
  return known.counted === null ? (
    <NotYet {...booth} known={known} />
  ) : (
    <Counts {...booth} known={known} counted={known.counted} />
  )
}

/** A refusal here means "not yet": before the end there is none, and after it the key comes first. */
async function read(election: string, { places, clock }: Booth): Promise<Known> {
  const loaded = await load(election, places, clock)
  const counted = await api.results(election).catch((error: unknown) => {
    if (error instanceof Refused && error.status === 403) return null
    throw error
  })
  return { ...loaded, counted }
}

function NotYet({ locale, go, known }: Booth & { readonly known: Known }) {
  const t = boothTexts(locale)
  const { shown, now } = known
  const isOver = ['closed', 'tallied', 'archived'].includes(shown.status)
  return (
    <>
      <div class="stack-tight">
        <p class="soft">
          <Said text={shown.title} locale={locale} />
        </p>
        <Heading>{t('results.notYet')}</Heading>
        <p class="lead">{t(isOver ? 'results.closed' : 'results.open')}</p>
      </div>
      <p class="row">
        <StatePill locale={locale} status={shown.status} />
        <span class="soft">
          <Times locale={locale} election={shown} now={now} />
        </span>
      </p>
      <p>
        <Go to={addressOf.list} go={go}>
          {t('back')}
        </Go>
      </p>
    </>
  )
}

function Counts({
  locale,
  go,
  known,
  counted,
}: Booth & { readonly known: Known; readonly counted: Counted }) {
  const t = boothTexts(locale)
  const formats = createFormats(locale)
  const { shown, paper, place } = known
  const { entitled } = shown.turnout
  const questions = paper.manifest.slots.flatMap((slot) => slot.questions)
  return (
    <>
      <div class="stack-tight">
        <p class="soft">{t('results.title')}</p>
        <Heading>
          <Said text={shown.title} locale={locale} />
        </Heading>
        <p class="lead">
          {t('results.ballots', { n: counted.ballots })}
          {entitled !== null && entitled > 0 && (
            <>
              .{' '}
              {t('results.turnout', {
                share: formats.percent(counted.ballots / entitled),
                voted: counted.ballots,
                entitled,
              })}
              .
            </>
          )}
        </p>
      </div>
      {counted.questions.map((result) => (
        <Answer
          key={result.id}
          locale={locale}
          question={questions.find(({ id }) => id === result.id)}
          result={result}
        />
      ))}
      {(counted.superseded > 0 || counted.invalid.length > 0) && (
        <p class="soft">
          {counted.superseded > 0 && t('results.superseded', { n: counted.superseded })}{' '}
          {counted.invalid.length > 0 && t('results.invalid', { n: counted.invalid.length })}
        </p>
      )}
      <Proof locale={locale} election={shown.id} />
      <div class="row">
        {place?.receipt && (
          <Go to={addressOf.receipt(shown.id)} go={go}>
            {t('list.receipt')}
          </Go>
        )}
        <Go to={addressOf.list} go={go}>
          {t('back')}
        </Go>
      </div>
    </>
  )
}

interface AnswerProps {
  readonly locale: Booth['locale']
  readonly question: Question | undefined
  readonly result: z.output<typeof QuestionResult>
}

function Answer({ locale, question, result }: AnswerProps) {
  const t = boothTexts(locale)
  const formats = createFormats(locale)
  if (question === undefined) return null
  const isTied = result.winners.length > question.max_selections
  const bars = result.options.map(({ id, votes }) => ({
    id,
    name: question.options.find((option) => option.id === id)?.text ?? {},
    count: votes,
    share: result.voters === 0 ? 0 : votes / result.voters,
    chosen: !isTied && result.winners.includes(id),
  }))
  const share = formats.percent(result.voters === 0 ? 0 : result.blank / result.voters)
  return (
    <section class="stack" aria-labelledby={`result-${result.id}`}>
      <h2 id={`result-${result.id}`}>
        <Said text={question.text} locale={locale} />
      </h2>
      {isTied && <Notice tone="info" title={t('results.tied')} />}
      <Bars locale={locale} bars={bars} />
      <p>{t('results.blank', { n: result.blank, share })}</p>
      <p class="soft small">{t('results.voters', { n: result.voters })}</p>
    </section>
  )
}

function Proof({ locale, election }: { readonly locale: Booth['locale']; readonly election: string }) {
  const t = boothTexts(locale)
  return (
    <section class="card" aria-labelledby="proof">
      <div class="stack-tight">
        <h2 id="proof">{t('results.proof')}</h2>
        <p>{t('results.proof.text')}</p>
      </div>
      <div class="row">
        <a class="button button-secondary" href={addressOf.bundle(election)} download={`${election}.json`}>
          {t('results.bundle')}
        </a>
        <a href={addressOf.verify}>{t('results.verify')}</a>
      </div>
    </section>
  )
}
