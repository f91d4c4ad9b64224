/** What is written in Cedar decides as Cedar says it: templates that are filled, groups of actions, and values that JavaScript has no word for. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decisionPoint } from '../../../tests/support/decision-point.ts'
import { policyOffice } from '../../../tests/support/policy-office.ts'

const point = await decisionPoint()
const office = policyOffice(point, point.origin)

const decided = async (who: string, action: string, resource: string, context: object = {}) => {
  const { body } = await point.ask('/access/v1/evaluation', {
    subject: { type: 'user', id: who },
    action: { name: action },
    resource: { type: 'doc', id: resource },
    context,
  })
  const { policies } = body['context'] as { policies: readonly string[] }
  return [body['decision'], ...policies]
}

test('a link decides under its own name, and only where it fills the template', async () => {
  await point.write({
    relate: [{ subject: { type: 'doc', id: 'd' }, relation: 'in', object: { type: 'folder', id: 'f' } }],
  })
  await office.publish({
    policies:
      '@id("viewer") permit (principal == ?principal, action == Action::"read", resource in ?resource) unless { context has night };',
    links: '- { id: ada-reads-f, template: viewer, principal: "user::ada", resource: "folder::f" }',
  })
  assert.deepEqual(await decided('ada', 'read', 'd'), [true, 'ada-reads-f'])
  assert.deepEqual(await decided('ada', 'read', 'e'), [false])
  assert.deepEqual(await decided('bea', 'read', 'd'), [false])
  assert.deepEqual(await decided('ada', 'write', 'd'), [false])
  assert.deepEqual(await decided('ada', 'read', 'd', { night: true }), [false])
})

test('an action of a group is permitted with the group, and one beside it is not', async () => {
  await office.publish({
    policies: '@id("viewing") permit (principal is user, action in Action::"view", resource is doc);',
    schema:
      'entity user; entity doc; action view; action read, list in [view] appliesTo { principal: user, resource: doc }; action write appliesTo { principal: user, resource: doc };',
    links: '',
  })
  assert.deepEqual(await decided('ada', 'list', 'd'), [true, 'viewing'])
  assert.deepEqual(await decided('ada', 'view', 'd'), [true, 'viewing'])
  assert.deepEqual(await decided('ada', 'write', 'd'), [false])
})

test('addresses, decimals and integers of 64 bits are compared exactly', async () => {
  await office.publish({
    policies: [
      '@id("near") permit (principal, action == Action::"read", resource is doc) when { ip(context.address).isInRange(ip("10.0.0.0/8")) };',
      '@id("cheap") permit (principal, action == Action::"buy", resource is doc) when { context.price.lessThan(decimal("1.5")) };',
      '@id("large") permit (principal, action == Action::"count", resource is doc) when { 9007199254740993 - context.n == 1 };',
    ].join('\n'),
    schema: '',
  })
  assert.deepEqual(await decided('ada', 'read', 'd', { address: '10.1.2.3' }), [true, 'near'])
  assert.deepEqual(await decided('ada', 'read', 'd', { address: '11.1.2.3' }), [false])
  assert.deepEqual(await decided('ada', 'buy', 'd', { price: 1.25 }), [true, 'cheap'])
  assert.deepEqual(await decided('ada', 'buy', 'd', { price: 1.75 }), [false])
  assert.deepEqual(await decided('ada', 'count', 'd', { n: 9007199254740991 }), [false])
  const { bundle } = (await (
    await point.asService('events', 'GET', '/internal/policy/bundle?revision=0')
  ).json()) as { bundle: string }
  assert.match(bundle, /"Value":9007199254740993/, 'as it was written')
})
