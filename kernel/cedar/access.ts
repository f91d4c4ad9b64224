/** Attributes and tags. An entity that is not known has none: to ask whether it has is no error, to ask for one is. */
import {
  absent,
  attributeOf,
  code,
  evaluate,
  fields,
  internal,
  missing,
  text,
  variable,
  type Code,
  type Compile,
  type Maker,
  type Run,
} from './code.ts'
import { mismatch } from './describe.ts'
import { Failure, Refused } from './failure.ts'
import { isObject } from './read-value.ts'
import { EntityUid } from './uid.ts'
import type { CedarRecord, Result } from './value.ts'
import type { World } from './world.ts'

const attribute: Maker = (operand, compile, notes) => {
  const { left, attr } = fields(operand, ['left', 'attr'])
  const [of, name] = [subject(left, compile), internal(text(attr, 'The name of an attribute'))]
  notes.attribute(of.variable, name)
  return attributeOf(of, name) ?? code((world) => reading(world, evaluate(of, world), name))
}

/** The context of which one thing is asked is not the context as a whole, which is everything in it. */
function subject(left: unknown, compile: Compile): Code {
  return isObject(left) && left['Var'] === 'context' && Object.keys(left).length === 1
    ? theContext
    : compile(left)
}

const theContext = variable('context', (world) => world.context as CedarRecord)

function reading(world: World, value: Result, name: string): Result {
  if (value instanceof EntityUid)
    return world.entity(value)?.attributes.get(name) ?? absent(world, value, name)
  return value instanceof Map
    ? ((value as CedarRecord).get(name) ?? missing(name))
    : mismatch(somethingWithAttributes, value)
}

const somethingWithAttributes = 'one of [record, (entity of type `any_entity_type`)]'

/** `has a.b.c`: each must be there, and have the next. */
const has: Maker = (operand, compile, notes) => {
  const { left, attr } = fields(operand, ['left', 'attr'])
  const of = subject(left, compile)
  const path = (Array.isArray(attr) ? attr : [attr]).map((one) =>
    internal(text(one, 'The name of an attribute')),
  )
  const [first, ...others] = path
  if (first === undefined) throw new Refused('`has` needs the name of an attribute')
  notes.attribute(of.variable, first)
  for (const name of others) notes.attribute(undefined, name)
  if (others.length > 0) return code(havingAll(of, path))
  return code(having(of, first), ...(of.variable === 'principal' ? [of] : []))
}

function having(of: Code, name: string): Run {
  const { variable } = of
  if (variable === 'context') return (world) => world.context.has(name)
  if (variable === 'principal') return (world) => world.principalEntity?.attributes.has(name) ?? false
  if (variable === 'resource') return (world) => world.resourceEntity?.attributes.has(name) ?? false
  return havingAll(of, [name])
}

function havingAll(of: Code, path: readonly string[]): Run {
  return (world) => {
    let value: Result | undefined = evaluate(of, world)
    for (const name of path) {
      value = found(world, value, name)
      if (value === undefined) return false
      if (value instanceof Failure) return value
    }
    return true
  }
}

function found(world: World, value: Result, name: string): Result | undefined {
  if (value instanceof EntityUid) return world.entity(value)?.attributes.get(name)
  // A context that has not been read is no map, and is asked like one.
  if (value instanceof Map || value === world.context) return (value as CedarRecord).get(name)
  return mismatch(somethingWithAttributes, value)
}

function tagging(use: (world: World, uid: EntityUid, tag: string) => Result): Maker {
  return (operand, compile, notes) => {
    const { left, right } = fields(operand, ['left', 'right'])
    const [of, key] = [compile(left), compile(right)]
    notes.tag(of.variable, typeof key.constant === 'string' ? key.constant : undefined)
    return code((world) => {
      const uid = evaluate(of, world)
      if (!(uid instanceof EntityUid)) return mismatch('entity', uid)
      const tag = evaluate(key, world)
      return typeof tag === 'string' ? use(world, uid, tag) : mismatch('string', tag)
    })
  }
}

export const access: Readonly<Record<string, Maker>> = {
  '.': attribute,
  has,
  hasTag: tagging((world, uid, tag) => world.entity(uid)?.tags.has(tag) ?? false),
  getTag: tagging((world, uid, tag) => {
    const entity = world.entity(uid)
    if (entity === undefined) return new Failure(`entity \`${uid.toString()}\` does not exist`)
    return entity.tags.get(tag) ?? new Failure(`\`${uid.toString()}\` does not have the tag \`${tag}\``)
  }),
}
