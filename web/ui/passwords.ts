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
