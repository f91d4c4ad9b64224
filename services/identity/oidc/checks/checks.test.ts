/** Every row of the table, against the real service. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createGoods } from '../../../../tests/support/goods.ts'
import { checks } from './all.ts'

const { seen, ats } = await createGoods()

test('a request that is not broken is answered, at every endpoint', async () => {
  for (const at of ats) {
    const said = await seen({ at })
    // A device, or who asks somebody elsewhere, is not answered before somebody has said yes.
    const expected =
      at === 'token: device_code' || at === 'token: ciba'
        ? /^400 authorization_pending$/
        : /^(20[014] |on to |page 200)/
    assert.match(said, expected, `${at}: ${said}`)
  }
})

test('what is broken is refused, in the words of the standard', { timeout: 600_000 }, async () => {
  const wrong: string[] = []
  for (const check of checks) {
    const said = await seen(check)
    if (said !== check.says)
      wrong.push(`${check.at} | ${check.section} | ${check.what}: ${said}, and not ${check.says}`)
  }
  assert.deepEqual(wrong, [])
})

test('there are as many rows as we say, and none is there twice', () => {
  const names = checks.map(({ at, section, what }) => `${at} | ${section} | ${what}`)
  assert.equal(new Set(names).size, names.length)
  assert.ok(checks.length >= 300, String(checks.length))
})
