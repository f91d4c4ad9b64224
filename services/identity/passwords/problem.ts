import { isFault } from '@althing/kernel/errors'

const kinds = {
  'identity.passwords.too_short': 'short',
  'identity.passwords.too_long': 'long',
  'identity.passwords.common': 'common',
  'identity.passwords.personal': 'personal',
  'identity.passwords.weak': 'weak',
  'identity.passwords.breached': 'breached',
  'identity.passwords.plain': 'plain',
  'identity.passwords.reused': 'reused',
} as const

export type PasswordProblem = (typeof kinds)[keyof typeof kinds]

/** Why a password is not taken, in the words that pages know; null for every other error. */
export function problemOf(error: unknown): PasswordProblem | null {
  for (const [code, kind] of Object.entries(kinds)) if (isFault(error, code)) return kind
  return null
}
