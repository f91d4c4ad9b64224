/** What a schema refused, in a sentence for whoever wrote it: no word of the library, and never the value. */
import type { z } from 'zod'

type Issue = z.core.$ZodIssue

export function plainly(issue: Issue): string {
  if (issue.code === 'invalid_type') return wrongType(issue)
  if (issue.code === 'invalid_value') return `must be one of: ${issue.values.map(String).join(', ')}`
  if (issue.code === 'too_big') return amount('at most', issue.maximum, issue.origin)
  if (issue.code === 'too_small') return amount('at least', issue.minimum, issue.origin)
  if (issue.code === 'unrecognized_keys') return 'is no word that is known here'
  if (issue.code === 'invalid_format') return formats[issue.format] ?? 'is not written as it has to be'
  if (issue.code === 'custom' && issue.message !== 'Invalid input') return issue.message
  return 'is not right'
}

const formats: Readonly<Record<string, string>> = {
  url: 'must be a whole address, as https://example.org/',
  email: 'must be an e-mail address',
  datetime: 'must be a moment, as 2026-12-24T18:00:00Z',
  regex: 'has characters that it may not have',
}

const kinds: Readonly<Record<string, string>> = {
  string: 'must be words',
  number: 'must be a number',
  int: 'must be a whole number',
  boolean: 'must be true or false',
  array: 'must be a list',
  object: 'must be an object with words of its own',
  record: 'must be an object with words of its own',
}

function wrongType({ expected, message }: Extract<Issue, { code: 'invalid_type' }>): string {
  return message.endsWith('received undefined') ? 'is missing' : (kinds[expected] ?? 'is not right')
}

const units: Readonly<Record<string, string>> = {
  string: ' characters',
  array: ' entries',
  record: ' entries',
}

const amount = (how: string, bound: number | bigint, origin: string): string =>
  `must ${origin in units ? 'have' : 'be'} ${how} ${bound}${units[origin] ?? ''}`
