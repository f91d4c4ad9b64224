import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decisionPoint } from '../../../tests/support/decision-point.ts'
import { policyOffice } from '../../../tests/support/policy-office.ts'
import { testService } from '../../../tests/support/service.ts'
import { policy } from '../service.ts'
import type { Impact } from './schema.ts'

const readers =
  '@id("readers") permit (principal in group::"readers", action == Action::"read", resource is doc);\n'
const writers =
  '@id("writers") permit (principal in group::"writers", action == Action::"write", resource is doc);\n'
const seniors =
  '@id("seniors") permit (principal is user, action == Action::"write", resource is doc) when { principal has senior && principal.senior };\n'

const point = await decisionPoint({ policies: `${readers}${writers}` })
const office = policyOffice(point, point.origin)
await point.write({
  relate: [
    { subject: { type: 'user', id: 'una' }, relation: 'in', object: { type: 'group', id: 'readers' } },
    { subject: { type: 'user', id: 'vala' }, relation: 'in', object: { type: 'group', id: 'writers' } },
  ],
  put: [{ type: 'user', id: 'ulf', properties: { senior: true } }],
})
for (const [who, action] of [
  ['una', 'read'],
  ['una', 'write'],
  ['vala', 'write'],
  ['ulf', 'read'],
  ['ulf', 'write'],
  ['vala', 'write'],
])
  await point.ask('/access/v1/evaluation', {
    subject: { type: 'user', id: who },
    action: { name: action },
    resource: { type: 'doc', id: 'd' },
  })
await new Promise((resolve) => setTimeout(resolve, 400))

async function impactOf(policies: string, query = ''): Promise<Impact> {
  const draft = await office.draft({ policies })
  await office.ada.send('POST', `/api/policy/drafts/${draft.id}/check`)
  const { status, body } = await office.ada.send('GET', `/api/policy/drafts/${draft.id}/impact${query}`)
  assert.equal(status, 200, JSON.stringify(body))
  return body as unknown as Impact
}

test('which of the last decisions a draft would turn round, which way, for which action and why', async () => {
  const impact = await impactOf(
    `${readers.replace('readers";', 'x')}${writers.replace('permit (principal in group::"writers"', 'permit (principal in group::"readers"')}`,
  )
  assert.deepEqual(
    [impact.looked, impact.replayed, impact.wouldAllow, impact.wouldDeny, impact.unknown],
    [6, 6, 1, 2, { notKept: 0, readsMore: 0 }],
  )
  assert.deepEqual(impact.byAction, [{ action: 'write', wouldAllow: 1, wouldDeny: 2 }])
  const una = impact.flips.find(({ subject }) => subject.id === 'una')
  assert.deepEqual(
    [una?.before, una?.after],
    [
      { decision: false, policies: [], errors: [] },
      { decision: true, policies: ['writers'], errors: [] },
    ],
  )
  assert.equal(impact.flips.length, 3)
  assert.equal(
    (await impactOf(`${readers}${writers}`)).flips.length,
    0,
    'the same policies turn nothing round',
  )
  assert.equal((await impactOf(readers, '?last=2')).looked, 2)
})

test('a draft that looks at the clock is asked about the moment of each decision, which every line says', async () => {
  const timed = (moment: string) =>
    `${readers.replace(';', ` when { context.now < datetime("${moment}") };`)}${writers}`
  const later = await impactOf(timed('9000-01-01'))
  assert.deepEqual([later.replayed, later.flips], [6, []])
  const over = await impactOf(timed('2020-01-01'))
  assert.deepEqual([over.replayed, over.wouldDeny, over.unknown], [6, 1, { notKept: 0, readsMore: 0 }])
  assert.deepEqual(over.flips[0]?.subject.id, 'una')
})

test('what was not written down is said, and not guessed: only for the actions that it matters to', async () => {
  const impact = await impactOf(`${readers}${seniors}`)
  assert.deepEqual([impact.looked, impact.replayed, impact.unknown], [6, 2, { notKept: 0, readsMore: 4 }])
  assert.deepEqual(impact.readsMore, ['principal.senior'])
  assert.deepEqual(impact.flips, [])
})

test('what somebody was erased from is counted as not kept', async () => {
  await point.kit.database.query(`update policy_decision set seen = null where subject_id = 'una'`)
  const impact = await impactOf(`${readers}${writers}`)
  assert.deepEqual([impact.replayed, impact.unknown], [4, { notKept: 2, readsMore: 0 }])
})

test('what has come into force meanwhile is not held against the draft', async () => {
  await office.publish({ policies: readers })
  const impact = await impactOf(readers)
  assert.deepEqual([impact.wouldAllow, impact.wouldDeny, impact.changedAlready], [0, 0, 2])
})

test('of a draft that is not there, or not right nobody is told anything', async () => {
  const nobody = await office.ada.send('GET', `/api/policy/drafts/drf_${crypto.randomUUID()}/impact`)
  assert.equal(nobody.body['type'], 'urn:fault:policy.impact.no_draft')
  const draft = await office.draft({ policies: '@id("x") permit (' })
  assert.equal(
    (await office.ada.send('GET', `/api/policy/drafts/${draft.id}/impact`)).body['type'],
    'urn:fault:policy.impact.unfit',
  )
  assert.equal(
    (await office.ada.send('GET', `/api/policy/drafts/${draft.id}/impact?last=1000000`)).status,
    400,
  )
  assert.equal(
    (await office.officer('bo', { roles: ['member'] }).send('GET', `/api/policy/drafts/${draft.id}/impact`))
      .status,
    403,
  )
})

test('where decisions are not written down nobody can say what would have been', async () => {
  const service = await testService(policy, { env: { ALTHING_POLICY_DECISION_LOG: 'off' } })
  const { ada, draft } = policyOffice(service)
  const { id } = await draft({ policies: readers })
  const { status, body } = await ada.send('GET', `/api/policy/drafts/${id}/impact`)
  assert.deepEqual([status, body['type']], [409, 'urn:fault:policy.impact.nothing_logged'])
})
