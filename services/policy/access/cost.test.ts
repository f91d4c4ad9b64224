/** What one asker can cost the others: a request is as large as it may be, and nobody notices. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFault } from '@althing/kernel/errors'
import type { Caller } from '@althing/kernel/http'
import { parsePolicies } from '../../../tests/support/cedar-text.ts'
import { decisionPoint } from '../../../tests/support/decision-point.ts'
import { engineOn } from '../../../tests/support/policy-engine.ts'
import { nobodyElse } from '../deciding.ts'
import type { Known } from '../known.ts'
import { createAccess, type Asking } from './rules.ts'

const text = `
@id("doc") permit (principal is user, action == Action::"read", resource is doc) when { resource has open && resource.open };
@id("big") permit (principal is user, action == Action::"big", resource);
`
const policies = await parsePolicies(text)
const caller: Caller = { kind: 'machine', subject: 'svc_1', roles: [] }
const asking: Asking = { caller, request: undefined }
const doc = (open: boolean): Known => ({
  type: 'doc',
  id: 'd',
  attributes: { open },
  parents: [],
  relations: {},
  stamp: null,
})

/** The engine takes up what has changed where it stands. */
function setUp(onDecided: () => void = () => {}) {
  let [open, world] = [true, 1]
  const engine = engineOn(() => ({
    world: [doc(open)],
    policies,
    revisions: { world, policies: 1 },
    changed: [{ type: 'doc', id: 'd' }],
  }))
  const access = createAccess({
    engine,
    others: nobodyElse,
    verify: async () => caller,
    decided: async () => {},
    beside: onDecided,
    isLogged: true,
    hintsFor: () => ({}),
  })
  return {
    ...access,
    close() {
      open = false
      world += 1
    },
  }
}
const asked = {
  subject: { type: 'user', id: 'u' },
  action: { name: 'read' },
  resource: { type: 'doc', id: 'd' },
}
const many = (count: number) => Array.from({ length: count }, () => ({}))
const decisions = (answer: Awaited<ReturnType<ReturnType<typeof setUp>['evaluateAll']>>) =>
  'evaluations' in answer ? answer.evaluations.map(({ decision }) => decision) : []

function busy(milliseconds: number): void {
  const ends = performance.now() + milliseconds
  while (performance.now() < ends);
}

test('a value has an end, and what many questions have in common weighs for each of them', async () => {
  const { evaluate, evaluateAll } = setUp()
  const numbers = (count: number) => Array.from({ length: count }, (_, n) => n)
  for (const a of [numbers(1001), { b: [numbers(600), numbers(600)] }])
    await assert.rejects(evaluate({ ...asked, context: { a } }, asking), (error: unknown) => {
      assert.ok(isFault(error, 'policy.access.invalid'))
      assert.deepEqual(error.fields, [{ pointer: '/context/a', message: 'Has more than 1000 members.' }])
      return true
    })
  assert.equal((await evaluate({ ...asked, context: { a: numbers(1000) } }, asking)).decision, true)
  const context = Object.fromEntries(numbers(50).map((n) => [`n${n}`, numbers(1000)]))
  await assert.rejects(
    evaluateAll({ ...asked, context, evaluations: many(1000) }, asking),
    (error: unknown) => {
      assert.ok(isFault(error, 'policy.access.invalid'))
      assert.equal(error.fields[0]?.pointer, '/evaluations')
      return true
    },
  )
  assert.equal(decisions(await evaluateAll({ ...asked, context, evaluations: many(10) }, asking)).length, 10)
})

test('whoever asks one thing is answered while a thousand are decided', async () => {
  const { evaluateAll } = setUp(() => busy(1))
  let [isOver, turns] = [false, 0]
  const count = () => {
    turns += 1
    if (!isOver) setImmediate(count)
  }
  setImmediate(count)
  await evaluateAll({ ...asked, evaluations: many(300) }, asking)
  isOver = true
  assert.ok(turns > 20, `${turns} turns in 300 ms`)
})

test('all of a batch is decided in one world; what changes meanwhile holds for whoever asks after it', async () => {
  let later: Promise<{ decision: boolean }> | undefined
  let count = 0
  const point = setUp(() => {
    busy(0.5)
    count += 1
    if (count !== 20) return
    point.close()
    later = point.evaluate(asked, asking)
  })
  const answer = await point.evaluateAll({ ...asked, evaluations: many(100) }, asking)
  assert.deepEqual(new Set(decisions(answer)), new Set([true]))
  assert.equal(decisions(answer).length, 100)
  assert.equal((await later)?.decision, false)
  assert.equal(
    (
      (await point.evaluateAll({ ...asked, evaluations: many(2) }, asking)) as {
        evaluations: { decision: boolean }[]
      }
    ).evaluations[0]?.decision,
    false,
  )
})

test('a megabyte that a thousand questions have in common is read once, over the wire as well', async () => {
  const point = await decisionPoint({ policies: text })
  const a = Array.from({ length: 145_000 }, (_, n) => n)
  const before = process.memoryUsage().rss
  const { status, body } = await point.ask('/access/v1/evaluations', {
    ...asked,
    action: { name: 'big' },
    context: { a },
    evaluations: many(1000),
  })
  assert.equal(status, 400, JSON.stringify(body).slice(0, 200))
  assert.ok(process.memoryUsage().rss - before < 300 * 2 ** 20, 'nothing of it is kept for each')
  const small = await point.ask('/access/v1/evaluations', {
    ...asked,
    action: { name: 'big' },
    context: { a: a.slice(0, 1000) },
    evaluations: many(1000),
  })
  assert.equal(small.status, 200)
})
