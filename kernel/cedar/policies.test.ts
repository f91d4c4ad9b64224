import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  actionEntities,
  attributesRead,
  authorize,
  createPolicySet,
  EntityStore,
  readEntity,
  readRecord,
  readSchema,
  Refused,
  uidOf,
} from './index.ts'

const all = { op: 'All' }
const always = { effect: 'permit', principal: all, action: all, resource: all, conditions: [] }
const when = (body: unknown, effect = 'permit') => ({
  ...always,
  effect,
  conditions: [{ kind: 'when', body }],
})
const request = {
  principal: uidOf('User', 'ada'),
  action: uidOf('Action', 'read'),
  resource: uidOf('Doc', 'd'),
  context: readRecord({}),
}
const read = (variable: string, attr: string) => ({ '.': { left: { Var: variable }, attr } })

test('an error is told, counts for nothing, and neither permits nor forbids', () => {
  const staticPolicies = {
    yes: always,
    broken: when(read('context', 'missing'), 'forbid'),
    number: when({ Value: 1 }),
  }
  const answer = authorize(createPolicySet({ staticPolicies }), request, new EntityStore())
  assert.deepEqual(answer, {
    decision: 'allow',
    reasons: ['yes'],
    errors: [
      { policy: 'broken', message: 'record does not have the attribute `missing`' },
      { policy: 'number', message: 'type error: expected bool, got long' },
    ],
  })
})

test('a forbid outweighs every permit, and is the only reason', () => {
  const staticPolicies = { yes: always, no: { ...always, effect: 'forbid' } }
  const { decision, reasons } = authorize(createPolicySet({ staticPolicies }), request, new EntityStore())
  assert.deepEqual([decision, reasons], ['deny', ['no']])
})

test('a link fills the slots of its template, all of them and no other', () => {
  const template = {
    ...always,
    principal: { op: '==', slot: '?principal' },
    resource: { op: 'is', entity_type: 'Doc', in: { slot: '?resource' } },
  }
  const values = { '?principal': { type: 'User', id: 'ada' }, '?resource': { type: 'Doc', id: 'd' } }
  const linked = (links: readonly unknown[], templates: Record<string, unknown> = { t: template }) =>
    createPolicySet({ staticPolicies: { s: always }, templates, templateLinks: links })
  const link = { templateId: 't', newId: 'l', values }
  const { reasons } = authorize(linked([link]), request, new EntityStore())
  assert.deepEqual(reasons, ['s', 'l'])
  for (const broken of [
    { ...link, newId: 's' },
    { ...link, newId: 't' },
    { ...link, templateId: 'x' },
    { ...link, values: { '?principal': values['?principal'] } },
    { ...link, values: { ...values, '?action': { type: 'Action', id: 'a' } } },
    { templateId: 't', newId: 'l' },
  ])
    assert.throws(() => linked([broken]), Refused)
  assert.throws(() => linked([link, link]), Refused)
  assert.throws(() => linked([], { t: always }), /has no slot/)
  assert.throws(() => createPolicySet({ staticPolicies: { t: template } }), /is not filled/)
  const head = { op: '==', entity: { type: 'User', id: 'refused' } }
  assert.throws(
    () => createPolicySet({ staticPolicies: { a: { ...always, principal: head }, b: {} } }),
    Refused,
  )
  assert.equal(uidOf('User', 'refused').holders, 0, 'what is refused holds no names')
})

test('what is not understood is refused when it is compiled', () => {
  const refused: unknown[] = [
    { unknown: [{ Value: 'x' }] },
    { shout: [{ Value: 'x' }] },
    { Slot: '?principal' },
    { Var: 'nobody' },
    { Value: null },
    { Value: 1.5 },
    { Value: 2 ** 53 },
    { '==': { left: { Value: 1 }, right: { Value: 1 }, more: 1 } },
    { '==': { left: { Value: 1 } } },
    { '==': { left: { Value: 1 }, right: { Value: 1 } }, '!=': { left: { Value: 1 }, right: { Value: 1 } } },
    { like: { left: { Value: 'a' }, pattern: 'a*' } },
    { like: { left: { Value: 'a' }, pattern: [{ Literal: 'a', more: 1 }] } },
    { has: { left: { Var: 'context' }, attr: [] } },
    { decimal: { Value: '1.0' } },
    { __proto__: null, constructor: [] },
    {},
    [],
    'true',
  ]
  for (const body of refused)
    assert.throws(
      () => createPolicySet({ staticPolicies: { one: when(body) } }),
      Refused,
      JSON.stringify(body),
    )
  for (const policy of [
    { ...always, effect: 'allow' },
    { ...always, more: 1 },
    { ...always, principal: { op: '<' } },
    { ...always, principal: { op: '==' } },
    { ...always, action: { op: 'in', entity: { type: 'A', id: '' }, entities: [] } },
    { ...always, action: { op: '==', slot: '?action' } },
    { ...always, conditions: [{ kind: 'maybe', body: { Value: true } }] },
    { ...always, conditions: {} },
    null,
  ])
    assert.throws(
      () => createPolicySet({ staticPolicies: { one: policy } }),
      /Policy one/,
      JSON.stringify(policy),
    )
})

test('what is nested too deeply is refused, and a long chain is not deep', () => {
  const nested = (levels: number) => {
    let body: unknown = { Value: true }
    for (let level = 0; level < levels; level += 1) body = { '!': { arg: body } }
    return createPolicySet({ staticPolicies: { one: when(body) } })
  }
  assert.equal(authorize(nested(250), request, new EntityStore()).decision, 'allow')
  for (const levels of [251, 10_000, 1_000_000]) assert.throws(() => nested(levels), /nested more than/)
  for (const operator of ['&&', '||']) {
    let chain: unknown = { Value: operator === '&&' }
    for (let link = 0; link < 100_000; link += 1)
      chain = { [operator]: { left: chain, right: { Value: true } } }
    const set = createPolicySet({ staticPolicies: { one: when(chain) } })
    assert.equal(authorize(set, request, new EntityStore()).decision, 'allow')
  }
})

