import assert from 'node:assert/strict'
import { test } from 'node:test'
import { complaints, type Complaint, type ComplaintCode } from '@althing/policy/contract'
import { adminTexts } from './admin-texts.ts'
import { complaintWords } from './complaint-words.ts'

const codes = Object.keys(complaints) as ComplaintCode[]
const made = (code: ComplaintCode): Complaint => ({
  code,
  values: Object.fromEntries(complaints[code].map((name) => [name, name === 'wanted' ? '2' : `<${name}>`])),
  message: 'In English.',
})

test('everything that can be wrong with a policy has words in both languages, with all that is known of it', () => {
  for (const code of codes)
    for (const locale of ['is', 'en'] as const) {
      const words = complaintWords(locale, made(code))
      assert.ok(words.length > 5, `${code} ${locale}`)
      assert.doesNotMatch(words, /undefined|\{|\}/, `${code} ${locale}`)
      // Which of a few kinds is meant is said in words.
      const told = complaints[code].filter((name) => !['kind', 'what', 'sign', 'expected'].includes(name))
      for (const name of told)
        assert.ok(
          words.includes(name === 'wanted' ? '2' : `<${name}>`) || name === 'detail',
          `${code} ${locale} ${name}`,
        )
    }
})

test('no words are left over for what nothing is wrong with any more', () => {
  const other = /^problem\.(nearest|or|word\..*)$/
  const written = adminTexts.keys.filter((key) => key.startsWith('problem.') && !other.test(key))
  assert.deepEqual(written.sort(), codes.map((code) => `problem.${code}`).sort())
})

test('what might stand there instead, and what was meant, is said as people say it', () => {
  const token = { code: 'cedar.token', message: '' } as const
  const values = { token: 'foo', expected: '`,`, `::`, or identifier', nearest: 'fob' }
  assert.equal(
    complaintWords('en', { ...token, values }),
    'Here stands “foo”, where “,”, “::” or a name should be. Did you mean “fob”?',
  )
  assert.equal(
    complaintWords('is', { ...token, values }),
    'Hér stendur „foo“ en ætti að vera „,“, „::“ eða nafn. Áttirðu við „fob“?',
  )
  assert.equal(
    complaintWords('is', { code: 'yaml-missing', values: { path: 'cases/0/name' }, message: '' }),
    'cases/0/name: Þetta vantar.',
  )
})
