/** Equality, order and arithmetic. Anything may be compared with anything; only integers and times have an order. */
import { code, evaluate, fields, type Code, type Maker, type Run } from './code.ts'
import { mismatch } from './describe.ts'
import { DateTime, Duration } from './extension-values.ts'
import { Failure } from './failure.ts'
import { add, isLong, multiply, negate, subtract, type Long } from './long.ts'
import { EntityUid, sameUid } from './uid.ts'
import { equal, type Result } from './value.ts'

type Two = (left: Code, right: Code) => Run

const both =
  (make: Two): Maker =>
  (operand, compile) => {
    const { left, right } = fields(operand, ['left', 'right'])
    const [one, other] = [compile(left), compile(right)]
    return code(make(one, other), one, other)
  }

const same: Two = (left, right) => {
  if (isSimple(right)) return sameAs(left, right.constant)
  if (isSimple(left)) return sameAs(right, left.constant)
  if (right.variable === 'principal') return sameAsPrincipal(left)
  if (left.variable === 'principal') return sameAsPrincipal(right)
  return (world) => {
    const one = evaluate(left, world)
    const other = evaluate(right, world)
    if (typeof one === 'object')
      return one instanceof EntityUid && other instanceof EntityUid
        ? sameUid(one, other)
        : sameObjects(one, other)
    if (one === other) return true
    return other instanceof Failure ? other : false
  }
}

function sameObjects(one: Result, other: Result): Result {
  if (one instanceof Failure) return one
  return other instanceof Failure ? other : equal(one, other)
}

/** Whether something is theirs: what most policies about owners ask. */
const sameAsPrincipal =
  (one: Code): Run =>
  (world) => {
    const value = evaluate(one, world)
    if (value instanceof EntityUid) return sameUid(value, world.principal)
    return value instanceof Failure ? value : false
  }

/** With something that JavaScript compares as Cedar does: no object. */
function sameAs(one: Code, wanted: Result | undefined): Run {
  return (world) => {
    const value = evaluate(one, world)
    if (value === wanted) return true
    return value instanceof Failure ? value : false
  }
}

const isSimple = ({ constant }: Code) => constant !== undefined && typeof constant !== 'object'

const different: Two = (left, right) => {
  const isSame = same(left, right)
  return (world) => {
    const value = isSame(world)
    return typeof value === 'boolean' ? !value : value
  }
}

/** Each written out: one function for all four would be called for each comparison, and that costs as much as the rest. */
const less: Two = (left, right) => (world) => {
  const one = evaluate(left, world)
  const other = evaluate(right, world)
  return typeof one === 'number' && typeof other === 'number' ? one < other : compared(one, other, isLess)
}
const lessOrEqual: Two = (left, right) => (world) => {
  const one = evaluate(left, world)
  const other = evaluate(right, world)
  return typeof one === 'number' && typeof other === 'number'
    ? one <= other
    : compared(one, other, isLessOrEqual)
}
const greater: Two = (left, right) => (world) => {
  const one = evaluate(left, world)
  const other = evaluate(right, world)
  return typeof one === 'number' && typeof other === 'number' ? one > other : compared(other, one, isLess)
}
const greaterOrEqual: Two = (left, right) => (world) => {
  const one = evaluate(left, world)
  const other = evaluate(right, world)
  return typeof one === 'number' && typeof other === 'number'
    ? one >= other
    : compared(other, one, isLessOrEqual)
}

const isLess = (one: Long, other: Long) => one < other
const isLessOrEqual = (one: Long, other: Long) => one <= other

function compared(one: Result, other: Result, holds: (one: Long, other: Long) => boolean): Result {
  if (isLong(one) && isLong(other)) return holds(one, other)
  if (one instanceof DateTime && other instanceof DateTime) return holds(one.ms, other.ms)
  if (one instanceof Duration && other instanceof Duration) return holds(one.ms, other.ms)
  return disorder(one, other)
}

function disorder(one: Result, other: Result): Failure {
  if (one instanceof Failure) return one
  if (other instanceof Failure) return other
  const type = isLong(one)
    ? 'long'
    : one instanceof DateTime
      ? 'datetime'
      : one instanceof Duration
        ? 'duration'
        : ''
  return type === '' ? mismatch('one of [long, datetime, duration]', one) : mismatch(type, other)
}

const calculated =
  (calculate: (left: Long, right: Long) => Long | Failure): Two =>
  (left, right) => {
    return (world) => {
      const one = evaluate(left, world)
      const other = evaluate(right, world)
      if (!isLong(one)) return mismatch('long', one)
      return isLong(other) ? calculate(one, other) : mismatch('long', other)
    }
  }

const negated: Maker = (operand, compile) => {
  const one = compile(fields(operand, ['arg']).arg)
  return code((world) => {
    const value = evaluate(one, world)
    return isLong(value) ? negate(value) : mismatch('long', value)
  })
}

export const comparison: Readonly<Record<string, Maker>> = {
  '==': both(same),
  '!=': both(different),
  '<': both(less),
  '<=': both(lessOrEqual),
  '>': both(greater),
  '>=': both(greaterOrEqual),
  '+': both(calculated(add)),
  '-': both(calculated(subtract)),
  '*': both(calculated(multiply)),
  neg: negated,
}
