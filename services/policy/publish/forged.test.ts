/** Somebody can write into the table of policies and does not have our key; and a database comes back from yesterday. */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { decisionPoint } from '../../../tests/support/decision-point.ts'
import { policyOffice } from '../../../tests/support/policy-office.ts'
import { testService, type TestService } from '../../../tests/support/service.ts'
import { policy } from '../service.ts'

const readers = '@id("readers") permit (principal is user, action == Action::"read", resource);\n'
const everything = {
  effect: 'permit',
  principal: { op: 'All' },
  action: { op: 'All' },
  resource: { op: 'All' },
  conditions: [],
}
const forge = (service: TestService, after: number) =>
  service.kit.database.query(
    `insert into policy_bundle (revision, source, source_hash, bundle, signature, published_by)
     select revision + $1, source, source_hash, $2, 'forged', 'mallory' from policy_bundle order by revision desc limit 1`,
    [after, JSON.stringify({ revision: 3, policies: { all: everything }, entities: [] })],
  )
const forged = async (service: TestService): Promise<string> => {
  const answer = await service.fetchManagement(new Request('http://management/metrics'))
  return /policy_forged_bundles_total\S* (\d+)/.exec(await answer.text())?.[1] ?? '0'
}

test('with policies that nobody signed nothing is decided, nothing is made of them, and it is seen', async () => {
  const point = await decisionPoint({ policies: readers })
  const ask = async () => {
    const asked = {
      subject: { type: 'stranger', id: 's' },
      action: { name: 'anything' },
      resource: { type: 'vault', id: 'v' },
    }
    const { status, body } = await point.ask('/access/v1/evaluation', asked)
    return [status, body['decision']]
  }
  assert.deepEqual(await ask(), [200, false])
  await forge(point, 1)
  assert.deepEqual(await ask(), [503, undefined])
  assert.notEqual(await forged(point), '0')
  const office = policyOffice(point, point.origin)
  const back = await office.bea.send('POST', '/api/policy/versions/1/roll-back', { reason: 'As it was.' })
  assert.deepEqual([back.status, back.body['code']], [503, 'policy.publish.unavailable'])
  await point.kit.database.query(`delete from policy_bundle where signature = 'forged'`)
  assert.deepEqual(await ask(), [200, false])
})

test('a forged version hides no genuine one from the services', async () => {
  const service = await testService(policy, { env: { ALTHING_POLICY_FEED_WAIT_MS: '50' } })
  const other = await testService(policy, { like: service, env: { ALTHING_POLICY_FEED_WAIT_MS: '50' } })
  await policyOffice(other).publish({ policies: readers })
  await forge(service, 2)
  const said = await heldBy(service, 1, '')
  assert.equal(JSON.parse(said.bundle ?? '{}').revision, 2)
})

test('whoever holds policies that are not there any more is told so, and whoever holds others under the same number gets ours', async () => {
  const service = await testService(policy, { env: { ALTHING_POLICY_FEED_WAIT_MS: '50' } })
  const ours = (await heldBy(service, 0, '')).bundle ?? ''
  const digest = createHash('sha256').update(ours).digest('hex')
  assert.deepEqual(await heldBy(service, 1, digest), { unchanged: true })
  assert.equal((await heldBy(service, 1, 'f'.repeat(64))).bundle, ours)
  assert.equal(
    (await heldBy(service, 9, digest)).bundle,
    ours,
    'an older one: nobody takes it, and everybody sees it',
  )
})

test('after our key has changed what is in force is signed anew at the start, and the audit log says so', async () => {
  const service = await testService(policy)
  await service.kit.database.query(`update policy_bundle set signature = 'of the key before'`)
  const next = await testService(policy, { like: service })
  assert.equal(next.kit.authz.revision(), 1)
  const lines = await service.kit.database.query(
    `select from audit_entry where action = 'policy.signed_anew'`,
  )
  assert.equal(lines.length, 1)
  const draft = await policyOffice(next).publish({ policies: readers })
  assert.ok(draft, 'and goes on from there')
})

test('going back does not give away what is Althing’s own', async () => {
  const service = await testService(policy)
  const office = policyOffice(service)
  await office.publish({ policies: readers })
  await office.publish({ policies: '' })
  // As if the cases had come after it.
  await service.kit.database.query(`update policy_bundle set organisation_compiled = $1 where revision = 2`, [
    JSON.stringify({ policies: { all: everything }, entities: [] }),
  ])
  const back = await office.bea.send('POST', '/api/policy/versions/2/roll-back', { reason: 'As it was.' })
  assert.deepEqual([back.status, back.body['code']], [422, 'policy.publish.failing'])
})

async function heldBy(service: TestService, revision: number, digest: string) {
  const answer = await service.asService(
    'events',
    'GET',
    `/internal/policy/bundle?revision=${revision}&digest=${digest}`,
  )
  return (await answer.json()) as { unchanged?: true; bundle?: string }
}
