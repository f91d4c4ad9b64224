/**
 * Cedar's 64-bit integers: JavaScript numbers while these are exact, bigints beyond, and always the one or the other for the
 * same integer, so that `===` compares them. What leaves 64 bits fails.
 */
import { Failure } from './failure.ts'

export type Long = number | bigint

export const isLong = (value: unknown): value is Long =>
  typeof value === 'number' || typeof value === 'bigint'

const smallest = -(2n ** 63n)
const largest = 2n ** 63n - 1n

/** The one form of an integer, or nothing beyond 64 bits. */
export function toLong(value: bigint): Long | undefined {
  if (value < smallest || value > largest) return undefined
  const small = Number(value)
  return Number.isSafeInteger(small) ? small : value
}

// A rounded result is never within the safe integers when the true one is not: so the small ways are exact.

export function add(left: Long, right: Long): Long | Failure {
  if (typeof left === 'number' && typeof right === 'number') {
    const sum = left + right
    if (Number.isSafeInteger(sum)) return sum
  }
  return toLong(BigInt(left) + BigInt(right)) ?? overflow('add', left, right)
}

export function subtract(left: Long, right: Long): Long | Failure {
  if (typeof left === 'number' && typeof right === 'number') {
    const difference = left - right
    if (Number.isSafeInteger(difference)) return difference
  }
  return toLong(BigInt(left) - BigInt(right)) ?? overflow('subtract', left, right)
}

export function multiply(left: Long, right: Long): Long | Failure {
  if (typeof left === 'number' && typeof right === 'number') {
    const product = left * right
    if (Number.isSafeInteger(product)) return product + 0 // Never a negative zero.
  }
  return toLong(BigInt(left) * BigInt(right)) ?? overflow('multiply', left, right)
}

export function negate(value: Long): Long | Failure {
  if (typeof value === 'number') return 0 - value
  return toLong(-value) ?? new Failure(`integer overflow while attempting to negate the value \`${value}\``)
}

/** Towards zero, as integers divide. */
export function divide(value: Long, by: number): Long {
  if (typeof value === 'number') return (value - (value % by)) / by
  return toLong(value / BigInt(by)) as Long
}

/** The remainder that is never negative. */
export function remainder(value: Long, by: number): number {
  const rest = typeof value === 'number' ? value % by : Number(value % BigInt(by))
  return rest < 0 ? rest + by : rest + 0
}

function overflow(verb: string, left: Long, right: Long): Failure {
  return new Failure(`integer overflow while attempting to ${verb} the values \`${left}\` and \`${right}\``)
}
