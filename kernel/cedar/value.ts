/** The values of Cedar, and when two are the same. Nothing is coerced; sets know no order and no repetition. */
import type { DateTime, Decimal, Duration, IpAddress } from './extension-values.ts'
import type { Failure } from './failure.ts'
import { EntityUid, sameUid } from './uid.ts'

export type Extension = Decimal | DateTime | Duration | IpAddress
export type CedarRecord = ReadonlyMap<string, Value>
export type Value = boolean | string | number | bigint | EntityUid | CedarSet | CedarRecord | Extension
export type Result = Value | Failure
/** What an entity or a question has. One that could not be read is there, and fails whoever reads it. */
export interface Attributes {
  get(name: string): Result | undefined
  has(name: string): boolean
  /** As one value, where that is not simply all that is in it. */
  whole?(): Result
}

export class CedarSet {
  /** Members that JavaScript compares as Cedar does. */
  private readonly plain = new Set<Value>()
  /** The others, by a text that is the same for equal values and for no other. */
  private keyed: Map<string, Value> | undefined

  constructor(members: Iterable<Value>) {
    for (const one of members) {
      if (typeof one !== 'object') this.plain.add(one)
      else (this.keyed ??= new Map()).set(keyOf(one), one)
    }
  }

  get size(): number {
    return this.plain.size + (this.keyed?.size ?? 0)
  }

  has(value: Value): boolean {
    if (typeof value !== 'object') return this.plain.has(value)
    return this.keyed !== undefined && this.keyed.has(keyOf(value))
  }

  *[Symbol.iterator](): IterableIterator<Value> {
    yield* this.plain
    if (this.keyed !== undefined) yield* this.keyed.values()
  }

  hasAll(other: CedarSet): boolean {
    if (other.size > this.size) return false
    for (const one of other.plain) if (!this.plain.has(one)) return false
    if (other.keyed === undefined) return true
    for (const key of other.keyed.keys()) if (this.keyed?.has(key) !== true) return false
    return true
  }

  hasAny(other: CedarSet): boolean {
    if (other.size > this.size) return other.hasAny(this)
    for (const one of other.plain) if (this.plain.has(one)) return true
    if (other.keyed === undefined || this.keyed === undefined) return false
    for (const key of other.keyed.keys()) if (this.keyed.has(key)) return true
    return false
  }
}

export function equal(left: Value, right: Value): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object') return false
  if (left instanceof EntityUid) return right instanceof EntityUid && sameUid(left, right)
  if (left instanceof CedarSet)
    return right instanceof CedarSet && left.size === right.size && left.hasAll(right)
  if (left instanceof Map) return right instanceof Map && equalRecords(left, right)
  return keyOf(left) === keyOf(right)
}

function equalRecords(left: CedarRecord, right: CedarRecord): boolean {
  if (left.size !== right.size) return false
  for (const [name, one] of left) {
    const other = right.get(name)
    if (other === undefined || !equal(one, other)) return false
  }
  return true
}

/** A text for each value: the same for equal ones, and for no other. Every part ends where its length says, so no two values share a key. */
export function keyOf(value: Value): string {
  if (typeof value === 'string') return `s${value.length}:${value}`
  if (typeof value === 'boolean') return value ? 't' : 'f'
  if (typeof value !== 'object') return `i${value};`
  if (value instanceof CedarSet) return `[${Array.from(value, keyOf).sort().join('')}]`
  if (!(value instanceof Map)) return (value as EntityUid | Extension).key
  const names = [...(value as CedarRecord)].map(([name, one]) => `${name.length}:${name}${keyOf(one)}`)
  return `{${names.sort().join('')}}`
}
