import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { seedOfThisRun } from '../testing/index.ts'
import { readValue } from './read-value.ts'
import { equal } from './value.ts'
import { writeValue } from './write-value.ts'

const call = (fn: string, arg: string) => ({ __extn: { fn, arg } })
const { json } = fc.letrec((tie) => ({
  json: fc.oneof(
    { maxDepth: 4 },
    fc.boolean(),
    fc.string(),
    fc.maxSafeInteger(),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
    fc.record({ __entity: fc.record({ type: fc.constantFrom('A', 'B::C'), id: fc.string() }) }),
    fc
      .tuple(fc.integer(), fc.integer({ min: 0, max: 9999 }))
      .map(([whole, part]) => call('decimal', `${whole}.${String(part).padStart(4, '0')}`)),
    fc.ipV4().chain((ip) => fc.integer({ min: 0, max: 32 }).map((bits) => call('ip', `${ip}/${bits}`))),
    fc
      .tuple(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), fc.integer({ min: 0, max: 128 }))
      .map(([bits, prefix]) =>
        call('ip', `${bits.toString(16).padStart(32, '0').match(/.{4}/g)?.join(':')}/${prefix}`),
      ),
    fc.maxSafeInteger().map((ms) => call('duration', `${ms}ms`)),
    fc
      .date({
        min: new Date('0000-01-01T00:00:00Z'),
        max: new Date('9999-12-31T23:59:59Z'),
        noInvalidDate: true,
      })
      .map((date) => call('datetime', date.toISOString())),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(
      fc.string().filter((name) => !name.startsWith('__')),
      tie('json'),
      { maxKeys: 4 },
    ),
  ),
}))

test('what was written is read as what it was', () => {
  fc.assert(
    fc.property(json, (written) => {
      const value = readValue(written)
      assert.ok(
        equal(readValue(writeValue(value)), value),
        JSON.stringify(writeValue(value), (_, one) => (typeof one === 'bigint' ? String(one) : one)),
      )
    }),
    { seed: seedOfThisRun(), numRuns: 2000 },
  )
})

test('the ends of what there is', () => {
  for (const one of [
    call('decimal', '-922337203685477.5808'),
    call('decimal', '-0.5'),
    call('decimal', '0.0001'),
    call('duration', '-9223372036854775808ms'),
    call('ip', '::1'),
    call('ip', '255.255.255.255/0'),
  ]) {
    const value = readValue(one)
    assert.ok(equal(readValue(writeValue(value)), value), one.__extn.arg)
  }
})
