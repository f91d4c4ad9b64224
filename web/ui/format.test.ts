import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createFormats } from './format.ts'
import { compareIcelandic, createCompare } from './sorting.ts'

const at = new Date('2026-11-22T14:05:00Z')
const is = createFormats('is')
const en = createFormats('en')
const later = (seconds: number) => new Date(at.getTime() + seconds * 1000)

test('a date is written as each language writes it, with its zone', () => {
  assert.equal(is.exact(at), '22. nóvember 2026 kl. 14:05 að íslenskum tíma')
  assert.equal(en.exact(at), '22 November 2026 at 14:05 Iceland time')
  assert.equal(
    createFormats('en', 'Europe/Warsaw').exact(at),
    '22 November 2026 at 15:05 (Central European Time)',
  )
  assert.equal(is.time(new Date('2026-01-01T00:07:00Z')), '00:07')
  const zones = ['Atlantic/Reykjavik', 'Europe/Warsaw', 'UTC'].map((zone) => createFormats('en', zone).zone())
  assert.deepEqual(zones, ['Iceland time', 'Central European Time', 'UTC'])
})

test('a distance declines: the past in the dative, the future in the accusative', () => {
  const said = [60, -60, 21 * 60, 11 * 60, -3 * 3600, 24 * 3600, -3 * 86_400, 3 * 86_400, 0].map((s) =>
    is.relative(later(s), at),
  )
  assert.deepEqual(said, [
    'eftir 1 mínútu',
    'fyrir 1 mínútu',
    'eftir 21 mínútu',
    'eftir 11 mínútur',
    'fyrir 3 klukkustundum',
    'eftir 24 klukkustundir',
    'fyrir 3 dögum',
    'eftir 3 daga',
    'núna',
  ])
  assert.equal(en.relative(later(-120), at), '2 minutes ago')
  assert.equal(en.relative(later(59), at), 'in 59 seconds')
})

test('our own words for a distance are those of ICU', () => {
  const icu = new Intl.RelativeTimeFormat('is')
  for (const n of [1, 2, 11, 21, 45])
    for (const [unit, size] of [
      ['second', 1],
      ['minute', 60],
    ] as const)
      for (const sign of [1, -1])
        assert.equal(is.relative(later(sign * n * size), at), icu.format(sign * n, unit))
})

test('a deadline is never said to be later than it is', () => {
  assert.equal(en.relative(later(119), at), 'in 1 minute')
})

test('numbers and shares', () => {
  assert.equal(is.number(12_345.6), new Intl.NumberFormat('is').format(12_345.6))
  assert.equal(is.number(1234), '1.234')
  assert.equal(is.percent(0.641), '64,1%')
  assert.equal(en.number(12_345.6), '12,345.6')
  assert.equal(en.percent(1 / 3), '33.3%')
})

test('names sort in Icelandic, with ICU and without', () => {
  const names = [
    'Örn',
    'Æsa',
    'Þóra',
    'Zoë',
    'Birna',
    'Ása',
    'Anna',
    'Ari',
    'ari',
    'Davíð',
    'Daði',
    'Daníel',
    'Óli',
    'Ólafur',
    'Anna Birta',
    'Ýr',
    'Yrsa',
  ]
  const sorted = [...names].sort(createCompare('is'))
  assert.deepEqual(sorted.slice(0, 5), ['Anna', 'Anna Birta', 'ari', 'Ari', 'Ása'])
  assert.deepEqual(sorted.slice(-3), ['Þóra', 'Æsa', 'Örn'])
  const without = [...names].sort(compareIcelandic).filter((name) => name.toLowerCase() !== 'ari')
  assert.deepEqual(
    without,
    sorted.filter((name) => name.toLowerCase() !== 'ari'),
  )
})
