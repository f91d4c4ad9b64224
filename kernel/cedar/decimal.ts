import { Decimal } from './extension-values.ts'
import { Failure } from './failure.ts'
import { toLong } from './long.ts'

/** One to four digits after a point, at least one before it, and no sign but a minus. */
export function parseDecimal(text: string): Decimal | Failure {
  const found = /^(-?)([0-9]+)\.([0-9]+)$/.exec(text)
  if (found === null) return new Failure(`\`${text}\` is not a well-formed decimal value`)
  const [, sign, whole = '', part = ''] = found
  if (part.length > 4) return new Failure(`too many digits after the decimal in \`${text}\``)
  const digits = whole.replace(/^0+/, '')
  // So long a number is too large, and making a bigint of a million digits takes its time.
  const scaled = digits.length > 19 ? undefined : toLong(BigInt(`${sign}${digits}${part.padEnd(4, '0')}`))
  return scaled === undefined ? new Failure('overflow when converting to decimal') : new Decimal(scaled)
}
