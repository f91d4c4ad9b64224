/**
 * Cedar expressions → closures. Semantics of Cedar: no coercion, a missing attribute or a wrong type is an error, `&&`, `||`
 * and `if` are lazy, integers are 64 bits. What this does not know fails when the bundle is compiled, never at a decision.
 */
import type { Expression, Uid } from './cedar.ts'

/** The values of Cedar. An entity reference is a class, so that no record can be mistaken for one. */
export type Value = boolean | bigint | string | EntityRef | ReadonlySet<string> | CedarSet | CedarRecord
export type CedarRecord = ReadonlyMap<string, Value>

export class EntityRef {
  readonly type: string
  readonly id: string
  constructor({ type, id }: Uid) {
    this.type = type
    this.id = id
  }
}

class CedarSet {
  readonly members: readonly Value[]
  constructor(members: readonly Value[]) {
    this.members = members
  }
  has(value: Value): boolean {
    return this.members.some((member) => equal(member, value))
  }
}

/** The world a question is asked in. */
export interface World {
  readonly principal: EntityRef
  readonly action: EntityRef
  readonly resource: EntityRef
  readonly context: CedarRecord
  attributes(entity: EntityRef): CedarRecord | undefined
  /** Is `child` the entity, or below it? */
  isIn(child: EntityRef, parent: EntityRef): boolean
}

class EvaluationError extends Error {}
export class UnsupportedPolicy extends Error {}

type Compiled = (world: World) => Value
type Maker = (operand: never) => Compiled

export function compile(expression: unknown): Compiled {
  const [entry, ...others] = Object.entries((expression ?? {}) as Expression)
  if (entry === undefined || others.length > 0)
    throw new UnsupportedPolicy('An expression has exactly one operator.')
  const [operator, operand] = entry
  const maker = Object.hasOwn(makers, operator) ? makers[operator] : undefined
  if (maker === undefined) throw new UnsupportedPolicy(`The operator ${operator} is not supported.`)
  return maker(operand as never)
}

interface Two {
  readonly left: unknown
  readonly right: unknown
}
interface One {
  readonly arg: unknown
}
interface Attribute {
  readonly left: unknown
  readonly attr: string
}

const makers: Readonly<Record<string, Maker>> = {
  Value: (literal: unknown) => constant(fromJson(literal)),
  Var: (name: 'principal' | 'action' | 'resource' | 'context') => (world) => world[name],
  '!': ({ arg }: One) => after(arg, (value) => !boolean(value)),
  neg: ({ arg }: One) => after(arg, (value) => long(-integer(value))),
  '==': (two: Two) => both(two, (left, right) => equal(left, right)),
  '!=': (two: Two) => both(two, (left, right) => !equal(left, right)),
  '<': (two: Two) => both(two, (left, right) => integer(left) < integer(right)),
  '<=': (two: Two) => both(two, (left, right) => integer(left) <= integer(right)),
  '>': (two: Two) => both(two, (left, right) => integer(left) > integer(right)),
  '>=': (two: Two) => both(two, (left, right) => integer(left) >= integer(right)),
  '+': (two: Two) => both(two, (left, right) => long(integer(left) + integer(right))),
  '-': (two: Two) => both(two, (left, right) => long(integer(left) - integer(right))),
  '*': (two: Two) => both(two, (left, right) => long(integer(left) * integer(right))),
  '&&': ({ left, right }: Two) => lazy(left, right, false),
  '||': ({ left, right }: Two) => lazy(left, right, true),
  in: ({ left, right }: Two) => inHierarchy(compile(left), compile(right)),
  is: ({ left, entity_type, in: within }: { left: unknown; entity_type: string; in?: unknown }) =>
    isOfType(left, entity_type, within),
  contains: (two: Two) => both(two, (left, right) => set(left).has(right)),
  containsAll: (two: Two) =>
    both(two, (left, right) => set(right).members.every((member) => set(left).has(member))),
  containsAny: (two: Two) =>
    both(two, (left, right) => set(right).members.some((member) => set(left).has(member))),
  isEmpty: ({ arg }: One) => after(arg, (value) => set(value).members.length === 0),
  '.': ({ left, attr }: Attribute) => attributeOf(compile(left), attr),
  has: ({ left, attr }: Attribute) => hasAttribute(compile(left), attr),
  like: ({ left, pattern }: { left: unknown; pattern: unknown }) => like(compile(left), pattern),
  'if-then-else': ({ if: test, then, else: other }: { if: unknown; then: unknown; else: unknown }) =>
    choose(compile(test), compile(then), compile(other)),
  Set: (members: readonly unknown[]) => setOf(members.map(compile)),
  Record: (members: Readonly<Record<string, unknown>>) =>
    recordOf(Object.entries(members).map(([name, one]) => [name, compile(one)])),
}