test('a name that nobody holds is equal to itself by what it says', () => {
  const store = new EntityStore()
  const set = createPolicySet({
    staticPolicies: {
      same: when({ '==': { left: { Var: 'principal' }, right: read('context', 'who') } }),
      among: when({ contains: { left: read('context', 'all'), right: { Var: 'principal' } } }),
      within: when({ in: { left: read('context', 'who'), right: read('context', 'all') } }),
    },
  })
  const who = { __entity: { type: 'User', id: 'ada' } }
  const context = readRecord({ who, all: [who] })
  const { reasons } = authorize(set, { ...request, context }, store)
  assert.deepEqual(reasons, ['same', 'among', 'within'])
  // Held from now on: what was read before is still the same name.
  store.upsert(readEntity({ uid: { type: 'User', id: 'ada' }, parents: [], attrs: {} }))
  assert.deepEqual(authorize(set, { ...request, context }, store).reasons, ['same', 'among', 'within'])
})

test('what policies can read is known, and what they cannot is not told', () => {
  const reads = (body: unknown) => attributesRead(createPolicySet({ staticPolicies: { one: when(body) } }))
  const own = reads({
    '&&': { left: read('principal', 'a'), right: { has: { left: { Var: 'context' }, attr: 'c' } } },
  })
  assert.deepEqual(own.principal, { attributes: ['a'], tags: [], ancestors: false })
  assert.deepEqual(own.resource, { attributes: [], tags: [], ancestors: false })
  assert.deepEqual(own.context, ['c'])
  const through = reads({ '.': { left: read('resource', 'owner'), attr: 'name' } })
  assert.deepEqual(through.others.attributes, ['name'])
  assert.deepEqual(through.resource.attributes, ['name', 'owner'])
  assert.deepEqual(through.principal.attributes, ['name'], 'the owner may be the principal')
  assert.equal(reads({ '==': { left: { Var: 'context' }, right: { Record: {} } } }).context, 'all')
  assert.equal(
    reads({ in: { left: { Var: 'resource' }, right: { Var: 'principal' } } }).resource.ancestors,
    true,
  )
  const tag = (right: unknown) => reads({ hasTag: { left: { Var: 'resource' }, right } }).resource.tags
  assert.deepEqual(tag({ Value: 't' }), ['t'])
  assert.equal(tag(read('context', 'tag')), 'all')
  const scoped = createPolicySet({
    staticPolicies: { one: { ...always, principal: { op: 'in', entity: { type: 'G', id: '' } } } },
  })
  assert.equal(attributesRead(scoped).principal.ancestors, true)
})

test('with a schema data may be written shorter, and the actions and their groups are known', () => {
  const schema = readSchema({
    N: {
      commonTypes: {
        Place: { type: 'Record', attributes: { at: { type: 'EntityOrCommon', name: 'ipaddr' } } },
      },
      entityTypes: {
        User: {
          shape: {
            type: 'Record',
            attributes: {
              boss: { type: 'EntityOrCommon', name: 'User' },
              places: { type: 'Set', element: { type: 'Place' } },
              since: { type: 'Extension', name: 'datetime' },
            },
          },
          tags: { type: 'EntityOrCommon', name: 'decimal' },
        },
      },
      actions: {
        all: {},
        read: {
          memberOf: [{ id: 'all' }],
          appliesTo: {
            principalTypes: ['User'],
            resourceTypes: ['User'],
            context: { type: 'Record', attributes: { from: { type: 'Extension', name: 'ipaddr' } } },
          },
        },
      },
    },
  })
  const uid = { type: 'N::User', id: 'a' }
  const short = {
    uid,
    parents: [],
    attrs: { boss: uid, places: [{ at: '10.0.0.1' }], since: '2024-01-01' },
    tags: { t: '1.5' },
  }
  const long = {
    uid: { __entity: uid },
    parents: [],
    attrs: {
      boss: { __entity: uid },
      places: [{ at: { __extn: { fn: 'ip', arg: '10.0.0.1' } } }],
      since: { fn: 'datetime', arg: '2024-01-01' },
    },
    tags: { t: { __extn: { fn: 'decimal', args: ['1.5'] } } },
  }
  assert.deepEqual(readEntity(short, schema), readEntity(long, schema))
  assert.throws(() => readEntity({ ...short, attrs: { since: 'soon' } }, schema), Refused)
  const store = new EntityStore()
  for (const action of actionEntities(schema)) store.upsert(action)
  const set = createPolicySet({
    staticPolicies: {
      one: {
        ...when({ isLoopback: [read('context', 'from')] }),
        action: { op: 'in', entity: { type: 'N::Action', id: 'all' } },
      },
    },
  })
  const action = uidOf('N::Action', 'read')
  const context = readRecord({ from: '127.0.0.1' }, schema.contextOf(action))
  assert.equal(authorize(set, { ...request, action, context }, store).decision, 'allow')
  assert.throws(
    () => readSchema({ '': { entityTypes: { U: { tags: { type: 'Nothing' } } } } }),
    /does not define/,
  )
  assert.throws(
    () =>
      readSchema({ '': { commonTypes: { T: { type: 'T' } }, entityTypes: { U: { tags: { type: 'T' } } } } }),
    Refused,
  )
})
