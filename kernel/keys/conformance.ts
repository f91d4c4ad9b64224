import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBreakers, type Breaker } from '../resilience/index.ts'
import {
  createTestChance,
  createTestClock,
  type Behaviour,
  type KeyStandIn,
  type TestClock,
} from '../testing/index.ts'
import type { KeyService } from './port.ts'

export interface Common {
  readonly breaker: Breaker
  readonly clock: TestClock
  readonly deadlineMs: number
}

export interface Opened {
  readonly service: KeyService
  /** The same service asked by somebody whom it does not know. */
  readonly stranger: KeyService
  /** Null for a service that needs no wire. */
  readonly provider: KeyStandIn | null
}

const away: readonly Behaviour[] = ['failing', 'garbage', 'slow', 'endless', 'elsewhere']
const dataKey = createTestChance().bytes(32)

/** What every key service promises. Those over a wire are asked against a stand-in that looks at who asks. */
export function keyServiceConformance(adapter: string, open: (common: Common) => Promise<Opened>): void {
  const setUp = async () => {
    const clock = createTestClock()
    clock.set(new Date())
    const breaker = createBreakers(clock).breaker(adapter)
    return { ...(await open({ clock, breaker, deadlineMs: 400 })), breaker }
  }
  /** For those over a wire. */
  const setUpRemote = async () => {
    const { provider, ...opened } = await setUp()
    return provider === null ? null : { ...opened, provider }
  }

  test(`${adapter}: what it wraps it unwraps, and it looks different each time`, async () => {
    const { service } = await setUp()
    const [first, second] = [await service.wrap(dataKey, 'a'), await service.wrap(dataKey, 'a')]
    assert.notDeepEqual(first, second)
    for (const wrapped of [first, second])
      assert.deepEqual(Buffer.from(await service.unwrap(wrapped, 'a')), Buffer.from(dataKey))
    assert.equal(Buffer.from(first).includes(Buffer.from(dataKey)), false)
  })

  test(`${adapter}: what was wrapped for one place, altered, or is nothing, does not open`, async () => {
    const { service, breaker } = await setUp()
    const wrapped = await service.wrap(dataKey, 'a')
    const bent = Uint8Array.from(wrapped, (byte, index) => (index === wrapped.length - 20 ? byte ^ 1 : byte))
    for (const [what, place] of [
      [wrapped, 'b'],
      [wrapped, ''],
      [bent, 'a'],
      [wrapped.subarray(0, 9), 'a'],
      [new Uint8Array(0), 'a'],
    ] as const)
      await assert.rejects(service.unwrap(what, place), { code: 'kernel.keys.altered' })
    assert.equal(breaker.status().state, 'closed', 'that is an answer, and no failure')
  })

  test(`${adapter}: a stranger opens nothing`, async () => {
    const { service, stranger } = await setUp()
    const wrapped = await service.wrap(dataKey, 'a')
    await assert.rejects(stranger.unwrap(wrapped, 'a'), { code: /^kernel\.keys\.(altered|refused)$/ })
  })

  test(`${adapter}: who is denied, or whose key is disabled, is told that it is refused, at once`, async () => {
    const opened = await setUpRemote()
    if (opened === null) return
    const { service, provider, breaker } = opened
    const wrapped = await service.wrap(dataKey, 'a')
    for (const how of ['denied', 'disabled'] as const) {
      provider.refuse(how)
      await assert.rejects(service.wrap(dataKey, 'a'), { code: 'kernel.keys.refused' })
      await assert.rejects(service.unwrap(wrapped, 'a'), { code: /^kernel\.keys\.(altered|refused)$/ })
    }
    assert.equal(breaker.status().state, 'closed')
  })

  test(`${adapter}: who asks too often is told that nobody is there, and comes back`, async () => {
    const opened = await setUpRemote()
    if (opened === null) return
    const { service, provider } = opened
    provider.refuse('throttled')
    await assert.rejects(service.wrap(dataKey, 'a'), { code: 'kernel.keys.unreachable' })
    provider.refuse(null)
    assert.deepEqual(
      Buffer.from(await service.unwrap(await service.wrap(dataKey, 'a'), 'a')),
      Buffer.from(dataKey),
    )
  })

  for (const how of away)
    test(`${adapter}: a service that is ${how} is away, within the deadline, and what it says is not quoted`, async () => {
      const opened = await setUpRemote()
      if (opened === null) return
      const { service, provider } = opened
      const wrapped = await service.wrap(dataKey, 'a')
      provider.behave(how)
      const error = await service.unwrap(wrapped, 'a').then(
        () => assert.fail('it opened'),
        (reason: unknown) => reason as Error & { code?: string },
      )
      assert.match(error.code ?? '', /^kernel\.(keys\.unreachable|resilience\.too_late)$/)
      assert.doesNotMatch(`${error.message} ${String(error.cause)}`, /doctype|success/)
      provider.behave('well')
      assert.deepEqual(Buffer.from(await service.unwrap(wrapped, 'a')), Buffer.from(dataKey))
    })

  test(`${adapter}: a service that fails again and again is left alone`, async () => {
    const opened = await setUpRemote()
    if (opened === null) return
    const { service, provider, breaker } = opened
    provider.behave('failing')
    for (let time = 0; time < 6; time += 1) await service.wrap(dataKey, 'a').catch(() => {})
    const asked = provider.asked()
    assert.equal(breaker.status().state, 'open')
    await assert.rejects(service.wrap(dataKey, 'a'), { code: 'kernel.resilience.broken' })
    assert.equal(provider.asked(), asked)
  })
}
