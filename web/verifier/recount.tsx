/** @jsxImportSource preact */
import { createFormats } from '@althing/web-ui/format.ts'
import { Bars } from '@althing/web-ui/island/bars.tsx'
import { Notice, Said } from '@althing/web-ui/island/parts.tsx'
import type { Locale } from '@althing/web-ui/locale.ts'
import type { Counted } from './check/count.ts'
import type { Outcome } from './check/result.ts'
import type { Manifest, Question } from './check/shapes.ts'
import { verifierTexts } from './verifier-texts.ts'

interface Props {
  readonly locale: Locale
  readonly manifest: Manifest
  readonly outcome: Outcome
}

export function Recount({ locale, manifest, outcome }: Props) {
  const t = verifierTexts(locale)
  const { superseded, invalid, questions } = outcome
  // The count follows the paper, question by question.
  const asked = manifest.slots.flatMap((slot) => slot.questions)
  return (
    <section class="stack" aria-labelledby="recount">
      <h2 id="recount">{t('recount')}</h2>
      {asked.map((question, index) => {
        const counted = questions[index]
        return counted && <Answer key={index} locale={locale} question={question} counted={counted} />
      })}
      {(superseded > 0 || invalid.length > 0) && (
        <p class="soft">
          {superseded > 0 && t('superseded', { n: superseded })}{' '}
          {invalid.length > 0 && t('invalid', { n: invalid.length })}
        </p>
      )}
    </section>
  )
}

function Answer({
  locale,
  question,
  counted,
}: {
  readonly locale: Locale
  readonly question: Question
  readonly counted: Counted
}) {
  const t = verifierTexts(locale)
  const { voters, blank, winners, options } = counted
  const shareOf = (count: number) => (voters === 0 ? 0 : count / voters)
  const isTied = winners.length > question.most
  // Whoever stands above the tie for the last place is elected all the same.
  const least = Math.min(...options.filter(({ id }) => winners.includes(id)).map(({ votes }) => votes))
  const bars = options.map(({ id, votes }) => ({
    id,
    name: question.optionTexts[id] ?? {},
    count: votes,
    share: shareOf(votes),
    chosen: winners.includes(id) && (!isTied || votes > least),
  }))
  return (
    <div class="stack">
      <h3>
        <Said text={question.text} locale={locale} />
      </h3>
      {isTied && <Notice tone="info" title={t(question.most === 1 ? 'tied' : 'tied.last')} />}
      <Bars locale={locale} bars={bars} />
      <p>{t('blank', { n: blank, share: createFormats(locale).percent(shareOf(blank)) })}</p>
      <p class="soft small">{t('voters', { n: voters })}</p>
    </div>
  )
}
