import assert from 'node:assert/strict'
import { sign } from 'node:crypto'
import { test } from 'node:test'
import * as fc from 'fast-check'
import * as cedar from '@cedar-policy/cedar-wasm/nodejs'
import { createTestClock, seconds, seedOfThisRun } from '../testing/index.ts'
import { signingKey, verifyingKey, publicPart, type Caller } from '../http/index.ts'
import { Refused } from '../cedar/index.ts'
import {
  createAuthz,
  createEvaluator,
  Policy,
  readBundle,
  writeBundle,
  type Bundle,
  type Entity,
} from './index.ts'

const key = signingKey(Buffer.alloc(32, 9).toString('base64url'))
const officer: Caller = { kind: 'person', subject: 'acc_1', roles: ['officer'] }
const resource = { type: 'Thing', id: 't1' }

const text = `
@id("officers-write") permit (principal in Role::"officer", action in [Action::"write", Action::"read"], resource);
@id("own") permit (principal is Person, action == Action::"read", resource is Person) when { resource == principal };
@id("not-archived") forbid (principal, action == Action::"write", resource) when { resource has state && resource.state == "archived" };
@id("services") permit (principal is Service, action, resource) unless { resource has size && resource.size > 10 };
@id("labels") permit (principal, action == Action::"label", resource) when { resource.labels.containsAny(["a", "b"]) && resource.name like "th*g" && !(resource.size + 1 == 3) };
@id("nested") permit (principal, action == Action::"deep", resource) when { if context.mfa then context.level >= 2 else principal.amr.contains("hwk") };
`

function policies(source: string): Record<string, Policy> {
  const parts = cedar.policySetTextToParts(source)
  assert.ok(parts.type === 'success')
  return Object.fromEntries(
    parts.policies.map((one, index) => {
      const json = cedar.policyToJson(one)
      assert.ok(json.type === 'success')
      const policy = Policy.parse(json.json)
      return [policy.annotations?.['id'] ?? `policy${index}`, policy]
    }),
  )
}

const roles: Entity[] = [
  { uid: { type: 'Role', id: 'chief' }, parents: [{ type: 'Role', id: 'officer' }], attrs: {} },
  { uid: { type: 'Role', id: 'officer' }, parents: [{ type: 'Role', id: 'chief' }], attrs: {} },
]

function signed(revision: number, source = text, signer = key) {
  const bundle = JSON.stringify({ revision, policies: policies(source), entities: roles } satisfies Bundle)
  return {
    bundle,
    signature: sign(null, Buffer.from(`althing/bundle/v1\n${bundle}`), signer).toString('base64url'),
  }
}

test('no bundle means deny, and so does one that has been silent too long', () => {
  const clock = createTestClock()
  const authz = createAuthz({ clock, key: verifyingKey(publicPart(key)), staleSeconds: 300 })
  const ask = () => authz.decide({ caller: officer, action: 'write', resource }).decision
  assert.throws(ask, { code: 'kernel.authz.unavailable', status: 503 })
  authz.install(signed(1))
  assert.equal(ask(), true)
  clock.tick(seconds(301))
  assert.throws(ask, { code: 'kernel.authz.unavailable' })
  authz.confirm()
  assert.equal(ask(), true)
})

test('a clock that is set back keeps no door open, and a word counts from when it was asked for', () => {
  const clock = createTestClock('2026-12-01T10:00:00Z')
  const authz = createAuthz({ clock, key: verifyingKey(publicPart(key)), staleSeconds: 300 })
  const ask = () => authz.decide({ caller: officer, action: 'write', resource }).decision
  authz.install(signed(1))
  clock.tick(-3 * seconds(3600))
  assert.throws(ask, { code: 'kernel.authz.unavailable' })
  authz.confirm()
  assert.equal(ask(), true)
  clock.tick(-seconds(2))
  assert.equal(ask(), true, 'clocks are put right by moments all the time')
  const asked = clock.now()
  clock.tick(seconds(299))
  authz.confirm(asked)
  clock.tick(seconds(2))
  assert.throws(ask, { code: 'kernel.authz.unavailable' }, 'whoever slept meanwhile has heard nothing new')
})

test('what is permitted until a moment ends in that moment, by our own clock and with nobody to say so', () => {
  const clock = createTestClock('2026-12-01T10:00:00Z')
  const authz = createAuthz({ clock, key: verifyingKey(publicPart(key)), staleSeconds: 7200 })
  const until = '@id("until") permit (principal is Person, action == Action::"write", resource)'
  authz.install(signed(1, `${until} when { context.now < datetime("2026-12-01T11:00:00Z") };`))
  const ask = () => authz.decide({ caller: officer, action: 'write', resource })
  assert.deepEqual(ask(), { decision: true, determining: ['until'], errors: [] })
  clock.tick(seconds(3599))
  assert.equal(ask().decision, true)
  clock.tick(seconds(1))
  assert.deepEqual(ask(), { decision: false, determining: [], errors: [] })
})

