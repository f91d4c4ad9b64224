/** A kept decision is what a new one would be, whatever happens to the world, the policies and people's rights meanwhile. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { createTestClock, seedOfThisRun } from '@althing/kernel/testing'
import { parsePolicies } from '../../../tests/support/cedar-text.ts'
import { engineOn } from '../../../tests/support/policy-engine.ts'
import type { Question, Ruling } from '../deciding.ts'
import type { Known } from '../known.ts'
import { recordOf } from '../values.ts'
import { createAnswers } from './rules.ts'

const texts = [
  `@id("p") permit (principal in Role::"chief", action, resource) when { context.hour < 12 };
   @id("q") permit (principal, action, resource) when { principal has level && principal.level > 1 && resource.open };
   @id("r") permit (principal, action == Action::"read", resource) when { resource has owner && resource.owner.trusted };`,
  `@id("p") permit (principal, action, resource) when { context == {"hour": 3} };
   @id("f") forbid (principal, action == Action::"write", resource);`,
]
const sets = await Promise.all(texts.map((text) => parsePolicies(text)))

const person = fc.record({
  kind: fc.constant('person' as const),
  id: fc.constantFrom('a', 'b'),
  isChief: fc.boolean(),
  trusted: fc.boolean(),
})
const step = fc.oneof(
  {
    weight: 60,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      id: fc.constantFrom('a', 'b'),
      action: fc.constantFrom('read', 'write'),
      said: fc.option(
        fc.record(
          { level: fc.constantFrom<unknown>(2, 2, 2, 2, 1, '2'), nothing: fc.string() },
          { requiredKeys: [] },
        ),
        { nil: undefined },
      ),
      open: fc.constantFrom(true, true, false, undefined),
      onSelf: fc.constantFrom(false, false, false, true),
      hour: fc.constantFrom<unknown>(3, 3, 13, '3'),
      more: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
    }),
  },
  { weight: 2, arbitrary: person },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('owner' as const), id: fc.constantFrom('a', 'b') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('policies' as const), set: fc.constantFrom(0, 1) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('shut out' as const), id: fc.constantFrom('a', 'b') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('restored' as const), id: fc.constantFrom('a', 'b') }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'sweep' as const }) },
)

test('with what is kept every decision is the one that is made without, under any changes', async () => {
  let hits = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 20, maxLength: 60 }),
      fc.constantFrom(1, 3, 1000),
      async (steps, most) => {
        const world = changingWorld()
        const answers = createAnswers({ engine: world.engine(), isOn: true, most, count: () => {} })
        const without = world.engine()
        for (const one of steps) {
          if (one.kind === 'sweep') answers.sweep()
          else if (one.kind !== 'ask') world.change(one)
          else {
            const question = questionOf(one)
            const kept = (await answers.engine.fresh()).decide(question)
            const anew = (await without.fresh()).decide(question)
            assert.deepEqual(shown(kept), shown(anew))
          }
          assert.ok(answers.stats().entries <= most)
        }
        hits += answers.stats().hit
      },
    ),
    { seed: seedOfThisRun(), numRuns: 400 },
  )
  assert.ok(hits > 100, `${hits} were kept`)
})

test('what no policy reads makes no other question; what one reads does, also of another kind', async () => {
  const world = changingWorld()
  const answers = createAnswers({ engine: world.engine(), isOn: true, most: 10, count: () => {} })
  const ask = async (said: object, hour: unknown = 3, open = true) =>
    (await answers.engine.fresh()).decide(
      questionOf({ id: 'a', action: 'read', said, hour, open, more: undefined }),
    ).cached === true
  assert.equal(await ask({ level: 2, nothing: 'x' }), false)
  assert.equal(await ask({ level: 2, nothing: 'y' }), true)
  assert.equal(await ask({ level: 3 }), false)
  assert.equal(await ask({ level: 2 }, 4), false)
  assert.equal(await ask({ level: 2 }, 3, false), false)
  assert.equal(await ask({ level: 2 }), true)
})

test('of one thing of whom both is said, what is said of it as the resource is in the question too', async () => {
  const world = changingWorld()
  const answers = createAnswers({ engine: world.engine(), isOn: true, most: 10, count: () => {} })
  const self = { type: 'Person', id: 'a' }
  const ask = async (level: number | undefined) =>
    (await answers.engine.fresh()).decide({
      principal: { ...self, attributes: recordOf() },
      action: 'read',
      resource: {
        ...self,
        attributes: recordOf(level === undefined ? { open: true } : { open: true, level }),
      },
      context: recordOf({ hour: 13 }),
    }).decision
  assert.deepEqual(
    [await ask(2), await ask(undefined), await ask(1), await ask(2)],
    [true, false, false, true],
  )
})

test('what was kept is nothing worth where the same numbers stand for another world', async () => {
  const world = changingWorld()
  const answers = createAnswers({ engine: world.engine(), isOn: true, most: 10, count: () => {} })
  const ask = async () =>
    (await answers.engine.fresh()).decide(
      questionOf({ id: 'a', action: 'read', said: undefined, hour: 3, open: undefined, more: undefined }),
    )
  world.change({ kind: 'person', id: 'a', isChief: true, trusted: false })
  assert.equal((await ask()).decision, true)
  world.change({ kind: 'restored', id: 'a' })
  assert.equal((await ask()).decision, false)
  assert.equal((await ask()).cached, true, 'and from here on it is kept again')
})

test('what could not be evaluated is not kept, and with the switch off nothing is', async () => {
  const world = changingWorld()
  const on = createAnswers({ engine: world.engine(), isOn: true, most: 10, count: () => {} })
  const wrong = questionOf({
    id: 'a',
    action: 'read',
    said: { level: 'high' },
    hour: 'late',
    open: undefined,
    more: undefined,
  })
  for (let n = 0; n < 3; n += 1) assert.ok((await on.engine.fresh()).decide(wrong).errors.length > 0)
  assert.deepEqual([on.stats().entries, on.stats().hit], [0, 0])
  const off = createAnswers({ engine: world.engine(), isOn: false, most: 10, count: () => {} })
  const right = questionOf({ id: 'a', action: 'read', said: undefined, hour: 3, open: true, more: undefined })
  for (let n = 0; n < 3; n += 1) assert.equal((await off.engine.fresh()).decide(right).cached, undefined)
  assert.deepEqual([off.stats().entries, off.stats().miss], [0, 0])
})

test('what a policy reads the clock for is decided anew each time, and everything else is kept', async () => {
  const clock = createTestClock('2026-12-01T10:00:00Z')
  const policies = await parsePolicies(`
@id("until") permit (principal is Person, action == Action::"read", resource) when { context.now < datetime("2026-12-01T10:01:00Z") };
@id("ever") permit (principal is Person, action == Action::"write", resource);`)
  const answers = createAnswers({
    engine: engineOn(() => ({ world: [], policies }), clock),
    isOn: true,
    most: 10,
    count: () => {},
  })
  const ask = async (action: string) =>
    (await answers.engine.fresh()).decide(
      questionOf({ id: 'a', action, said: undefined, hour: 3, open: true, more: undefined }),
    )
  for (const action of ['read', 'write', 'read', 'write']) assert.equal((await ask(action)).decision, true)
  assert.deepEqual([answers.stats().hit, answers.stats().entries], [1, 1])
  clock.tick(60_000)
  assert.equal((await ask('read')).decision, false)
  assert.equal((await ask('write')).cached, true)
})

test('no more is kept than may be, and what nobody asks for between two sweeps goes', async () => {
  const world = changingWorld()
  const answers = createAnswers({ engine: world.engine(), isOn: true, most: 5, count: () => {} })
  const ask = async (level: number) =>
    (await answers.engine.fresh()).decide(
      questionOf({ id: 'a', action: 'read', said: { level }, hour: 3, open: true, more: undefined }),
    )
  for (let level = 0; level < 20; level += 1) await ask(level)
  assert.deepEqual([answers.stats().entries, answers.stats().evicted], [5, 15])
  answers.sweep()
  await ask(19)
  answers.sweep()
  assert.equal(answers.stats().entries, 1)
  world.change({ kind: 'owner', id: 'b' })
  await ask(19)
  assert.deepEqual([answers.stats().dropped, answers.stats().entries], [1, 1])
})

const shown = ({ decision, determining, errors, seen }: Ruling) => ({
  decision,
  determining,
  errors,
  seen: seen(),
})

interface Asked {
  readonly id: string
  readonly action: string
  readonly said: object | undefined
  readonly open: boolean | undefined
  readonly hour: unknown
  readonly more: string | undefined
  /** The same words, of themselves. */
  readonly onSelf?: boolean
}

