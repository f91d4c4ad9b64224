/**
 * What went wrong in the database, without a value in it.
 *
 * The driver's own errors quote what was written ("Key (email)=(ada@example.org) already exists"), in the message, the
 * detail and the stack. So nothing of them is kept but the class and the names of schema objects; there is no `cause`.
 */
export type DatabaseErrorKind =
  | 'unique'
  | 'foreign_key'
  | 'not_null'
  | 'check'
  | 'exclusion'
  | 'serialization'
  | 'deadlock'
  | 'lock_timeout'
  | 'timeout'
  | 'denied'
  | 'unavailable'
  | 'other'

export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
  readonly kind: DatabaseErrorKind
  /** The five characters of SQLSTATE, or the name of the network error; empty when the driver gave none. */
  readonly sqlState: string
  readonly constraint: string | undefined
  readonly table: string | undefined
  readonly column: string | undefined

  constructor(
    kind: DatabaseErrorKind,
    about: Partial<Record<'code' | 'constraint' | 'table' | 'column', string>>,
  ) {
    const where = about.constraint ?? about.column ?? about.table
    super(
      `Database: ${kind}${where === undefined ? '' : ` (${where})`}${about.code ? ` [${about.code}]` : ''}`,
    )
    this.kind = kind
    this.sqlState = about.code ?? ''
    this.constraint = about.constraint
    this.table = about.table
    this.column = about.column
  }
}

export function isUniqueViolation(error: unknown, constraint?: string): error is DatabaseError {
  return (
    error instanceof DatabaseError &&
    error.kind === 'unique' &&
    (constraint === undefined || error.constraint === constraint)
  )
}

/** Worth another try of the whole transaction. Who owns the transaction decides; nothing here tries again by itself. */
export function isRetryable(error: unknown): boolean {
  return (
    error instanceof DatabaseError &&
    (error.kind === 'serialization' || error.kind === 'deadlock' || error.kind === 'unavailable')
  )
}

const kinds: Record<string, DatabaseErrorKind> = {
  '23505': 'unique',
  '23503': 'foreign_key',
  '23502': 'not_null',
  '23514': 'check',
  '23P01': 'exclusion',
  '40001': 'serialization',
  '40P01': 'deadlock',
  '55P03': 'lock_timeout',
  '57014': 'timeout',
  '42501': 'denied',
  '28P01': 'denied',
  '28000': 'denied',
  '53300': 'unavailable',
  '57P01': 'unavailable',
  '57P02': 'unavailable',
  '57P03': 'unavailable',
}

/** Our own errors pass; everything of the driver or the socket becomes a DatabaseError. */
export function translate(error: unknown): unknown {
  // A RangeError is a parser of ours that refused a value.
  if (error instanceof DatabaseError || error instanceof RangeError || !(error instanceof Error)) return error
  const { code, constraint, table, column } = error as Error &
    Record<'code' | 'constraint' | 'table' | 'column', unknown>
  const names = {
    ...text('code', code),
    ...text('constraint', constraint),
    ...text('table', table),
    ...text('column', column),
  }
  return new DatabaseError(kindOf(typeof code === 'string' ? code : '', error), names)
}

function kindOf(code: string, error: Error): DatabaseErrorKind {
  if (/^[0-9A-Z]{5}$/.test(code)) return kinds[code] ?? (code.startsWith('08') ? 'unavailable' : 'other')
  // No SQLSTATE: a socket (ECONNREFUSED, EPIPE, ENOENT) or the pool itself (ended, no connection in time).
  return code !== '' || /connect|terminat|timeout|closed|pool/i.test(error.message) ? 'unavailable' : 'other'
}

function text(name: string, value: unknown) {
  return typeof value === 'string' && value !== '' ? { [name]: value } : {}
}
