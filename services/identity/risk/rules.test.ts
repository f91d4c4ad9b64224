import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { createTestClock, minutes } from '@althing/kernel/testing'
import type { Arriving, Raised, Weighed } from '../proofs.ts'
import { createRisk, type Tried } from './rules.ts'
import type { Action, Mark, Signal } from './schema.ts'
import { policyOf, riskSettings, type Policy } from './settings.ts'

const stranger: Arriving = {
  account: 'acc_1',
  network: '203.0.113.7',
  device: 'Firefox, Linux',
  isKnown: false,
  isWhole: false,
}

test('a new device alone is let in without a word of risk', async () => {
  const { weigh, done } = setUp({})
  assert.equal(await weigh(stranger), 'go')
  assert.deepEqual(done, [])
})

test('the owner is told from the first threshold on, and asked for a second factor from the next', async () => {
  const told = setUp({ marks: ['breached-password'] })
  assert.equal(await told.weigh(stranger), 'go')
  assert.deepEqual(told.done, ['raised unusual-sign-in medium', 'told sign-in-unusual'])
  const asked = setUp({ marks: ['breached-password'], tries: 10, hasSecondFactor: true })
  assert.equal(await asked.weigh(stranger), 'step-up')
  assert.deepEqual(asked.actions, ['step-up'])
  const alone = setUp({ tries: 10, hasSecondFactor: true })
  assert.equal(await alone.weigh(stranger), 'step-up')
  assert.deepEqual(alone.actions, ['step-up'])
})

test('whoever has no second factor is told in place of being asked for one', async () => {
  const { weigh, done, actions } = setUp({ tries: 10 })
  assert.equal(await weigh(stranger), 'go')
  assert.deepEqual([actions, done.at(-1)], [['notify'], 'told sign-in-unusual'])
})

test('who has only the password ends nothing where a second factor is to follow, and whoever shows it ends what was open', async () => {
  const grave = { failing: 90, marks: ['breached-password'] } as const
  const { weigh, completed, done, actions } = setUp({ ...grave, hasSecondFactor: true })
  assert.equal(await weigh(stranger), 'step-up')
  assert.deepEqual(done, ['raised unusual-sign-in high', 'told sign-in-unusual'])
  await completed(stranger)
  assert.deepEqual([done.at(-1), done.length], ['ended', 3], 'nobody is told twice')
  assert.deepEqual(actions, ['step-up', 'end-sessions'])
  const known = setUp({ ...everything, hasSecondFactor: true })
  assert.equal(await known.weigh({ ...stranger, isKnown: true }), 'step-up')
  assert.ok(!known.done.includes('ended'), 'a device that is known was perhaps stolen with the password')
})

test('what ends sessions ends them at once where there is no second factor, or all has been shown', async () => {
  const grave = { failing: 90, marks: ['breached-password'] } as const
  for (const [hasSecondFactor, isWhole] of [
    [false, false],
    [true, true],
  ] as const) {
    const { weigh, done } = setUp({ ...grave, hasSecondFactor })
    assert.equal(await weigh({ ...stranger, isWhole }), 'go')
    assert.equal(done.at(-1), 'ended')
  }
})

test('a second factor that follows a sign-in of which little was said ends nothing', async () => {
  const { completed, done, actions } = setUp({ tries: 50, marks: ['refresh-reuse'], hasSecondFactor: true })
  await completed(stranger)
  assert.deepEqual([done, actions], [[], []])
})

test('what others can bring about refuses nobody and ends nothing: an owner on a new device is asked for more, or told', async () => {
  const moved = { tries: 500, marks: ['refresh-reuse'] } as const
  for (const riskPolicy of ['balanced', 'strict'])
    for (const [hasSecondFactor, answer] of [
      [true, 'step-up'],
      [false, 'go'],
    ] as const) {
      const { weigh, done } = setUp({ ...moved, hasSecondFactor, policy: { riskPolicy } })
      assert.equal(await weigh(stranger), answer)
      assert.deepEqual(done, ['raised unusual-sign-in medium', 'told sign-in-unusual'])
    }
})

test('who shares a network with somebody who tries many accounts is not refused for it: at most what is open elsewhere ends', async () => {
  for (const riskPolicy of ['balanced', 'strict']) {
    const crowded = { far: true, failing: 500, policy: { riskPolicy } }
    const { weigh, done, assess } = setUp(crowded)
    assert.equal(await weigh(stranger), 'go')
    assert.equal(done.at(-1), 'ended')
    const { score, ownScore, refusalScore } = await assess(stranger)
    assert.deepEqual([score, ownScore, refusalScore], [95, 95, 65])
    assert.equal(await setUp({ ...crowded, hasSecondFactor: true }).weigh(stranger), 'step-up')
  }
  const own = setUp({ failing: 500, hasSecondFactor: true, policy: { riskBlockAt: '21' } })
  assert.equal(await own.weigh(stranger), 'step-up', 'whatever an operator has set')
})

test('a stranger is refused where the owner, on a known device or with a whole proof, loses other sessions at most', async () => {
  const attacked = setUp(everything)
  assert.equal(await attacked.weigh(stranger), 'block')
  assert.deepEqual(attacked.done, ['raised blocked-sign-in high', 'told sign-in-blocked'])
  for (const part of [{ isKnown: true }, { isWhole: true }])
    assert.equal(await setUp(everything).weigh({ ...stranger, ...part }), 'go')
})

