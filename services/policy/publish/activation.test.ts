import assert from 'node:assert/strict'
import { test } from 'node:test'
import { policyOffice } from '../../../tests/support/policy-office.ts'
import { testService } from '../../../tests/support/service.ts'
import { policy } from '../service.ts'

const readers =
  '@id("readers") permit (principal in group::"readers", action == Action::"read", resource is doc);\n'

async function setUp() {
  const service = await testService(policy, { env: { ALTHING_POLICY_FEED_WAIT_MS: '5000' } })
  const office = policyOffice(service)
  return {
    service,
    ...office,
    code: async (answer: Promise<{ body: Record<string, unknown> }>) => String((await answer).body['type']),
  }
}

test('two people bring a draft into force: one writes and proposes it, another one reads and activates it', async () => {
  const { service, ada, bea, proposed, activate } = await setUp()
  const draft = await proposed({ policies: readers, tests: trial('allow') })
  const done = await bea.send('POST', `/api/policy/drafts/${draft.id}/activate`, {
    version: 1,
    reason: 'The readers asked.',
  })
  assert.deepEqual([done.status, done.body], [200, { revision: 2 }])

  const state = await bea.send('GET', '/api/policy/state')
  assert.equal(state.body['organisation'], 1)
  assert.equal(state.body['misfit'], null)
  const { body } = await bea.send('GET', '/api/policy/versions')
  const [latest] = body['versions'] as Record<string, unknown>[]
  assert.deepEqual(
    [
      latest?.['kind'],
      latest?.['publishedBy'],
      latest?.['proposedBy'],
      latest?.['reason'],
      latest?.['isAlone'],
    ],
    ['activation', bea.actor, ada.actor, 'The readers asked.', false],
  )
  const lines = await service.kit.database.query(
    `select action, actor, on_behalf_of, reason from audit_entry where action like 'policy.%' order by at, id`,
  )
  assert.deepEqual(
    lines.map(({ action }) => action),
    ['policy.published', 'policy.draft_made', 'policy.draft_proposed', 'policy.activated'],
  )
  assert.deepEqual([lines.at(-1)?.['actor'], lines.at(-1)?.['on_behalf_of']], [bea.actor, ada.actor])
  const again = await activate(draft)
  assert.deepEqual(
    [again.status, again.body['type']],
    [409, 'urn:fault:policy.publish.closed'],
    'a draft comes into force once',
  )
})

test('a draft is compared with what is in force, and what is in force is told with the digest that decisions name', async () => {
  const { bea, draft, publish, officer } = await setUp()
  await publish({ policies: readers })
  const before = await bea.send('GET', '/api/policy/state')
  assert.match(String(before.body['digest']), /^[0-9a-f]{64}$/)
  const same = await draft({ policies: readers })
  const none = await bea.send('GET', `/api/policy/drafts/${same.id}/diff`)
  assert.deepEqual([none.status, none.body], [200, { inForce: 2, parts: [] }])
  const other = await draft({ policies: `${readers}// And nobody else.\n` })
  const { body } = await bea.send('GET', `/api/policy/drafts/${other.id}/diff`)
  const parts = body['parts'] as { part: string; hunks: { lines: { is: string; text: string }[] }[] }[]
  assert.deepEqual(
    parts.map(({ part, hunks }) => [
      part,
      hunks.flatMap(({ lines }) => lines).filter(({ is }) => is !== 'same'),
    ]),
    [['policies', [{ is: 'new', text: '// And nobody else.' }]]],
  )
  await publish({
    policies: `${readers}@id("more") permit (principal, action == Action::"read", resource is page);\n`,
  })
  const after = await bea.send('GET', '/api/policy/state')
  assert.notEqual(after.body['digest'], before.body['digest'], 'other policies have another')

  const nothing = '/api/policy/drafts/drf_00000000-0000-7000-8000-000000000000/diff'
  assert.equal((await bea.send('GET', nothing)).status, 404)
  assert.equal((await bea.send('GET', '/api/policy/drafts/1/diff')).status, 400)
  const member = officer('una', { roles: ['member'] })
  assert.equal((await member.send('GET', `/api/policy/drafts/${other.id}/diff`)).status, 403)
})

