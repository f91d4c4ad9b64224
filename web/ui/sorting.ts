import type { Locale } from './locale.ts'
import { intlLocale } from './texts.ts'

/** Sorts as each language does: in Icelandic á follows a, ð follows d, and þ, æ, ö come last. */
export function createCompare(locale: Locale): (a: string, b: string) => number {
  const tag = intlLocale(locale)
  const known = Intl.Collator.supportedLocalesOf(tag).length > 0
  return known ? new Intl.Collator(tag).compare : compareIcelandic
}

const alphabet = 'aábcdðeéfghiíjklmnoópqrstuúvwxyýzþæö'

/** For Chromium, which has no Icelandic: by letter, then by case. Letters of others go by the letter they stand on. */
export function compareIcelandic(a: string, b: string): number {
  const [left, right] = [letters(a), letters(b)]
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length || Number(a > b) - Number(a < b)
}

function letters(word: string): number[] {
  return Array.from(word.normalize('NFC').toLowerCase(), rank)
}

function rank(letter: string): number {
  const own = alphabet.indexOf(letter)
  if (own >= 0) return 100 + own
  const stem = alphabet.indexOf(letter.normalize('NFD')[0] ?? '')
  return stem >= 0 ? 100 + stem + 0.5 : Math.min(99, (letter.codePointAt(0) ?? 0) / 1000)
}