test('a policy that watches hinders nobody, one that is off says nothing, and a threshold of one’s own goes before', async () => {
  const watching = setUp({ ...everything, policy: { riskPolicy: 'watch' } })
  assert.deepEqual([await watching.weigh(stranger), watching.actions], ['go', ['notify']])
  const off = setUp({ ...everything, policy: { riskPolicy: 'off' } })
  assert.deepEqual([await off.weigh(stranger), off.done], ['go', []])
  const own = setUp({ policy: { riskBlockAt: '20' } })
  assert.equal(await own.weigh(stranger), 'block')
})

test('a refresh token shown twice is told and marked, and ends nothing more: an application with a fault does so all day', async () => {
  const once = setUp({})
  await once.reused('acc_1')
  assert.deepEqual(once.done, ['raised refresh-reuse high', 'told token-reused'])
  for (const policy of [{}, { riskEndSessionsAt: '20' }]) {
    const twice = setUp({ marks: ['breached-password'], tries: 10, policy })
    await twice.reused('acc_1')
    assert.deepEqual(twice.done, ['raised refresh-reuse high', 'told token-reused'])
  }
})

test('more signals never make the answer milder, and no known device and no whole proof is ever refused', async () => {
  const order: Action[] = ['nothing', 'notify', 'step-up', 'end-sessions', 'block']
  const scene = fc.record({
    tries: fc.integer({ min: 0, max: 30 }),
    far: fc.boolean(),
    failing: fc.integer({ min: 0, max: 60 }),
    marks: fc.uniqueArray(fc.constantFrom('breached-password' as const, 'refresh-reuse' as const)),
    isKnown: fc.boolean(),
    isWhole: fc.boolean(),
    hasSecondFactor: fc.boolean(),
  })
  await fc.assert(
    fc.asyncProperty(scene, async ({ isKnown, isWhole, ...facts }) => {
      const seen = { ...stranger, isKnown, isWhole }
      const less = await setUp({ ...facts, marks: [], tries: 0 }).assess(seen)
      const more = await setUp(facts).assess(seen)
      assert.ok(order.indexOf(more.action) >= order.indexOf(less.action))
      assert.ok(more.score >= less.score && more.score <= 100)
      if (isKnown || isWhole) assert.notEqual(await setUp(facts).weigh(seen), 'block')
      const weighed = setUp(facts)
      await weighed.weigh(seen)
      if (facts.hasSecondFactor && !isWhole) assert.ok(!weighed.done.includes('ended'))
    }),
    { numRuns: 300 },
  )
})

/** All that counts against somebody who comes from too far away. */
const everything = {
  tries: 50,
  failing: 90,
  far: true,
  marks: ['breached-password', 'refresh-reuse'],
} as const

interface Scene {
  /** Too far from where the owner was to have come. */
  readonly far?: boolean
  readonly tries?: number
  readonly failing?: number
  readonly marks?: readonly Mark['kind'][]
  readonly hasSecondFactor?: boolean
  readonly policy?: Readonly<Record<string, string>>
}

function setUp({
  far = false,
  tries = 0,
  failing = 0,
  marks = [],
  hasSecondFactor = false,
  policy = {},
}: Scene) {
  const clock = createTestClock()
  const [done, actions, seen]: [string[], Action[], Signal[]] = [[], [], []]
  const kept: Mark[] = marks.map((kind) => ({ kind, at: clock.now() }))
  const tried: Tried = {
    tries,
    networks: 1,
    lastAt: new Date(clock.now().getTime() - minutes(60)),
    lastNetwork: '198.51.100.1',
  }
  const risk = createRisk({
    clock,
    policy: policyFrom(policy),
    placeOf: (network) =>
      !far ? null : { country: 'IS', latitude: network === stranger.network ? -64 : 64, longitude: 0 },
    store: {
      marksOf: async () => kept,
      mark: async (_account, kind, at) => void kept.push({ kind, at }),
    },
    known: async (_account, network) => ({
      tried,
      failing: network === null ? 0 : failing,
      came: 0,
      marks: kept,
      passwordChangedAt: null,
    }),
    passwordChangedAt: async () => null,
    hasSecondFactor: async () => hasSecondFactor,
    tellOwner: async (_account, kind) => done.push(`told ${kind}`) > 0,
    endSessions: async () => void done.push('ended'),
    raise: async ({ kind, severity }: Raised) => void done.push(`raised ${kind} ${severity}`),
    onSignal: (signal) => void seen.push(signal),
    onAction: (action) => void actions.push(action),
  })
  const weigh: (seen: Arriving) => Promise<Weighed['next']> = async (arriving) =>
    (await risk.weigh(arriving)).next
  /** The mark stands by then: it is made in the transaction of which this is the job. */
  const reused = async (account: string) => {
    kept.push({ kind: 'refresh-reuse', at: clock.now() })
    await risk.reused(account, clock.now())
  }
  return { ...risk, weigh, reused, done, actions, seen }
}

/** The settings as an environment would say them. */
function policyFrom(given: Readonly<Record<string, string>>): Policy {
  const values = Object.entries(riskSettings).map(([name, { schema, ...declared }]) => [
    name,
    schema.parse(given[name] ?? ('fallback' in declared ? declared.fallback : undefined)),
  ])
  return policyOf(Object.fromEntries(values) as Parameters<typeof policyOf>[0], 1)
}