test('nobody brings into force what they wrote, proposed or changed last', async () => {
  const { ada, bea, officer, draft, proposed, activate, code } = await setUp()
  assert.equal(
    await code(activate(await proposed({ policies: readers }), ada)),
    'urn:fault:policy.publish.own',
  )

  const unproposed = await draft({ policies: readers })
  assert.equal(await code(activate(unproposed)), 'urn:fault:policy.publish.not_proposed')

  // Bea changes what Ada wrote, and Ada proposes it: neither of the two is the second person now.
  const shared = await draft({ policies: readers })
  const changed = await bea.send(
    'PATCH',
    `/api/policy/drafts/${shared.id}`,
    { note: 'mine' },
    { 'if-match': shared.etag },
  )
  assert.equal(changed.status, 200)
  await ada.send('POST', `/api/policy/drafts/${shared.id}/propose`, undefined, { 'if-match': '"2"' })
  assert.equal(await code(activate({ ...shared, version: 2 }, bea)), 'urn:fault:policy.publish.own')
  assert.equal(await code(activate({ ...shared, version: 2 }, ada)), 'urn:fault:policy.publish.own')
  assert.equal((await activate({ ...shared, version: 2 }, officer('cid'))).status, 200)
})

test('a second factor is shown just now, by whoever proposes and by whoever activates', async () => {
  const { officer, ada, draft, proposed, activate, code } = await setUp()
  const one = await proposed({ policies: readers })
  for (const way of [{ acr: 'urn:althing:acr:password' }, { seconds: 1000 }, { seconds: -600 }]) {
    const answer = await activate(one, officer('bea', way))
    assert.deepEqual([answer.status, answer.body['type']], [403, 'urn:fault:policy.proof.needed'])
    assert.equal(answer.body['max_age'], 900)
  }
  const mine = await draft({ policies: readers })
  const proposing = officer('ada', { acr: 'urn:althing:acr:link' }).send(
    'POST',
    `/api/policy/drafts/${mine.id}/propose`,
    undefined,
    { 'if-match': mine.etag },
  )
  assert.equal(await code(proposing), 'urn:fault:policy.proof.needed')
  assert.equal(
    await code(
      officer('bea', { acr: 'urn:althing:acr:password' }).send('POST', '/api/policy/versions/1/roll-back', {
        reason: 'I want to',
      }),
    ),
    'urn:fault:policy.proof.needed',
  )
  const member = await activate(one, officer('bo', { roles: ['member'] }))
  assert.equal(member.status, 403)
  const auditor = await officer('asa', { roles: ['auditor'] }).send(
    'POST',
    '/api/policy/versions/1/roll-back',
    { reason: 'I want to' },
  )
  assert.equal(auditor.status, 403, 'who may look may not do')
  assert.equal((await officer('asa', { roles: ['auditor'] }).send('GET', '/api/policy/versions')).status, 200)
  assert.equal((await activate(one, officer('bea', { acr: 'urn:althing:acr:passkey' }))).status, 200)
  assert.equal((await ada.send('GET', `/api/policy/drafts/${one.id}`)).body['state'], 'activated')
})

test('what fails its tests, Althing’s own cases or the parser does not come into force, and nothing is changed by the attempt', async () => {
  const { service, ada, bea, draft, proposed, activate, code } = await setUp()
  const propose = async (source: Parameters<typeof draft>[0]) => {
    const one = await draft(source)
    return ada.send('POST', `/api/policy/drafts/${one.id}/propose`, undefined, { 'if-match': one.etag })
  }
  const failing = await propose({ policies: readers, tests: trial('deny') })
  assert.equal(failing.body['type'], 'urn:fault:policy.drafts.failing')
  assert.deepEqual(failing.body['errors'], [{ pointer: '/tests/6', message: 'a reader reads' }])
  const open = await propose({ policies: '@id("all") permit (principal, action, resource);' })
  assert.equal(open.body['type'], 'urn:fault:policy.drafts.failing', 'everybody would be an administrator')
  const shut = await propose({ policies: '@id("none") forbid (principal, action, resource);' })
  assert.equal(shut.body['type'], 'urn:fault:policy.drafts.failing', 'nobody could go back')
  const wrong = await propose({
    policies: '@id("wrong") permit (principal, action, resource) when { principal. };',
  })
  assert.equal(wrong.body['type'], 'urn:fault:policy.drafts.unfit')
  const taken = await propose({
    policies: '@id("services-exchange-facts") permit (principal is user, action, resource);',
  })
  assert.equal(taken.body['type'], 'urn:fault:policy.drafts.unfit')

  // Somebody has put another text under a draft that was proposed, past every door.
  const one = await proposed({ policies: readers })
  await service.kit.database.query(
    `update policy_draft set policies = '@id("all") permit (principal, action, resource);' where id = $1`,
    [one.id],
  )
  assert.equal(await code(activate(one)), 'urn:fault:policy.publish.failing')
  assert.equal((await bea.send('GET', '/api/policy/state')).body['revision'], 1)

  // Or other policies beside the text that is read: they are not what it was compiled to, and it is compiled again.
  const two = await proposed({ policies: readers })
  await service.kit.database.query(
    `update policy_draft set compiled = replace(compiled, 'readers', 'everyone') where id = $1`,
    [two.id],
  )
  assert.equal((await activate(two)).status, 200)
  const [row] = await service.kit.database.query(
    'select organisation_compiled as compiled from policy_bundle where revision = 2',
  )
  assert.doesNotMatch(String(row?.['compiled']), /everyone/)
})

