import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Fault } from '../errors/index.ts'
import { createTestClock } from '../testing/index.ts'
import { createOutsideTokens } from './outside.ts'

test('made-up tokens push out none that was given', async () => {
  const { ownFor, asked } = setUp()
  assert.equal(await ownFor('good'), 'own 1')
  for (let n = 0; n < 6000; n += 1) await ownFor(`made up ${n}`, `network ${n % 200}`).catch(() => {})
  const before = asked()
  assert.equal(await ownFor('good'), 'own 1')
  assert.equal(asked(), before, 'nobody was asked again')
})

test('a network that floods keeps nobody else out, and whoever sits in it waits and is let in', async () => {
  const { ownFor } = setUp(20)
  const flood = Array.from({ length: 600 }, (_, n) =>
    ownFor(`made up ${n}`, 'hall').catch((error: Fault) => error.status),
  )
  assert.equal(await ownFor('good', 'elsewhere'), 'own 1')
  assert.deepEqual(new Set(await Promise.all(flood)), new Set([401, 503]))
  assert.equal(await ownFor('good, of the hall', 'hall'), 'own 2')
})

test('a token that was renewed by one request is the same for another that found the old one worthless', async () => {
  const { ownFor, ownInstead, asked } = setUp()
  const first = await ownFor('good')
  const [one, other] = await Promise.all([ownInstead(first, 'good'), ownInstead(first, 'good')])
  assert.deepEqual([one, other, asked()], ['own 2', 'own 2', 2])
  assert.equal(await ownInstead(first, 'good'), 'own 2', 'who comes later takes what is there')
})

test('what is refused is refused again without a question, for a moment; what is too long is never asked about', async () => {
  const { ownFor, asked, clock } = setUp()
  await assert.rejects(ownFor('made up'), { code: 'kernel.token.invalid' })
  await assert.rejects(ownFor('made up'), { code: 'kernel.token.invalid' })
  assert.equal(asked(), 1)
  clock.tick(6_000)
  await assert.rejects(ownFor('made up'), { code: 'kernel.token.invalid' })
  await assert.rejects(ownFor('x'.repeat(9_000)), { code: 'kernel.token.invalid' })
  assert.equal(asked(), 2)
})

function setUp(takesMs = 0) {
  let asked = 0
  let given = 0
  const clock = createTestClock('2026-11-22T05:00:00Z')
  const tokens = createOutsideTokens({
    clock,
    async exchange({ token }) {
      asked += 1
      if (takesMs > 0) await pause(takesMs)
      if (!token.startsWith('good')) throw new Fault('test.refused', 401, 'No.')
      return { token: `own ${(given += 1)}` }
    },
  })
  const presented = (token: string, network: string) => ({ token, network, agent: '' })
  return {
    clock,
    asked: () => asked,
    ownFor: (token: string, network = 'home') => tokens.ownFor(presented(token, network)),
    ownInstead: (of: string, token: string) => tokens.ownInstead(of, presented(token, 'home')),
  }
}
