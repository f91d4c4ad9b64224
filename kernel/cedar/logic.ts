/** `&&`, `||`, `!` and `if`: what need not be known is not evaluated. */
import { code, evaluate, fields, type Code, type Maker, type Run } from './code.ts'
import { mismatch } from './describe.ts'
import { isObject } from './read-value.ts'
import type { Result } from './value.ts'

/** A chain like `a && b && c` leans to the left as deep as it is long: it is one list, however long. */
function chain(operator: string, make: (parts: readonly Code[]) => Run): Maker {
  return (operand, compile) => {
    const parts: Code[] = []
    let rest = fields(operand, ['left', 'right'])
    for (;;) {
      parts.push(compile(rest.right))
      const { left } = rest
      if (!isObject(left) || !Object.hasOwn(left, operator) || Object.keys(left).length !== 1) break
      rest = fields(left[operator], ['left', 'right'])
    }
    parts.push(compile(rest.left))
    return code(make(parts.reverse()), ...parts)
  }
}

export function all(parts: readonly Code[]): Run {
  const [first, second] = parts
  if (first === undefined) return () => true
  if (second === undefined) return (world) => boolean(evaluate(first, world))
  if (parts.length === 2) {
    return (world) => {
      const value = evaluate(first, world)
      return value === true ? boolean(evaluate(second, world)) : boolean(value)
    }
  }
  return (world) => {
    for (const part of parts) {
      const value = evaluate(part, world)
      if (value !== true) return boolean(value)
    }
    return true
  }
}

function any(parts: readonly Code[]): Run {
  return (world) => {
    for (const part of parts) {
      const value = evaluate(part, world)
      if (value !== false) return boolean(value)
    }
    return false
  }
}

function boolean(value: Result): Result {
  return typeof value === 'boolean' ? value : mismatch('bool', value)
}

export function not(one: Code): Code {
  return code((world) => {
    const value = evaluate(one, world)
    return typeof value === 'boolean' ? !value : mismatch('bool', value)
  }, one)
}

const choice: Maker = (operand, compile) => {
  const parts = fields(operand, ['if', 'then', 'else'])
  const [test, then, other] = [compile(parts.if), compile(parts.then), compile(parts.else)]
  return code((world) => {
    const value = evaluate(test, world)
    if (value === true) return evaluate(then, world)
    return value === false ? evaluate(other, world) : mismatch('bool', value)
  })
}

export const logic: Readonly<Record<string, Maker>> = {
  '&&': chain('&&', all),
  '||': chain('||', any),
  '!': (operand, compile) => not(compile(fields(operand, ['arg']).arg)),
  'if-then-else': choice,
}
