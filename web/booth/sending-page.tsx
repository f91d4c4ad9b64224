/** @jsxImportSource preact */
import { Button, Heading, Notice, Said } from '@althing/web-ui/island/parts.tsx'
import type { Locale } from '@althing/web-ui/locale.ts'
import { uiTexts } from '@althing/web-ui/ui-texts.ts'
import { boothTexts } from './booth-texts.ts'
import type { Outcome } from './casting.ts'
import { Go, type Booth } from './go.tsx'
import type { Loaded } from './loading.ts'
import { refusalText } from './refusals.ts'
import { addressOf } from './route.ts'

export function SendingPage({ locale, again }: { readonly locale: Locale; readonly again: boolean }) {
  const t = boothTexts(locale)
  return (
    <>
      <Heading>{t('send.title')}</Heading>
      <p class="lead" role="status">
        {again ? t('unknown.trying') : t('send.text')}
      </p>
    </>
  )
}

interface Props extends Booth {
  readonly loaded: Loaded
  readonly outcome: Outcome
  readonly onSend: () => void
  readonly onReload: () => void
}

/** Not in the box, or nobody knows: said plainly, with the one thing that is safe to do. */
export function UnsettledPage({ locale, go, loaded, outcome, onSend, onReload }: Props) {
  const t = boothTexts(locale)
  const { title, text, more, tone } = wordsOf(locale, outcome)
  const canSend = outcome.kind === 'unknown' || outcome.kind === 'false receipt'
  return (
    <>
      <div class="stack-tight">
        <p class="soft">
          <Said text={loaded.shown.title} locale={locale} />
        </p>
        <Heading>{title}</Heading>
      </div>
      <Notice tone={tone} title={uiTexts(locale)(`notice.${tone}`)}>
        <p>{text}</p>
        {more !== null && <p class="small">{more}</p>}
      </Notice>
      <div class="row">
        {canSend && (
          <Button kind="primary" onPress={onSend}>
            {t('unknown.again')}
          </Button>
        )}
        {outcome.kind === 'number taken' && (
          <Button kind="primary" onPress={onSend}>
            {t('taken.act')}
          </Button>
        )}
        {outcome.kind === 'refused' && (
          <Button kind="primary" onPress={onReload}>
            {t('refused.again')}
          </Button>
        )}
        <Go to={addressOf.list} go={go}>
          {t('back')}
        </Go>
      </div>
    </>
  )
}

function wordsOf(locale: Locale, outcome: Outcome) {
  const t = boothTexts(locale)
  if (outcome.kind === 'false receipt')
    return { title: t('false.title'), text: t('false.text'), more: null, tone: 'stop' as const }
  if (outcome.kind === 'number taken')
    return { title: t('taken.title'), text: t('taken.text'), more: null, tone: 'wait' as const }
  if (outcome.kind === 'refused')
    return { title: t('refused.title'), ...refusalText(locale, outcome), tone: 'stop' as const }
  const still = outcome.place.tries > 1 ? t('unknown.still') : null
  return { title: t('unknown.title'), text: t('unknown.text'), more: still, tone: 'wait' as const }
}
