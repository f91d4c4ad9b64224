/** What an explanation says is so: on random worlds it agrees with the decision, and what it says is missing makes it a yes when it is given. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { createPolicySet } from '@althing/kernel/cedar'
import { seedOfThisRun } from '@althing/kernel/testing'
import { systemClock } from '@althing/kernel/context'
import { parsePolicies } from '../../../tests/support/cedar-text.ts'
import { createEngine } from '../engine/rules.ts'
import type { Known } from '../known.ts'
import { recordOf } from '../values.ts'
import { createProbe } from './probe.ts'
import { explanationOf } from './rules.ts'

const policies = await parsePolicies(`
@id("chief") permit (principal in Role::"chief", action, resource);
@id("group") permit (principal in group::"g", action == Action::"read", resource in folder::"f");
@id("level") permit (principal is user, action == Action::"read", resource) when { principal.level >= 3 && context.hour < 18 };
@id("owner") permit (principal, action == Action::"write", resource is doc) when { resource has owner && resource.owner == principal };
@id("tags") permit (principal, action, resource) when { principal has tags && principal.tags.contains("vip") && !(resource.state == "closed") };
@id("either") permit (principal is user in group::"g", action == Action::"write", resource) when { context.mfa || principal.trusted } unless { resource has frozen };
@id("like") permit (principal, action == Action::"fly", resource) when { context.path like "/a/*" && [1, 2].contains(principal.level) };
@id("deep") permit (principal, action == Action::"fly", resource) when { if resource has owner then resource.owner.trusted else principal in group::"top" };
@id("record") permit (principal, action == Action::"dive", resource) when { principal.address.city == "R" && principal.address.zip > 100 };
@id("closed") forbid (principal, action == Action::"write", resource) when { resource.state == "closed" };
@id("blocked") forbid (principal, action, resource) when { principal has blocked && principal.blocked };
@id("outside") forbid (principal in group::"x", action, resource) unless { context.mfa };
@id("odd") forbid (principal, action == Action::"dive", resource) when { context.depth > 3 };
`)
const set = createPolicySet({ staticPolicies: policies })
const perhaps = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: undefined })
const name = fc.constantFrom('a', 'b')
const person = fc.record({
  groups: fc.uniqueArray(fc.constantFrom('g', 'top', 'x')),
  isChief: fc.boolean(),
  level: perhaps(fc.integer({ min: 0, max: 5 })),
  trusted: perhaps(fc.boolean()),
  blocked: perhaps(fc.boolean()),
  tags: perhaps(fc.uniqueArray(fc.constantFrom('vip', 'new'))),
  address: perhaps(
    fc.record({ city: fc.constantFrom('R', 'A'), zip: perhaps(fc.integer({ min: 90, max: 110 })) }),
  ),
})
const asked = fc.record({
  people: fc.record({ a: person, b: person }),
  doc: fc.record({
    owner: perhaps(name),
    state: perhaps(fc.constantFrom('open', 'closed')),
    frozen: perhaps(fc.boolean()),
    isIn: fc.boolean(),
  }),
  principal: name,
  action: fc.constantFrom('read', 'write', 'fly', 'dive', 'sing'),
  context: fc.record({
    mfa: perhaps(fc.boolean()),
    hour: perhaps(fc.integer({ min: 0, max: 23 })),
    path: perhaps(fc.constantFrom('/a/b', '/b')),
    depth: perhaps(fc.integer({ min: 0, max: 9 })),
  }),
})

test('an explanation agrees with the decision, and what it says is missing makes it a yes', async () => {
  let [denied, helped] = [0, 0]
  await fc.assert(
    fc.asyncProperty(asked, async ({ people, doc, principal, action, context }) => {
      const snapshot = await engineOf([
        ...Object.entries(people).map(([id, one]) => personOf(id, one)),
        documentOf(doc),
      ]).fresh()
      const question = {
        principal: { type: 'user', id: principal, attributes: recordOf({}) },
        action,
        resource: { type: 'doc', id: 'd', attributes: recordOf({}) },
        context: recordOf(context),
      }
      const { decision, determining, errors } = snapshot.decide(question)
      const told = explanationOf(question, snapshot)
      assert.deepEqual(
        [told.decision, told.determining, told.errors],
        [decision, [...determining], [...errors]],
      )
      for (const { id, applies, effect } of told.policies) {
        if (determining.includes(id)) assert.equal(applies, 'yes', id)
        if (errors.some(({ policy }) => policy === id)) assert.equal(applies, 'error', id)
        // Whatever applies and did not decide is a permit that a forbid stands before.
        if (applies === 'yes' && !determining.includes(id)) assert.equal(effect, 'permit', id)
      }
      for (const { goals } of told.policies)
        for (const { holds, because } of goals) assert.equal(because === null, holds === 'yes')
      for (const text of [...told.words.en, ...told.words.is]) assert.ok(text.length > 5)
      if (decision) return assert.deepEqual(told.needed, [])
      denied += 1
      if (told.needed.length > 0) helped += 1
      const probe = createProbe(snapshot.ground(question))
      for (const { policy, changes } of told.needed) {
        // As it comes back from the wire.
        const given = JSON.parse(JSON.stringify(changes)) as typeof changes
        const after = probe.with(given).decide()
        assert.equal(after.decision, true, JSON.stringify(given))
        assert.ok(after.reasons.includes(policy), policy)
      }
    }),
    { seed: seedOfThisRun(), numRuns: 1500 },
  )
  // It finds a way nearly always: only what nobody permits at all has none.
  assert.ok(helped > denied * 0.9, `${helped} of ${denied}`)
})

function engineOf(world: readonly Known[]) {
  return createEngine({
    clock: systemClock,
    revisions: async () => ({ world: 1, policies: 1 }),
    everything: async () => world,
    changedSince: async () => null,
    some: async () => [],
    leastStamp: () => 0,
    policies: async () => ({
      revision: 1,
      digest: '',
      set,
      fixed: [],
      readsClock: () => false,
      actions: [],
      json: policies,
    }),
  })
}

type Given<A> = A extends fc.Arbitrary<infer T> ? T : never

function personOf(id: string, { groups, isChief, ...attributes }: Given<typeof person>): Known {
  return {
    type: 'user',
    id,
    attributes,
    parents: [
      ...groups.map((group) => ({ type: 'group', id: group })),
      ...(isChief ? [{ type: 'Role', id: 'chief' }] : []),
    ],
    relations: {},
    stamp: null,
  }
}

function documentOf({ owner, isIn, ...attributes }: Given<typeof asked>['doc']): Known {
  return {
    type: 'doc',
    id: 'd',
    attributes: {
      ...attributes,
      ...(owner === undefined ? {} : { owner: { __entity: { type: 'user', id: owner } } }),
    },
    parents: isIn ? [{ type: 'folder', id: 'f' }] : [],
    relations: {},
    stamp: null,
  }
}
