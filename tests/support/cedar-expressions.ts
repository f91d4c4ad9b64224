/** Random expressions of Cedar's JSON policy format: mostly of the type that is asked for, and sometimes of any. */
import type { Chance } from './cedar-chance.ts'
import {
  entityTypes,
  extensionTexts,
  ids,
  randomLong,
  randomValue,
  texts,
  types,
  type TypeName,
} from './cedar-values.ts'

export interface Writing {
  readonly chance: Chance
  /** How often a part has the type it should have, of a hundred. */
  readonly typed: number
}

type Json = unknown
type Make = (writing: Writing, depth: number) => Json

const two = (operator: string, left: TypeName, right: TypeName): Make => {
  return (writing, depth) => ({
    [operator]: { left: expression(writing, left, depth), right: expression(writing, right, depth) },
  })
}
const sameType = (operator: string): Make => {
  return (writing, depth) => {
    const type = writing.chance.pick(types)
    return { [operator]: { left: expression(writing, type, depth), right: expression(writing, type, depth) } }
  }
}
const method = (name: string, ...of: TypeName[]): Make => {
  return (writing, depth) => {
    // One time in a hundred there is an argument too many, or one too few.
    const list = writing.chance.oneIn(100) ? [...of, 'long' as const].slice(writing.chance.below(2)) : of
    return { [name]: list.map((type) => expression(writing, type, depth)) }
  }
}
const ordered = (operator: string): Make => {
  return (writing, depth) => {
    const type = writing.chance.pick(['long', 'long', 'datetime', 'duration'] as const)
    return { [operator]: { left: expression(writing, type, depth), right: expression(writing, type, depth) } }
  }
}
const choice =
  (type: TypeName): Make =>
  (writing, depth) => {
    const parts = [
      ['if', expression(writing, 'bool', depth)],
      ['then', expression(writing, type, depth)],
      ['else', expression(writing, type, depth)],
    ]
    return { 'if-then-else': Object.fromEntries(parts) as Json }
  }
/** The attribute `l1` holds a long, most of the time. */
const attribute =
  (type: TypeName): Make =>
  ({ chance, typed }, depth) => ({
    '.': {
      left: expression({ chance, typed }, chance.pick(['entity', 'entity', 'record']), depth),
      attr: `${type}${chance.below(2)}`,
    },
  })
const tag =
  (type: TypeName): Make =>
  (writing, depth) => ({
    getTag: {
      left: expression(writing, 'entity', depth),
      right: writing.chance.oneIn(4)
        ? expression(writing, 'string', depth)
        : { Value: `${type}${writing.chance.below(2)}` },
    },
  })
const has: Make = (writing, depth) => {
  const { chance } = writing
  const path = Array.from({ length: 1 + chance.below(3) }, () => `${chance.pick(types)}${chance.below(2)}`)
  return {
    has: {
      left: expression(writing, chance.pick(['entity', 'record']), depth),
      attr: path.length === 1 ? path[0] : path,
    },
  }
}
const is: Make = (writing, depth) => {
  const { chance } = writing
  const within = chance.oneIn(2) ? {} : { in: expression(writing, chance.pick(['entity', 'set']), depth) }
  return {
    is: { left: expression(writing, 'entity', depth), entity_type: chance.pick(entityTypes), ...within },
  }
}
const like: Make = (writing, depth) => {
  const { chance } = writing
  const pattern = Array.from({ length: chance.below(5) }, () =>
    chance.oneIn(2) ? 'Wildcard' : { Literal: chance.pick(texts) },
  )
  return { like: { left: expression(writing, 'string', depth), pattern } }
}
const one =
  (operator: string, type: TypeName): Make =>
  (writing, depth) => ({ [operator]: { arg: expression(writing, type, depth) } })

const within: Make = (writing, depth) => ({
  in: {
    left: expression(writing, 'entity', depth),
    right: writing.chance.oneIn(3) ? setOf(writing, 'entity', depth) : expression(writing, 'entity', depth),
  },
})

