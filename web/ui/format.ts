import type { Locale } from './locale.ts'
import { createCompare } from './sorting.ts'
import { intlLocale, numberLocale } from './texts.ts'
import { uiTexts } from './ui-texts.ts'

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
  /** Its name alone, as it stands in brackets or in a sentence. */
  zone(): string
  /** Sorts as the language does: á after a, þ æ ö last. */
  compare(a: string, b: string): number
}

const icelandic = 'Atlantic/Reykjavik'

/** Written out by ourselves: Chromium has no Icelandic dates, and a page must say the same on both sides. */
const months: Readonly<Record<Locale, readonly string[]>> = {
  is: 'janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember'.split(' '),
  en: 'January February March April May June July August September October November December'.split(' '),
}

export function createFormats(locale: Locale, timeZone = icelandic): Formats {
  const read = readClock(timeZone)
  const plain = new Intl.NumberFormat(numberLocale(locale))
  const tenths = new Intl.NumberFormat(numberLocale(locale), {
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  })
  const compare = createCompare(locale)
  const zone = zoneName(locale, timeZone)
  const date = (at: Date) => {
    const { day, month, year } = read(at)
    return `${day}${locale === 'is' ? '.' : ''} ${months[locale][month - 1]} ${year}`
  }
  const time = (at: Date) => {
    const { hour, minute } = read(at)
    return `${hour}:${minute}`
  }
  const dateTime = (at: Date) => `${date(at)} ${locale === 'is' ? 'kl.' : 'at'} ${time(at)}`
  return {
    date,
    time,
    dateTime,
    exact: (at) => `${dateTime(at)} ${timeZone === icelandic ? zone : `(${zone})`}`,
    relative: (at, now) => relative(locale, at, now),
    number: (value) => plain.format(value),
    percent: (share) => `${tenths.format(share * 100)}%`,
    zone: () => zone,
    compare,
  }
}

function readClock(timeZone: string) {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return (at: Date) => {
    const values = Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, value]))
    const { day = '', month = '', year = '', hour = '', minute = '' } = values
    return { day: Number(day), month: Number(month), year, hour, minute }
  }
}

function relative(locale: Locale, at: Date, now: Date): string {
  const t = uiTexts(locale)
  const [n, unit] = distance(at, now)
  if (n === 0) return t('time.now')
  return n > 0 ? t(`time.in.${unit}`, { n }) : t(`time.ago.${unit}`, { n: -n })
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

/** The name of a zone depends a little on the year; this one says neither summer nor winter. */
const anyDay = new Date('2026-01-01T00:00:00Z')

function zoneName(locale: Locale, timeZone: string): string {
  // ICU would call the zone of Iceland "Greenwich Mean Time", a name nobody there uses.
  if (timeZone === icelandic) return locale === 'is' ? 'að íslenskum tíma' : 'Iceland time'
  const parts = new Intl.DateTimeFormat(intlLocale(locale), { timeZone, timeZoneName: 'longGeneric' })
  const name = parts.formatToParts(anyDay).find((part) => part.type === 'timeZoneName')?.value ?? timeZone
  // What has no place has no name either: ICU counts its hours from Greenwich.
  return name === 'GMT+00:00' ? 'UTC' : name
}
