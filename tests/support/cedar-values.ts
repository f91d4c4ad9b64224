/** Random values in Cedar's JSON data format, at the edges of what each type can hold. */
import type { Chance } from './cedar-chance.ts'

export const types = [
  'bool',
  'long',
  'string',
  'entity',
  'set',
  'record',
  'decimal',
  'ipaddr',
  'datetime',
  'duration',
] as const
export type TypeName = (typeof types)[number]

export const entityTypes = ['U', 'G', 'N::R', 'Action'] as const
export const ids = ['0', '1', '2', '3', 'ð'] as const
export const texts = [
  '',
  'a',
  'ab',
  'ba',
  '*',
  'a*b',
  '😀',
  'é',
  '\\',
  '"',
  'U::"0"',
  'long0',
  'string1',
  'aXbXc',
  'X',
] as const

/** By the name of the constructor; each is one that can be made. */
export const extensionTexts = {
  decimal: [
    '0.0',
    '-0.0',
    '1.5',
    '1.50',
    '-1.2345',
    '922337203685477.5807',
    '-922337203685477.5808',
    '0001.1',
  ],
  ip: [
    '127.0.0.1',
    '127.0.0.0/8',
    '10.0.0.1/8',
    '10.0.0.0/8',
    '10.1.2.3',
    '0.0.0.0/0',
    '224.0.0.0/4',
    '239.255.255.255',
    '224.0.0.0/3',
    '255.255.255.255',
    '::1',
    '::',
    '::/0',
    'ff00::/8',
    'ff02::1',
    'FF02::1/64',
    '1:2:3:4:5:6:7:8',
    '1:2:3::/48',
    '::ffff:a00:1',
  ],
  datetime: [
    '1970-01-01',
    '0000-01-01',
    '9999-12-31T23:59:59.999Z',
    '2024-02-29T12:34:56Z',
    '1969-12-31T23:59:59.999Z',
    '2024-10-15T11:38:02.101+1134',
    '2024-10-15T11:38:02-2359',
    '1900-03-01T00:00:00Z',
  ],
  duration: [
    '0ms',
    '1ms',
    '-1ms',
    '1d',
    '-1d2h3m4s5ms',
    '23h59m59s999ms',
    '1500ms',
    '9223372036854775807ms',
    '-9223372036854775808ms',
    '106751991167d',
    '9007199254740993ms',
  ],
} as const

const longs = [
  0n,
  1n,
  -1n,
  2n,
  3n,
  7n,
  10n,
  1000n,
  2n ** 31n,
  3_037_000_499n,
  3_037_000_500n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 53n + 1n,
  -(2n ** 53n) - 1n,
  2n ** 62n,
  2n ** 63n - 1n,
  2n ** 63n - 2n,
  -(2n ** 63n),
  -(2n ** 63n) + 1n,
]

/** As exact text where a JavaScript number would round it: both engines are given the same digits. */
export function randomLong(chance: Chance): number | bigint {
  const value = chance.oneIn(2) ? BigInt(chance.below(5)) : chance.pick(longs)
  return Number.isSafeInteger(Number(value)) ? Number(value) : value
}

export function randomValue(chance: Chance, type: TypeName, depth: number): unknown {
  switch (type) {
    case 'bool':
      return chance.oneIn(2)
    case 'long':
      return randomLong(chance)
    case 'string':
      return chance.pick(texts)
    case 'entity':
      return { __entity: randomUid(chance) }
    case 'set': {
      const mixed = chance.oneIn(3)
      const of = chance.pick(types)
      return Array.from({ length: depth <= 0 ? 0 : chance.below(4) }, () =>
        randomValue(chance, mixed ? chance.pick(types) : of, depth - 1),
      )
    }
    case 'record':
      return depth <= 0 ? {} : randomRecord(chance, depth - 1, 3)
    default: {
      const fn = type === 'ipaddr' ? 'ip' : type
      return { __extn: { fn, arg: chance.pick(extensionTexts[fn]) } }
    }
  }
}

/** `long0` holds a long nine times of ten. */
export function randomRecord(chance: Chance, depth: number, most: number): Record<string, unknown> {
  const record: Record<string, unknown> = {}
  for (let left = chance.below(most + 1); left > 0; left -= 1) {
    const type = chance.pick(types)
    record[`${type}${chance.below(2)}`] = randomValue(
      chance,
      chance.oneIn(10) ? chance.pick(types) : type,
      depth,
    )
  }
  return record
}

export function randomUid(chance: Chance): { type: string; id: string } {
  return { type: chance.pick(entityTypes), id: chance.pick(ids) }
}
