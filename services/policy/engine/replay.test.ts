import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { createTestClock, seedOfThisRun } from '@althing/kernel/testing'
import { createPolicySet } from '@althing/kernel/cedar'
import type { Known } from '../known.ts'
import { parsePolicies } from '../../../tests/support/cedar-text.ts'
import { engineOn } from '../../../tests/support/policy-engine.ts'
import { recordOf } from '../values.ts'
import { replay } from './replay.ts'

const policies = await parsePolicies(`
@id("boss") permit (principal is user, action, resource) when { resource has owner && resource.owner has manager && resource.owner.manager == principal };
@id("group") permit (principal in group::"g", action == Action::"read", resource in folder::"f");
@id("deep") permit (principal, action, resource) when { resource has owner && resource.owner in group::"top" && context.level > 2 };
@id("not") forbid (principal, action, resource) when { principal has blocked && principal.blocked };
@id("night") permit (principal, action == Action::"fly", resource) when { context.now.toTime() < duration("6h") && context.level > 1 };
@id("odd") forbid (principal, action == Action::"write", resource) when { context.missing };
`)
const set = createPolicySet({ staticPolicies: policies })

test('what was written down of a decision is enough to make it again', async () => {
  const name = fc.constantFrom('a', 'b', 'c')
  const world = fc.array(
    fc.record({
      id: name,
      groups: fc.uniqueArray(fc.constantFrom('g', 'top', 'x')),
      manager: fc.option(name, { nil: undefined }),
      blocked: fc.option(fc.boolean(), { nil: undefined }),
      more: fc.string(),
    }),
  )
  await fc.assert(
    fc.asyncProperty(
      world,
      fc.record({
        principal: name,
        owner: fc.option(name, { nil: undefined }),
        level: fc.integer({ min: 0, max: 4 }),
        isIn: fc.boolean(),
      }),
      fc.constantFrom('read', 'write', 'fly'),
      fc.integer({ min: 0, max: 23 }),
      async (people, { principal, owner, level, isIn }, action, hour) => {
        const world = [...people.map(personOf), documentOf(owner, isIn)]
        const clock = createTestClock(`2026-12-01T${String(hour).padStart(2, '0')}:30:00Z`)
        const snapshot = await engineOn(() => ({ world, policies }), clock).fresh()
        const ruling = snapshot.decide({
          principal: { type: 'user', id: principal, attributes: recordOf({ said: 'of no use' }) },
          action,
          resource: { type: 'doc', id: 'd', attributes: recordOf({}) },
          context: recordOf({ level, secret: 'of no use either', now: 'of no use at all' }),
        })
        const seen = ruling.seen()
        const { missed: _, ...again } = replay(
          { subject: { type: 'user', id: principal }, action, resource: { type: 'doc', id: 'd' }, seen },
          { set },
        )
        const { decision, determining, errors } = ruling
        assert.deepEqual(again, { decision, determining, errors })
        assert.doesNotMatch(JSON.stringify(seen), /of no use|more/, 'what no policy can read is not kept')
      },
    ),
    { seed: seedOfThisRun(), numRuns: 500 },
  )
})

interface Somebody {
  readonly id: string
  readonly groups: readonly string[]
  readonly manager: string | undefined
  readonly blocked: boolean | undefined
  readonly more: string
}

function personOf({ id, groups, manager, blocked, more }: Somebody): Known {
  const boss = manager === undefined ? {} : { manager: { __entity: { type: 'user', id: manager } } }
  return {
    type: 'user',
    id,
    attributes: { ...boss, ...(blocked === undefined ? {} : { blocked }), more },
    parents: groups.map((group) => ({ type: 'group', id: group })),
    relations: {},
    stamp: null,
  }
}

function documentOf(owner: string | undefined, isIn: boolean): Known {
  return {
    type: 'doc',
    id: 'd',
    attributes: owner === undefined ? {} : { owner: { __entity: { type: 'user', id: owner } } },
    parents: isIn ? [{ type: 'folder', id: 'f' }] : [],
    relations: {},
    stamp: null,
  }
}
