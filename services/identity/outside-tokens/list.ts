/** The old list of who has which identity, as a file: every mistake is named by row and column before anybody is linked. */
import { parse } from 'csv-parse/sync'
import { z } from 'zod'
import type { FieldError } from '@althing/kernel/errors'
import { fault } from './faults.ts'

const Row = z.object({ person: z.string().trim().min(1).max(254), subject: z.string().min(1).max(255) })

export type IdentityRow = z.output<typeof Row> & {
  /** As a spreadsheet shows it: row 1 holds the names. */
  readonly row: number
}

/** @throws Fault identity.outside-tokens.invalid_list */
export function readIdentities(text: string): IdentityRow[] {
  const mistakes: FieldError[] = []
  const rows = table(text).flatMap((values, index) => {
    const [row, parsed] = [index + 2, Row.safeParse(values)]
    if (parsed.success) return [{ ...parsed.data, row }]
    // The value itself is not repeated.
    const columns = parsed.error.issues.map(({ path }) => `/${row}/${String(path[0])}`)
    mistakes.push(...columns.map((pointer) => ({ pointer, message: 'Is not right.' })))
    return []
  })
  if (mistakes.length > 0) throw fault.invalid_list(undefined, { fields: mistakes.slice(0, 100) })
  return rows
}

function table(text: string): Record<string, string>[] {
  try {
    return parse(text, { columns: known, bom: true, trim: true, skip_empty_lines: true }) as Record<
      string,
      string
    >[]
  } catch (cause) {
    throw fault.invalid_list(cause, {
      fields: [{ pointer: '/1', message: 'Expects the columns person, subject.' }],
    })
  }
}

function known(header: string[]): string[] {
  const words = header.map((word) => word.toLowerCase())
  if (words.toSorted().join() !== 'person,subject') throw new Error('columns')
  return words
}
