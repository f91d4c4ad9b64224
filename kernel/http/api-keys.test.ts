import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { createTestChance, seedOfThisRun } from '../testing/index.ts'
import { Hours, Network, newApiKey, outOf, readApiKey } from './index.ts'

const seed = seedOfThisRun()
const chance = createTestChance(seed)

test('a key is read as it was made, and one letter that is another makes it none', () => {
  for (let n = 0; n < 200; n += 1) {
    const { id, secret, text } = newApiKey(chance)
    assert.match(text, /^althing_[0-9A-Za-z]{16}\.[0-9A-Za-z]{49}$/)
    assert.deepEqual(readApiKey(text), { id, secret })
    const at = 8 + Math.floor((n * 65) / 200)
    const other = text[at] === 'a' ? 'b' : 'a'
    if (text[at] !== '.')
      assert.equal(
        readApiKey(`${text.slice(0, at)}${other}${text.slice(at + 1)}`),
        null,
        `seed ${seed}, at ${at}`,
      )
  }
})

test('what was cut, stretched, put together from two, or is something else is none', () => {
  const [one, two] = [newApiKey(chance).text, newApiKey(chance).text]
  const [head = '', tail = ''] = [one.split('.')[0], two.split('.')[1]]
  for (const wrong of [
    one.slice(0, -1),
    `${one}0`,
    ` ${one}`,
    `${one}\n`,
    one.toLowerCase(),
    one.replace('althing_', 'Althing_'),
    one.replace('.', ''),
    `${head}.${tail}`,
    'althing_',
    '',
  ])
    assert.equal(readApiKey(wrong), null, JSON.stringify(wrong))
  fc.assert(
    fc.property(fc.string({ maxLength: 90 }), (text) => readApiKey(`althing_${text}`) === null),
    { seed },
  )
})

test('a network holds its own addresses, in whatever clothes they come, and no others', () => {
  const at = new Date('2026-03-02T12:00:00Z')
  const from = (networks: string[], address: string) => outOf({ networks }, { address, at })
  for (const [network, address] of [
    ['192.0.2.0/24', '192.0.2.255'],
    ['192.0.2.7', '192.0.2.7'],
    ['192.0.2.0/24', '::ffff:192.0.2.9'],
    ['2001:db8::/32', '2001:db8:ffff::1'],
    ['2001:db8::1', '2001:0db8:0:0:0:0:0:1'],
    ['fe80::/10', 'fe80::1%eth0'],
  ] as const)
    assert.equal(from([network], address), null, `${network} ${address}`)
  for (const [network, address] of [
    ['192.0.2.0/24', '192.0.3.0'],
    ['192.0.2.7', '192.0.2.8'],
    ['192.0.2.0/24', '::ffff:192.0.3.9'],
    ['2001:db8::/32', '2001:db9::1'],
    ['0.0.0.0/0', '2001:db8::1'],
    ['192.0.2.0/24', ''],
    ['192.0.2.0/24', 'nonsense'],
    ['192.0.2.0/24', '192.0.2.1, 10.0.0.1'],
  ] as const)
    assert.equal(from([network], address), 'elsewhere', `${network} ${address}`)
  for (const wrong of [
    '192.0.2.0/33',
    '2001:db8::/129',
    '192.0.2',
    'example.org',
    '10.0.0.0/-1',
    '10.0.0.0/8/8',
    '',
  ])
    assert.equal(Network.safeParse(wrong).success, false, wrong)
})

test('hours begin with the first, end before the second, and go over midnight', () => {
  const during = (hours: [number, number], hour: string) =>
    outOf({ hours }, { address: '', at: new Date(`2026-03-02T${hour}Z`) })
  for (const [hours, hour] of [
    [[8, 17], '08:00:00'],
    [[8, 17], '16:59:59'],
    [[22, 6], '23:00:00'],
    [[22, 6], '05:59:59'],
    [[0, 24], '23:59:59'],
  ] as const)
    assert.equal(during([...hours], hour), null, `${hours.join()} ${hour}`)
  for (const [hours, hour] of [
    [[8, 17], '07:59:59'],
    [[8, 17], '17:00:00'],
    [[22, 6], '06:00:00'],
    [[22, 6], '21:59:59'],
  ] as const)
    assert.equal(during([...hours], hour), 'off_hours', `${hours.join()} ${hour}`)
  for (const wrong of [[8, 8], [24, 1], [-1, 3], [1, 25], [1.5, 3], [1]])
    assert.equal(Hours.safeParse(wrong).success, false)
})
