import type { Locale } from './locale.ts'
import { intlLocale } from './texts.ts'

/** Dates, times and numbers as each language writes them. The zone is always given: a page never guesses it. */
export interface Formats {
  /** 22. nóvember 2026 kl. 14:05 */
  dateTime(at: Date): string
  /** 22. nóvember 2026 kl. 14:05 að íslenskum tíma */
  exact(at: Date): string
  date(at: Date): string
  time(at: Date): string
  /** eftir 12 mínútur · fyrir 3 dögum · núna */
  relative(at: Date, now: Date): string
  /** 12.345,6 */
  number(value: number): string
  /** A share between 0 and 1 with one decimal: 64,1% */
  percent(share: number): string
  zone(): string
  /** Sorts as the language does: á after a, þ æ ö last. */
  compare(a: string, b: string): number
}

const icelandic = 'Atlantic/Reykjavik'

export function createFormats(locale: Locale, timeZone = icelandic): Formats {
  const tag = intlLocale(locale)
  const day = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone })
  const clock = new Intl.DateTimeFormat(tag, { timeStyle: 'short', timeZone, hourCycle: 'h23' })
  const plain = new Intl.NumberFormat(tag)
  const share = new Intl.NumberFormat(tag, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  })
  const between = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' })
  const order = new Intl.Collator(tag)
  const at = locale === 'is' ? 'kl.' : 'at'
  const dateTime = (date: Date) => `${day.format(date)} ${at} ${clock.format(date)}`
  const zone = () => zoneName(locale, timeZone)
  return {
    dateTime,
    exact: (date) => `${dateTime(date)}${zone() === '' ? '' : ` ${zone()}`}`,
    date: (date) => day.format(date),
    time: (date) => clock.format(date),
    relative: (date, now) => between.format(...distance(date, now)),
    number: (value) => plain.format(value),
    percent: (value) => share.format(value),
    zone,
    compare: (a, b) => order.compare(a, b),
  }
}

/** The largest unit that is not smaller than one; rounds towards zero so that a deadline is never said to be later. */
export function distance(date: Date, now: Date): [number, 'second' | 'minute' | 'hour' | 'day'] {
  const seconds = Math.trunc((date.getTime() - now.getTime()) / 1000)
  const size = Math.abs(seconds)
  if (size < 60) return [seconds, 'second']
  if (size < 3600) return [Math.trunc(seconds / 60), 'minute']
  if (size < 48 * 3600) return [Math.trunc(seconds / 3600), 'hour']
  return [Math.trunc(seconds / 86400), 'day']
}

function zoneName(locale: Locale, timeZone: string): string {
  // ICU would call the zone of Iceland "Greenwich Mean Time", a name nobody there uses.
  if (timeZone === icelandic) return locale === 'is' ? 'að íslenskum tíma' : 'Iceland time'
  const parts = new Intl.DateTimeFormat(intlLocale(locale), { timeZone, timeZoneName: 'longGeneric' })
  const name = parts.formatToParts(new Date(0)).find((part) => part.type === 'timeZoneName')?.value
  return `(${name ?? timeZone})`
}
