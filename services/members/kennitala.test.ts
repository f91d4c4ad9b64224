import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskKennitala, readKennitala } from './kennitala.ts'

const plain = { checkDigit: true, isCompany: false, isTemporary: false, isTest: false, wasWritten: false }

const read: [text: string, kennitala: string, facts: Partial<typeof plain>, why: string][] = [
  ['1201743399', '1201743399', {}, 'a person of the last century'],
  ['120174-3399', '1201743399', { wasWritten: true }, 'as it is written'],
  [' 120174 3399 ', '1201743399', { wasWritten: true }, 'with spaces'],
  ['2902003300', '2902003300', { checkDigit: false }, 'a leap day of 2000'],
  ['0101052180', '0101052180', {}, 'a person of this century'],
  ['0103992548', '0103992548', {}, 'a person of 1899'],
  ['5501692829', '5501692829', { isCompany: true }, 'a company: the day and 40'],
  [
    '1201743389',
    '1201743389',
    { checkDigit: false },
    'a check digit that does not fit warns and does not refuse',
  ],
  ['8123456789', '8123456789', { isTemporary: true, checkDigit: false }, 'a temporary number holds no date'],
  ['9999990009', '9999990009', { isTemporary: true, isTest: true, checkDigit: false }, 'a test person'],
]
for (const [text, kennitala, facts, why] of read)
  test(`${text.trim()}: ${why}`, () => {
    const reading = readKennitala(text)
    assert.equal(reading.kind, 'kennitala')
    assert.ok(reading.kind === 'kennitala')
    assert.deepEqual({ kennitala: reading.kennitala, ...reading.facts }, { kennitala, ...plain, ...facts })
  })

const refused: [text: string, code: string][] = [
  ['', 'kennitala_missing'],
  [' - ', 'kennitala_missing'],
  ['12017433AB', 'kennitala_characters'],
  ['101052110', 'kennitala_nine_digits'],
  ['12017433', 'kennitala_length'],
  ['120174339900', 'kennitala_length'],
  ['3213743399', 'kennitala_date'],
  ['0001743399', 'kennitala_date'],
  ['1213743399', 'kennitala_date'],
  ['3102743399', 'kennitala_date'],
  ['2902743399', 'kennitala_date'],
  ['7201692829', 'kennitala_date'],
  ['1201743391', 'kennitala_century'],
]
for (const [text, code] of refused)
  test(`${JSON.stringify(text)} is refused: ${code}`, () => {
    assert.deepEqual(readKennitala(text), { kind: 'wrong', code })
  })

test('an owner knows it again, nobody else does', () => {
  assert.equal(maskKennitala('1201743399'), '120174****')
})
