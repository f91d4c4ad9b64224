import { isFault } from '@althing/kernel/errors'

const kinds = {
  'identity.passwords.too_short': 'short',
  'identity.passwords.too_long': 'long',
  'identity.passwords.common': 'common',
} as const

/** Why a password is not taken, in the words that pages know; null for every other error. */
export function problemOf(error: unknown): (typeof kinds)[keyof typeof kinds] | null {
  for (const [code, kind] of Object.entries(kinds)) if (isFault(error, code)) return kind
  return null
}
