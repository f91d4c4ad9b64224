/** Attributes and tags. An entity that is not known has none: to ask whether it has is no error, to ask for one is. */
import { fields, text, type Code, type Compile, type Maker, type Run } from './code.ts'
import { mismatch } from './describe.ts'
import { Failure, Refused } from './failure.ts'
import { isObject } from './read-value.ts'
import { EntityUid } from './uid.ts'
import type { CedarRecord, Result, Value } from './value.ts'
import type { World } from './world.ts'

const attribute: Maker = (operand, compile, notes) => {
  const { left, attr } = fields(operand, ['left', 'attr'])
  const [code, name] = [subject(left, compile), text(attr, 'The name of an attribute')]
  notes.attribute(code.variable, name)
  return { run: reading(code, name) }
}

/** The context of which one thing is asked is not the context as a whole, which is everything in it. */
function subject(left: unknown, compile: Compile): Code {
  return isObject(left) && left['Var'] === 'context' && Object.keys(left).length === 1
    ? theContext
    : compile(left)
}

const theContext: Code = { run: (world) => world.context, variable: 'context' }

function reading({ run, variable }: Code, name: string): Run {
  const missing = new Failure(`record does not have the attribute \`${name}\``)
  if (variable === 'context') return (world) => world.context.get(name) ?? missing
  if (variable === 'principal')
    return (world) => world.principalEntity?.attributes.get(name) ?? absent(world, world.principal, name)
  if (variable === 'resource')
    return (world) => world.resourceEntity?.attributes.get(name) ?? absent(world, world.resource, name)
  return (world) => {
    const value = run(world)
    if (value instanceof Map) return (value as CedarRecord).get(name) ?? missing
    if (!(value instanceof EntityUid)) return mismatch(somethingWithAttributes, value)
    return world.entity(value)?.attributes.get(name) ?? absent(world, value, name)
  }
}

const somethingWithAttributes = 'one of [record, (entity of type `any_entity_type`)]'

function absent(world: World, uid: EntityUid, name: string): Failure {
  return world.entity(uid) === undefined
    ? new Failure(`entity \`${uid}\` does not exist`)
    : new Failure(`\`${uid}\` does not have the attribute \`${name}\``)
}

/** `has a.b.c`: each must be there, and have the next. */
const has: Maker = (operand, compile, notes) => {
  const { left, attr } = fields(operand, ['left', 'attr'])
  const code = subject(left, compile)
  const path = (Array.isArray(attr) ? attr : [attr]).map((one) => text(one, 'The name of an attribute'))
  const [first, ...others] = path
  if (first === undefined) throw new Refused('`has` needs the name of an attribute')
  notes.attribute(code.variable, first)
  for (const name of others) notes.attribute(undefined, name)
  return { run: others.length === 0 ? having(code, first) : havingAll(code.run, path) }
}

function having({ run, variable }: Code, name: string): Run {
  if (variable === 'context') return (world) => world.context.has(name)
  if (variable === 'principal') return (world) => world.principalEntity?.attributes.has(name) ?? false
  if (variable === 'resource') return (world) => world.resourceEntity?.attributes.has(name) ?? false
  return havingAll(run, [name])
}

function havingAll(run: Run, path: readonly string[]): Run {
  return (world) => {
    let value: Result | undefined = run(world)
    for (const name of path) {
      value = found(world, value, name)
      if (value === undefined) return false
      if (value instanceof Failure) return value
    }
    return true
  }
}

function found(world: World, value: Result, name: string): Value | Failure | undefined {
  if (value instanceof Map) return (value as CedarRecord).get(name)
  if (value instanceof EntityUid) return world.entity(value)?.attributes.get(name)
  return mismatch(somethingWithAttributes, value)
}

function tagging(use: (world: World, uid: EntityUid, tag: string) => Result): Maker {
  return (operand, compile, notes) => {
    const { left, right } = fields(operand, ['left', 'right'])
    const [of, key] = [compile(left), compile(right)]
    notes.tag(of.variable, typeof key.constant === 'string' ? key.constant : undefined)
    return {
      run(world) {
        const uid = of.run(world)
        if (!(uid instanceof EntityUid)) return mismatch('entity', uid)
        const tag = key.run(world)
        return typeof tag === 'string' ? use(world, uid, tag) : mismatch('string', tag)
      },
    }
  }
}

export const access: Readonly<Record<string, Maker>> = {
  '.': attribute,
  has,
  hasTag: tagging((world, uid, tag) => world.entity(uid)?.tags.has(tag) ?? false),
  getTag: tagging((world, uid, tag) => {
    const entity = world.entity(uid)
    if (entity === undefined) return new Failure(`entity \`${uid}\` does not exist`)
    return entity.tags.get(tag) ?? new Failure(`\`${uid}\` does not have the tag \`${tag}\``)
  }),
}
