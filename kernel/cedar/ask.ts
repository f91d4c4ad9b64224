/** One expression by itself, in the world of a question: for whoever explains what a policy made of it. */
import { evaluate, type Code } from './code.ts'
import type { Entities } from './entities.ts'
import { compile } from './expression.ts'
import { Notes } from './notes.ts'
import { isObject } from './read-value.ts'
import { letGoWith } from './uid.ts'
import type { Result } from './value.ts'
import { World, type Request } from './world.ts'

/** Whoever explains asks about the same expressions over and over: each is compiled once, and what it holds goes with it. */
const known = new WeakMap<object, Code>()

/** @throws Refused for what is no expression */
export function evaluateExpression(json: unknown, request: Request, entities: Entities): Result {
  return evaluate(compiled(json), new World(request, entities))
}

function compiled(json: unknown): Code {
  const before = isObject(json) ? known.get(json) : undefined
  if (before !== undefined) return before
  const notes = new Notes()
  try {
    const code = compile(json, notes)
    known.set(json as object, code)
    letGoWith(json as object, notes.names)
    return code
  } catch (error) {
    notes.letGo()
    throw error
  }
}
