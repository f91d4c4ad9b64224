/** Decisions as a table for a spreadsheet (RFC 4180). What they were made of is not in it: that has no columns. */
import type { Stored } from './schema.ts'

const columns: Readonly<Record<string, (row: Stored) => unknown>> = {
  id: ({ id }) => id,
  at: ({ at }) => at.toISOString(),
  caller: ({ caller }) => caller,
  request: ({ request }) => request,
  subject_type: ({ subject }) => subject.type,
  subject_id: ({ subject }) => subject.id,
  action: ({ action }) => action,
  resource_type: ({ resource }) => resource.type,
  resource_id: ({ resource }) => resource.id,
  decision: ({ decision }) => (decision ? 'allow' : 'deny'),
  determining: ({ determining }) => determining.join(' '),
  errors: ({ errors }) => errors.map(({ policy, message }) => `${policy}: ${message}`).join('; '),
  policies: ({ policies }) => policies,
  world: ({ world }) => world,
  microseconds: ({ microseconds }) => microseconds,
}

export const csvHead = `${Object.keys(columns).join(',')}\r\n`
export const csvLine = (row: Stored): string =>
  `${Object.values(columns)
    .map((value) => cell(value(row)))
    .join(',')}\r\n`

/** What a spreadsheet would take for a formula is text: whoever asks for decisions chooses these words. */
function cell(value: unknown): string {
  const text = value === null ? '' : String(value)
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}
