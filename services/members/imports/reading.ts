/** A row of cells → what it says about a member, with every mistake and every correction named by its column. */
import { BirthDate } from '@althing/identity/contract'
import { bornOn, readKennitala } from '../kennitala.ts'
import type { MemberWords } from '../member.ts'
import { readDate, readEmail, readName, readPhone, readStatus, readYesNo, type Reading } from '../values.ts'
import { fault } from './faults.ts'
import type { ErrorCode, WarningCode } from './problems.ts'
import type { ColumnName, StagedProblem } from './schema.ts'

export interface Columns {
  /** Column of the file → what it means; null when it means nothing here. */
  readonly meanings: readonly (ColumnName | null)[]
  readonly known: readonly ColumnName[]
  readonly ignored: readonly string[]
}

const names: Readonly<Record<string, ColumnName>> = {
  kennitala: 'kennitala',
  kt: 'kennitala',
  ssn: 'kennitala',
  'national id': 'kennitala',
  nafn: 'name',
  'fullt nafn': 'name',
  name: 'name',
  'full name': 'name',
  netfang: 'email',
  tölvupóstur: 'email',
  email: 'email',
  'e mail': 'email',
  sími: 'phone',
  símanúmer: 'phone',
  gsm: 'phone',
  phone: 'phone',
  'phone number': 'phone',
  'gengin í félag': 'date_joined',
  'gekk í félag': 'date_joined',
  'genginn í félag': 'date_joined',
  'félagi frá': 'date_joined',
  'date joined': 'date_joined',
  joined: 'date_joined',
  'gjöld greidd': 'fees_paid',
  'félagsgjöld greidd': 'fees_paid',
  'fees paid': 'fees_paid',
  paid: 'fees_paid',
  staða: 'status',
  status: 'status',
}

/** @throws Fault members.imports.columns_missing, columns_twice */
export function readColumns(header: readonly string[]): Columns {
  const meanings = header.map((cell) => names[plain(cell)] ?? null)
  const known = meanings.filter((meaning) => meaning !== null)
  const twice = meanings.findIndex((meaning, at) => meaning !== null && meanings.indexOf(meaning) < at)
  if (twice !== -1) throw fault.columns_twice(undefined, at(`/columns/${twice}`))
  if (!known.includes('kennitala') || !known.includes('name'))
    throw fault.columns_missing(undefined, at('/columns'))
  const ignored = header.filter((cell, index) => meanings[index] === null && plain(cell) !== '')
  return {
    meanings,
    known,
    ignored: ignored.map((cell) =>
      cell
        .replaceAll(/\p{Cc}/gu, '')
        .trim()
        .slice(0, 60),
    ),
  }
}

const plain = (cell: string) =>
  cell
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[_\s-]+/g, ' ')
    .trim()
const at = (pointer: string) => ({ fields: [{ pointer, message: 'Look here.' }] })

export interface ReadRow {
  readonly row: number
  readonly kennitala: string | null
  readonly words: Omit<MemberWords, 'kennitala'>
  readonly isSkipped: boolean
  readonly problems: readonly StagedProblem[]
}

/** `today` as YYYY-MM-DD: a day of joining after it is worth a word. */
export function readRow(
  { meanings }: Columns,
  row: number,
  cells: readonly string[],
  today: string,
): ReadRow | null {
  if (cells.every((cell) => cell.trim() === '')) return null
  const notes = createNotes(row)
  // Spreadsheets end rows with empty cells; anything else more or less has shifted the row.
  const extra = cells.slice(meanings.length).some((cell) => cell.trim() !== '')
  if (extra || cells.length < meanings.length) notes.error('row', 'cells')
  const cellOf = (name: ColumnName) => cells[meanings.indexOf(name)]?.trim() ?? ''

  const { kennitala, isTest } = kennitalaOf(cellOf('kennitala'), notes, today)
  function read<T extends string | boolean, C extends ErrorCode>(
    column: ColumnName,
    reader: (text: string) => Reading<T, C>,
  ): T | undefined {
    const text = cellOf(column)
    if (text === '' && column !== 'name') return undefined
    const reading = reader(text)
    if (reading.kind === 'wrong') return notes.error(column, reading.code)
    if (reading.corrected) notes.warn(column, 'corrected', text, String(reading.value))
    return reading.value
  }
  const dateJoined = read('date_joined', readDate)
  if (dateJoined !== undefined && dateJoined > today) notes.warn('date_joined', 'date_in_future')
  const words = {
    name: read('name', readName),
    email: read('email', readEmail),
    phone: read('phone', readPhone),
    dateJoined,
    feesPaid: read('fees_paid', readYesNo),
    status: read('status', readStatus),
  }
  return { row, kennitala, words, isSkipped: isTest, problems: notes.all }
}

type Notes = ReturnType<typeof createNotes>

function createNotes(row: number) {
  const all: StagedProblem[] = []
  const note = (field: ColumnName | 'row', code: string, isError: boolean, before?: string, after?: string) =>
    void all.push({
      row,
      field,
      code,
      isError,
      before: before?.replaceAll('\0', '').slice(0, 200) ?? null,
      after: after ?? null,
      otherRows: null,
    })
  return {
    all,
    error: (field: ColumnName | 'row', code: ErrorCode): undefined => note(field, code, true),
    warn: (field: ColumnName, code: WarningCode, before?: string, after?: string) =>
      note(field, code, false, before, after),
  }
}

function kennitalaOf(
  text: string,
  notes: Notes,
  today: string,
): { kennitala: string | null; isTest: boolean } {
  const reading = readKennitala(text)
  if (reading.kind === 'wrong') {
    notes.error('kennitala', reading.code)
    return { kennitala: null, isTest: false }
  }
  const { kennitala, facts } = reading
  const born = bornOn(kennitala, facts)
  if (born !== null && (born > today || !BirthDate.safeParse(born).success)) {
    notes.error('kennitala', 'kennitala_born')
    return { kennitala: null, isTest: false }
  }
  if (facts.wasWritten) notes.warn('kennitala', 'corrected', text, kennitala)
  if (facts.isTest) notes.warn('kennitala', 'kennitala_test')
  else if (facts.isTemporary) notes.warn('kennitala', 'kennitala_temporary')
  else if (!facts.checkDigit) notes.warn('kennitala', 'kennitala_check_digit')
  return { kennitala, isTest: facts.isTest }
}
