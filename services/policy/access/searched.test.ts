import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decisionPoint } from '../../../tests/support/decision-point.ts'

const point = await decisionPoint({
  policies: '@id("read") permit (principal is user, action == Action::"read", resource is doc);',
})
await point.write({
  put: ['a', 'b', 'c']
    .map((id) => ({ type: 'user', id, properties: {} }))
    .concat({ type: 'doc', id: 'd', properties: {} }),
})
const search = (what: string, body: object) => point.ask(`/access/v1/search/${what}`, body)
const lines = async () =>
  (await point.kit.audit.search({ action: 'access.searched', limit: 100 }))
    .map(({ actor, targetType, targetId, fields }) => [actor, `${targetType}::${targetId}`, ...fields])
    .reverse()

test('whoever searches is seen searching: what for, of whom, and how many were found, page by page', async () => {
  const read = { action: { name: 'read' } }
  const doc = { resource: { type: 'doc', id: 'd' } }
  const first = await search('subject', { ...read, ...doc, subject: { type: 'user' }, page: { limit: 2 } })
  const { next_token: token } = first.body['page'] as { next_token: string }
  await search('subject', { ...read, ...doc, subject: { type: 'user' }, page: { limit: 2, token } })
  await search('resource', { ...read, subject: { type: 'user', id: 'a' }, resource: { type: 'doc' } })
  await search('action', { ...doc, subject: { type: 'user', id: 'a' } })
  const actor = 'machine:svc_application'
  assert.deepEqual(await lines(), [
    [actor, 'doc::d', 'user may read', 'found 2'],
    [actor, 'doc::d', 'user may read', 'found 1'],
    [actor, 'user::a', 'may read doc', 'found 1'],
    [actor, 'user::a', 'may what to doc', 'found 1'],
  ])
})

test('what is refused was told to nobody, and leaves no line', async () => {
  const before = (await lines()).length
  assert.equal((await search('subject', { subject: { type: 'user' } })).status, 400)
  assert.equal((await lines()).length, before)
})
