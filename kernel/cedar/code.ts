/** A compiled expression, and what its surroundings can make use of. */
import { Refused } from './failure.ts'
import type { Notes, Variable } from './notes.ts'
import { isObject } from './read-value.ts'
import type { Result } from './value.ts'
import type { World } from './world.ts'

export type Run = (world: World) => Result

export interface Code {
  readonly run: Run
  /** The value, when it is the same in every world; or that there never is one. */
  readonly constant?: Result
  /** The variable that it is. */
  readonly variable?: Variable
}

/** Compiles a part of an expression, one level deeper. */
export type Compile = (json: unknown) => Code

/** Makes one operator's code from its operand. */
export type Maker = (operand: unknown, compile: Compile, notes: Notes) => Code

export function constant(value: Result): Code {
  return { run: () => value, constant: value }
}

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
  const missing = names.find((name) => !Object.hasOwn(operand, name))
  if (missing !== undefined) throw new Refused(`${missing} is missing`)
  return operand as Readonly<Record<Name | Optional, unknown>>
}

export function text(json: unknown, what: string): string {
  if (typeof json !== 'string') throw new Refused(`${what} must be text`)
  return json
}
