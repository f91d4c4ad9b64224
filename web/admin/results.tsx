import type { Result } from '@althing/elections/contract'
import { createFormats } from '@althing/web-ui/format.ts'
import { uiTexts } from '@althing/web-ui/ui-texts.ts'
import { useEffect, useState } from 'react'
import type { z } from 'zod'
import { adminTexts } from './admin-texts.ts'
import * as api from './api.ts'
import type { Room } from './room.ts'
import { Said, sayOne } from './parts.tsx'
import { ProblemNotice } from './problem.tsx'

type Counted = z.output<typeof Result>

export function Results({ locale, election, ballotUrl }: Room) {
  const t = adminTexts(locale)
  const [counted, setCounted] = useState<Counted | null>(null)
  const [error, setError] = useState<unknown>(null)
  useEffect(() => void api.results(election.id).then(setCounted, setError), [election.id])
  return (
    <section className="card" aria-labelledby="results">
      <h2 id="results">{t('results.title')}</h2>
      <ProblemNotice locale={locale} error={error} />
      {counted !== null && (
        <>
          <p>{t('results.ballots', { n: counted.ballots })}</p>
          {counted.questions.map((result) => (
            <Answer key={result.id} locale={locale} election={election} result={result} />
          ))}
        </>
      )}
      <div className="row">
        <a href={`${ballotUrl}/results/${election.id}?lang=${locale}`}>{t('results.public')}</a>
        <a href={`${ballotUrl}/api/elections/${election.id}/bundle`}>{t('results.bundle')}</a>
      </div>
    </section>
  )
}

interface AnswerProps extends Pick<Room, 'locale' | 'election'> {
  readonly result: Counted['questions'][number]
}

/** Most first; equal ones by name. */
function Answer({ locale, election, result }: AnswerProps) {
  const t = uiTexts(locale)
  const formats = createFormats(locale)
  const question = election.questions.find(({ id }) => id === result.id)
  if (question === undefined) return null
  const textOf = (id: string) => question.options.find((option) => option.id === id)?.text ?? {}
  const share = (votes: number) => (result.voters === 0 ? 0 : votes / result.voters)
  const sorted = [...result.options].sort(
    (a, b) =>
      b.votes - a.votes || formats.compare(sayOne(textOf(a.id), locale), sayOne(textOf(b.id), locale)),
  )
  const isTied = result.winners.length > question.max_selections
  return (
    <div className="stack-tight">
      <h3>
        <Said text={question.text} locale={locale} />
      </h3>
      <ol className="bars">
        {sorted.map(({ id, votes }) => {
          const isChosen = !isTied && result.winners.includes(id)
          return (
            <li key={id} className={isChosen ? 'chosen' : undefined}>
              <span className="bars-name">
                <Said text={textOf(id)} locale={locale} />
                {isChosen && <span className="soft small"> · {t('bars.chosen')}</span>}
              </span>
              <span className="bars-figure">
                {t('bars.line', { count: votes, share: formats.percent(share(votes)) })}
              </span>
              <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true" focusable="false">
                <rect className="bars-track" width="100" height="8" />
                <rect className="bars-fill" width={(share(votes) * 100).toFixed(2)} height="8" />
              </svg>
            </li>
          )
        })}
      </ol>
      <p className="soft">
        {adminTexts(locale)('results.blank', {
          n: result.blank,
          share: formats.percent(share(result.blank)),
        })}
      </p>
    </div>
  )
}
