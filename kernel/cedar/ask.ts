/** One expression by itself, in the world of a question: for whoever explains what a policy made of it. */
import { evaluate } from './code.ts'
import type { Entities } from './entities.ts'
import { compile } from './expression.ts'
import { Notes } from './notes.ts'
import type { Result } from './value.ts'
import { World, type Request } from './world.ts'

/** @throws Refused for what is no expression */
export function evaluateExpression(json: unknown, request: Request, entities: Entities): Result {
  const notes = new Notes()
  try {
    return evaluate(compile(json, notes), new World(request, entities))
  } finally {
    notes.letGo()
  }
}
