/** Who says no, and when: in the order of what is lost when it is wrong. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createEgress } from '@althing/kernel/egress'
import { createBreakers } from '@althing/kernel/resilience'
import { createTestClock } from '@althing/kernel/testing'
import { listening } from '../../../tests/support/engines.ts'
import type { Outcome } from '../known.ts'
import type { Answered } from './asking.ts'
import { allowedFor, deadlineMs, engineAt } from './conformance.ts'
import { createOpa } from './opa.ts'
import { agreedOf, createOthers } from './rules.ts'
import { EngineSetting } from './schema.ts'

const outcomes: readonly Outcome[] = ['allow', 'deny', 'error', 'open']
const opa = { kind: 'opa', open: createOpa } as const

test('of two engines both must say yes; whoever denies decides, and whoever fails is named', () => {
  const said = (engine: string, outcome: Outcome): Answered => ({
    engine,
    outcome,
    why: null,
    milliseconds: 1,
    ...(outcome === 'error' || outcome === 'open' ? { message: 'Away.' } : {}),
  })
  const { ruling: ours } = allowedFor('d1')
  for (const one of outcomes)
    for (const two of outcomes) {
      const { ruling } = agreedOf(ours, [said('one', one), said('two', two)])
      const those = (...which: Outcome[]) => [
        ...(which.includes(one) ? ['engine/one'] : []),
        ...(which.includes(two) ? ['engine/two'] : []),
      ]
      const isYes = one === 'allow' && two === 'allow'
      assert.deepEqual(
        [ruling.decision, ruling.determining, ruling.errors.map(({ policy }) => policy)],
        [isYes, isYes ? ['own'] : those('deny'), those('error', 'open')],
        `${one} ${two}`,
      )
      assert.deepEqual(ruling.outside?.own, ['own'])
    }
})

/** It answers after so long, or never. */
async function answering(afterMs: () => number | null) {
  const state = { asked: 0, now: 0, most: 0 }
  const { host, url } = await listening((request, response) => {
    state.asked += 1
    state.now += 1
    state.most = Math.max(state.most, state.now)
    response.on('close', () => (state.now -= 1))
    request.resume().on('end', () => {
      const after = afterMs()
      if (after === null) return
      setTimeout(
        () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"result":true}'),
        after,
      )
    })
  })
  return { host, url: `${url}/v1/data/x/allow`, state }
}

test('of two hundred at once each is denied in time by an engine that hangs, and what others are asked about takes as long as before', async () => {
  const [hung, quick] = [await answering(() => null), await answering(() => 1)]
  const engine = (name: string, { url }: { url: string }) => {
    const { token: _, ...one } = EngineSetting.parse({
      name,
      kind: 'opa',
      url,
      deadlineMs,
      actions: [`${name}.*`],
    })
    const send = createEgress({ allowed: [hung.host, quick.host] }).send
    return { engine: one, port: createOpa({ url, token: undefined, send }), breaker: breakers.breaker(name) }
  }
  const breakers = createBreakers(createTestClock())
  const { agree, named } = createOthers({
    inUse: [engine('hung', hung), engine('quick', quick)],
    redact: (seen) => seen,
    clock: createTestClock(),
    told: () => {},
  })
  assert.deepEqual([named('hung.read', 'doc'), named('other', 'doc')], [['hung'], []])
  const ask = async (action: string) => {
    const begun = performance.now()
    const [agreed] = await agree([allowedFor('d1', action)])
    return { isYes: agreed?.ruling.decision, took: performance.now() - begun }
  }
  const many = (action: string, count: number) =>
    Promise.all(Array.from({ length: count }, () => ask(action)))
  const p95 = (all: readonly { took: number }[]) =>
    all.map(({ took }) => took).sort((a, b) => a - b)[Math.floor(all.length * 0.95)] ?? 0
  await many('quick.read', 40)
  const before = p95(await many('quick.read', 40))
  const [no, beside] = await Promise.all([many('hung.read', 200), many('quick.read', 40)])
  assert.ok(no.every(({ isYes }) => isYes === false))
  assert.ok(Math.max(...no.map(({ took }) => took)) < deadlineMs * 5)
  assert.ok(beside.every(({ isYes }) => isYes === true))
  assert.ok(p95(beside) < before * 5 + deadlineMs, `${before} ms before, ${p95(beside)} ms beside`)
  assert.ok(hung.state.most <= 32, 'no more than there is room for')
  assert.equal(breakers.breaker('hung').status().state, 'open')
  const soon = await ask('hung.read')
  assert.ok(soon.isYes === false && soon.took < deadlineMs, 'and nobody waits for it any more')
  assert.equal(breakers.breaker('quick').status().state, 'closed')
})

test('an engine that is back is believed again after a look at it', async () => {
  let isWell = false
  const { host, url } = await answering(() => (isWell ? 0 : null))
  const { ask, breaker } = engineAt(opa, { url, allowed: [host], halfOpenAfterSeconds: 0.3 })
  await Promise.all(Array.from({ length: 6 }, () => ask()))
  assert.equal(breaker.status().state, 'open')
  isWell = true
  assert.equal((await ask()).outcome, 'open')
  await new Promise((resolve) => setTimeout(resolve, 350))
  assert.equal((await ask()).ruling.decision, true)
  assert.equal(breaker.status().state, 'closed')
})

test('a long batch leaves room for whoever asks one thing', async () => {
  const { host, url } = await answering(() => 40)
  const { others, ask } = engineAt(opa, { url, allowed: [host] })
  const batch = others.agree(Array.from({ length: 1000 }, () => allowedFor('d1')))
  await new Promise((resolve) => setTimeout(resolve, 60))
  assert.equal((await ask()).ruling.decision, true)
  await batch
})

test('what is asked together ends together; what there was no time for is denied, and shuts the engine for nobody', async () => {
  const { host, url, state } = await answering(() => 60)
  const { others, breaker, ask, told } = engineAt(opa, { url, allowed: [host] })
  const begun = performance.now()
  const all = await others.agree(Array.from({ length: 600 }, () => allowedFor('d1')))
  assert.ok(performance.now() - begun < deadlineMs * 3)
  const yes = all.filter(({ ruling }) => ruling.decision).length
  assert.ok(yes >= 24 && yes < 600, `${yes}`)
  assert.ok(all.every(({ ruling }) => ruling.decision || ruling.errors[0]?.policy === 'engine/x'))
  assert.ok(state.most <= 24)
  assert.equal(told.length, 600)
  await new Promise((resolve) => setTimeout(resolve, 100))
  assert.equal(breaker.status().state, 'closed')
  assert.equal((await ask()).ruling.decision, true)
})
