/** Sets, records and `like`. */
import { code, constant, evaluate, fields, type Code, type Maker } from './code.ts'
import { mismatch } from './describe.ts'
import { Failure, Refused } from './failure.ts'
import { matches, readPattern } from './pattern.ts'
import { isObject } from './read-value.ts'
import { CedarSet, type Value } from './value.ts'

const contains: Maker = (operand, compile) => {
  const { left, right } = fields(operand, ['left', 'right'])
  const [whole, one] = [compile(left), compile(right)]
  return code(
    (world) => {
      const set = evaluate(whole, world)
      const value = evaluate(one, world)
      if (!(set instanceof CedarSet)) return mismatch('set', set)
      return value instanceof Failure ? value : set.has(value)
    },
    whole,
    one,
  )
}

function ofTwoSets(apply: (left: CedarSet, right: CedarSet) => boolean): Maker {
  return (operand, compile) => {
    const { left, right } = fields(operand, ['left', 'right'])
    const [first, second] = [compile(left), compile(right)]
    return code((world) => {
      const one = evaluate(first, world)
      const other = evaluate(second, world)
      if (!(one instanceof CedarSet)) return mismatch('set', one)
      return other instanceof CedarSet ? apply(one, other) : mismatch('set', other)
    })
  }
}

const isEmpty: Maker = (operand, compile) => {
  const one = compile(fields(operand, ['arg']).arg)
  return code((world) => {
    const set = evaluate(one, world)
    return set instanceof CedarSet ? set.size === 0 : mismatch('set', set)
  })
}

/** Evaluates each part; the first failure is that of the whole. One that has no variables is made once. */
function assembled(parts: readonly Code[], make: (values: readonly Value[]) => Value): Code {
  const known = parts.map((part) => part.constant)
  if (known.every((value) => value !== undefined))
    return constant(known.find((value) => value instanceof Failure) ?? make(known as readonly Value[]))
  return code((world) => {
    const values: Value[] = []
    for (const part of parts) {
      const value = evaluate(part, world)
      if (value instanceof Failure) return value
      values.push(value)
    }
    return make(values)
  })
}

const set: Maker = (operand, compile) => {
  if (!Array.isArray(operand)) throw new Refused('A set is a list of expressions')
  return assembled(
    operand.map((one) => compile(one)),
    (values) => new CedarSet(values),
  )
}

const record: Maker = (operand, compile) => {
  if (!isObject(operand)) throw new Refused('A record is an object of expressions')
  const names = Object.keys(operand)
  return assembled(
    Object.values(operand).map((one) => compile(one)),
    (values) => new Map(names.map((name, index) => [name, values[index] as Value])),
  )
}

const like: Maker = (operand, compile) => {
  const { left, pattern } = fields(operand, ['left', 'pattern'])
  const one = compile(left)
  const wanted = readPattern(pattern)
  if (wanted === undefined) throw new Refused('A pattern is a list of "Wildcard" and {"Literal": text}')
  return code((world) => {
    const value = evaluate(one, world)
    return typeof value === 'string' ? matches(wanted, value) : mismatch('string', value)
  })
}

export const collections: Readonly<Record<string, Maker>> = {
  contains,
  containsAll: ofTwoSets((left, right) => left.hasAll(right)),
  containsAny: ofTwoSets((left, right) => left.hasAny(right)),
  isEmpty,
  Set: set,
  Record: record,
  like,
}
