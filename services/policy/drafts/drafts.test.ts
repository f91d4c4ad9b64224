import assert from 'node:assert/strict'
import { test } from 'node:test'
import { race } from '@althing/kernel/testing'
import { overrideOffice } from '../../../tests/support/override-office.ts'
import { policyOffice } from '../../../tests/support/policy-office.ts'
import { testService } from '../../../tests/support/service.ts'
import { policy } from '../service.ts'

const readers =
  '@id("readers") permit (principal in group::"readers", action == Action::"read", resource is doc);\n'

async function setUp() {
  const service = await testService(policy)
  return { service, ...policyOffice(service) }
}

test('a draft is begun from what is in force, and keeps what is not said of it', async () => {
  const { ada, publish, draft } = await setUp()
  await publish({ policies: readers, tests: 'cases: []' })
  const one = await draft({ tests: 'cases: [] # more to come' })
  const { body, headers } = await ada.send('GET', `/api/policy/drafts/${one.id}`)
  assert.deepEqual(
    [body['policies'], body['tests'], body['basedOn'], body['inForce'], body['version'], headers.get('etag')],
    [readers, 'cases: [] # more to come', 2, 2, 1, '"1"'],
  )
  const list = await ada.send('GET', '/api/policy/drafts')
  assert.deepEqual(
    (list.body['drafts'] as { id: string }[]).map(({ id }) => id),
    [one.id],
  )
})

test('of two who change the same version one is told to read it again, and loses nothing that the other wrote', async () => {
  const { ada, bea, draft } = await setUp()
  const one = await draft({ policies: readers })
  const { won } = await race(2, async (runner, ready) => {
    await ready()
    const by = runner === 0 ? ada : bea
    return by.send('PATCH', `/api/policy/drafts/${one.id}`, { note: by.actor }, { 'if-match': one.etag })
  })
  assert.deepEqual(won.map(({ status }) => String(status)).sort(), ['200', '412'])
  const { body } = await ada.send('GET', `/api/policy/drafts/${one.id}`)
  assert.equal(body['version'], 2)
  assert.equal(body['note'], body['changedBy'], 'what the winner wrote stands')
  assert.equal(won.find(({ status }) => status === 412)?.body['type'], 'urn:fault:policy.drafts.changed')
})

test('a change without a version, of another version, of a withdrawn draft or of none is refused', async () => {
  const { ada, draft } = await setUp()
  const one = await draft({ policies: readers })
  const change = (match: string | undefined, path = one.id, body: unknown = { note: 'x' }) =>
    ada.send('PATCH', `/api/policy/drafts/${path}`, body, match === undefined ? {} : { 'if-match': match })
  assert.equal((await change(undefined)).status, 428)
  assert.equal((await change('*')).status, 428, 'that would be any version')
  assert.equal((await change('"7"')).status, 412)
  assert.equal(
    (await change('"1"', one.id, { basedOn: 99 })).body['type'],
    'urn:fault:policy.drafts.no_such_base',
  )
  assert.equal((await change('"1"', `drf_${crypto.randomUUID()}`)).status, 404)
  assert.equal((await change('"1"', one.id, { id: 'other' })).status, 400)
  assert.equal(
    (await ada.send('POST', `/api/policy/drafts/${one.id}/withdraw`, undefined, { 'if-match': '"1"' })).body[
      'state'
    ],
    'withdrawn',
  )
  assert.equal((await change('"1"')).body['type'], 'urn:fault:policy.drafts.closed')
  assert.equal(
    (await ada.send('POST', `/api/policy/drafts/${one.id}/withdraw`, undefined, { 'if-match': '"1"' }))
      .status,
    409,
  )
  const withdrawn = await ada.send('GET', '/api/policy/drafts?state=withdrawn')
  assert.equal((withdrawn.body['drafts'] as unknown[]).length, 1)
})

test('members, programs and services keep their hands off', async () => {
  const { service, officer, draft } = await setUp()
  const one = await draft({ policies: readers })
  for (const roles of [['member'], ['election-manager'], ['operator']])
    assert.equal((await officer('bo', { roles }).send('GET', `/api/policy/drafts/${one.id}`)).status, 403)
  const auditor = officer('asa', { roles: ['auditor'] })
  assert.equal((await auditor.send('GET', `/api/policy/drafts/${one.id}`)).status, 200)
  assert.equal((await auditor.send('POST', '/api/policy/drafts', { title: 'Mine' })).status, 403)
  assert.equal((await service.asService('members', 'GET', '/api/policy/drafts')).status, 403)
  const machine = service.issuer.token(
    { subject: 'svc_x' },
    { kind: 'machine', scope: 'policy.read access.evaluate' },
  )
  const answer = await service.fetch(
    new Request('http://localhost:8080/api/policy/drafts', {
      headers: { authorization: `Bearer ${machine}` },
    }),
  )
  assert.equal(answer.status, 403)
})

