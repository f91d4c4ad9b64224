/** What was wrong with the last try, beside its field and above all. None of it tells whether there is such an account. */
import type { FieldProblem } from '@althing/web-ui/forms.ts'
import type { Html } from '@althing/web-ui/html.ts'
import type { Locale } from '@althing/web-ui/locale.ts'
import { notice } from '@althing/web-ui/parts.ts'
import { challengeNotice } from './challenge.ts'
import type { SignInProblem } from './pages.ts'
import { signinTexts } from './signin-texts.ts'

type Errors = { readonly identifier?: string; readonly password?: string; readonly code?: string }

/**
 * Beside the field that was filled in last. A wrong password says that the two do not go together: which of them is wrong would tell
 * who has an account.
 */
export function fieldErrors(locale: Locale, problem: SignInProblem | undefined): Errors {
  const t = signinTexts(locale)
  if (problem?.kind !== 'missing') return {}
  return {
    ...(problem.fields.includes('identifier') && { identifier: t('signIn.identifier.missing') }),
    ...(problem.fields.includes('password') && { password: t('signIn.password.missing') }),
    ...(problem.fields.includes('code') && { code: t('code.missing') }),
  }
}

export function summaryOf(errors: Errors): FieldProblem[] {
  return Object.entries(errors).map(([field, message]) => ({ field, message }))
}

export function problemNotice(locale: Locale, problem: SignInProblem | undefined): Html | null {
  const t = signinTexts(locale)
  switch (problem?.kind) {
    case 'locked':
      return notice(
        locale,
        'stop',
        t('signIn.locked', { when: soon(locale, problem) }),
        t('signIn.locked.title'),
      )
    case 'too_many':
      return notice(
        locale,
        'stop',
        t('signIn.tooMany', { when: soon(locale, problem) }),
        t('signIn.locked.title'),
      )
    case 'unavailable':
    case 'unreachable':
    case 'used_up':
      return notice(locale, 'stop', t(`codeProblem.${problem.kind}`), t(`codeProblem.${problem.kind}.title`))
    case 'sends':
      return notice(
        locale,
        'stop',
        t('codeProblem.sends', { when: soon(locale, problem) }),
        t('codeProblem.sends.title'),
      )
    case 'eid_failed':
      return notice(locale, 'stop', t('signIn.eidFailed'), t('signIn.eidFailed.title'))
    case 'passkey':
      return notice(locale, 'stop', t('passkey.failed'), t('passkey.failed.title'))
    case 'connector':
      return notice(locale, 'stop', t('signIn.eidFailed'), t('signIn.connectorFailed.title'))
    case 'unusual':
      return notice(locale, 'stop', t('signIn.unusual'), t('signIn.unusual.title'))
    case 'reset':
      return notice(locale, 'wait', t('signIn.reset'), t('signIn.reset.title'))
    case 'attestation':
    case 'attestation_away':
      return challengeNotice(locale, problem.kind)
    default:
      return null
  }
}

function soon(locale: Locale, { retryAfterSeconds }: { retryAfterSeconds?: number }): string {
  const t = signinTexts(locale)
  if (retryAfterSeconds === undefined || retryAfterSeconds < 60) return t('signIn.later')
  return t('signIn.soon', { minutes: Math.ceil(retryAfterSeconds / 60) })
}
