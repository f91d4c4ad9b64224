import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parsePolicies } from '../../../tests/support/cedar-text.ts'
import { forActions } from './fitting.ts'
import { prepare } from './prepared.ts'

const policies = await parsePolicies(`
@id("any") permit (principal, action, resource) when { resource.any };
@id("read") permit (principal, action == Action::"read", resource) when { resource.read };
@id("list") permit (principal, action in [Action::"list", Action::"read"], resource) when { resource.list };
@id("view") permit (principal, action in Action::"view", resource) when { resource.view };
`)
const group = { uid: { type: 'Action', id: 'list' }, parents: [{ type: 'Action', id: 'view' }], attrs: {} }

test('an action is answered with the policies that can fit it, and one that no policy names with those about any', () => {
  const fitting = (action: string, entities: readonly (typeof group)[] = []) =>
    Object.keys(forActions(policies, entities, (found) => found)(action))
  assert.deepEqual(fitting('read'), ['any', 'read', 'list'])
  assert.deepEqual(fitting('view'), ['any', 'view'])
  assert.deepEqual(fitting('made up'), ['any'])
  assert.deepEqual(fitting('made up', [group]), ['any', 'list', 'view'], 'it may be one of several')
  assert.deepEqual(prepare({ policies, entities: [] }).reads('made up').resource.attributes, ['any'])
})

test('ten thousand made-up actions are looked at once, and none is kept', () => {
  let looked = 0
  const answer = forActions(policies, [], () => (looked += 1))
  for (let n = 0; n < 10_000; n += 1) assert.equal(answer(`made-up-${n}`), 1)
  assert.equal(answer('read'), 2)
  assert.equal(answer('read'), 2)
  assert.equal(looked, 2)
})
