import { z } from 'zod'

export const ImportId = z
  .string()
  .regex(/^imp_[0-9a-f-]{36}$/)
  .brand<'ImportId'>()
export type ImportId = z.output<typeof ImportId>
export const ImportPath = z.object({ id: ImportId })

export type ColumnName = 'kennitala' | 'name' | 'email' | 'phone' | 'date_joined' | 'fees_paid' | 'status'

const Outcome = z.enum(['new', 'changed', 'unchanged', 'wrong', 'skipped'])

const Words = z.object({
  name: z.string().optional(),
  email: z.string().optional(),
  phone: z.string().optional(),
  dateJoined: z.string().optional(),
  feesPaid: z.boolean().optional(),
  status: z.enum(['active', 'inactive']).optional(),
})

/** One row of member_import_row. */
export const StagedRow = z.object({
  row: z.int(),
  kennitala: z.string().nullable(),
  words: Words,
  outcome: Outcome,
  /** What would change in the register. */
  fields: z.array(z.string()),
})
export type StagedRow = z.output<typeof StagedRow>

/** One row of member_import_problem. */
export const StagedProblem = z.object({
  row: z.int(),
  field: z.string(),
  code: z.string(),
  isError: z.boolean(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  otherRows: z.array(z.int()).nullable(),
})
export type StagedProblem = z.output<typeof StagedProblem>

export const Counts = z.object({
  total: z.int(),
  new: z.int(),
  changed: z.int(),
  unchanged: z.int(),
  wrong: z.int(),
  skipped: z.int(),
})
export type Counts = z.output<typeof Counts>

/** One row of member_import. */
export const Import = Counts.extend({
  id: ImportId,
  actor: z.string(),
  state: z.enum(['reading', 'checked', 'committed']),
  columns: z.array(z.string()),
  ignored: z.array(z.string()),
  committedAt: z.date().nullable(),
})
export type Import = z.output<typeof Import>

const Message = z.object({ is: z.string(), en: z.string() })
/** `row` counts as a spreadsheet does: the first row names the columns. */
const Problem = z.object({
  row: z.int(),
  column: z.string().nullable(),
  code: z.string(),
  message: Message,
  otherRows: z.array(z.int()).optional(),
})
/** What was read another way than it is written. */
const Warning = Problem.extend({ before: z.string().optional(), after: z.string().optional() })

export const Preview = z.object({
  id: ImportId,
  state: z.enum(['checked', 'committed']),
  columns: z.array(z.string()),
  /** Columns of the file that mean nothing here. */
  ignoredColumns: z.array(z.string()),
  counts: Counts,
  rows: z.array(StagedRow),
  errors: z.array(Problem),
  errorsTotal: z.int(),
  warnings: z.array(Warning),
  warningsTotal: z.int(),
})
export type Preview = z.output<typeof Preview>

export const Committed = z.object({ id: ImportId, counts: Counts, committedAt: z.iso.datetime() })
export type Committed = z.output<typeof Committed>
