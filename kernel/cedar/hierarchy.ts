/** `in` and `is`: where an entity stands, and what kind it is. */
import { code, evaluate, fields, text, type Code, type Maker, type Run } from './code.ts'
import { mismatch } from './describe.ts'
import { EntityUid, sameUid, settled } from './uid.ts'
import { CedarSet, type Result } from './value.ts'
import { isAmong, type World } from './world.ts'

const within: Maker = (operand, compile, notes) => {
  const { left, right } = fields(operand, ['left', 'right'])
  const child = compile(left)
  notes.hierarchy(child.variable)
  const group = compile(right)
  const isOfPrincipal = child.variable === 'principal' && group.constant !== undefined
  return code(isWithin(child, group), ...(isOfPrincipal ? [child] : []))
}

/** Every policy that asks for a role or a folder by its name comes by here. */
function isWithin(child: Code, group: Code): Run {
  const named = group.constant
  if (!(named instanceof EntityUid))
    return child.variable === 'principal' ? isPrincipalWithin(group) : isChildWithin(child, group)
  // A name in a policy is held: where it stands it stands as this object.
  if (child.variable === 'principal')
    return (world) => world.principal === named || world.abovePrincipal.has(named)
  if (child.variable === 'resource')
    return (world) => world.resource === named || world.aboveResource.has(named)
  return (world) => {
    const value = evaluate(child, world)
    return value instanceof EntityUid ? world.isIn(value, named) : mismatch('entity', value)
  }
}

const isChildWithin =
  (child: Code, group: Code): Run =>
  (world) =>
    isInAny(world, evaluate(child, world), evaluate(group, world))

/** `principal in resource.group`: in one entity nearly always, and where the principal stands is known. */
const isPrincipalWithin =
  (group: Code): Run =>
  (world) => {
    const value = evaluate(group, world)
    return value instanceof EntityUid
      ? sameUid(world.principal, value) || isAmong(world.abovePrincipal, settled(value))
      : isInAny(world, world.principal, value)
  }

function isInAny(world: World, child: Result, group: Result): Result {
  if (!(child instanceof EntityUid)) return mismatch('entity', child)
  if (group instanceof EntityUid) return world.isIn(child, group)
  if (!(group instanceof CedarSet)) return mismatch('one of [set, entity]', group)
  let found = false
  for (const one of group) {
    // All members are looked at: a set with something else in it is an error, whatever was found before.
    if (!(one instanceof EntityUid)) return mismatch('entity', one)
    found ||= world.isIn(child, one)
  }
  return found
}

const isOfType: Maker = (operand, compile, notes) => {
  const { left, entity_type, in: group } = fields(operand, ['left', 'entity_type'], ['in'])
  const [child, type] = [compile(left), text(entity_type, 'An entity type')]
  const isType: Run = (world) => {
    const value = evaluate(child, world)
    return value instanceof EntityUid ? value.type === type : mismatch('entity', value)
  }
  if (group === undefined) return code(isType, child)
  notes.hierarchy(child.variable)
  const isIn = isWithin(child, compile(group))
  return code((world) => {
    const value = isType(world)
    return value === true ? isIn(world) : value
  })
}

export const hierarchy: Readonly<Record<string, Maker>> = { in: within, is: isOfType }
