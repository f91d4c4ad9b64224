import { createFormats } from '@althing/web-ui/format.ts'
import { Refused } from '@althing/web-ui/dom/http.ts'
import { adminTexts } from './admin-texts.ts'
import type { Console } from './go.tsx'
import { Button, Notice } from './parts.tsx'
import { PolicyProblem, room } from './policy-parts.tsx'

interface OfferProps extends Pick<Console, 'locale' | 'clock'> {
  readonly at: string
  /** What has come meanwhile of that which it was written on top of. */
  readonly since: 'draft' | 'new' | null
  readonly goOn: () => void
  readonly drop: () => void
}

/** Before anything else can be written: one text would otherwise take the place of the other. */
export function UnsavedOffer({ locale, clock, at, since, goOn, drop }: OfferProps) {
  const t = adminTexts(locale)
  const formats = createFormats(locale)
  const then = new Date(at)
  const isToday = formats.date(then) === formats.date(clock())
  return (
    <Notice
      tone="wait"
      title={t('unsaved.title', { at: isToday ? formats.time(then) : formats.dateTime(then) })}
    >
      <p>{t('unsaved.text')}</p>
      {since !== null && <p>{t(`unsaved.since.${since}`)}</p>}
      <div className="row">
        <Button kind="primary" onPress={goOn}>
          {t('unsaved.goOn')}
        </Button>
        <Button kind="danger" onPress={drop}>
          {t('unsaved.drop')}
        </Button>
      </div>
    </Notice>
  )
}

interface ProblemProps extends Pick<Console, 'locale'> {
  readonly error: unknown
}

/** Where somebody is writing the page is not covered when the session ends: the text stays where it can be saved from. */
export function WritingProblem({ locale, error }: ProblemProps) {
  const t = adminTexts(locale)
  if (!isSignedOut(error)) return <PolicyProblem locale={locale} error={error} />
  return (
    <Notice tone="stop" title={t('unsaved.out')}>
      <p>{t('unsaved.out.text')}</p>
      <p>
        <a href={`/session/login?return=/admin/${room}`} target="_blank" rel="noreferrer">
          {t('unsaved.out.act')}
        </a>
      </p>
    </Notice>
  )
}

export const isSignedOut = (error: unknown): boolean => error instanceof Refused && error.status === 401
