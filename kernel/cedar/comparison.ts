/** Equality, order and arithmetic. Anything may be compared with anything; only integers and times have an order. */
import { fields, type Code, type Maker, type Run } from './code.ts'
import { mismatch } from './describe.ts'
import { DateTime, Duration } from './extension-values.ts'
import { Failure } from './failure.ts'
import { add, isLong, multiply, negate, subtract, type Long } from './long.ts'
import { equal, type Result } from './value.ts'

type Two = (left: Code, right: Code) => Run

const both =
  (make: Two): Maker =>
  (operand, compile) => {
    const { left, right } = fields(operand, ['left', 'right'])
    return { run: make(compile(left), compile(right)) }
  }

const same: Two = (left, right) => {
  if (isSimple(right)) return sameAs(left.run, right.constant)
  if (isSimple(left)) return sameAs(right.run, left.constant)
  const [first, second] = [left.run, right.run]
  return (world) => {
    const [one, other] = [first(world), second(world)]
    if (one instanceof Failure) return one
    return other instanceof Failure ? other : equal(one, other)
  }
}

/** With something that JavaScript compares as Cedar does: no object. */
function sameAs(run: Run, wanted: Result | undefined): Run {
  return (world) => {
    const value = run(world)
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

const ordered =
  (holds: (left: Long, right: Long) => boolean): Two =>
  (left, right) => {
    const [first, second] = [left.run, right.run]
    return (world) => {
      const [one, other] = [first(world), second(world)]
      if (isLong(one) && isLong(other)) return holds(one, other)
      if (one instanceof DateTime && other instanceof DateTime) return holds(one.ms, other.ms)
      if (one instanceof Duration && other instanceof Duration) return holds(one.ms, other.ms)
      return disorder(one, other)
    }
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
    const [first, second] = [left.run, right.run]
    return (world) => {
      const [one, other] = [first(world), second(world)]
      if (!isLong(one)) return mismatch('long', one)
      return isLong(other) ? calculate(one, other) : mismatch('long', other)
    }
  }

const negated: Maker = (operand, compile) => {
  const { run } = compile(fields(operand, ['arg']).arg)
  return {
    run(world) {
      const value = run(world)
      return isLong(value) ? negate(value) : mismatch('long', value)
    },
  }
}

export const comparison: Readonly<Record<string, Maker>> = {
  '==': both(same),
  '!=': both(different),
  '<': both(ordered((left, right) => left < right)),
  '<=': both(ordered((left, right) => left <= right)),
  '>': both(ordered((left, right) => left > right)),
  '>=': both(ordered((left, right) => left >= right)),
  '+': both(calculated(add)),
  '-': both(calculated(subtract)),
  '*': both(calculated(multiply)),
  neg: negated,
}
