/** What somebody is given can be used, and what is taken from them is no more than was said. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { overrideOffice, refusal } from '../../../tests/support/override-office.ts'

test('whoever is given to write drafts may read what they begin with, and who wrote the others; whoever may not write any may still read them', async () => {
  const { ada, bea, una, wanted, ask, decide, may } = await overrideOffice()
  const denied = await ask(ada, wanted('deny', bea, { actions: ['policy.draft'] }))
  assert.deepEqual(denied.body['actions'], ['policy.draft'])
  assert.deepEqual([may(bea, 'policy.draft'), may(bea, 'policy.read')], [false, true])

  const asked = await ask(ada, wanted('allow', una, { actions: ['policy.draft'] }))
  const given = ['policy.draft', 'policy.read', 'users.names']
  assert.deepEqual(asked.body['actions'], given, 'the second person sees all of it')
  assert.equal((await una.send('GET', '/api/policy/drafts')).status, 403)
  assert.equal((await decide(bea, asked.body['id'])).status, 200)
  assert.equal((await una.send('GET', '/api/policy/state')).status, 200)
  const made = await una.send('POST', '/api/policy/drafts', { title: 'By who was let in' })
  assert.equal(made.status, 201)
  assert.equal((await una.send('GET', `/api/policy/drafts/${String(made.body['id'])}`)).status, 200)
  assert.equal(may(una, 'users.names'), true)
  for (const other of ['policy.activate', 'users.read'])
    assert.equal(may(una, other), false, 'and nothing else')
})

test('nobody fills the mailboxes of those who decide by asking and taking back, over and over', async () => {
  const { ada, bea, una, wanted, ask, end } = await overrideOffice()
  for (let n = 0; n < 60; n += 1) {
    const { body } = await ask(ada, wanted('allow', una))
    await end(ada, body['id'])
  }
  assert.equal(refusal(await ask(ada, wanted('allow', una))), '429 too_many')
  assert.equal((await ask(bea, wanted('allow', una))).status, 201)
})

test('what is done to no thing of that kind is refused, of what is Althing’s own', async () => {
  const { ada, una, wanted, ask } = await overrideOffice()
  const on = (type: string) => ask(ada, wanted('deny', una, { resource: { type, id: 'e1' } }))
  const refused = await on('Elektion')
  assert.deepEqual([refused.status, refused.body['code']], [422, 'policy.overrides.unknown_kind'])
  assert.equal((await on('Election')).status, 201)
})
