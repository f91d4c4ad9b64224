/** What is wrong with what somebody wrote of themselves: of each field the first thing, and of a name which, as there are several. */
import type { z } from 'zod'

type NameProblem = 'name' | 'name_long' | 'name_marks' | 'name_address'

export function problemsOf<Field extends string>(error: z.ZodError): (Field | NameProblem)[] {
  const first = new Map<unknown, Field | NameProblem>()
  for (const issue of error.issues) {
    const field = issue.path[0] as Field
    if (!first.has(field)) first.set(field, field === 'name' ? nameProblem(issue) : field)
  }
  return [...first.values()]
}

/** Nothing at all, or nothing in which is a letter, is no name; a mark among letters is another matter. */
const letter = '/\\p{L}/u'

function nameProblem(issue: z.core.$ZodIssue): NameProblem {
  if (issue.code === 'too_big') return 'name_long'
  if (issue.code === 'invalid_format') return issue['pattern'] === letter ? 'name' : 'name_marks'
  return issue.code === 'custom' ? 'name_address' : 'name'
}
