/** @jsxImportSource preact */
import type { Question } from '@althing/elections/contract'
import { Button, Heading, Said, sayOne } from '@althing/web-ui/island/parts.tsx'
import { boothTexts } from './booth-texts.ts'
import { Go, type Booth } from './go.tsx'
import type { Loaded } from './loading.ts'
import { markOf, questionsOnOnePage } from './paper.ts'
import type { Place } from './place.ts'
import { addressOf } from './route.ts'

interface Props extends Booth {
  readonly loaded: Loaded
  readonly questions: readonly Question[]
  readonly place: Place
  readonly onCast: () => void
}

/** What was marked, what happens next, and the one button that does it. */
export function ReviewPage({ locale, go, loaded, questions, place, onCast }: Props) {
  const t = boothTexts(locale)
  const { shown } = loaded
  const isLong = questions.length > questionsOnOnePage
  return (
    <>
      <div class="stack-tight">
        <p class="soft">
          <Said text={shown.title} locale={locale} />
        </p>
        <Heading>{t('review.title')}</Heading>
        <p class="lead">{t('review.lead')}</p>
      </div>
      <dl class="review">
        {questions.map((question, index) => (
          <div key={question.id}>
            <dt>
              <Said text={question.text} locale={locale} />
            </dt>
            <Chosen locale={locale} question={question} place={place} />
            <dd class="change">
              <Go to={addressOf.vote(shown.id, isLong ? index + 1 : 1)} go={go}>
                {t('review.change')}
                <span class="visually-hidden">
                  {' '}
                  {t('review.change.of', { question: sayOne(question.text, locale) })}
                </span>
              </Go>
            </dd>
          </div>
        ))}
      </dl>
      <div class="stack-tight">
        <p>{t('review.then')}</p>
        <p>{t('review.revote')}</p>
      </div>
      <div class="row">
        <Button kind="primary" onPress={onCast}>
          {t('review.cast')}
        </Button>
        <Go to={addressOf.vote(shown.id)} go={go}>
          {t('review.back')}
        </Go>
      </div>
    </>
  )
}

function Chosen({ locale, question, place }: Pick<Props, 'locale' | 'place'> & { question: Question }) {
  const { options } = markOf(place.draft, question)
  if (options.length === 0) return <dd class="blank">{boothTexts(locale)('review.blank')}</dd>
  return (
    <>
      {question.options
        .filter(({ id }) => options.includes(id))
        .map((option) => (
          <dd key={option.id}>
            <Said text={option.text} locale={locale} />
          </dd>
        ))}
    </>
  )
}
