/** The functions and methods of Cedar's extension types; a method's first argument is what it is called on. */
import { durationSince, offset, parseDateTime, parseDuration, toDate, toTime } from './datetime.ts'
import { parseDecimal } from './decimal.ts'
import { mismatch } from './describe.ts'
import { DateTime, Decimal, Duration, IpAddress } from './extension-values.ts'
import { Failure } from './failure.ts'
import { isIn, isInRange, parseIp } from './ipaddr.ts'
import { divide } from './long.ts'
import type { Result } from './value.ts'

interface Extension {
  /** How many arguments it takes. */
  readonly takes: 1 | 2
  call(first: Result, second: Result): Result
}

/** The constructor of each extension type, by which plain text in data becomes such a value. */
export const constructorOf: Readonly<Record<string, string>> = {
  decimal: 'decimal',
  ipaddr: 'ip',
  datetime: 'datetime',
  duration: 'duration',
}

type Class<T> = new (...parts: never[]) => T

function constructing(parse: (text: string) => Result): Extension {
  return { takes: 1, call: (text) => (typeof text === 'string' ? parse(text) : mismatch('string', text)) }
}

function unary<T>(type: string, of: Class<T>, apply: (one: T) => Result): Extension {
  return { takes: 1, call: (one) => (one instanceof of ? apply(one) : mismatch(type, one)) }
}

function binary<A, B>(
  [leftType, rightType]: [string, string],
  left: Class<A>,
  right: Class<B>,
  apply: (one: A, other: B) => Result,
): Extension {
  return {
    takes: 2,
    call(one, other) {
      if (!(one instanceof left)) return mismatch(leftType, one)
      return other instanceof right ? apply(one, other) : mismatch(rightType, other)
    },
  }
}

const ofDecimals = (apply: (one: Decimal, other: Decimal) => boolean) =>
  binary(['decimal', 'decimal'], Decimal, Decimal, apply)
const ofIp = (apply: (one: IpAddress) => boolean) => unary('ipaddr', IpAddress, apply)
const inUnits = (ms: number) => unary('duration', Duration, (one) => divide(one.ms, ms))

const table: Readonly<Record<string, Extension>> = {
  decimal: constructing(parseDecimal),
  lessThan: ofDecimals((one, other) => one.scaled < other.scaled),
  lessThanOrEqual: ofDecimals((one, other) => one.scaled <= other.scaled),
  greaterThan: ofDecimals((one, other) => one.scaled > other.scaled),
  greaterThanOrEqual: ofDecimals((one, other) => one.scaled >= other.scaled),

  ip: constructing(parseIp),
  isIpv4: ofIp((one) => !one.isV6),
  isIpv6: ofIp((one) => one.isV6),
  isLoopback: ofIp((one) => isIn('loopback', one)),
  isMulticast: ofIp((one) => isIn('multicast', one)),
  isInRange: binary(['ipaddr', 'ipaddr'], IpAddress, IpAddress, isInRange),

  datetime: constructing(parseDateTime),
  offset: binary(['datetime', 'duration'], DateTime, Duration, offset),
  durationSince: binary(['datetime', 'datetime'], DateTime, DateTime, durationSince),
  toDate: unary('datetime', DateTime, toDate),
  toTime: unary('datetime', DateTime, toTime),

  duration: constructing(parseDuration),
  toMilliseconds: inUnits(1),
  toSeconds: inUnits(1000),
  toMinutes: inUnits(60_000),
  toHours: inUnits(3_600_000),
  toDays: inUnits(86_400_000),
}

export function extensionNamed(name: string): Extension | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}

/** Cedar notices a wrong number of arguments when the call is evaluated, and so do we. */
export function wrongCount(name: string, takes: number, given: number): Failure {
  return new Failure(
    `wrong number of arguments provided to extension function \`${name}\`: expected ${takes}, got ${given}`,
  )
}

/** A call with all its arguments; the first failure among them is the call's. */
export function callExtension(name: string, { takes, call }: Extension, given: readonly Result[]): Result {
  const failure = given.find((one) => one instanceof Failure)
  if (failure !== undefined) return failure
  const [first, second] = given
  if (given.length !== takes || first === undefined) return wrongCount(name, takes, given.length)
  return call(first, second ?? false)
}
