/** What another service tells is made again once, however often it is told, and without anybody else waiting for all of it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { DecisionReport } from '@althing/kernel/authz'
import { fault } from './faults.ts'
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

const ruling = { decision: false, determining: [], errors: [], seen: () => ({ entities: [], context: {} }) }

/** A log that refuses whenever the test says so, and may have written it all the same. */
function setUp() {
  const counted: string[] = []
  const state = { remade: 0, alarms: 0, isAway: false, says: [] as ('no' | 'unheard' | 'yes')[] }
  const there = new Set<string>()
  const hear = createReported({
    known: (ids) =>
      state.isAway
        ? Promise.reject(new Error('The connection is gone.'))
        : Promise.resolve(ids.filter((id) => there.has(id))),
    log: {
      keepSafe(lines) {
        const said = state.says.shift() ?? 'yes'
        if (said !== 'no') for (const one of lines) there.add(one.whole().id)
        return said === 'yes' ? Promise.resolve() : Promise.reject(fault.unwritten())
      },
    },
    remake({ revision }) {
      state.remade += 1
      return Promise.resolve(revision === 1 ? { ruling, digest: '' } : null)
    },
    uuid: () => crypto.randomUUID(),
    now: () => new Date(),
    onHeard: (outcome) => void counted.push(outcome),
    onOther: () => void (state.alarms += 1),
  })
  return { hear, state, counted, there }
}
const unwritten = { code: 'policy.decisions.unwritten' }
const named = (more: Partial<DecisionReport> = {}) => ({ ...report, id: crypto.randomUUID(), ...more })

test('what is told until the log takes it is made again, counted and alarmed of once, however often that is', async () => {
  const { hear, state, counted, there } = setUp()
  const told = [named(), named({ decision: false }), named({ revision: 4711 })]
  state.says = ['no', 'no']
  for (let refused = 0; refused < 2; refused += 1) await assert.rejects(hear('members', told), unwritten)
  assert.equal(await hear('members', told), 2)
  assert.deepEqual([counted, state.alarms, state.remade], [['other', 'same', 'unknown'], 1, 3])
  assert.equal(there.size, 2)
})

test('what is told again because the answer got lost is neither made again nor counted, and is heard', async () => {
  const { hear, state, counted } = setUp()
  const told = [named()]
  assert.equal(await hear('members', told), 1)
  assert.equal(await hear('members', told), 1)
  assert.deepEqual([counted, state.alarms, state.remade], [['other'], 1, 1])
})

test('what was written though its teller was refused has been alarmed of, once', async () => {
  const { hear, state, counted } = setUp()
  const told = [named()]
  state.says = ['unheard']
  await assert.rejects(hear('members', told), unwritten)
  assert.equal(await hear('members', told), 1)
  assert.deepEqual([counted, state.alarms], [['other'], 1])
})

test('while the log is away nothing is made again for it', async () => {
  const { hear, state, counted } = setUp()
  state.isAway = true
  await assert.rejects(hear('members', [named()]), unwritten)
  assert.deepEqual([counted, state.remade], [[], 0])
})

test('what is told under the same id by another service, or under none, is another decision', async () => {
  const { hear, counted, there } = setUp()
  const told = named()
  await hear('members', [told])
  await hear('events', [told])
  await hear('members', [report, report])
  assert.deepEqual([counted.length, there.size], [4, 4])
})

test('two hundred that are told at once are made again a few at a time, and others have their turn in between', async () => {
  let turns = 0
  const hear = createReported({
    known: () => Promise.resolve([]),
    log: { keepSafe: () => Promise.resolve() },
    remake() {
      busy(1)
      return Promise.resolve({ ruling, digest: '' })
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
