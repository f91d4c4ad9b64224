/** Values → JSON, as `readValue` reads it back: the same value, whatever it is. */
import { DateTime, Decimal, Duration, type IpAddress } from './extension-values.ts'
import { type Long } from './long.ts'
import { EntityUid } from './uid.ts'
import { CedarSet, type CedarRecord, type Extension, type Value } from './value.ts'

export type ValueJson =
  | boolean
  | string
  | number
  | bigint
  | readonly ValueJson[]
  | { readonly [name: string]: ValueJson }

export function writeValue(value: Value): ValueJson {
  if (typeof value !== 'object') return value
  if (value instanceof EntityUid) return { __entity: { type: value.type, id: value.id } }
  if (value instanceof CedarSet) return Array.from(value, writeValue)
  if (value instanceof Map) return writeRecord(value as CedarRecord)
  return writeExtension(value as Extension)
}

export function writeRecord(record: CedarRecord): Readonly<Record<string, ValueJson>> {
  return Object.fromEntries(Array.from(record, ([name, value]) => [name, writeValue(value)]))
}

function writeExtension(value: Extension): ValueJson {
  if (value instanceof Decimal) return call('decimal', decimalText(value.scaled))
  if (value instanceof Duration) return call('duration', `${value.ms}ms`)
  // The text of a datetime knows four digits of a year; a distance knows all.
  if (value instanceof DateTime)
    return call('offset', call('datetime', '1970-01-01'), call('duration', `${value.ms}ms`))
  return call('ip', ipText(value))
}

function call(fn: string, ...args: readonly ValueJson[]): ValueJson {
  const [first] = args
  return { __extn: args.length === 1 && first !== undefined ? { fn, arg: first } : { fn, args } }
}

function decimalText(scaled: Long): string {
  const digits = String(scaled).replace('-', '').padStart(5, '0')
  return `${scaled < 0 ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`
}

function ipText({ isV6, address, prefix }: IpAddress): string {
  const [count, bits, base] = isV6 ? [8, 16, 16] : [4, 8, 10]
  const mask = (1n << BigInt(bits)) - 1n
  const parts = Array.from({ length: count }, (_, place) =>
    ((address >> BigInt(bits * (count - 1 - place))) & mask).toString(base),
  )
  return `${parts.join(isV6 ? ':' : '.')}/${prefix}`
}
