/** What another service tells at once is made again without anybody else waiting for all of it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DecisionReport } from '@althing/kernel/authz'
import { createReported } from './reported.ts'

const report: DecisionReport = {
  at: new Date().toISOString(),
  request: 'r',
  caller: { kind: 'person', subject: 'acc_x', roles: [] },
  action: 'read',
  resource: { type: 'doc', id: 'd' },
  decision: true,
  determining: [],
  errors: [],
  revision: 1,
  microseconds: 1,
}

function busy(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

test('two hundred that are told at once are made again a few at a time, and others have their turn in between', async () => {
  let turns = 0
  const hear = createReported({
    log: { keepSafe: () => Promise.resolve() },
    remake() {
      busy(1)
      const seen = () => ({ entities: [], context: {} })
      return Promise.resolve({ ruling: { decision: true, determining: [], errors: [], seen }, digest: '' })
    },
    uuid: () => crypto.randomUUID(),
    now: () => new Date(),
    onHeard: () => {},
    onOther: () => {},
  })
  const others = setInterval(() => (turns += 1), 1)
  const heard = await hear(
    'members',
    Array.from({ length: 200 }, () => report),
  )
  clearInterval(others)
  assert.equal(heard, 200)
  // Of 200 milliseconds every fifth or so.
  assert.ok(turns >= 15, `${turns} turns`)
})
