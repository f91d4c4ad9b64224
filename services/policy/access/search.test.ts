/** What is found is what would be allowed, one by one: a search and its brute force must not differ in anything. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { seedOfThisRun } from '@althing/kernel/testing'
import type { Caller } from '@althing/kernel/http'
import { nobodyElse, type Engine } from '../deciding.ts'
import type { Known } from '../known.ts'
import { engineOn } from '../../../tests/support/policy-engine.ts'
import { parsePolicies } from '../../../tests/support/cedar-text.ts'
import { usualPace, type Pace } from '../searching.ts'
import { createPages } from './pages.ts'
import { createAccess, type Asking } from './rules.ts'
import { createSearch } from './search.ts'

const caller: Caller = { kind: 'machine', subject: 'svc_1', roles: [] }
const asking: Asking = { caller, request: undefined }
const levels = ['secret', 'open', 'closed']
const policies = await parsePolicies(`
@id("readers") permit (principal, action == Action::"read", resource is doc) when { resource has reader && principal in resource.reader };
@id("folder") permit (principal is user, action in [Action::"read", Action::"list"], resource in folder::"f1") when { principal has level && principal.level == "open" };
@id("own") permit (principal is user, action, resource is doc) when { resource has owner && resource.owner == principal };
@id("staff") permit (principal in group::"g1", action == Action::"edit", resource is doc) unless { resource has level && resource.level == "closed" };
@id("never") forbid (principal, action == Action::"edit", resource in folder::"f2");
@id("late") forbid (principal, action == Action::"list", resource) when { context has late && context.late };
@id("broken") forbid (principal is user, action == Action::"read", resource) when { principal has level && principal.level == "secret" && resource.missing };
`)

test('search is brute force, in worlds of ten thousand', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 700 }), async (seed, limit) => {
      const world = worldOf(seed)
      const { access, search } = setUp(world)
      const pick = <T>(list: readonly T[], n: number): T => list[n % list.length] as T
      const docs = world.filter(({ type }) => type === 'doc')
      const users = world.filter(({ type }) => type === 'user')
      const context = seed % 3 === 0 ? { late: true } : undefined
      for (const name of ['read', 'edit', 'list']) {
        const resource = { type: 'doc', id: pick(docs, Math.abs(seed)).id }
        const subject = { type: 'user', id: pick(users, Math.abs(seed)).id }
        const may = async (asked: { subject: typeof subject; resource: typeof resource }) =>
          (
            await access.evaluate(
              { ...asked, action: { name }, ...(context === undefined ? {} : { context }) },
              asking,
            )
          ).decision
        const allowed = async (list: readonly Known[], ask: (id: string) => Promise<boolean>) => {
          const found: string[] = []
          for (const { id } of list) if (await ask(id)) found.push(id)
          return found.sort()
        }
        const asked = { action: { name }, ...(context === undefined ? {} : { context }) }
        assert.deepEqual(
          await everyPage(
            (page) => search.subjects({ ...asked, subject: { type: 'user' }, resource, page }, asking),
            limit,
          ),
          await allowed(users, (id) => may({ subject: { type: 'user', id }, resource })),
        )
        assert.deepEqual(
          await everyPage(
            (page) => search.resources({ ...asked, subject, resource: { type: 'doc' }, page }, asking),
            limit,
          ),
          await allowed(docs, (id) => may({ subject, resource: { type: 'doc', id } })),
        )
      }
    }),
    { seed: seedOfThisRun(), numRuns: 4 },
  )
})

test('nobody who is added or taken away between two pages makes another one stand there twice, or not at all', async () => {
  const world = worldOf(7)
  const { search, change } = setUp(world)
  const ask = (page: { limit: number; token?: string }) =>
    search.resources(
      { subject: { type: 'user', id: 'u0' }, action: { name: 'list' }, resource: { type: 'doc' }, page },
      asking,
    )
  const before = (await everyPage(ask, 50)).filter((id) => id !== 'd1')
  const first = await ask({ limit: 50 })
  change((known) => known.filter(({ id }) => id !== first.results.at(-1)?.id && id !== 'd1'))
  const rest = await everyPage(ask, 50, first.page.next_token)
  const gone = first.results.at(-1)?.id
  assert.deepEqual(
    [...new Set([...first.results.map(({ id }) => id), ...rest])].filter((id) => id !== 'd1' && id !== gone),
    before.filter((id) => id !== gone),
  )
  assert.equal(new Set(rest).size, rest.length)
})

test('others come between while somebody searches', async () => {
  const { search } = setUp(smallWorld(), { turnMs: 5, wholeMs: 60_000, askedAtMost: 20_000 }, 0.5)
  let turns = 0
  const others = setInterval(() => (turns += 1), 1)
  const { results } = await search.resources({ ...asked, page: { limit: 1000 } }, asking)
  clearInterval(others)
  // Each has room for ten.
  assert.ok(turns >= results.length / 20, `${turns} came between`)
})

test('a search that takes long is a shorter page, and goes on from there', async () => {
  const world = smallWorld()
  const { search } = setUp(world, { turnMs: 5, wholeMs: 60, askedAtMost: 20_000 }, 0.1)
  const { page, results } = await search.resources({ ...asked, page: { limit: 1000 } }, asking)
  assert.ok(page.next_token !== '' && results.length < 1000)
  const rest = await everyPage(
    (next) => search.resources({ ...asked, page: next }, asking),
    1000,
    page.next_token,
  )
  const docs = world.filter(({ type }) => type === 'doc').map(({ id }) => id)
  assert.deepEqual([...results.map(({ id }) => id), ...rest], docs.sort())
})

test('what is taken away while somebody searches is not found in a later turn', async () => {
  const { search, change } = setUp(smallWorld(), { turnMs: 5, wholeMs: 60_000, askedAtMost: 20_000 }, 0.1)
  const searching = search.resources({ ...asked, page: { limit: 1000 } }, asking)
  setTimeout(
    () => change((known) => known.map((one) => (one.id === 'u0' ? { ...one, attributes: {} } : one))),
    20,
  )
  const { page, results } = await searching
  const all = smallWorld().filter(({ type }) => type === 'doc').length
  assert.ok(results.length < all, `${results.length} of ${all}`)
  assert.equal(page.next_token, '')
})

type Asks = (page: { limit: number; token?: string }) => Promise<{
  page: { next_token: string }
  results: readonly { id: string }[]
}>

async function everyPage(ask: Asks, limit: number, from = ''): Promise<string[]> {
  const found: string[] = []
  let token = from
  do {
    const { page, results } = await ask({ limit, ...(token === '' ? {} : { token }) })
    assert.ok(results.length <= limit)
    found.push(...results.map(({ id }) => id))
    token = page.next_token
  } while (token !== '')
  return found
}

/** @param slow how long each decision takes, in milliseconds */
function setUp(given: readonly Known[], pace: Pace = { ...usualPace, askedAtMost: 900 }, slow = 0) {
  let [world, revision] = [given, 1]
  const quick = engineOn(() => ({
    world,
    policies,
    revisions: { world: revision, policies: 1 },
    actions: ['edit', 'list', 'read'],
  }))
  const engine: Engine = {
    async fresh() {
      const snapshot = await quick.fresh()
      return {
        ...snapshot,
        decide(question) {
          for (const ends = performance.now() + slow; performance.now() < ends;);
          return snapshot.decide(question)
        },
      }
    },
  }
  const access = createAccess({
    others: nobodyElse,
    engine,
    verify: async () => caller,
    decided: async () => {},
    isLogged: true,
    beside: () => {},
    hintsFor: () => ({}),
  })
  return {
    access,
    search: createSearch({
      others: nobodyElse,
      engine,
      pages: createPages(new Uint8Array(32)),
      questionOf: access.questionOf,
      pace,
    }),
    change(next: (world: readonly Known[]) => readonly Known[]) {
      world = next(world)
      revision += 1
    },
  }
}

