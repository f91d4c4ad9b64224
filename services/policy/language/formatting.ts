/** How policies look when they are well set: by Cedar's own formatter, with their comments. */
import type { FormattingAnswer, FormattingCall } from '@cedar-policy/cedar-wasm/nodejs'
import type { Formatted } from './asked.ts'
import { cedarSaid } from './cedar-says.ts'
import { indexOfByte } from './places.ts'
import { problem } from './statements.ts'

interface Formatting {
  formatPolicies(call: FormattingCall): FormattingAnswer
}

/** The formatter reads its own words again, and fails rather than change what they mean or lose a comment. */
export function formatted(cedar: Formatting, text: string): Formatted {
  const answer = cedar.formatPolicies({ policyText: text })
  // Where there is nothing it would write an empty line.
  if (answer.type === 'success') return { text: answer.formatted_policy.replace(/^\n/, ''), problems: [] }
  const problems = answer.errors.map((error) => {
    const [label] = error.sourceLocations ?? []
    return problem(text, label === undefined ? 0 : indexOfByte(text, label.start), null, cedarSaid(error))
  })
  return { text: null, problems }
}
