import { Refused, Unanswered, type FieldError } from '@althing/web-ui/dom/http.ts'
import { faultTitle } from '@althing/web-ui/faults.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { adminTexts } from './admin-texts.ts'
import { Button, Notice } from './parts.tsx'

/** What went wrong, in a sentence, and at which fields. */
function sentenceOf(error: unknown, locale: Locale): string {
  const t = adminTexts(locale)
  if (error instanceof Refused && error.status === 401) return t('fail.signin')
  if (error instanceof Refused) return faultTitle(locale, error.code, error.message)
  if (error instanceof Unanswered) return t('fail.silence')
  return t('fail.storage')
}

export const fieldErrorsOf = (error: unknown): readonly FieldError[] =>
  error instanceof Refused ? error.errors : []

interface Props {
  readonly locale: Locale
  readonly error: unknown
  /** Where asking once more is all that there is to do. */
  readonly again?: () => void
}

export function ProblemNotice({ locale, error, again }: Props) {
  const t = adminTexts(locale)
  if (error === null) return null
  const isSignedOut = error instanceof Refused && error.status === 401
  const notice = (
    <Notice tone="stop" title={t('fail.title')}>
      <p>{sentenceOf(error, locale)}</p>
      {isSignedOut && (
        <p>
          <a href={`/session/login?return=${encodeURIComponent(location.pathname)}`}>
            {t('fail.signin.act')}
          </a>
        </p>
      )}
    </Notice>
  )
  if (again === undefined) return notice
  return (
    <>
      {notice}
      <div className="row">
        <Button kind="primary" onPress={again}>
          {t('fail.again')}
        </Button>
      </div>
    </>
  )
}
