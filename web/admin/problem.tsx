import { Refused, Unanswered, type FieldError } from '@althing/web-ui/dom/http.ts'
import { faultTitle } from '@althing/web-ui/faults.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { adminTexts } from './admin-texts.ts'
import { Notice } from './parts.tsx'

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

export function ProblemNotice({ locale, error }: { readonly locale: Locale; readonly error: unknown }) {
  const t = adminTexts(locale)
  if (error === null) return null
  const isSignedOut = error instanceof Refused && error.status === 401
  return (
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
}
