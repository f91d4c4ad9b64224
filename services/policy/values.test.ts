/** What is let in can be read wherever it is put: what cannot would be met again where nobody expects it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { seedOfThisRun } from '@althing/kernel/testing'
import { recordOf, recordProblems } from './values.ts'

const name = fc.constantFrom(
  'a',
  'b',
  '__expr',
  '__extn',
  '__entity',
  '__other',
  'type',
  'id',
  'fn',
  'arg',
  'args',
)
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(
      null,
      true,
      7,
      -0,
      0.5,
      0.123456,
      2 ** 60,
      '',
      'x',
      'decimal',
      'ip',
      '1.25',
      '10.0.0.1',
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3 }),
    fc.record({ __entity: fc.record({ type: fc.constantFrom('T', ''), id: fc.constantFrom('i', 7) }) }),
    fc.record({ __extn: fc.record({ fn: fc.constantFrom('decimal', 'ip', 'no'), arg: tie('value') }) }),
  ),
}))
const record = fc.dictionary(name, value, { maxKeys: 4 }) as fc.Arbitrary<Record<string, unknown>>

test('a record against which nothing stands can be read, by itself and within another, now and out of the database', () => {
  let [right, wrong] = [0, 0]
  fc.assert(
    fc.property(record, (properties) => {
      if (recordProblems(properties).length > 0) return void (wrong += 1)
      right += 1
      recordOf(properties)
      recordOf({ action: properties })
      recordOf(JSON.parse(JSON.stringify(properties)) as Record<string, unknown>)
    }),
    { seed: seedOfThisRun(), numRuns: 5000 },
  )
  assert.ok(right > 500 && wrong > 500, `${right} could be read, ${wrong} not`)
})

test('a name of Cedar itself is none that an attribute may have, whatever stands under it', () => {
  for (const reserved of ['__expr', '__extn', '__entity'])
    for (const under of ['x', 1, true, null, { type: 'T', id: 'i' }, { fn: 'decimal', arg: '1.0' }])
      assert.deepEqual(
        recordProblems({ [reserved]: under, level: 1 }).map((one) => one.name),
        [reserved],
      )
  assert.deepEqual(recordProblems({ __proto: 1, level: { __entity: { type: 'T', id: 'i' } } }), [])
})