/** 2,000 people in 20 groups, 8,000 documents in 40 folders; a little generator of its own, so that a seed is a world. */
function worldOf(seed: number): Known[] {
  let state = seed | 0
  const upTo = (most: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    return (state >>> 8) % most
  }
  const ref = (type: string, id: string) => ({ type, id })
  const one = (type: string, id: string, more: Partial<Known> = {}): Known => ({
    ...ref(type, id),
    attributes: {},
    parents: [],
    relations: {},
    stamp: null,
    ...more,
  })
  const users = Array.from({ length: 2000 }, (_, n) =>
    one('user', `u${n}`, {
      attributes: upTo(2) === 0 ? { level: levels[upTo(3)] } : {},
      parents: [ref('group', `g${upTo(20)}`)],
    }),
  )
  const groups = Array.from({ length: 20 }, (_, n) =>
    one('group', `g${n}`, { parents: n > 3 && upTo(2) === 0 ? [ref('group', `g${upTo(3)}`)] : [] }),
  )
  const folders = Array.from({ length: 40 }, (_, n) =>
    one('folder', `f${n}`, { parents: n > 5 ? [ref('folder', `f${upTo(5)}`)] : [] }),
  )
  const docs = Array.from({ length: 8000 }, (_, n) =>
    one('doc', `d${n}`, {
      attributes: {
        ...(upTo(2) === 0 ? { level: levels[upTo(3)] } : {}),
        ...(upTo(4) === 0 ? { owner: { __entity: ref('user', `u${upTo(2000)}`) } } : {}),
      },
      parents: [ref('folder', `f${upTo(40)}`)],
      relations:
        upTo(3) === 0 ? { reader: [ref('group', `g${upTo(20)}`), ref('user', `u${upTo(2000)}`)] } : {},
    }),
  )
  return [...users, ...groups, ...folders, ...docs]
}

const asked = {
  subject: { type: 'user', id: 'u0' },
  action: { name: 'list' },
  resource: { type: 'doc' },
}

/** Some thousand documents in the one folder in which whoever is `open` may list everything. */
function smallWorld(): Known[] {
  return worldOf(7).flatMap((one) => {
    if (one.type === 'doc') return one.id < 'd2' ? [{ ...one, parents: [{ type: 'folder', id: 'f1' }] }] : []
    return one.id === 'u0' ? [{ ...one, attributes: { level: 'open' } }] : [one]
  })
}
