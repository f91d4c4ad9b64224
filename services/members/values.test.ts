import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readDate, readEmail, readName, readPhone, readStatus, readYesNo, showPhone } from './values.ts'

type Reader = (text: string) => { kind: string; value?: unknown; corrected?: boolean; code?: string }
const table: [reader: Reader, text: string, value: unknown, corrected?: boolean][] = [
  [readPhone, '8000000', '8000000', false],
  [readPhone, '800-0000', '8000000', true],
  [readPhone, '800 0000', '8000000', true],
  [readPhone, '+354 800 0000', '8000000', true],
  [readPhone, '3548000000', '8000000', true],
  [readPhone, '00354 8000000', '8000000', true],
  [readPhone, '+45 12 34 56 78', '+45 12 34 56 78', false],
  [readPhone, '004512345678', '+4512345678', true],
  [readEmail, 'anna@example.org', 'anna@example.org', false],
  [readEmail, ' Anna@Example.ORG', 'anna@example.org', true],
  [readName, 'Þóra Ösp', 'Þóra Ösp', false],
  [readName, 'Þóra   Ösp', 'Þóra Ösp', true],
  [readName, 'Þóra\nÖsp', 'Þóra Ösp', true],
  [readDate, '2020-01-31', '2020-01-31', false],
  [readDate, '31.1.2020', '2020-01-31', true],
  [readDate, '1. 2. 2020', '2020-02-01', true],
  [readYesNo, 'JÁ', true, false],
  [readYesNo, 'no', false, false],
  [readStatus, 'Hætt', 'inactive', false],
]
for (const [reader, text, value, corrected] of table)
  test(`${reader.name} ${JSON.stringify(text)}`, () => {
    assert.deepEqual(reader(text), { kind: 'value', value, corrected })
  })

const refused: [reader: Reader, text: string, code: string][] = [
  [readPhone, '12345', 'phone_unknown'],
  [readPhone, '+354 12345', 'phone_unknown'],
  [readPhone, '800000x', 'phone_unknown'],
  [readPhone, '+45', 'phone_unknown'],
  [readPhone, `+45 ${'1'.repeat(30)}`, 'phone_unknown'],
  [readEmail, 'anna', 'email_unknown'],
  [readEmail, `${'a'.repeat(250)}@example.org`, 'email_long'],
  [readName, ' ', 'name_missing'],
  [readName, 'a'.repeat(201), 'name_long'],
  [readName, 'a\u0000b', 'name_characters'],
  [readName, 'a\u202eb', 'name_characters'],
  [readName, '12 34', 'name_characters'],
  [readName, 'go to evil.example', 'name_characters'],
  [readDate, '31/1/2020', 'date_unknown'],
  [readDate, '2020-02-30', 'date_unknown'],
  [readDate, '0001-01-01', 'date_unknown'],
  [readYesNo, 'kannski', 'yes_no_unknown'],
  [readStatus, 'gone', 'status_unknown'],
]
for (const [reader, text, code] of refused)
  test(`${reader.name} refuses ${JSON.stringify(text.slice(0, 20))}`, () => {
    assert.deepEqual(reader(text), { kind: 'wrong', code })
  })

test('a number is shown as it is dialled', () => {
  assert.equal(showPhone('8000000'), '800-0000')
  assert.equal(showPhone('+45 12345678'), '+45 12345678')
})
