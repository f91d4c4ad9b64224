import type { AdminElection } from '@althing/elections/contract'
import type { Step } from '@althing/web-ui/vote.ts'
import { useEffect, useState } from 'react'
import { adminTexts } from './admin-texts.ts'
import * as api from './api.ts'
import { Confirm, type Question } from './confirm.tsx'
import { Counting } from './counting.tsx'
import { Go, type Console } from './go.tsx'
import { isNotThere, NotThere } from './not-there.tsx'
import { Opening } from './opening.tsx'
import { Notice, PageHeading, Pill, Said, TurnoutChart } from './parts.tsx'
import { ProblemNotice } from './problem.tsx'
import { Results } from './results.tsx'
import type { Room } from './room.ts'
import { Running } from './running.tsx'
import { openKeys, type Kept } from './sealing-key.ts'
import { At, State } from './state.tsx'
import { Where } from './where.tsx'

const keys = openKeys()

/** The control room: what is missing, what is going on, and the few things that can be done now. */
export function DetailPage({ id, ...page }: Console & { readonly id: string }) {
  const { locale } = page
  const [election, setElection] = useState<AdminElection | null>(null)
  const [kept, setKept] = useState<Kept | null>(null)
  const [error, setError] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const [question, setQuestion] = useState<Question | null>(null)
  useEffect(() => {
    api.show(id).then(setElection, setError)
    keys.get(id).then((found) => setKept(found ?? null), setError)
    // The figures grow in steps of a minute; every ten seconds is soon enough, and keeps the state true.
    const timer = setInterval(() => void api.show(id).then(setElection, () => undefined), 10_000)
    return () => clearInterval(timer)
  }, [id])
  const act: Room['act'] = (work) => {
    if (busy) return
    setBusy(true)
    setError(null)
    work()
      .then(setElection, (refusal: unknown) => {
        setError(refusal)
        return api.show(id).then(setElection, () => undefined)
      })
      .finally(() => setBusy(false))
  }
  const onKept = (next: Kept) => {
    setKept(next)
    keys.put(next.election, next).catch(setError)
  }
  if (election === null && isNotThere(error)) return <NotThere {...page} />
  if (election === null) return <ProblemNotice locale={locale} error={error} />
  const room: Room = { ...page, election, kept, busy, onKept, ask: setQuestion, act }
  return (
    <>
      <Head {...room} />
      <ProblemNotice locale={locale} error={error} />
      <Body {...room} />
      <Confirm locale={locale} question={question} onClose={() => setQuestion(null)} />
    </>
  )
}

function Head({ locale, go, election }: Room) {
  const t = adminTexts(locale)
  return (
    <div className="stack-tight">
      <p>
        <Go to="/admin/elections" go={go}>
          {t('back')}
        </Go>
      </p>
      <PageHeading>
        <Said text={election.title} locale={locale} />
      </PageHeading>
      <div className="row">
        <State locale={locale} election={election} />
        {election.status === 'draft' && election.publication !== 'pending' && (
          <Where may="elections.update">
            <Go to={`/admin/elections/${election.id}/edit`} go={go}>
              {t('edit')}
            </Go>
          </Where>
        )}
      </div>
    </div>
  )
}

function Body(room: Room) {
  const { locale, election } = room
  const t = adminTexts(locale)
  const { status, publication } = election
  return (
    <div className="room">
      <div>
        {publication === 'pending' && <Notice tone="info" title={t('open.pending')} />}
        {publication === 'refused' && (
          <Notice tone="stop" title={t('open.refused', { code: election.publication_problem ?? '' })} />
        )}
        {status === 'draft' && publication !== 'pending' && <Opening {...room} />}
        {status === 'closed' && (
          <Where may="elections.tally">
            <Counting {...room} />
          </Where>
        )}
        {(status === 'tallied' || status === 'archived') && <Results {...room} />}
        {election.turnout.entitled !== null && <Turnout {...room} />}
        {status !== 'draft' && <Running {...room} />}
      </div>
      <div>
        <Facts {...room} />
        <Paper {...room} />
      </div>
    </div>
  )
}

/** Grows while the room is open: what was before is not told to anybody, so it is not shown either. */
function Turnout({ locale, election, clock }: Room) {
  const t = adminTexts(locale)
  const { voted, entitled, exact } = election.turnout
  const begun = new Date(election.opened_at ?? election.created_at)
  const [points, setPoints] = useState<readonly Step[]>([{ at: begun, count: 0 }])
  useEffect(() => {
    setPoints((before) =>
      before.at(-1)?.count === voted ? before : [...before, { at: clock(), count: voted }],
    )
  }, [voted])
  const until = election.closed_at === null ? clock() : new Date(election.closed_at)
  return (
    <section className="card" aria-labelledby="turnout">
      <h2 id="turnout">{t('turnout.title')}</h2>
      <TurnoutChart locale={locale} points={points} until={until} most={entitled ?? 0} />
      <p className="soft small">{t(exact ? 'turnout.exact' : 'turnout.steps')}</p>
    </section>
  )
}

function Facts({ locale, election, ballotUrl }: Room) {
  const t = adminTexts(locale)
  const { scheduled_start: start, scheduled_end: end, closed_at: closed } = election
  return (
    <>
      {election.fingerprint !== null && (
        <section className="stack-tight" aria-labelledby="words">
          <h2 id="words" className="h3">
            {t('words.title')}
          </h2>
          <ol className="words words-six">
            {election.fingerprint.map((word, index) => (
              <li key={index} translate="no">
                {word}
              </li>
            ))}
          </ol>
          <p className="soft small">{t('words.text')}</p>
        </section>
      )}
      <dl className="facts">
        <div>
          <dt>{t('facts.eligibility')}</dt>
          <dd>{t(`facts.eligibility.${election.eligibility}`)}</dd>
        </div>
        {start !== null && (
          <div>
            <dt>{t('facts.begins')}</dt>
            <dd>
              <At locale={locale} at={start} />
            </dd>
          </div>
        )}
        {end !== null && (
          <div>
            <dt>{t('facts.ends')}</dt>
            <dd>
              <At locale={locale} at={end} />
            </dd>
          </div>
        )}
        {closed !== null && (
          <div>
            <dt>{t('facts.closed')}</dt>
            <dd>
              <At locale={locale} at={closed} />
            </dd>
          </div>
        )}
        <div>
          <dt>{t('facts.booth')}</dt>
          <dd>
            <a href={`${ballotUrl}/`}>{ballotUrl}</a>
          </dd>
        </div>
      </dl>
    </>
  )
}

function Paper({ locale, election }: Room) {
  const t = adminTexts(locale)
  return (
    <section className="stack" aria-labelledby="paper">
      <h2 id="paper" className="h3">
        {t('paper.title')}
      </h2>
      {election.description !== null && (
        <p>
          <Said text={election.description} locale={locale} />
        </p>
      )}
      {election.questions.map((question) => (
        <div className="stack-tight" key={question.id}>
          <p>
            <strong>
              <Said text={question.text} locale={locale} />
            </strong>
          </p>
          <p>
            <Pill tone="plain">
              {t(`form.type.${question.voting_type}`)}
              {question.voting_type === 'multi-choice' &&
                ` · ${t('form.most').toLowerCase()} ${question.max_selections}`}
            </Pill>
          </p>
          <ul>
            {question.options.map((option) => (
              <li key={option.id}>
                <Said text={option.text} locale={locale} />
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  )
}
