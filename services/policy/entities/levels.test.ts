/** Things may be within each other a hundred levels deep and in no circle, however the one was put into the other. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { seedOfThisRun } from '@althing/kernel/testing'
import { decisionPoint } from '../../../tests/support/decision-point.ts'
import { levelsAtMost, longestWay } from './levels.ts'
import type { Step } from './schema.ts'

const point = await decisionPoint()

test('the longest way is the one that is found by trying all, and a circle is endless', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f')
  let circles = 0
  fc.assert(
    fc.property(fc.array(fc.tuple(name, name), { maxLength: 9 }), (pairs) => {
      const steps = pairs.map(([child, parent]) => within(child, parent))
      const expected = Math.max(0, ...pairs.map(([child]) => tried(child, pairs, [])))
      if (expected === Infinity) circles += 1
      assert.equal(longestWay(steps), expected)
    }),
    { seed: seedOfThisRun(), numRuns: 2000 },
  )
  assert.ok(circles > 100)
  assert.equal(longestWay(chain('x', 200_000)), 200_000)
})

test('a hundred levels are kept, and not one more: at the bottom, at the top or in between', async () => {
  await point.write({ relate: chain('up', levelsAtMost - 1) })
  await point.write({ relate: [within('somebody', 'up0')] })
  await refused([within('under', 'somebody')], 'deep')
  await refused([within(`up${levelsAtMost - 1}`, 'over')], 'deep')
  await point.write({ relate: chain('left', 49) })
  await point.write({ relate: chain('right', 50) })
  await refused([within('left49', 'right0'), within('one more', 'left0')], 'deep')
  await point.write({ relate: [within('left49', 'right0')] })
  await refused([within('one more', 'left0')], 'deep')
})

test('whoever has nobody below them is counted like the others', async () => {
  await point.write({ relate: [within('leaf', 'group')] })
  await refused([within('group', 'top0'), ...chain('top', levelsAtMost - 1)], 'deep')
  await point.write({ relate: [within('group', 'top0'), ...chain('top', levelsAtMost - 2)] })
})

test('a circle is one at whatever place it would close', async () => {
  await point.write({ relate: chain('ring', 5) })
  for (const relate of [
    [within('ring5', 'ring0')],
    [within('ring2', 'ring2')],
    [within('ring5', 'new'), within('new', 'ring3')],
  ])
    await refused(relate, 'circle')
})

test('a thousand are put into a deep group, and a full group into another, without the service being busy for long', async () => {
  await point.write({ relate: chain('deep', 98) })
  const begun = process.cpuUsage()
  await point.write({ relate: Array.from({ length: 1000 }, (_, n) => within(`p${n}`, 'deep0')) })
  await point.write({ relate: [within('deep98', 'everything')] })
  const { user, system } = process.cpuUsage(begun)
  assert.ok(user + system < 3_000_000, `${user + system} µs`)
})

const thing = (id: string) => ({ type: 'group', id })
function within(child: string, parent: string): Step & { readonly relation: 'in' } {
  return { subject: thing(child), relation: 'in', object: thing(parent) }
}
function chain(name: string, steps: number) {
  return Array.from({ length: steps }, (_, n) => within(`${name}${n}`, `${name}${n + 1}`))
}

function tried(
  one: string,
  pairs: readonly (readonly [string, string])[],
  before: readonly string[],
): number {
  if (before.includes(one)) return Infinity
  const above = pairs.filter(([child]) => child === one)
  return Math.max(0, ...above.map(([, parent]) => 1 + tried(parent, pairs, [...before, one])))
}

async function refused(relate: readonly Step[], code: string): Promise<void> {
  const { status, body } = await point.ask('/api/policy/entities', { relate })
  assert.deepEqual([status, body['code']], [422, `policy.entities.${code}`])
}
