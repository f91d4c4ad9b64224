import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPlaces } from './places.ts'

const table = `# documentation networks only
network,country,latitude,longitude
192.0.2.0/24,IS,64.1,-21.9
192.0.2.128/25,IS,65.7,-18.1
198.51.100.0/24,JP,35.7,139.7

2001:db8::/32,DE,52.5,13.4
2001:db8:1::/48,IS,64.1,-21.9
`

test('the longest prefix says where a network is, and what is not in the table is nowhere', () => {
  const placeOf = readPlaces(table)
  const latitudes = [
    ['192.0.2.7', 64.1],
    ['192.0.2.200', 65.7],
    ['198.51.100.255', 35.7],
    ['2001:db8:1:2::/64', 64.1],
    ['2001:db8:2:2::/64', 52.5],
    ['203.0.113.1', undefined],
    ['2001:db9::/64', undefined],
    ['::1', undefined],
    ['no address', undefined],
    ['', undefined],
  ] as const
  for (const [network, latitude] of latitudes) assert.equal(placeOf(network)?.latitude, latitude, network)
})

test('an empty table knows no place', () => {
  assert.equal(readPlaces('')('192.0.2.7'), null)
})

test('a line that is not right is named, and nothing of the table is used', () => {
  const wrong = [
    '192.0.2.0,IS,64.1,-21.9',
    '192.0.2.0/33,IS,64.1,-21.9',
    '192.0.2.0/0,IS,64.1,-21.9',
    '192.0.2/24,IS,64.1,-21.9',
    '192.0.2.0/24,Iceland,64.1,-21.9',
    '192.0.2.0/24,IS,91,0',
    '192.0.2.0/24,IS,,',
    '192.0.2.0/24,IS,64.1,-21.9,more',
    '2001:db8::/129,DE,52.5,13.4',
    '192.0.2.0/24;IS;64.1;-21.9',
  ]
  for (const line of wrong) assert.throws(() => readPlaces(`${table}${line}\n`), /Line 9 of the table/, line)
})
