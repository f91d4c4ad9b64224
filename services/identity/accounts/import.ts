/** A file of accounts: read whole, every mistake named by row and column, and nothing taken when there is one. */
import { parse } from 'csv-parse/sync'
import type { FieldError } from '@althing/kernel/errors'
import { Role } from '@althing/policy/contract'
import { z } from 'zod'
import { fault } from './faults.ts'
import { EmailAddress, PersonName } from '../contract.ts'

/**
 * One row of an import: `email,name,kennitala,roles,agreed`. Several roles are parted by spaces or semicolons; `agreed` is the version of
 * the organisation's texts that they have agreed to elsewhere, on paper or in the system before.
 */
export const ImportRow = z.object({
  email: EmailAddress,
  name: PersonName,
  kennitala: z
    .string()
    .transform((value) => value.replaceAll(/[\s-]/g, ''))
    .pipe(z.union([z.literal(''), z.string().regex(/^\d{10}$/)])),
  roles: z
    .string()
    .transform((value) => value.split(/[\s;]+/).filter((word) => word !== ''))
    .pipe(z.array(Role)),
  agreed: z.string().regex(/^[\w.-]{0,40}$/),
})
export type ImportRow = z.output<typeof ImportRow>

const names = ['email', 'name', 'kennitala', 'roles', 'agreed'] as const

/** @throws Fault identity.accounts.invalid_import */
export function readAccounts(text: string): ImportRow[] {
  const raw = table(text)
  const mistakes: FieldError[] = []
  const rows = raw.flatMap((values, index) => {
    const parsed = ImportRow.safeParse({ kennitala: '', roles: '', agreed: '', ...values })
    if (parsed.success) return [parsed.data]
    // Row 1 holds the names, as a spreadsheet shows it. The value itself is not repeated.
    mistakes.push(
      ...parsed.error.issues.map(({ path }) => ({
        pointer: `/${index + 2}/${String(path[0])}`,
        message: 'Is not right.',
      })),
    )
    return []
  })
  mistakes.push(...twice(rows))
  if (mistakes.length > 0) throw fault.invalid_import(undefined, { fields: mistakes.slice(0, 100) })
  return rows
}

function table(text: string): Record<string, string>[] {
  try {
    return parse(text, {
      columns: (header: string[]) => known(header),
      bom: true,
      trim: true,
      skip_empty_lines: true,
    }) as Record<string, string>[]
  } catch (cause) {
    throw fault.invalid_import(cause, {
      fields: [{ pointer: '/1', message: `Expects the columns ${names.join(', ')}.` }],
    })
  }
}

function known(header: string[]): string[] {
  const words = header.map((word) => word.toLowerCase())
  if (
    !words.includes('email') ||
    !words.includes('name') ||
    words.some((word) => !names.some((name) => name === word))
  )
    throw new Error('columns')
  return words
}

function twice(rows: readonly ImportRow[]): FieldError[] {
  const seen = new Set<string>()
  return rows.flatMap(({ email, kennitala }, index) =>
    [['email', email] as const, ['kennitala', kennitala] as const].flatMap(([column, value]) => {
      if (value === '' || !seen.has(`${column}:${value}`)) return (seen.add(`${column}:${value}`), [])
      return [{ pointer: `/${index + 2}/${column}`, message: 'Stands twice.' }]
    }),
  )
}