const questionOf = ({ id, action, said, open, hour, more, onSelf = false }: Asked): Question => ({
  principal: { type: 'Person', id, attributes: recordOf(onSelf ? {} : { ...said }) },
  action,
  resource: {
    ...(onSelf ? { type: 'Person', id } : { type: 'doc', id: 'd' }),
    attributes: recordOf({ ...(onSelf ? said : {}), ...(open === undefined ? {} : { open }) }),
  },
  context: recordOf({ hour, ...(more === undefined ? {} : { more }) }),
})

type Change = Exclude<
  typeof step extends fc.Arbitrary<infer T> ? T : never,
  { readonly kind: 'ask' | 'sweep' }
>

/** Two engines look at it, as two nodes at one database. */
function changingWorld() {
  const nobody = { isChief: false, trusted: false }
  const people = new Map([
    ['a', nobody],
    ['b', nobody],
  ])
  const least = new Map<string, number>()
  let [owner, set, world, policies, mark] = ['a', 0, 1, 1, 0]
  const everything = (): Known[] => [
    ...[...people].map(([id, { isChief, trusted }]) => ({
      type: 'Person',
      id,
      attributes: { trusted },
      parents: isChief ? [{ type: 'Role', id: 'chief' }] : [],
      relations: {},
      stamp: 1,
    })),
    {
      type: 'doc',
      id: 'd',
      attributes: { owner: { __entity: { type: 'Person', id: owner } } },
      parents: [],
      relations: {},
      stamp: null,
    },
  ]
  return {
    engine: () =>
      engineOn(() => ({
        world: everything(),
        policies: sets[set] ?? {},
        revisions: { world, policies },
        mark: `${mark}.`,
        actions: ['read', 'write'],
        leastStamp: (id) => least.get(id) ?? 0,
      })),
    change(change: Change): void {
      if (change.kind === 'shut out') return void least.set(change.id, 2)
      if (change.kind === 'policies') {
        set = change.set
        policies += 1
        return
      }
      if (change.kind === 'restored') {
        people.set(change.id, nobody)
        mark += 1
        return
      }
      if (change.kind === 'owner') owner = change.id
      else people.set(change.id, change)
      world += 1
    },
  }
}
