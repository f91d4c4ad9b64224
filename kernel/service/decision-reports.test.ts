import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DecisionReport } from '../authz/report.ts'
import { Fault } from '../errors/index.ts'
import { createDecisionReports } from './decision-reports.ts'

function setUp(takes: (reports: readonly DecisionReport[]) => void = () => {}) {
  const counted = { told: 0, dropped: 0, refused: 0 }
  const sizes: number[] = []
  const { note, flush } = createDecisionReports({
    told: 'denied',
    random: () => 0,
    async send(reports) {
      sizes.push(reports.length)
      takes(reports)
    },
    count: (outcome, decisions) => void (counted[outcome] += decisions),
  })
  const deny = (id: string, more: object = {}) =>
    note(false, () => ({ resource: { type: 'doc', id }, ...more }) as unknown as DecisionReport)
  return { deny, note, flush, counted, sizes }
}

test('one that is refused goes alone, and all others are told', async () => {
  const { deny, flush, counted } = setUp((reports) => {
    if (reports.some(({ resource }) => resource.id === 'bad')) throw new Fault('x.invalid', 400, 'No.')
  })
  for (let n = 0; n < 300; n += 1) deny(n === 137 ? 'bad' : `d${n}`)
  await flush()
  assert.deepEqual(counted, { told: 299, dropped: 0, refused: 1 })
})

test('while nobody answers all of them wait, as many as have room, and no refusal is read into it', async () => {
  let isAway = true
  const { deny, flush, counted } = setUp(() => {
    if (isAway) throw new Fault('kernel.peer.unavailable', 503, 'Away.')
  })
  for (let n = 0; n < 5_010; n += 1) deny(`d${n}`)
  await assert.rejects(flush())
  assert.deepEqual(counted, { told: 0, dropped: 10, refused: 0 })
  isAway = false
  await flush()
  assert.equal(counted.told, 5_000)
})

test('what is told at once is bounded by its size too', async () => {
  const { deny, flush, counted, sizes } = setUp()
  for (let n = 0; n < 20; n += 1) deny('d', { request: 'x'.repeat(100_000) })
  await flush()
  assert.equal(counted.told, 20)
  assert.ok(Math.max(...sizes) <= 6, sizes.join(' '))
})

test('what is allowed is not told where only denials are', async () => {
  const { note, flush, counted } = setUp()
  note(true, () => assert.fail('nor put together'))
  await flush()
  assert.equal(counted.told, 0)
})