function setOf(writing: Writing, type: TypeName, depth: number): Json {
  return { Set: Array.from({ length: writing.chance.below(4) }, () => expression(writing, type, depth)) }
}

const makers: Readonly<Record<TypeName, readonly Make[]>> = {
  bool: [
    ...['==', '!='].map(sameType),
    ...['<', '<=', '>', '>='].map(ordered),
    ...['&&', '||'].map((operator) => two(operator, 'bool', 'bool')),
    ...['containsAll', 'containsAny'].map((operator) => two(operator, 'set', 'set')),
    ...['lessThan', 'lessThanOrEqual', 'greaterThan', 'greaterThanOrEqual'].map((name) =>
      method(name, 'decimal', 'decimal'),
    ),
    ...['isIpv4', 'isIpv6', 'isLoopback', 'isMulticast'].map((name) => method(name, 'ipaddr')),
    method('isInRange', 'ipaddr', 'ipaddr'),
    (writing, depth) => ({
      contains: {
        left: expression(writing, 'set', depth),
        right: expression(writing, writing.chance.pick(types), depth),
      },
    }),
    two('hasTag', 'entity', 'string'),
    one('!', 'bool'),
    one('isEmpty', 'set'),
    has,
    has,
    is,
    like,
    within,
    within,
  ],
  long: [
    ...['+', '-', '*'].map((operator) => two(operator, 'long', 'long')),
    one('neg', 'long'),
    ...['toMilliseconds', 'toSeconds', 'toMinutes', 'toHours', 'toDays'].map((name) =>
      method(name, 'duration'),
    ),
  ],
  string: [],
  entity: [({ chance }) => ({ Var: chance.pick(['principal', 'action', 'resource']) })],
  set: [(writing, depth) => setOf(writing, writing.chance.pick(types), depth)],
  record: [
    () => ({ Var: 'context' }),
    (writing, depth) => {
      const names = Array.from({ length: writing.chance.below(3) }, () => writing.chance.pick(types))
      return {
        Record: Object.fromEntries(
          names.map((type) => [`${type}${writing.chance.below(2)}`, expression(writing, type, depth)]),
        ),
      }
    },
  ],
  decimal: [],
  ipaddr: [],
  datetime: [method('offset', 'datetime', 'duration'), method('toDate', 'datetime')],
  duration: [method('durationSince', 'datetime', 'datetime'), method('toTime', 'datetime')],
}

const constructors = { decimal: 'decimal', ipaddr: 'ip', datetime: 'datetime', duration: 'duration' } as const

export function expression(writing: Writing, wanted: TypeName, depth: number): Json {
  const { chance, typed } = writing
  const type = chance.below(100) < typed ? wanted : chance.pick(types)
  if (depth <= 0) return leaf(chance, type)
  const make = chance.pick([
    ...makers[type],
    attribute(type),
    attribute(type),
    tag(type),
    choice(type),
    () => leaf(chance, type),
  ])
  return make(writing, depth - 1)
}

function leaf(chance: Chance, type: TypeName): Json {
  if (type in constructors) {
    const name = constructors[type as keyof typeof constructors]
    const written = { [name]: [{ Value: chance.pick(extensionTexts[name]) }] }
    return chance.oneIn(30) ? { [name]: [{ Value: chance.pick(texts) }] } : written
  }
  if (type === 'entity') {
    if (!chance.oneIn(3)) return { Var: chance.pick(['principal', 'action', 'resource']) }
    return { Value: { __entity: { type: chance.pick(entityTypes), id: chance.pick(ids) } } }
  }
  if (type === 'record') return chance.oneIn(2) ? { Var: 'context' } : { Record: {} }
  if (type === 'set') return { Set: [leaf(chance, chance.pick(['long', 'string', 'entity']))] }
  return { Value: type === 'long' ? randomLong(chance) : randomValue(chance, type, 0) }
}
