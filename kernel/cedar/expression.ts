/**
 * Cedar's JSON expressions → closures. Nothing is coerced, a missing attribute or a wrong type is a failure, integers are 64
 * bits. What this does not know is refused when it is compiled, never at a decision.
 */
import { access } from './access.ts'
import {
  code,
  constant,
  evaluate,
  text,
  variable,
  type Code,
  type Compile,
  type Maker,
  type Run,
} from './code.ts'
import { collections } from './collections.ts'
import { comparison } from './comparison.ts'
import { callExtension, extensionNamed, wrongCount } from './extensions.ts'
import { Refused } from './failure.ts'
import { hierarchy } from './hierarchy.ts'
import { logic } from './logic.ts'
import type { Notes, Variable } from './notes.ts'
import { isObject, readValue, valueOrFailure } from './read-value.ts'
import { EntityUid } from './uid.ts'

/** Expressions within each other. A chain of `&&` or of `||` counts once. */
const deepest = 250

/** @throws Refused */
export function compile(json: unknown, notes: Notes, depth = 0): Code {
  if (depth > deepest) throw new Refused(`An expression is nested more than ${deepest} deep`)
  const [entry, ...others] = isObject(json) ? Object.entries(json) : []
  if (entry === undefined || others.length > 0) throw new Refused('An expression has exactly one operator')
  const [operator, operand] = entry
  const deeper: Compile = (part) => compile(part, notes, depth + 1)
  const maker = Object.hasOwn(makers, operator) ? makers[operator] : undefined
  return maker === undefined ? extensionCall(operator, operand, deeper) : maker(operand, deeper, notes)
}

const literal: Maker = (operand, _compile, notes) => {
  // An extension value that cannot be made is an error of the evaluation, as it is when it is written as a call.
  const isCall = isObject(operand) && Object.hasOwn(operand, '__extn')
  const value = isCall ? valueOrFailure(operand) : readValue(operand)
  return constant(value instanceof EntityUid ? notes.holding(value.type, value.id) : value)
}

const variables: Readonly<Record<Variable, Run>> = {
  principal: (world) => world.principal,
  action: (world) => world.action,
  resource: (world) => world.resource,
  context: (world) => world.wholeContext,
}

const reference: Maker = (operand, _compile, notes) => {
  const name = text(operand, 'The name of a variable') as Variable
  if (!Object.hasOwn(variables, name)) throw new Refused(`There is no variable ${name}`)
  notes.bare(name)
  return variable(name, variables[name])
}

function extensionCall(name: string, operand: unknown, compile: Compile): Code {
  const extension = extensionNamed(name)
  if (extension === undefined) throw new Refused(`The operator ${name} is not known`)
  if (!Array.isArray(operand)) throw new Refused(`${name} needs a list of arguments`)
  const parts = operand.map((one) => compile(one))
  const known = parts.flatMap((part) => (part.constant === undefined ? [] : [part.constant]))
  if (known.length === parts.length) return constant(callExtension(name, extension, known))
  const { takes, call } = extension
  const [first, second] = parts
  if (parts.length !== takes || first === undefined) {
    const failure = wrongCount(name, takes, parts.length)
    return constant(failure)
  }
  return code((world) => call(evaluate(first, world), second === undefined ? false : evaluate(second, world)))
}

const makers: Readonly<Record<string, Maker>> = {
  Value: literal,
  Var: reference,
  ...logic,
  ...comparison,
  ...hierarchy,
  ...access,
  ...collections,
}