test('a draft that was begun before other policies came into force is looked at again', async () => {
  const { ada, proposed, activate } = await setUp()
  const [first, second] = [
    await proposed({ policies: readers }),
    await proposed({ policies: `${readers}${writers}` }),
  ]
  assert.equal((await activate(first)).status, 200)
  const late = await activate(second)
  assert.equal(late.body['type'], 'urn:fault:policy.publish.outdated')
  assert.equal(late.body['changes'], '/api/policy/versions/1/diff/2')
  const diff = await ada.send('GET', late.body['changes'])
  assert.deepEqual(
    (diff.body['parts'] as { part: string; hunks: unknown[] }[]).map(({ part }) => part),
    ['policies'],
  )

  const saved = await ada.send(
    'PATCH',
    `/api/policy/drafts/${second.id}`,
    { basedOn: 2 },
    { 'if-match': second.etag },
  )
  assert.equal(saved.body['proposedBy'], null, 'and proposed again')
  assert.equal(
    (await activate({ ...second, version: 2 })).body['type'],
    'urn:fault:policy.publish.not_proposed',
  )
  await ada.send('POST', `/api/policy/drafts/${second.id}/propose`, undefined, { 'if-match': '"2"' })
  assert.equal(
    (await activate(second)).body['type'],
    'urn:fault:policy.publish.changed',
    'who has read the first version has not read this one',
  )
  assert.deepEqual((await activate({ ...second, version: 2 })).body, { revision: 3 })
})

test('an older version comes back with a reason, as a new one', async () => {
  const { bea, publish, code } = await setUp()
  await publish({ policies: readers })
  await publish({ policies: `${readers}${writers}` })
  assert.equal(
    await code(bea.send('POST', '/api/policy/versions/3/roll-back', { reason: 'It is there already' })),
    'urn:fault:policy.publish.in_force',
  )
  assert.equal(
    await code(bea.send('POST', '/api/policy/versions/9/roll-back', { reason: 'There is none' })),
    'urn:fault:policy.publish.no_version',
  )
  assert.equal((await bea.send('POST', '/api/policy/versions/2/roll-back', { reason: ' ' })).status, 400)
  const back = await bea.send('POST', '/api/policy/versions/2/roll-back', {
    reason: 'The writers were too many.',
  })
  assert.deepEqual(back.body, { revision: 4 })
  const whole = await bea.send('GET', '/api/policy/versions/4')
  assert.equal(whole.body['policies'], readers)
  assert.deepEqual(
    [whole.body['kind'], whole.body['restores'], whole.body['reason']],
    ['rollback', 2, 'The writers were too many.'],
  )
  const same = await bea.send('GET', '/api/policy/versions/2/diff/4')
  assert.deepEqual(same.body['parts'], [])
  const first = await bea.send('POST', '/api/policy/versions/1/roll-back', { reason: 'To the beginning.' })
  assert.deepEqual(first.body, { revision: 5 })
  assert.equal((await bea.send('GET', '/api/policy/state')).body['organisation'], 0)
})

const writers =
  '@id("writers") permit (principal in group::"writers", action == Action::"write", resource is doc);\n'

function trial(decision: string): string {
  return [
    'model: []',
    'relations:',
    '  - { subject: "user::una", relation: in, object: "group::readers" }',
    '  - { subject: "user::ulf", relation: in, object: "group::others" }',
    'cases:',
    `  - { name: a reader reads, subject: "user::una", action: read, resource: "doc::d", decision: ${decision}, policies: [readers] }`,
  ].join('\n')
}
