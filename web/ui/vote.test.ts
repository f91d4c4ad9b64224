import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFormats } from './format.ts'
import { qrPath } from './qr.ts'
import { remaining, resultBars, sortBars, stepGeometry } from './vote.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 10, 22, 20, minute))
const formats = createFormats('is')

test('most first, and equal ones by name', () => {
  const bars = ['Þóra', 'Ása', 'Ada'].map((name) => ({ name, count: 1, share: 0.2 }))
  const sorted = sortBars([...bars, { name: 'Örn', count: 2, share: 0.4 }], formats)
  assert.deepEqual(
    sorted.map(({ name }) => name),
    ['Örn', 'Ada', 'Ása', 'Þóra'],
  )
})

test('every bar carries its count and its share, in words and in a table', () => {
  const written = resultBars('is', formats, 'Niðurstaða', [
    { name: 'A', count: 21, share: 21 / 312 },
  ]).toString()
  assert.match(written, /21 atkvæði · 6,7%/)
  assert.match(written, /width="6\.73"/)
  assert.match(written, /<td class="number">\s*21\s*<\/td>/)
})

test('turnout is a line of steps that never leaves its box', () => {
  const { line } = stepGeometry(
    [
      { at: at(0), count: 0 },
      { at: at(5), count: 50 },
    ],
    at(10),
    100,
  )
  assert.equal(line, 'M0 200H0V200H300V100H600')
  assert.doesNotMatch(stepGeometry([], at(10), 0).line, /NaN|Infinity/)
})

test('what is left is said in words, the last minutes are marked, and the end is the end', () => {
  assert.deepEqual(remaining('is', at(21), at(0)), { text: '21 mínúta eftir', last: false, over: false })
  assert.deepEqual(remaining('is', at(11), at(0)), { text: '11 mínútur eftir', last: false, over: false })
  assert.deepEqual(remaining('en', at(4), at(0)), { text: '4 minutes left', last: true, over: false })
  assert.equal(remaining('is', at(0), at(0)).over, true)
})

test('a QR code is squares within its box', () => {
  const { size, d } = qrPath('þæö')
  assert.equal(size, 21)
  assert.match(d, /^(M\d+ \d+h1v1h-1z)+$/)
})
