/** @jsxImportSource preact */
import { words, type Question } from '@althing/elections/contract'
import { announce } from '@althing/web-ui/dom/live.ts'
import { Button, Heading, Notice, Said, Words, sayOne } from '@althing/web-ui/island/parts.tsx'
import { uiTexts } from '@althing/web-ui/ui-texts.ts'
import { useEffect, useRef, useState } from 'preact/hooks'
import { boothTexts } from './booth-texts.ts'
import { Go, type Booth } from './go.tsx'
import type { Loaded } from './loading.ts'
import { lackOf, questionsOnOnePage, type Lack } from './paper.ts'
import type { Draft, Place } from './place.ts'
import { QuestionCard, questionId } from './question-card.tsx'
import { addressOf } from './route.ts'
import { StatePill, Times } from './state-pill.tsx'

interface Props extends Booth {
  readonly loaded: Loaded
  readonly questions: readonly Question[]
  readonly place: Place
  readonly step: number
  readonly onMark: (draft: Draft) => void
  readonly onOver: () => void
}

/** The paper. Few questions stand together; many come one after the other, and the address says which. */
export function PaperPage(props: Props) {
  const { locale, go, loaded, questions, place, step, onMark } = props
  const t = boothTexts(locale)
  const [asked, setAsked] = useState(false)
  const isLong = questions.length > questionsOnOnePage
  const at = Math.min(step, questions.length)
  const here = isLong ? questions.slice(at - 1, at) : questions
  const lacks = here.flatMap((question) => {
    const lack = lackOf(place.draft, question)
    return lack === null ? [] : [{ question, lack }]
  })
  const onward = (event: Event) => {
    event.preventDefault()
    setAsked(true)
    if (lacks.length > 0) return announce(uiTexts(locale)('form.problem'))
    setAsked(false)
    const election = loaded.shown.id
    go(
      isLong && at < questions.length ? addressOf.vote(election, at + 1) : addressOf.vote(election, 'review'),
    )
  }
  return (
    <>
      <Head {...props} at={at} isLong={isLong} key={at} />
      {asked && <Summary locale={locale} lacks={lacks} />}
      <form class="paper" noValidate onSubmit={onward}>
        {here.map((question) => (
          <QuestionCard
            key={question.id}
            locale={locale}
            question={question}
            draft={place.draft}
            lack={shownLack(question, place.draft, asked)}
            onMark={onMark}
          />
        ))}
        <div class="bar">
          <div class="row">
            <Button kind="primary">
              {t(isLong && at < questions.length ? 'paper.next' : 'paper.review')}
            </Button>
            {isLong && at > 1 && (
              <Go to={addressOf.vote(loaded.shown.id, at - 1)} go={go}>
                {t('paper.previous')}
              </Go>
            )}
          </div>
        </div>
      </form>
      <p class="soft small">{t('paper.saved')}</p>
      <Fingerprint {...props} />
    </>
  )
}

/** Too many is said at once, nothing chosen only when the person wants to go on. */
function shownLack(question: Question, draft: Draft, asked: boolean): Lack | null {
  const lack = lackOf(draft, question)
  return lack === 'nothing' && !asked ? null : lack
}

function Head({
  locale,
  go,
  loaded,
  questions,
  place,
  at,
  isLong,
  onOver,
}: Props & { at: number; isLong: boolean }) {
  const t = boothTexts(locale)
  const { shown, now } = loaded
  return (
    <>
      <div class="stack-tight">
        {isLong && <p class="soft">{t('paper.question', { n: at, count: questions.length })}</p>}
        <Heading>
          <Said text={shown.title} locale={locale} />
        </Heading>
        <p class="row">
          <StatePill locale={locale} status={shown.status} />
          <span>
            <Times locale={locale} election={shown} now={now} onOver={onOver} />
          </span>
        </p>
        {shown.description !== null && at === 1 && (
          <p class="lead">
            <Said text={shown.description} locale={locale} />
          </p>
        )}
      </div>
      {place.receipt !== null && at === 1 && (
        <Notice tone="info" title={t('paper.again.title')}>
          <p>
            {t('paper.again')}{' '}
            <Go to={addressOf.receipt(shown.id)} go={go}>
              {t('paper.again.receipt')}
            </Go>
          </p>
        </Notice>
      )}
    </>
  )
}

interface SummaryProps {
  readonly locale: Booth['locale']
  readonly lacks: readonly { readonly question: Question; readonly lack: Lack }[]
}

/** What is missing, first; each line goes to its question. The fragment is taken, so it goes there by itself. */
function Summary({ locale, lacks }: SummaryProps) {
  const at = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (lacks.length > 0) at.current?.focus()
  }, [lacks.length > 0])
  if (lacks.length === 0) return null
  return (
    <div class="summary" role="alert" tabIndex={-1} aria-labelledby="summary-title" ref={at}>
      <h2 id="summary-title">{uiTexts(locale)('form.problem')}</h2>
      <ul>
        {lacks.map(({ question }) => (
          <li key={question.id}>
            <a
              href={`#${questionId(question)}`}
              onClick={(event) => {
                event.preventDefault()
                document.querySelector<HTMLElement>(`#${questionId(question)} input`)?.focus()
              }}
            >
              {sayOne(question.text, locale)}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}

function Fingerprint({ locale, loaded }: Props) {
  const t = boothTexts(locale)
  return (
    <details>
      <summary>{t('paper.words')}</summary>
      <div class="stack-tight">
        <Words words={words(loaded.paper.hash, 6)} label={t('paper.words')} />
        <p class="soft small">{t('paper.words.text')}</p>
      </div>
    </details>
  )
}
