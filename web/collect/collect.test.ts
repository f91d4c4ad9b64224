import assert from 'node:assert/strict'
import { test } from 'node:test'
import { keyOf } from './drawer.ts'
import { inOrder, placeOf } from './states.ts'
import type { Entitled } from './collecting.ts'

const now = new Date('2026-11-22T12:00:00Z')
const entitled = (part: Partial<Entitled>): Entitled => ({
  election: '00000000-0000-4000-8000-000000000000',
  title: { is: 'Kosning' },
  slot: '1',
  class: 'full',
  status: 'open',
  opensAt: '2026-11-22T11:00:00Z',
  closesAt: '2026-11-22T13:00:00Z',
  ticket: 'none',
  ...part,
})
const kept = { ticket: {} } as never

test('an election is open, coming or over, by the word of the server first and by the clock between two words', () => {
  assert.equal(placeOf(entitled({}), undefined, now).when, 'open')
  assert.equal(placeOf(entitled({ status: 'published' }), undefined, now).when, 'open')
  const later = entitled({ status: 'published', opensAt: '2026-11-23T11:00:00Z', closesAt: null })
  assert.equal(placeOf(later, undefined, now).when, 'coming')
  assert.equal(placeOf(entitled({}), undefined, new Date('2026-11-22T13:00:00Z')).when, 'past')
  assert.equal(placeOf(entitled({ status: 'cancelled' }), undefined, now).act, 'none')
})

test('a ballot is fetched once: here it can be used again, elsewhere it says so', () => {
  assert.equal(placeOf(entitled({}), undefined, now).act, 'get')
  assert.equal(placeOf(entitled({ ticket: 'issued' }), kept, now).act, 'again')
  assert.equal(placeOf(entitled({ ticket: 'issued' }), undefined, now).act, 'elsewhere')
  // Asked for, and the answer was lost: the same question will be answered.
  assert.equal(placeOf(entitled({ ticket: 'issued' }), { ticket: null } as never, now).act, 'get')
})

test('what ends first stands first, and two people on one telephone do not share a drawer', () => {
  const late = entitled({ closesAt: '2026-11-22T18:00:00Z' })
  assert.deepEqual(inOrder([late, entitled({})], 'open'), [entitled({}), late])
  assert.notEqual(keyOf('acc_1', late), keyOf('acc_2', late))
})
