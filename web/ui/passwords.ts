import type { Locale } from './locale.ts'
import { uiTexts } from './ui-texts.ts'

/** Why a new password is not taken. */
export type PasswordProblem =
  | 'short'
  | 'long'
  | 'common'
  | 'personal'
  | 'weak'
  | 'breached'
  | 'plain'
  | 'reused'

/** The same words wherever a password is chosen. */
export function passwordProblem(
  locale: Locale,
  problem: PasswordProblem | 'missing',
  minimumLength: number,
): string {
  return uiTexts(locale)(`newPassword.${problem}`, { length: minimumLength })
}

/** What a new one must be, and how long it had better be where nothing stands beside it. */
export function passwordHint(
  locale: Locale,
  minimumLength: number,
  advisedLength: number | undefined,
): string {
  const t = uiTexts(locale)
  const hint = t('newPassword.hint', { length: minimumLength })
  return advisedLength === undefined ? hint : `${hint} ${t('newPassword.advised', { length: advisedLength })}`
}
