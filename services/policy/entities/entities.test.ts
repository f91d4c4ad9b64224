/** What is told of things and people: what must not be kept is refused whole, with its place, and hurts nobody who asks. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decisionPoint } from '../../../tests/support/decision-point.ts'

const point = await decisionPoint({
  policies: `
@id("reads") permit (principal is user, action == Action::"read", resource);
@id("strong") permit (principal is Person, action == Action::"open", resource) when { principal has mfa };
@id("sealed") permit (principal, action == Action::"look", resource) when { resource has mfa && principal in resource.mfa };`,
})
const person = { type: 'Person', id: 'acc_00000000-0000-7000-8000-00000000000a' }
const [ada, note, safe] = [ref('user', 'ada'), ref('doc', 'note'), ref('safe', 's')]

test('a name of Cedar itself is refused, and whoever asks is answered as before', async () => {
  for (const name of ['__expr', '__extn', '__entity'])
    assert.deepEqual(await refusal({ put: [{ ...note, properties: { [name]: 'x' } }] }), [
      422,
      'policy.entities.invalid',
      [`/put/0/properties/${name}`],
    ])
  assert.equal(await may(ada, 'read', note), true)
})

test('what stands twice in one writing is refused: nobody could say which of the two counts', async () => {
  const once = { put: [{ ...note, properties: {} }] }
  const twice = { put: [...once.put, { ...ada, properties: {} }, { ...note, properties: { a: 1 } }] }
  assert.deepEqual(await refusal(twice), [422, 'policy.entities.invalid', ['/put/2']])
  await point.write(once)
  await point.write({ put: [...once.put, { type: 'note', id: 'note', properties: {} }] })
})

test('no relation proves of somebody what only their token can', async () => {
  for (const relation of ['mfa', 'acr', 'amr', 'auth_time', 'roles', 'scopes', 'client', 'kind'])
    assert.deepEqual(await refusal({ relate: [{ subject: note, relation, object: person }] }), [
      422,
      'policy.entities.reserved',
      ['/relate/0/relation'],
    ])
  for (const type of ['Machine', 'Service'])
    assert.deepEqual(
      (await refusal({ relate: [{ subject: note, relation: 'mfa', object: { type, id: 'x' } }] }))[1],
      'policy.entities.reserved',
    )
  assert.equal(await may(person, 'open', safe), false)
})

test('of a thing the same word is an attribute like any other, and its people have nothing of it', async () => {
  await point.write({ relate: [{ subject: person, relation: 'mfa', object: safe }] })
  assert.equal(await may(person, 'look', safe), true)
  assert.equal(await may(person, 'open', safe), false)
  await point.write({ unrelate: [{ subject: person, relation: 'mfa', object: safe }] })
  assert.equal(await may(person, 'look', safe), false)
})

interface Ref {
  readonly type: string
  readonly id: string
}
function ref(type: string, id: string): Ref {
  return { type, id }
}

async function refusal(writing: object): Promise<[number, unknown, string[]]> {
  const { status, body } = await point.ask('/api/policy/entities', writing)
  const errors = (body['errors'] ?? []) as readonly { readonly pointer: string }[]
  return [status, body['code'], errors.map(({ pointer }) => pointer)]
}

async function may(subject: Ref, name: string, resource: Ref): Promise<unknown> {
  const { status, body } = await point.ask('/access/v1/evaluation', { subject, action: { name }, resource })
  assert.equal(status, 200)
  return body['decision']
}
