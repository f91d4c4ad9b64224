import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decisionPoint } from '../../../tests/support/decision-point.ts'
import { policyOffice, type DraftSeen } from '../../../tests/support/policy-office.ts'

const readers =
  '@id("readers") permit (principal in group::"readers", action == Action::"read", resource is doc);\n'
const everyone = '@id("everyone") permit (principal is user, action == Action::"read", resource is doc);\n'

const point = await decisionPoint({ policies: readers })
const office = policyOffice(point, point.origin)

const ask = (id: string) =>
  point.ask('/access/v1/evaluation', {
    subject: { type: 'user', id },
    action: { name: 'read' },
    resource: { type: 'doc', id: 'd' },
  })

async function checked(policies: string): Promise<DraftSeen> {
  const draft = await office.draft({ policies })
  await office.ada.send('POST', `/api/policy/drafts/${draft.id}/check`)
  return draft
}
const shadow = (draft: DraftSeen, method: string, body?: unknown) =>
  office.ada.send(method, `/api/policy/drafts/${draft.id}/shadow`, body)
interface Running {
  readonly compared: number
  readonly differed: number
}

test('a draft is tried beside what is in force: nobody is told, and what would differ is kept and counted', async () => {
  const draft = await checked(everyone)
  assert.equal((await shadow(draft, 'PUT', {})).status, 200)
  for (let n = 0; n < 5; n += 1) assert.equal((await ask(`u${n}`)).body['decision'], false)
  await new Promise((resolve) => setTimeout(resolve, 1300))
  const { body } = await shadow(draft, 'GET')
  assert.deepEqual([(body['running'] as Running).compared, (body['running'] as Running).differed], [5, 5])
  const [newest] = body['differences'] as Record<string, unknown>[]
  assert.deepEqual(
    [newest?.['subject'], newest?.['decision'], newest?.['wouldBe'], newest?.['wouldBy']],
    [{ type: 'user', id: 'u4' }, false, true, ['everyone']],
  )
  const metrics = await (await point.fetchManagement(new Request('http://localhost/metrics'))).text()
  assert.match(metrics, /^policy_shadow_decisions_total\{.*would-allow.*\} 5$/m)

  const ended = await shadow(draft, 'DELETE')
  assert.equal(ended.body['running'], null)
  await ask('u9')
  await new Promise((resolve) => setTimeout(resolve, 1300))
  assert.equal(
    ((await shadow(draft, 'GET')).body['differences'] as unknown[]).length,
    5,
    'and nothing more is kept',
  )
})

test('of a draft that never was nothing is told; of one that is not tried, that it is not', async () => {
  const draft = await checked(everyone)
  assert.deepEqual((await shadow(draft, 'GET')).body, { running: null, differences: [] })
  await office.ada.send('POST', `/api/policy/drafts/${draft.id}/withdraw`, undefined, {
    'if-match': draft.etag,
  })
  assert.equal((await shadow(draft, 'GET')).status, 200, 'whatever became of it')
  const none = await shadow({ ...draft, id: 'drf_00000000-0000-7000-8000-000000000000' }, 'GET')
  assert.deepEqual([none.status, none.body['code']], [404, 'policy.shadow.no_draft'])
})

test('it is tried at every node, from the moment that it is begun at one', async () => {
  const other = await decisionPoint({ like: point })
  const draft = await checked(everyone)
  await shadow(draft, 'PUT', {})
  await new Promise((resolve) => setTimeout(resolve, 300))
  const question = {
    subject: { type: 'user', id: 'there' },
    action: { name: 'read' },
    resource: { type: 'doc', id: 'd' },
  }
  assert.equal((await other.ask('/access/v1/evaluation', question)).body['decision'], false)
  await new Promise((resolve) => setTimeout(resolve, 1300))
  const { body } = await shadow(draft, 'GET')
  assert.deepEqual(
    (body['differences'] as { subject: unknown }[]).map(({ subject }) => subject),
    [question.subject],
  )
  await shadow(draft, 'DELETE')
})

test('what a draft breaks breaks only itself', async () => {
  const draft = await checked(
    '@id("broken") forbid (principal, action, resource is doc) when { context.missing };',
  )
  await shadow(draft, 'PUT', {})
  await office.publish({ policies: everyone })
  assert.equal((await ask('una')).body['decision'], true)
  await new Promise((resolve) => setTimeout(resolve, 1300))
  const { body } = await shadow(draft, 'GET')
  const [newest] = body['differences'] as Record<string, unknown>[]
  assert.deepEqual([newest?.['decision'], newest?.['wouldBe'], newest?.['errors']], [true, false, ['broken']])
  await shadow(draft, 'DELETE')
})

test('one draft at a time, and only what is right; one that is changed is tried no more', async () => {
  const [first, second] = [await checked(everyone), await checked(readers)]
  assert.equal(
    (await shadow(await office.draft({ policies: '@id("x") permit (' }), 'PUT', {})).body['type'],
    'urn:fault:policy.shadow.unfit',
  )
  assert.equal((await shadow(first, 'PUT', { share: 2 })).status, 400)
  assert.equal((await shadow(first, 'PUT', { share: 0 })).status, 400)
  assert.equal((await shadow(first, 'PUT', { share: 0.5 })).status, 200)
  assert.equal((await shadow(second, 'PUT', {})).body['type'], 'urn:fault:policy.shadow.taken')
  assert.equal((await shadow(second, 'DELETE')).body['type'], 'urn:fault:policy.shadow.not_running')
  assert.equal(
    (
      await office
        .officer('bo', { roles: ['auditor'] })
        .send('PUT', `/api/policy/drafts/${first.id}/shadow`, {})
    ).status,
    403,
  )
  await office.ada.send(
    'PATCH',
    `/api/policy/drafts/${first.id}`,
    { policies: readers },
    { 'if-match': first.etag },
  )
  assert.equal((await shadow(first, 'GET')).body['running'], null)
  assert.equal((await shadow(second, 'PUT', {})).status, 200)
})

test('of what would differ the newest thousand are kept', async () => {
  await point.kit.database.query(
    `insert into policy_difference (at, draft, version, subject_type, subject_id, action, resource_type, resource_id, decision, determining, would_be, would_by, errors)
     select now(), (select id from policy_draft limit 1), 1, 'user', n::text, 'read', 'doc', 'd', false, '{}', true, '{}', '{}' from generate_series(1, 1500) n`,
  )
  await point.kit.database.query('delete from policy_shadow')
  await office.publish({ policies: readers })
  const draft = await checked(everyone)
  await shadow(draft, 'PUT', {})
  await ask('last')
  await new Promise((resolve) => setTimeout(resolve, 1300))
  const [row] = await point.kit.database.query(
    'select count(*)::int as n, max(subject_id) filter (where draft = $1) as last from policy_difference',
    [draft.id],
  )
  assert.deepEqual(row, { n: 1000, last: 'last' })
})
