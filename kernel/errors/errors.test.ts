import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault, faultCatalogue, faults, isFault } from './index.ts'

test('a fault carries its code and title outward and its cause inward', () => {
  const fault = faults('test.feature', { expired: [410, 'The code has expired. Ask for a new one.'] })
  const cause = new Error('the driver said something private')
  const refusal = fault.expired(cause, { fields: [{ pointer: '/code', message: 'Is too old.' }] })
  assert.ok(refusal instanceof Fault)
  assert.deepEqual(
    [refusal.code, refusal.status, refusal.title],
    ['test.feature.expired', 410, 'The code has expired. Ask for a new one.'],
  )
  assert.equal(refusal.cause, cause)
  assert.doesNotMatch(JSON.stringify({ ...refusal, cause: undefined }), /private/)
  assert.ok(isFault(refusal, 'test.feature.expired') && !isFault(cause))
})

test('a code means one thing in the whole process', () => {
  faults('test.twice', { gone: [410, 'It is gone.'] })
  faults('test.twice', { gone: [410, 'It is gone.'] })
  assert.throws(() => faults('test.twice', { gone: [404, 'It was never there.'] }), /declared twice/)
  assert.deepEqual(faultCatalogue().get('test.twice.gone'), { status: 410, title: 'It is gone.' })
})
