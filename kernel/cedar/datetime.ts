import { DateTime, Duration } from './extension-values.ts'
import { Failure } from './failure.ts'
import { add, remainder, subtract, toLong, type Long } from './long.ts'

const day = 86_400_000

/** `2024-10-15`, or with a time that ends in `Z` or an offset like `+0130`; milliseconds have three digits or are not there. */
export function parseDateTime(text: string): DateTime | Failure {
  const found =
    /^([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{3}))?(?:Z|([+-])([0-9]{2})([0-9]{2})))?$/.exec(
      text,
    )
  if (found === null) return new Failure(`\`${text}\` is not a datetime`)
  const [year, month, date, hour, minute, second, ms] = found
    .slice(1, 8)
    .map((part) => Number(part ?? 0)) as [number, number, number, number, number, number, number]
  const [offsetHour, offsetMinute] = [Number(found[9] ?? 0), Number(found[10] ?? 0)]
  if (month < 1 || month > 12 || date < 1 || date > daysOf(year, month))
    return new Failure(`invalid date: ${text}`)
  if (hour > 23 || minute > 59 || second > 59) return new Failure(`invalid hour/minute/second: ${text}`)
  if (offsetHour > 23 || offsetMinute > 59) return new Failure(`invalid offset range: ${text}`)
  const offset = (found[8] === '-' ? -1 : 1) * (offsetHour * 60 + offsetMinute)
  const minutes = hour * 60 + minute - offset
  return new DateTime(daysSince1970(year, month, date) * day + minutes * 60_000 + second * 1000 + ms)
}

function daysOf(year: number, month: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
}

/** The Gregorian calendar without end in both directions; a year begins in March, so that the odd day is its last. */
function daysSince1970(year: number, month: number, date: number): number {
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + date - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  return era * 146_097 + dayOfEra - 719_468
}

/** `1d2h3m4s5ms`: each unit once at most, in this order, and a minus before all. */
export function parseDuration(text: string): Duration | Failure {
  const found = /^(-?)(?:([0-9]+)d)?(?:([0-9]+)h)?(?:([0-9]+)m)?(?:([0-9]+)s)?(?:([0-9]+)ms)?$/.exec(text)
  if (found === null || text === '' || text === '-') return new Failure('invalid duration pattern')
  const units = [day, 3_600_000, 60_000, 1000, 1]
  const parts = found.slice(2).map((part) => (part ?? '0').replace(/^0+(?=.)/, ''))
  // So long a number is too large, and making a bigint of a million digits takes its time.
  if (parts.some((part) => part.length > 20)) return tooLong
  const sum = parts.reduce((total, part, index) => total + BigInt(part) * BigInt(units[index] ?? 0), 0n)
  const ms = toLong(found[1] === '-' ? -sum : sum)
  return ms === undefined ? tooLong : new Duration(ms)
}

const tooLong = new Failure('Duration overflows internal representation')

export function offset(time: DateTime, by: Duration): DateTime | Failure {
  return made(add(time.ms, by.ms), (ms) => new DateTime(ms))
}

export function durationSince(time: DateTime, other: DateTime): Duration | Failure {
  return made(subtract(time.ms, other.ms), (ms) => new Duration(ms))
}

/** The midnight before. */
export function toDate(time: DateTime): DateTime | Failure {
  return made(subtract(time.ms, remainder(time.ms, day)), (ms) => new DateTime(ms))
}

/** What has passed since then. */
export function toTime(time: DateTime): Duration {
  return new Duration(remainder(time.ms, day))
}

function made<T>(ms: Long | Failure, make: (ms: Long) => T): T | Failure {
  return ms instanceof Failure ? ms : make(ms)
}