test('what stands against a text is said while it is written, and with every place', async () => {
  const { ada } = await setUp()
  const check = (body: unknown) => ada.send('POST', '/api/policy/check', body)
  const wrong = await check({
    policies: `${readers}\n@id("b") permit (principal, action, resource) when { principal. };`,
  })
  assert.equal(wrong.body['isRight'], false)
  const [problem] = wrong.body['problems'] as Record<string, unknown>[]
  assert.deepEqual([problem?.['part'], problem?.['line']], ['policies', 3])
  const taken = await check({
    policies: '@id("events-reads-the-roll") permit (principal == user::"a", action, resource is doc);',
  })
  assert.match(JSON.stringify(taken.body['problems']), /events-reads-the-roll.*Althing’s own/)
  const right = await check({
    policies: readers,
    tests:
      'cases:\n  - { name: nobody, subject: "user::a", action: read, resource: "doc::d", decision: allow }',
  })
  assert.deepEqual(right.body['problems'], [])
  const failing = (right.body['trials'] as { passed: boolean; file: string; instead: string }[]).filter(
    ({ passed }) => !passed,
  )
  assert.deepEqual(
    failing.map(({ file, instead }) => [file, instead]),
    [['tests', 'deny, nothing-permits']],
  )
  assert.equal((await check({ policies: 'x'.repeat(2_000_001) })).status, 400)
})

test('policies are set well without being saved; what cannot be read is told with its place, and who only looks is refused', async () => {
  const { ada, officer } = await setUp()
  const format = (policies: string, by = ada) => by.send('POST', '/api/policy/format', { policies })
  const { status, body } = await format('// why\n@id("a") permit(principal,action,resource);')
  assert.deepEqual([status, body['text']], [200, '// why\n@id("a")\npermit (principal, action, resource);\n'])
  const wrong = await format('@id("a")\npermit(principal,action,resouce);')
  assert.equal(wrong.body['text'], null)
  const [problem] = wrong.body['problems'] as { line: number; code: string }[]
  assert.deepEqual([problem?.line, problem?.code], [2, 'cedar.scope-name'])
  assert.equal((await format('x', officer('cleo', { roles: ['auditor'] }))).status, 403)
  assert.equal((await format(`// ${'a'.repeat(600_000)}`)).body['type'], 'urn:fault:policy.language.too_long')
  assert.equal((await format('('.repeat(1_000))).body['type'], 'urn:fault:policy.language.too_deep')
})

test('whoever has texts checked over and over waits, and nobody else does', async () => {
  const { ada, bea } = await setUp()
  const format = (by = ada) => by.send('POST', '/api/policy/format', { policies: '' })
  for (let n = 0; n < 120; n += 1) assert.equal((await format()).status, 200)
  const refused = await format()
  assert.deepEqual([refused.status, refused.body['type']], [429, 'urn:fault:kernel.limits.too_many'])
  assert.equal((await ada.send('POST', '/api/policy/check', {})).status, 429)
  assert.equal((await format(bea)).status, 200)
})

test('whoever reads a draft is told whose it is, and who of them is an administrator no more', async () => {
  const { ada, bea, sunna, draft, tell } = await overrideOffice()
  const one = await draft({ policies: readers }, ada)
  const authors = async () => (await bea.send('GET', `/api/policy/drafts/${one.id}`)).body['authors']
  assert.deepEqual(await authors(), [{ actor: ada.actor, isAdministrator: true }])
  await tell(ada.id, ['member'], 2)
  await bea.send('PATCH', `/api/policy/drafts/${one.id}`, { note: 'Read.' }, { 'if-match': one.etag })
  assert.deepEqual(await authors(), [
    { actor: bea.actor, isAdministrator: true },
    { actor: ada.actor, isAdministrator: false },
  ])
  await sunna.send('PATCH', `/api/policy/drafts/${one.id}`, { title: 'Readers' }, { 'if-match': '"2"' })
  await bea.send('PATCH', `/api/policy/drafts/${one.id}`, { title: 'All readers' }, { 'if-match': '"3"' })
  assert.deepEqual(
    await authors(),
    [
      { actor: bea.actor, isAdministrator: true },
      { actor: ada.actor, isAdministrator: false },
      { actor: sunna.actor, isAdministrator: true },
    ],
    'also of whoever changed it in between: some of its words are theirs',
  )
})