test('no word of whoever asks changes the time', () => {
  const evaluate = createEvaluator({
    revision: 1,
    entities: [],
    policies: policies(`
@id("early") permit (principal, action == Action::"x", resource) when { context.now < datetime("2026-12-01") };
@id("whole") permit (principal, action == Action::"y", resource) when { context == { at: 1 } };`),
  })
  const ask = (action: string, said: unknown, now?: Date) =>
    evaluate({
      principal: { uid: { type: 'Person', id: 'a' }, parents: [], attrs: {} },
      action,
      resource: { uid: { type: 'Thing', id: 't' }, parents: [], attrs: {} },
      context: { now: said, at: 1 },
      ...(now === undefined ? {} : { now }),
    })
  const past = { __extn: { fn: 'datetime', arg: '2020-01-01' } }
  const moment = new Date('2026-12-02T00:00:00Z')
  assert.equal(ask('x', past, moment).decision, false)
  assert.equal(ask('x', undefined, new Date('2026-11-30T00:00:00Z')).decision, true)
  assert.equal(ask('y', past, moment).decision, true, 'what is said is the whole of it')
  assert.deepEqual(
    ask('x', past),
    { decision: false, determining: [], errors: ['early'] },
    'where nobody knows the time nothing is permitted by it',
  )
})

test('a bundle of another signer, an altered one and an older one are refused, and the one in force stays', () => {
  const authz = createAuthz({ clock: createTestClock(), key: verifyingKey(publicPart(key)) })
  authz.install(signed(2))
  const good = signed(3, 'permit (principal, action, resource);')
  const foreign = signed(3, text, signingKey(Buffer.alloc(32, 8).toString('base64url')))
  assert.throws(() => authz.install(foreign), { code: 'kernel.authz.untrusted' })
  assert.throws(
    () => authz.install({ ...good, bundle: good.bundle.replace('"revision":3', '"revision":4') }),
    { code: 'kernel.authz.untrusted' },
  )
  assert.throws(() => authz.install(signed(1, 'permit (principal, action, resource);')), {
    code: 'kernel.authz.untrusted',
  })
  assert.equal(authz.revision(), 2)
  assert.equal(
    authz.decide({ caller: { kind: 'person', subject: 'x', roles: [] }, action: 'write', resource }).decision,
    false,
  )
})

test('a policy that cannot be evaluated makes the answer deny', () => {
  const evaluate = createEvaluator({
    revision: 1,
    entities: [],
    policies: policies(
      '@id("all") permit (principal, action, resource); @id("broken") forbid (principal, action, resource) when { resource.missing == 1 };',
    ),
  })
  const answer = evaluate({
    principal: { uid: { type: 'Person', id: 'a' }, parents: [], attrs: {} },
    action: 'x',
    resource: { uid: { type: 'Thing', id: 't' }, parents: [], attrs: {} },
  })
  assert.deepEqual(answer, { decision: false, determining: [], errors: ['broken'] })
})

test('whoever acts on themselves is known by how they came, as whoever acts on something else is', () => {
  const source = `
@id("own") permit (principal is Person, action, resource is Person) when { resource == principal };
@id("weak") forbid (principal, action == Action::"write", resource) when { principal has acr && principal.acr == "weak" };
@id("office") permit (principal in Role::"officer", action == Action::"lead", resource);`
  const evaluate = createEvaluator({ revision: 1, policies: policies(source), entities: roles })
  const uid = { type: 'Person', id: 'acc_1' }
  const ask = (action: string, attrs: Entity['attrs'], properties: Entity['attrs'] = {}) =>
    evaluate({
      principal: { uid, parents: [{ type: 'Role', id: 'officer' }], attrs },
      action,
      resource: { uid, parents: [], attrs: properties },
    }).decision
  assert.equal(ask('write', { acr: 'strong' }), true)
  assert.equal(ask('write', { acr: 'weak' }), false)
  assert.equal(
    ask('write', { acr: 'weak' }, { acr: 'strong' }),
    false,
    'no word about the thing makes it stronger',
  )
  assert.equal(ask('lead', {}), true, 'nor does anybody lose their office')
})

test('what we cannot evaluate faithfully is refused when the bundle is made', () => {
  assert.throws(
    () =>
      createEvaluator({
        revision: 1,
        entities: [],
        policies: policies('@id("unknown") permit (principal, action, resource) when { unknown("x") };'),
      }),
    Refused,
  )
})

