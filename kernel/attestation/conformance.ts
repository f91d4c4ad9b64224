import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBreakers, type Breaker } from '../resilience/index.ts'
import { createTestClock, type Behaviour, type TestClock } from '../testing/index.ts'
import type { Verifier } from './port.ts'

/** What a verifier is opened with: everything but what its kind needs. */
export interface Common {
  readonly breaker: Breaker
  readonly clock: TestClock
  readonly deadlineMs: number
  readonly onTrouble: (cause: unknown) => void
}

export interface Opened {
  readonly verifier: Verifier
  readonly provider: { asked(): number; behave(how: Behaviour): void }
  /** Fresh evidence, as a client of ours has it, for the action `apply`. */
  genuine(): Promise<string>
}

const away: readonly Behaviour[] = ['failing', 'garbage', 'slow', 'endless', 'elsewhere']

const isWaitedFor = (how: Behaviour): boolean => how === 'slow' || how === 'endless'

/** What every verifier promises, against a provider over real HTTP. */
export function attestationConformance(adapter: string, open: (common: Common) => Promise<Opened>): void {
  /** @param deadlineMs short only where somebody waits for its end: a busy machine is slow as well */
  const setUp = async (deadlineMs = 10_000) => {
    const clock = createTestClock()
    const breaker = createBreakers(clock).breaker(adapter)
    const told: unknown[] = []
    const common = { breaker, clock, deadlineMs, onTrouble: (cause: unknown) => void told.push(cause) }
    return { ...(await open(common)), breaker, told }
  }

  test(`${adapter}: what is genuine is found to be so`, async () => {
    const { verifier, genuine } = await setUp()
    assert.equal(await verifier.appraise(await genuine(), 'apply'), 'genuine')
  })

  test(`${adapter}: what is none is refused, however it is written, and is nobody's failure`, async () => {
    const { verifier, genuine, breaker, told } = await setUp()
    const real = await genuine()
    const wrong = [
      '',
      'x',
      'null',
      '{}',
      'a.b.c',
      '..',
      'é',
      '\n',
      `${real}x`,
      real.slice(0, -9),
      'x'.repeat(100_000),
    ]
    for (const evidence of wrong)
      assert.equal(await verifier.appraise(evidence, 'apply'), 'refused', evidence.slice(0, 40))
    assert.equal(breaker.status().state, 'closed')
    assert.deepEqual(told, [])
  })

  for (const how of away)
    test(`${adapter}: a provider that is ${how} is away: nothing is genuine then, and nothing refused`, async () => {
      const { verifier, genuine, provider, told } = await setUp(isWaitedFor(how) ? 500 : undefined)
      const evidence = await genuine()
      provider.behave(how)
      assert.equal(await verifier.appraise(evidence, 'apply'), 'unavailable')
      assert.equal(await verifier.appraise(evidence, 'apply'), 'unavailable')
      assert.equal(told.length, 1, 'an operator hears of it once')
      const words = String((told[0] as Error).cause ?? told[0])
      assert.ok(!words.includes(evidence.slice(0, 20)) && !words.includes('doctype'), words)
      provider.behave('well')
      assert.equal(await verifier.appraise(evidence, 'apply'), 'genuine')
    })

  test(`${adapter}: a provider that fails again and again is left alone until the breaker lets somebody look`, async () => {
    const { verifier, genuine, provider, breaker } = await setUp()
    const evidence = await genuine()
    provider.behave('failing')
    for (let time = 0; time < 8; time += 1) await verifier.appraise(evidence, 'apply')
    assert.deepEqual([provider.asked(), breaker.status().state], [5, 'open'])
    provider.behave('well')
    assert.equal(await verifier.appraise(evidence, 'apply'), 'unavailable')
    breaker.reset()
    assert.equal(await verifier.appraise(evidence, 'apply'), 'genuine')
  })
}
