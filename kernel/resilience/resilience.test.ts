import assert from 'node:assert/strict'
import { test } from 'node:test'
import { faults } from '../errors/index.ts'
import { createTestClock, race, seconds, testDatabase } from '../testing/index.ts'
import {
  createBreakers,
  createBulkhead,
  createRetryBudget,
  isUntaken,
  onceByKey,
  withDeadline,
} from './index.ts'

const fault = faults('test.resilience', { refused: [409, 'No.'], away: [503, 'Away.'] })
const failing = () => Promise.reject(new Error('down'))
const resilience = { name: 'kernel.resilience', folder: new URL('./migrations/', import.meta.url) }

test('five failures in ten seconds open a breaker; an operator sees and closes it', async () => {
  const clock = createTestClock()
  const changes: string[] = []
  const breakers = createBreakers(clock, ({ name, state }) => changes.push(`${name} ${state}`))
  const breaker = breakers.breaker('peer:members')
  for (let time = 0; time < 5; time += 1) await assert.rejects(breaker.run(failing), /down/)
  await assert.rejects(
    breaker.run(() => Promise.resolve(1)),
    { code: 'kernel.resilience.broken', retryAfterSeconds: 60 },
  )
  assert.deepEqual(breakers.list(), [{ name: 'peer:members', state: 'open' }])
  assert.deepEqual(breakers.reset('peer:other'), [])
  assert.deepEqual(breakers.reset(), ['peer:members'])
  assert.equal(await breaker.run(() => Promise.resolve(1)), 1)
  assert.deepEqual(changes, ['peer:members open', 'peer:members closed'])
})

test('failures spread over time do not open it, and neither do planned refusals', async () => {
  const clock = createTestClock()
  const breaker = createBreakers(clock).breaker('slow')
  for (let time = 0; time < 12; time += 1) {
    await assert.rejects(breaker.run(failing))
    clock.tick(seconds(3))
  }
  for (let time = 0; time < 12; time += 1)
    await assert.rejects(
      breaker.run(() => Promise.reject(fault.refused())),
      { status: 409 },
    )
  assert.equal(breaker.status().state, 'closed')
})

test('a deadline answers in time and tells the work to stop', async () => {
  let told: unknown
  const work = withDeadline(20, (signal) => {
    signal.addEventListener('abort', () => (told = signal.reason))
    return new Promise(() => {})
  })
  await assert.rejects(work, { code: 'kernel.resilience.too_late' })
  assert.equal((told as { code: string }).code, 'kernel.resilience.too_late')
})

test('an open breaker let nothing through; a deadline says nothing of what was done before it', async () => {
  const breaker = createBreakers(createTestClock()).breaker('away', { failures: 1 })
  const why = (work: () => Promise<unknown>) => work().catch((error: unknown) => error)
  assert.equal(isUntaken(await why(() => breaker.run(failing))), false)
  assert.equal(isUntaken(await why(() => breaker.run(failing))), true)
  assert.equal(isUntaken(await why(() => withDeadline(5, () => new Promise(() => {})))), false)
  assert.equal(isUntaken(fault.away(Object.assign(new Error('x'), { code: 'ECONNRESET' }))), false)
  assert.equal(isUntaken(fault.away(Object.assign(new Error('x'), { code: 'ECONNREFUSED' }))), true)
})

test('a bulkhead lets so many in, so many wait, and sends the rest away at once', async () => {
  const bulkhead = createBulkhead({ limit: 1, queue: 1 })
  const { promise, resolve } = Promise.withResolvers<void>()
  const inside = bulkhead.run(() => promise)
  const waiting = bulkhead.run(async () => 'later')
  await assert.rejects(
    bulkhead.run(async () => 'never'),
    { code: 'kernel.resilience.full', retryAfterSeconds: 2 },
  )
  resolve()
  assert.deepEqual(await Promise.all([inside, waiting]), [undefined, 'later'])
})

test('retries never multiply an outage: the budget is a tenth of the calls', async () => {
  const withRetry = createRetryBudget({ share: 0.1, most: 2 })
  let attempts = 0
  const attempt = () => ((attempts += 1), Promise.reject(fault.away()))
  for (let call = 0; call < 100; call += 1) await assert.rejects(withRetry(attempt, () => true))
  assert.ok(attempts > 100 && attempts <= 113, `${attempts} attempts for 100 calls`)
})

test('the same key does the work once, whoever comes at the same moment; another body is refused', async () => {
  const { database } = await testDatabase({ migrations: [resilience] })
  let done = 0
  const pay = (amount: number) =>
    database.transaction((db) =>
      onceByKey(db, { scope: 'acc_1', key: 'k1', request: { amount } }, async () => ({
        receipt: (done += 1),
      })),
    )
  const { won } = await race(16, async (_runner, ready) => (await ready(), pay(5)))
  assert.equal(won.length, 16)
  assert.equal(done, 1)
  assert.deepEqual(await pay(5), { receipt: 1 })
  await assert.rejects(pay(6), { code: 'kernel.idempotency.reused' })
})

test('a key whose work failed is free again', async () => {
  const { database } = await testDatabase({ migrations: [resilience] })
  const attempt = (work: () => Promise<number>) =>
    database.transaction((db) => onceByKey(db, { scope: 's', key: 'k', request: 1 }, work))
  await assert.rejects(attempt(() => Promise.reject(fault.away())))
  assert.equal(await attempt(async () => 7), 7)
})
