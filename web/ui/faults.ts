import type { Locale } from './locale.ts'
import en from './texts/faults.en.json' with { type: 'json' }
import is from './texts/faults.is.json' with { type: 'json' }

const titles: Readonly<Record<Locale, Readonly<Record<string, string>>>> = { is, en }

/** The codes that have a title, for the test that every fault has one. */
export const faultCodes: readonly string[] = Object.keys(is)

/** What to tell a person about a fault, by its code; the title of the fault itself when nobody has written one. */
export function faultTitle(locale: Locale, code: string, title: string): string {
  return titles[locale][code] ?? title
}