test('an integer of a policy arrives as it was written, beyond what a number can hold', () => {
  const policy = policies('@id("large") permit (principal, action, resource) when { resource.size == 1 };')[
    'large'
  ]
  assert.ok(policy !== undefined)
  const text = writeBundle({
    revision: 1,
    entities: [],
    policies: {
      large: {
        ...policy,
        conditions: [
          {
            kind: 'when',
            body: {
              '==': {
                left: { '.': { left: { Var: 'context' }, attr: 'size' } },
                right: { Value: 9007199254740993n },
              },
            },
          },
        ],
      },
    },
  })
  assert.ok(text.includes('{"Value":9007199254740993}'))
  const evaluate = createEvaluator(readBundle(text))
  const ask = (size: unknown) =>
    evaluate({
      principal: { uid: { type: 'Person', id: 'a' }, parents: [], attrs: {} },
      action: 'x',
      resource: { uid: { type: 'Thing', id: 't' }, parents: [], attrs: {} },
      context: { size },
    })
  assert.equal(ask(9007199254740993n).decision, true)
  assert.equal(ask(9007199254740994n).decision, false)
  assert.deepEqual(ask(9007199254740992), { decision: false, determining: [], errors: ['large'] }, 'rounded')
})

test('what is said beside a question hurts only the policies that read it', () => {
  const evaluate = createEvaluator({
    revision: 1,
    entities: [],
    policies: policies(`
@id("reads") permit (principal, action == Action::"read", resource) when { resource has price && resource.price > 1 };
@id("whole") permit (principal, action == Action::"whole", resource) when { context == {} };
@id("else") permit (principal, action == Action::"other", resource) when { resource.name == "a" };`),
  })
  const ask = (action: string, context = {}) =>
    evaluate({
      principal: { uid: { type: 'Person', id: 'a' }, parents: [], attrs: {} },
      action,
      resource: {
        uid: { type: 'Thing', id: 't' },
        parents: [],
        attrs: { name: 'a', price: 1.5, note: null },
      },
      context,
    })
  assert.equal(ask('other').decision, true)
  assert.deepEqual(ask('read'), { decision: false, determining: [], errors: ['reads'] })
  assert.equal(ask('whole').decision, true)
  assert.deepEqual(ask('whole', { at: null }), { decision: false, determining: [], errors: ['whole'] })
})

/** The second way to the answer: Cedar's own engine. */
test('we decide as Cedar does, with the same reasons and errors', () => {
  const evaluate = createEvaluator({ revision: 1, policies: policies(text), entities: roles })
  const world = fc.record({
    principalType: fc.constantFrom('Person', 'Service'),
    id: fc.constantFrom('a', 'b'),
    roles: fc.uniqueArray(fc.constantFrom('officer', 'chief', 'nobody')),
    amr: fc.uniqueArray(fc.constantFrom('pwd', 'hwk')),
    action: fc.constantFrom('read', 'write', 'label', 'deep', 'other'),
    resourceType: fc.constantFrom('Person', 'Thing'),
    state: fc.option(fc.constantFrom('archived', 'new'), { nil: undefined }),
    size: fc.option(fc.integer({ min: -5, max: 20 }), { nil: undefined }),
    labels: fc.option(fc.uniqueArray(fc.constantFrom('a', 'c')), { nil: undefined }),
    name: fc.option(fc.constantFrom('thing', 'thg', 'ting', 7), { nil: undefined }),
    mfa: fc.option(fc.boolean(), { nil: undefined }),
    level: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
  })
  fc.assert(
    fc.property(world, (one) => {
      const context = defined({ mfa: one.mfa, level: one.level })
      const principal: Entity = {
        uid: { type: one.principalType, id: one.id },
        parents: one.roles.map((id) => ({ type: 'Role', id })),
        attrs: { amr: one.amr },
      }
      const thing: Entity = {
        uid: { type: one.resourceType, id: 'b' },
        parents: [],
        attrs: defined({ state: one.state, size: one.size, labels: one.labels, name: one.name }),
      }
      if (one.principalType === one.resourceType && one.id === 'b') return // One entity cannot have two sets of attributes.
      const ours = evaluate({ principal, action: one.action, resource: thing, context })
      const theirs = cedar.isAuthorized({
        principal: principal.uid,
        action: { type: 'Action', id: one.action },
        resource: thing.uid,
        context: context as never,
        policies: { staticPolicies: Object.fromEntries(Object.entries(policies(text))) as never },
        entities: [
          principal,
          thing,
          { uid: { type: 'Role', id: 'chief' }, parents: [{ type: 'Role', id: 'officer' }], attrs: {} },
        ] as never,
      })
      assert.ok(theirs.type === 'success', JSON.stringify(theirs))
      const errors = theirs.response.diagnostics.errors.map(({ policyId }) => policyId).sort()
      assert.deepEqual([...ours.errors].sort(), errors)
      if (errors.length > 0) return assert.equal(ours.decision, false)
      assert.equal(ours.decision ? 'allow' : 'deny', theirs.response.decision)
      assert.deepEqual([...ours.determining].sort(), [...theirs.response.diagnostics.reason].sort())
    }),
    { seed: seedOfThisRun(), numRuns: 300 },
  )
})

function defined(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined))
}
