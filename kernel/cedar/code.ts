/** A compiled expression, and what its surroundings can make use of. */
import { Failure, Refused } from './failure.ts'
import type { Notes, Variable } from './notes.ts'
import type { Entity } from './entities.ts'
import { isObject } from './read-value.ts'
import type { Shape } from './shape.ts'
import type { EntityUid } from './uid.ts'
import type { Result } from './value.ts'
import type { World } from './world.ts'

export type Run = (world: World) => Result

/** The leaves of which most policies are made are read on the spot; a call of a function would cost more than they do. */
const kinds = {
  other: 0,
  constant: 1,
  principal: 2,
  resource: 3,
  ofPrincipal: 4,
  ofResource: 5,
  ofContext: 6,
} as const
type Kind = (typeof kinds)[keyof typeof kinds]

/** All of one shape, which is what makes `evaluate` quick. */
export class Code {
  readonly kind: Kind
  readonly run: Run
  /** The value, when it is the same in every world; or that there never is one. */
  readonly constant: Result | undefined
  /** The variable that it is. */
  readonly variable: Variable | undefined
  /** The attribute that it reads of a variable. */
  readonly name: string
  /** Where it found that attribute last: in another entity of the same shape it stands in the same place. */
  shape: Shape | undefined = undefined
  place = 0
  /** Whether nothing but the principal, its attributes and where it stands can change the value. */
  readonly isOfPrincipal: boolean

  constructor(kind: Kind, run: Run, parts: Parts = {}) {
    this.kind = kind
    this.run = run
    this.constant = parts.constant
    this.variable = parts.variable
    this.name = parts.name ?? ''
    this.isOfPrincipal = ofPrincipalOnly.has(kind) || parts.isOfPrincipal === true
  }
}

interface Parts {
  readonly constant?: Result
  readonly variable?: Variable
  readonly name?: string
  readonly isOfPrincipal?: boolean
}

const ofPrincipalOnly: ReadonlySet<Kind> = new Set([kinds.constant, kinds.principal, kinds.ofPrincipal])

/** Code whose value depends on its parts and on nothing else; without parts, on anything. */
export function code(run: Run, ...parts: readonly Code[]): Code {
  return new Code(kinds.other, run, {
    isOfPrincipal: parts.length > 0 && parts.every(({ isOfPrincipal }) => isOfPrincipal),
  })
}

export function constant(value: Result): Code {
  return new Code(kinds.constant, () => value, { constant: value })
}

export function variable(name: Variable, run: Run): Code {
  const kind = name === 'principal' || name === 'resource' ? kinds[name] : kinds.other
  return new Code(kind, run, { variable: name })
}

const ofVariable: Readonly<Partial<Record<Variable, Kind>>> = {
  principal: kinds.ofPrincipal,
  resource: kinds.ofResource,
  context: kinds.ofContext,
}

/** An attribute of a variable, or nothing when it is none that is read on the spot. */
export function attributeOf({ variable: of }: Code, name: string): Code | undefined {
  const kind = of === undefined ? undefined : ofVariable[of]
  if (kind === undefined) return undefined
  const known = internal(name)
  const self: Code = new Code(kind, (world) => evaluate(self, world), { name: known })
  return self
}

export function evaluate(one: Code, world: World): Result {
  switch (one.kind) {
    case kinds.constant:
      return one.constant as Result
    case kinds.principal:
      return world.principal
    case kinds.resource:
      return world.resource
    case kinds.ofPrincipal:
      return attribute(one, world.principalEntity) ?? absent(world, world.principal, one.name)
    case kinds.ofResource:
      return attribute(one, world.resourceEntity) ?? absent(world, world.resource, one.name)
    case kinds.ofContext:
      return world.context.get(one.name) ?? missing(one.name)
    default:
      return one.run(world)
  }
}

function attribute(one: Code, entity: Entity | undefined): Result | undefined {
  if (entity === undefined) return undefined
  const { shape } = entity
  if (shape !== undefined && shape === one.shape) return entity.values[one.place]
  const place = shape?.places.get(one.name)
  if (place === undefined) return entity.attributes.get(one.name)
  one.shape = shape
  one.place = place
  return entity.values[place]
}

export function absent(world: World, uid: EntityUid, name: string): Failure {
  return world.entity(uid) === undefined
    ? new Failure(`entity \`${uid.toString()}\` does not exist`)
    : new Failure(`\`${uid.toString()}\` does not have the attribute \`${name}\``)
}

export function missing(name: string): Failure {
  return new Failure(`record does not have the attribute \`${name}\``)
}

/** A name as a property of an object has it: such strings are one object each, and the same ones need not be compared. */
export function internal(name: string): string {
  return Object.keys({ [name]: true })[0] ?? name
}

/** Compiles a part of an expression, one level deeper. */
export type Compile = (json: unknown) => Code

/** Makes one operator's code from its operand. */
export type Maker = (operand: unknown, compile: Compile, notes: Notes) => Code

/** An operand has exactly these names: one that we do not know could mean something. @throws Refused */
export function fields<Name extends string, Optional extends string = never>(
  operand: unknown,
  names: readonly Name[],
  optional: readonly Optional[] = [],
): Readonly<Record<Name, unknown>> & Readonly<Partial<Record<Optional, unknown>>> {
  if (!isObject(operand)) throw new Refused(`An object with ${names.join(', ')} was expected`)
  const known: readonly string[] = [...names, ...optional]
  const unknown = Object.keys(operand).find((name) => !known.includes(name))
  if (unknown !== undefined) throw new Refused(`There is no place for ${unknown} beside ${names.join(', ')}`)
  const absent = names.find((name) => !Object.hasOwn(operand, name))
  if (absent !== undefined) throw new Refused(`${absent} is missing`)
  return operand as Readonly<Record<Name | Optional, unknown>>
}

export function text(json: unknown, what: string): string {
  if (typeof json !== 'string') throw new Refused(`${what} must be text`)
  return json
}
