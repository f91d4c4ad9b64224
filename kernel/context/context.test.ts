import assert from 'node:assert/strict'
import { test } from 'node:test'
import { correlation, createIds, uuidv7, withCorrelation } from './index.ts'

test('an id says what it names and sorts by when it was made', () => {
  let now = new Date('2026-11-22T05:00:00.000Z')
  const ids = createIds(
    { now: () => now },
    { bytes: (length) => new Uint8Array(length).fill(255), uuid: () => '' },
  )
  const first = ids.create('mem')
  now = new Date(now.getTime() + 1)
  const second = ids.create('mem')
  assert.match(first, /^mem_[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  assert.ok(first < second)
})

test('a UUIDv7 is the one of RFC 9562, appendix A.6', () => {
  // rand_a = 0xCC3, rand_b = 0x18C4DC0C0C07398F, at 2022-02-22T19:22:22.000Z
  const random = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f])
  assert.equal(uuidv7(0x017f22e279b0, random), '017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
})

test('work carries its correlation id and nothing leaks to the work beside it', async () => {
  const seen = await Promise.all(
    ['a', 'b'].map((id) =>
      withCorrelation(id, async () => (await new Promise((done) => setImmediate(done)), correlation())),
    ),
  )
  assert.deepEqual(seen, ['a', 'b'])
  assert.equal(correlation(), undefined)
})
