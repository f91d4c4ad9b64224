/** With overrides everything is decided as a plain sentence says: by a service of ours, and by the decision point. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { createEvaluator, type Policy } from '@althing/kernel/authz'
import { createTestClock, seedOfThisRun } from '@althing/kernel/testing'
import { parsePolicies } from '../../../tests/support/cedar-text.ts'
import { engineOn } from '../../../tests/support/policy-engine.ts'
import { roleHierarchy } from '../publish/world.ts'
import { recordOf } from '../values.ts'
import { policiesFor } from './becoming.ts'
import type { Standing } from './schema.ts'

const base = await parsePolicies(`
@id("chiefs") permit (principal in Role::"administrator", action in [Action::"read", Action::"write"], resource);
@id("managers") permit (principal is Person in Role::"election-manager", action == Action::"write", resource);
@id("members") permit (principal in Role::"member", action == Action::"read", resource) when { resource has open && resource.open };
@id("top") permit (principal in Role::"superadmin", action, resource);
@id("own") permit (principal is Person, action == Action::"draw", resource) when { resource has open && resource.open };
@id("locked") forbid (principal, action == Action::"write", resource) when { resource has locked && resource.locked };
`)

const actions = ['read', 'write', 'draw']
const person = fc.constantFrom('ada', 'bea')
const thing = fc.constantFrom('x', 'y')
const moment = fc.integer({ min: -3, max: 3 })
const start = Date.parse('2026-12-01T12:00:00Z')
const at = (hours: number) => new Date(start + hours * 3_600_000)

const override = fc.record({
  kind: fc.constantFrom('deny' as const, 'allow' as const, 'allow' as const, 'emergency' as const),
  person,
  actions: fc.uniqueArray(fc.constantFrom(...actions), { minLength: 1 }),
  resource: fc.option(thing),
  role: fc.constantFrom('election-manager' as const, 'administrator' as const),
  until: moment,
})
const question = fc.record({
  person,
  role: fc.constantFrom('member', 'election-manager', 'administrator', 'auditor'),
  acr: fc.constantFrom('urn:althing:acr:mfa', 'urn:althing:acr:password', undefined),
  action: fc.constantFrom(...actions),
  thing,
  open: fc.boolean(),
  locked: fc.boolean(),
  now: moment,
})
type Made = typeof override extends fc.Arbitrary<infer T> ? T : never
type Asked = typeof question extends fc.Arbitrary<infer T> ? T : never

const standingOf = (one: Made, n: number): Standing => ({
  id: `ovr_${n}`,
  kind: one.kind,
  subject: { type: 'Person', id: one.person },
  actions: one.kind === 'emergency' ? [] : one.actions,
  resource: one.resource === null ? null : { type: 'doc', id: one.resource },
  role: one.kind === 'emergency' ? one.role : null,
  reason: 'A reason',
  askedBy: 'person:acc_1',
  askedAt: at(-9),
  askedUnder: null,
  askedWith: null,
  lastsSeconds: one.kind === 'emergency' ? 60 : null,
  until: at(one.until),
  decideBy: at(9),
  state: 'in-force',
  decidedBy: 'person:acc_2',
  decidedAt: at(-9),
  decidedWhy: null,
  isAlone: false,
  endedBy: null,
  endedAt: null,
  endedWhy: null,
})

function evaluatorOf(policies: Readonly<Record<string, unknown>>) {
  const evaluate = createEvaluator({
    revision: 1,
    policies: policies as Record<string, Policy>,
    entities: [...roleHierarchy],
  })
  return (asked: Asked, roles = [asked.role]) =>
    evaluate({
      principal: {
        uid: { type: 'Person', id: asked.person },
        parents: roles.map((id) => ({ type: 'Role', id })),
        attrs: asked.acr === undefined ? {} : { acr: asked.acr },
      },
      action: asked.action,
      resource: { uid: { type: 'doc', id: asked.thing }, parents: [], attrs: attributesOf(asked) },
      now: at(asked.now),
    })
}
const withoutAny = evaluatorOf(base)
const attributesOf = ({ open, locked }: Asked) => ({ open, locked })

/** The plain sentence. */
function expected(made: readonly Made[], asked: Asked): boolean {
  const live = made.filter((one) => one.person === asked.person && at(asked.now) < at(one.until))
  const named = live.filter(
    ({ kind, actions: names, resource }) =>
      kind !== 'emergency' && names.includes(asked.action) && (resource === null || resource === asked.thing),
  )
  if (named.some(({ kind }) => kind === 'deny')) return false
  const lent = live.flatMap(({ kind, role }) =>
    kind === 'emergency' && asked.acr === 'urn:althing:acr:mfa' ? [role] : [],
  )
  if (withoutAny(asked, [asked.role, ...lent]).decision) return true
  const isForbidden = withoutAny(asked).determining.length > 0 && !withoutAny(asked).decision
  return !isForbidden && named.some(({ kind }) => kind === 'allow')
}

test('a live denial denies, else what the policies or a live permission allow is allowed unless the policies forbid it', async () => {
  const counts = { allowed: 0, denied: 0, otherwise: 0 }
  await fc.assert(
    fc.asyncProperty(
      fc.array(override, { maxLength: 6 }),
      fc.array(question, { minLength: 5, maxLength: 20 }),
      async (made, asked) => {
        const policies = { ...base, ...policiesFor(made.map(standingOf), base) }
        const local = evaluatorOf(policies)
        for (const one of asked) {
          const wanted = expected(made, one)
          const { decision, errors } = local(one)
          assert.deepEqual([decision, errors], [wanted, []])
          assert.equal(await atThePoint(policies, one), wanted)
          counts[wanted ? 'allowed' : 'denied'] += 1
          if (withoutAny(one).decision !== wanted) counts.otherwise += 1
        }
      },
    ),
    { seed: seedOfThisRun(), numRuns: 150 },
  )
  for (const [what, count] of Object.entries(counts)) assert.ok(count > 50, `${what}: ${count}`)
})

async function atThePoint(policies: Readonly<Record<string, unknown>>, asked: Asked): Promise<boolean> {
  const parents = [{ type: 'Role', id: asked.role }]
  const who = { type: 'Person', id: asked.person, attributes: {}, parents, relations: {}, stamp: 1 }
  const clock = createTestClock(at(asked.now).toISOString())
  const engine = engineOn(() => ({ world: [who], policies, entities: roleHierarchy }), clock)
  const { acr, action, thing: id } = asked
  const { decision } = (await engine.fresh()).decide({
    principal: { type: 'Person', id: asked.person, attributes: recordOf({ acr }) },
    action,
    resource: { type: 'doc', id, attributes: recordOf(attributesOf(asked)) },
    context: recordOf({ now: 'whatever' }),
  })
  return decision
}
