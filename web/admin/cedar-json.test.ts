import assert from 'node:assert/strict'
import { test } from 'node:test'
import { momentsIn, writtenOut } from './cedar-json.ts'

const call = (fn: string, ...args: unknown[]) => ({
  __extn: args.length === 1 ? { fn, arg: args[0] } : { fn, args },
})

test('a moment that is out of all years stays as it was written, and so does what is none', () => {
  const far = { at: call('offset', call('datetime', '1970-01-01'), call('duration', '9999999999999999ms')) }
  assert.deepEqual(JSON.parse(writtenOut(far)), far)
  const other = { at: call('offset', call('datetime', '2020-01-01'), call('duration', '1ms')), n: 1 }
  assert.deepEqual(JSON.parse(writtenOut(other)), other)
  assert.equal(momentsIn('duration("1ms")'), 'duration("1ms")')
})

test('a moment is read as one, wherever it stands', () => {
  const now = call('offset', call('datetime', '1970-01-01'), call('duration', '1772452740000ms'))
  assert.deepEqual(JSON.parse(writtenOut({ deep: [{ now }] })), {
    deep: [{ now: '2026-03-02T11:59:00.000Z' }],
  })
  for (const text of [
    'offset(datetime("1970-01-01"), duration("1772452740000ms"))',
    'datetime("1970-01-01").offset(duration("1772452740000ms"))',
  ])
    assert.equal(momentsIn(`now = ${text}`), 'now = 2026-03-02T11:59:00.000Z')
})
