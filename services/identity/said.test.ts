import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemChance } from '@althing/kernel/context'
import { createSaid } from './said.ts'

function setUp() {
  let at = Date.parse('2026-11-30T20:00:00Z')
  const said = createSaid({ key: new Uint8Array(32).fill(7), chance: systemChance, now: () => new Date(at) })
  return { ...said, later: (minutes: number) => void (at += minutes * 60_000) }
}
const problem = { kind: 'missing' }
const csrf = 'csrf'

test('what was written comes back on that page, in that browser, for a quarter of an hour', () => {
  const { seal, open, later } = setUp()
  const text = seal('/register', { csrf }, { problem, values: { name: 'Sólveig', password: 'hunter2' } })
  assert.deepEqual(open('/register', { csrf }, text), { problem, values: { name: 'Sólveig' } })
  assert.deepEqual([open('/sign-in', { csrf }, text), open('/register', { csrf: 'other' }, text)], [{}, {}])
  later(16)
  assert.deepEqual(open('/register', { csrf }, text), {})
})

test('what was written by whoever was signed in opens for nobody else in that browser, signed in or not', () => {
  const { seal, open } = setUp()
  const text = seal('/account', { csrf, account: 'acc_1' }, { values: { name: 'Sólveig' } })
  assert.deepEqual(open('/account', { csrf, account: 'acc_1' }, text).values, { name: 'Sólveig' })
  for (const reader of [{ csrf, account: 'acc_2' }, { csrf }, { csrf: 'other', account: 'acc_1' }])
    assert.deepEqual(open('/account', reader, text), {})
})

test('a form full of long words fits into an address: the longest are forgotten, and nothing else', () => {
  const { seal, open } = setUp()
  const long = Object.fromEntries(
    ['name', 'email', 'guardian_email', 'phone', 'terms', 'marketing'].map((name) => [
      name,
      '語'.repeat(5000),
    ]),
  )
  const text =
    seal('/register', { csrf }, { problem, values: { ...long, identifier: 'ada@example.org' } }) ?? ''
  assert.ok(text.length <= 5000, String(text.length))
  assert.deepEqual(open('/register', { csrf }, text), { problem, values: { identifier: 'ada@example.org' } })
})

test('nothing said and nothing written is nothing in the address', () => {
  assert.equal(setUp().seal('/register', { csrf }, { values: { name: '' } }), undefined)
})
