/** @jsxImportSource preact */
import { Button, Heading, Said } from '@althing/web-ui/island/parts.tsx'
import { boothTexts } from './booth-texts.ts'
import { Go, type Booth } from './go.tsx'
import type { Loaded } from './loading.ts'
import type { Phase } from './phase.ts'
import type { Place } from './place.ts'
import { addressOf } from './route.ts'
import { StatePill, Times } from './state-pill.tsx'

interface Props extends Booth {
  readonly loaded: Loaded
  readonly phase: Phase
  readonly place: Place | undefined
  readonly again: () => void
}

const keys = {
  'no ticket': 'noTicket',
  'not yet': 'notYet',
  paused: 'paused',
  over: 'over',
  cancelled: 'cancelled',
  open: 'noTicket',
  unknown: 'noTicket',
} as const satisfies Record<Phase, string>

/** Nothing can be cast here now: why, and where to go instead. */
export function ClosedPage({ locale, go, loaded, phase, place, again }: Props) {
  const t = boothTexts(locale)
  const { shown, now } = loaded
  const key = keys[phase]
  const mayPass = phase === 'not yet' || phase === 'paused'
  return (
    <>
      <div class="stack-tight">
        <p class="soft">
          <Said text={shown.title} locale={locale} />
        </p>
        <Heading>{t(`${key}.title`)}</Heading>
        <p class="lead">{t(`${key}.text`)}</p>
      </div>
      <p class="row">
        <StatePill locale={locale} status={shown.status} />
        <span class="soft">
          <Times locale={locale} election={shown} now={now} />
        </span>
      </p>
      <div class="row">
        {mayPass && (
          <Button kind="primary" onPress={again}>
            {t('load.again')}
          </Button>
        )}
        {phase === 'over' && (
          <Go to={addressOf.results(shown.id)} go={go} class="button button-primary">
            {t('list.results')}
          </Go>
        )}
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
