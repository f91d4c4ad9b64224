import { types, type CustomTypesConfig } from 'pg'

/**
 * How values come out of the database. What JavaScript can hold exactly comes as a number or a Date; what it cannot comes
 * as text, rather than nearly right:
 *   int8 → number, refused beyond 2^53   numeric → text   date → 'YYYY-MM-DD'   timestamp → Date, read as UTC   bytea → Buffer
 */
const int8 = 20
const date = 1082
const timestamp = 1114

const ours: Record<number, (text: string) => unknown> = {
  [int8]: safeInteger,
  [date]: (text) => text,
  [timestamp]: (text) => new Date(`${text.replace(' ', 'T')}Z`),
}

const theirs = types.getTypeParser as (oid: number, format?: 'text' | 'binary') => (value: string) => unknown

export const parsers: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    (format !== 'binary' && ours[oid]) || theirs(oid, format)) as typeof types.getTypeParser,
}

function safeInteger(text: string) {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError('An int8 beyond 2^53 was read: select it as text.')
  return value
}
