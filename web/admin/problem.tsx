import { Refused, Unanswered, type FieldError } from '@althing/web-ui/dom/http.ts'
import { faultTitle } from '@althing/web-ui/faults.ts'
import { useEffect } from 'react'
import type { Locale } from '@althing/web-ui/locale.ts'
import { adminTexts } from './admin-texts.ts'
import { Button, Notice } from './parts.tsx'
import { tellRefused } from './standing.ts'

/** What went wrong, in a sentence, and at which fields. */
export function sentenceOf(error: unknown, locale: Locale): string {
  const t = adminTexts(locale)
  if (error instanceof Refused) return faultTitle(locale, error.code, error.message)
  if (error instanceof Unanswered) return t('fail.silence')
  return t('fail.storage')
}

export const fieldErrorsOf = (error: unknown): readonly FieldError[] =>
  error instanceof Refused ? error.errors : []

/** Whoever asks may not do it; nothing is wrong with what was asked. */
export const isForbidden = (error: unknown): boolean =>
  error instanceof Refused && error.code === 'kernel.http.forbidden'

const signedOut = 'althing:signed-out'

/** Every part of a page is refused when the session has ended: it is said once, for all of them. @returns what stops listening */
export function onSignedOut(act: () => void): () => void {
  addEventListener(signedOut, act)
  return () => removeEventListener(signedOut, act)
}

export function SignedOut({ locale }: { readonly locale: Locale }) {
  const t = adminTexts(locale)
  const to = encodeURIComponent(location.pathname + location.search)
  return (
    <Notice tone="stop" title={t('fail.signin')}>
      <p>
        <a href={`/session/login?return=${to}`}>{t('fail.signin.act')}</a>
      </p>
    </Notice>
  )
}

interface Props {
  readonly locale: Locale
  readonly error: unknown
  /** Where asking once more is all that there is to do. */
  readonly again?: () => void
}

export function ProblemNotice({ locale, error, again }: Props) {
  const t = adminTexts(locale)
  const isSignedOut = error instanceof Refused && error.status === 401
  useEffect(() => {
    if (isSignedOut) dispatchEvent(new Event(signedOut))
  }, [isSignedOut])
  const isNo = isForbidden(error)
  useEffect(() => {
    if (isNo) tellRefused()
  }, [error])
  if (error === null || isSignedOut) return null
  const notice = (
    <Notice tone="stop" title={t('fail.title')}>
      <p>{sentenceOf(error, locale)}</p>
      {isNo && <p>{t('closed.text')}</p>}
    </Notice>
  )
  // Whoever may not is not let in by asking once more.
  if (again === undefined || isNo) return notice
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
