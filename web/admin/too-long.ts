/** What is longer than its door takes is said at once, with how long it is, and never cut: whoever puts in a text sees no end of it. */
import type { Locale } from '@althing/web-ui/locale.ts'
import { adminTexts } from './admin-texts.ts'

/** Of a reason, and of what is said to somebody in a letter. */
export const mostWords = 500

/** @returns nothing when it fits */
export function tooLong(locale: Locale, text: string, most = mostWords): string | undefined {
  const count = text.trim().length
  return count > most ? adminTexts(locale)('field.long', { count, most }) : undefined
}
