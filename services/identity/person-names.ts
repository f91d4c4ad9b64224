/** What is wrong with what somebody wrote of themselves: of each field the first thing, and of a name which, as there are several. */
import type { z } from 'zod'
import { noLetter } from './contract.ts'

type NameProblem = 'name' | 'name_long' | 'name_marks' | 'name_address'

export function problemsOf<Field extends string>(error: z.ZodError): (Field | NameProblem)[] {
  const first = new Map<unknown, Field | NameProblem>()
  for (const issue of error.issues) {
    const field = issue.path[0] as Field
    if (!first.has(field)) first.set(field, field === 'name' ? nameProblem(issue) : field)
  }
  return [...first.values()]
}

function nameProblem({ code, message }: Pick<z.core.$ZodIssue, 'code' | 'message'>): NameProblem {
  if (message === noLetter) return 'name'
  if (code === 'too_big') return 'name_long'
  if (code === 'invalid_format') return 'name_marks'
  return code === 'custom' ? 'name_address' : 'name'
}