/** JSON of a policy literal or an attribute → value; `{"__entity": …}` is a reference. */
export function fromJson(json: unknown): Value {
  if (typeof json === 'boolean' || typeof json === 'string') return json
  if (typeof json === 'number' && Number.isSafeInteger(json)) return BigInt(json)
  if (Array.isArray(json)) return new CedarSet(json.map(fromJson))
  if (typeof json === 'object' && json !== null) {
    if ('__entity' in json) return new EntityRef(json.__entity as Uid)
    if ('__extn' in json) throw new UnsupportedPolicy('Extension values are not supported.')
    return new Map(Object.entries(json).map(([name, one]) => [name, fromJson(one)]))
  }
  throw new UnsupportedPolicy('This literal has no meaning in Cedar.')
}

function equal(left: Value, right: Value): boolean {
  if (left instanceof EntityRef)
    return right instanceof EntityRef && left.type === right.type && left.id === right.id
  if (left instanceof CedarSet) return right instanceof CedarSet && subset(left, right) && subset(right, left)
  if (left instanceof Map)
    return (
      right instanceof Map &&
      left.size === right.size &&
      [...left].every(([name, one]) => right.has(name) && equal(one, right.get(name) as Value))
    )
  return left === right
}

const subset = (left: CedarSet, right: CedarSet) => left.members.every((member) => right.has(member))
const constant =
  (value: Value): Compiled =>
  () =>
    value

function after(arg: unknown, next: (value: Value) => Value): Compiled {
  const inner = compile(arg)
  return (world) => next(inner(world))
}

function both({ left, right }: Two, next: (left: Value, right: Value) => Value): Compiled {
  const [first, second] = [compile(left), compile(right)]
  return (world) => next(first(world), second(world))
}

function lazy(left: unknown, right: unknown, decidedBy: boolean): Compiled {
  const [first, second] = [compile(left), compile(right)]
  return (world) => (boolean(first(world)) === decidedBy ? decidedBy : boolean(second(world)))
}

function choose(test: Compiled, then: Compiled, other: Compiled): Compiled {
  return (world) => (boolean(test(world)) ? then(world) : other(world))
}

function setOf(members: readonly Compiled[]): Compiled {
  return (world) => new CedarSet(members.map((member) => member(world)))
}

function recordOf(members: readonly (readonly [string, Compiled])[]): Compiled {
  return (world) => new Map(members.map(([name, one]) => [name, one(world)]))
}

function inHierarchy(left: Compiled, right: Compiled): Compiled {
  return (world) => {
    const [child, parent] = [entity(left(world)), right(world)]
    if (parent instanceof CedarSet) return parent.members.some((one) => world.isIn(child, entity(one)))
    return world.isIn(child, entity(parent))
  }
}

function isOfType(left: unknown, type: string, within: unknown): Compiled {
  const [first, second] = [compile(left), within === undefined ? undefined : compile(within)]
  return (world) => {
    const one = entity(first(world))
    return one.type === type && (second === undefined || world.isIn(one, entity(second(world))))
  }
}

function attributeOf(left: Compiled, name: string): Compiled {
  return (world) => {
    const value = fields(world, left(world)).get(name)
    if (value === undefined) throw new EvaluationError(`There is no attribute ${name}.`)
    return value
  }
}

function hasAttribute(left: Compiled, name: string): Compiled {
  return (world) => fields(world, left(world)).has(name)
}

function fields(world: World, value: Value): CedarRecord {
  if (value instanceof Map) return value
  if (value instanceof EntityRef) return world.attributes(value) ?? new Map<string, Value>()
  throw new EvaluationError('Only a record or an entity has attributes.')
}

/** Pattern elements are `"Wildcard"` or `{"Literal": "text"}`; matched without a regular expression's backtracking. */
function like(left: Compiled, pattern: unknown): Compiled {
  const parts = (pattern as readonly ('Wildcard' | { Literal: string })[]).map((one) =>
    one === 'Wildcard' ? null : one.Literal,
  )
  return (world) => {
    const text = left(world)
    if (typeof text !== 'string') throw new EvaluationError('Only text can be compared with a pattern.')
    return matches(text, parts)
  }
}

function matches(text: string, parts: readonly (string | null)[]): boolean {
  let places = new Set([0])
  for (const part of parts) {
    const next = new Set<number>()
    for (const place of places) {
      if (part === null) for (let at = place; at <= text.length; at += 1) next.add(at)
      else if (text.startsWith(part, place)) next.add(place + part.length)
    }
    places = next
  }
  return places.has(text.length)
}

function boolean(value: Value): boolean {
  if (typeof value !== 'boolean') throw new EvaluationError('A yes or no was expected.')
  return value
}
function integer(value: Value): bigint {
  if (typeof value !== 'bigint') throw new EvaluationError('A whole number was expected.')
  return value
}
function entity(value: Value): EntityRef {
  if (!(value instanceof EntityRef)) throw new EvaluationError('An entity was expected.')
  return value
}
function set(value: Value): CedarSet {
  if (!(value instanceof CedarSet)) throw new EvaluationError('A set was expected.')
  return value
}
function long(value: bigint): bigint {
  if (BigInt.asIntN(64, value) !== value) throw new EvaluationError('The number does not fit into 64 bits.')
  return value
}
