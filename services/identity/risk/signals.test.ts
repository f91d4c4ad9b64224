import assert from 'node:assert/strict'
import { test } from 'node:test'
import { minutes } from '@althing/kernel/testing'
import type { Facts, Place, Signal } from './schema.ts'
import { lookAtAll } from './signals.ts'

const now = new Date('2026-03-02T12:00:00Z')
const ago = (milliseconds: number) => new Date(now.getTime() - milliseconds)
const reykjavik: Place = { country: 'IS', latitude: 64.1, longitude: -21.9 }
const akureyri: Place = { country: 'IS', latitude: 65.7, longitude: -18.1 }
const tokyo: Place = { country: 'JP', latitude: 35.7, longitude: 139.7 }
const limits = { travelKm: 500, travelKmh: 1000, tries: 10, networks: 4, failingAccounts: 20, reuseHours: 24 }

const quiet: Facts = {
  now,
  network: '203.0.113.7',
  isKnown: false,
  last: null,
  here: null,
  before: null,
  tries: 0,
  networks: 0,
  failing: 0,
  came: 0,
  marks: [],
  passwordChangedAt: null,
}
const last = { at: ago(minutes(60)), network: '198.51.100.1' }

const counting = (facts: Partial<Facts>): Signal[] =>
  lookAtAll({ ...quiet, ...facts }, limits)
    .filter(({ counts }) => counts)
    .map(({ signal }) => signal)

test('whoever comes for the first time, from nowhere that is known, has nothing against them', () => {
  assert.deepEqual(counting({}), [])
})

test('a device is new when its owner has come in before, and not from it', () => {
  assert.deepEqual(counting({ last }), ['new-device'])
  assert.deepEqual(counting({ last, isKnown: true }), [])
  assert.deepEqual(counting({ last, network: null }), [], 'nobody is at the door')
})

test('nobody is in Tokyo an hour after Reykjavík; the next day they may be, and Akureyri is no journey', () => {
  const seen = (part: Partial<Facts>) => counting({ isKnown: true, last, before: reykjavik, ...part })
  assert.deepEqual(seen({ here: tokyo }), ['impossible-travel'])
  assert.deepEqual(seen({ here: tokyo, last: { ...last, at: ago(minutes(24 * 60)) } }), [])
  assert.deepEqual(seen({ here: akureyri, last: { ...last, at: ago(minutes(1)) } }), [])
  assert.deepEqual(seen({ here: tokyo, last: { ...last, at: now } }), ['impossible-travel'], 'at once')
})

test('without a place for both ends the journey is not judged', () => {
  assert.deepEqual(counting({ isKnown: true, last, here: tokyo }), [])
  assert.deepEqual(counting({ isKnown: true, last, before: tokyo }), [])
  assert.deepEqual(counting({ isKnown: true, last: null, here: tokyo, before: reykjavik }), [])
})

test('many wrong tries, or a few from many networks, speak against a stranger and never against a known device', () => {
  assert.deepEqual(counting({ tries: 9, networks: 3 }), [])
  assert.deepEqual(counting({ tries: 10, networks: 1 }), ['velocity'])
  assert.deepEqual(counting({ tries: 4, networks: 4 }), ['velocity'])
  assert.deepEqual(counting({ tries: 100, networks: 50, isKnown: true }), [])
})

test('a hall of five hundred is not an attack, nor are those in it who mistype; twenty accounts in vain are', () => {
  assert.deepEqual(counting({ failing: 0, came: 500 }), [])
  assert.deepEqual(counting({ failing: 40, came: 460 }), [])
  assert.deepEqual(counting({ failing: 19, came: 0 }), [])
  assert.deepEqual(counting({ failing: 20, came: 3 }), ['many-accounts'])
  assert.deepEqual(counting({ failing: 20, came: 3, isKnown: true }), [])
})

test('a password from a breach counts until another one is chosen', () => {
  const marks = [{ kind: 'breached-password' as const, at: ago(minutes(5)) }]
  assert.deepEqual(counting({ marks, passwordChangedAt: ago(minutes(60)) }), ['breached-password'])
  assert.deepEqual(counting({ marks, passwordChangedAt: ago(minutes(1)) }), [])
})

test('a refresh token that was shown twice counts for a day', () => {
  const marks = (hoursAgo: number) => [{ kind: 'refresh-reuse' as const, at: ago(minutes(hoursAgo * 60)) }]
  assert.deepEqual(counting({ marks: marks(23) }), ['refresh-reuse'])
  assert.deepEqual(counting({ marks: marks(24) }), [])
})
