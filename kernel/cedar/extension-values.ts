/** Values of Cedar's extension types. Two are equal when their keys are. */
import type { Long } from './long.ts'

/** Four digits after the point, kept as the integer of ten-thousandths. */
export class Decimal {
  readonly scaled: Long
  constructor(scaled: Long) {
    this.scaled = scaled
  }
  get key(): string {
    return `d${this.scaled};`
  }
}

/** Milliseconds since 1970 without leap seconds. */
export class DateTime {
  readonly ms: Long
  constructor(ms: Long) {
    this.ms = ms
  }
  get key(): string {
    return `m${this.ms};`
  }
}

export class Duration {
  readonly ms: Long
  constructor(ms: Long) {
    this.ms = ms
  }
  get key(): string {
    return `p${this.ms};`
  }
}

/** An address with its prefix: `10.0.0.1/8` and `10.0.0.0/8` are the same range and not the same value. */
export class IpAddress {
  readonly isV6: boolean
  readonly address: bigint
  readonly prefix: number
  constructor(isV6: boolean, address: bigint, prefix: number) {
    this.isV6 = isV6
    this.address = address
    this.prefix = prefix
  }
  get key(): string {
    return `a${this.isV6 ? 6 : 4}.${this.address}/${this.prefix};`
  }
  get first(): bigint {
    return this.address & ~this.hosts
  }
  get last(): bigint {
    return this.address | this.hosts
  }
  /** The bits that the prefix leaves open. */
  private get hosts(): bigint {
    return (1n << BigInt((this.isV6 ? 128 : 32) - this.prefix)) - 1n
  }
}
