/** How values and their types are called when something is wrong with them. */
import { DateTime, Decimal, Duration, IpAddress } from './extension-values.ts'
import { Failure } from './failure.ts'
import { isLong } from './long.ts'
import { EntityUid } from './uid.ts'
import { CedarSet, type Result, type Value } from './value.ts'

function typeName(value: Value): string {
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'string'
  if (isLong(value)) return 'long'
  if (value instanceof EntityUid) return `(entity of type \`${value.type}\`)`
  if (value instanceof CedarSet) return 'set'
  if (value instanceof Decimal) return 'decimal'
  if (value instanceof DateTime) return 'datetime'
  if (value instanceof Duration) return 'duration'
  return value instanceof IpAddress ? 'ipaddr' : 'record'
}

/** The failure that a part already had, or the one of a part that has the wrong type. */
export function mismatch(expected: string, value: Result): Failure {
  if (value instanceof Failure) return value
  return new Failure(`type error: expected ${expected}, got ${typeName(value)}`)
}
