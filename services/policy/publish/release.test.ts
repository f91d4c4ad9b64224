import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Registry } from '@althing/kernel/telemetry'
import type { PolicyKit } from '../compose-access.ts'
import { basePolicies, composePublishing } from '../compose-publish.ts'
import { createPolicyMetrics } from '../metrics.ts'
import { policyOffice } from '../../../tests/support/policy-office.ts'
import { testService } from '../../../tests/support/service.ts'
import { until } from '@althing/kernel/testing'
import { policy } from '../service.ts'

const closed = '@id("closed") forbid (principal is Person, action == Action::"mail.read", resource);\n'
const teams =
  '@id("teams") permit (principal is Person, action == Action::"read", resource is doc) when { principal has team && principal.team == "x" };\n'

async function setUp() {
  const service = await testService(policy)
  const office = policyOffice(service)
  /** A node of another release comes up on the same database. */
  async function release(more: string) {
    const published = composePublishing(
      service.kit as unknown as PolicyKit,
      createPolicyMetrics(new Registry()),
    )
    await published.publishing.release(`${basePolicies()}\n${more}`, 'release')
  }
  const mayReadMail = async () => {
    const claims = { acr: 'urn:althing:acr:mfa' }
    const { decision } = service.kit.authz.decide({
      caller: { kind: 'person', subject: 'acc_1', roles: ['administrator'], ...claims },
      action: 'mail.read',
      resource: { type: 'Service', id: 'mail' },
    })
    return decision
  }
  return { service, ...office, release, mayReadMail }
}

test('a release brings its own policies, and the organisation’s stay beside them', async () => {
  const { bea, publish, release, mayReadMail } = await setUp()
  assert.equal(await mayReadMail(), true)
  await publish({ policies: closed })
  assert.equal(await mayReadMail(), false)
  await release(
    '@id("new-here") permit (principal == Person::"nobody", action == Action::"mail.read", resource);',
  )
  const { body } = await bea.send('GET', '/api/policy/state')
  assert.deepEqual(
    [body['revision'], body['kind'], body['organisation'], body['misfit']],
    [3, 'release', 1, null],
  )
  assert.equal(await mayReadMail(), false)
  const whole = await bea.send('GET', '/api/policy/versions/3')
  assert.equal(whole.body['policies'], closed)
  const same = await bea.send('GET', '/api/policy/versions/2/diff/3')
  assert.deepEqual(
    (same.body['parts'] as { part: string }[]).map(({ part }) => part),
    ['althing'],
  )
})

test('the same release again changes nothing, and a draft that was begun before it is looked at again', async () => {
  const { service, bea, proposed, activate, release } = await setUp()
  const draft = await proposed({ policies: closed })
  await release('')
  await release('')
  assert.equal((await bea.send('GET', '/api/policy/state')).body['revision'], 2)
  assert.equal((await activate(draft)).body['type'], 'urn:fault:policy.publish.outdated')
  const rows = await service.kit.database.query(
    `select count(*)::int as n from audit_entry where action = 'policy.published'`,
  )
  assert.equal(rows[0]?.['n'], 2)
})

test('a release whose names are the organisation’s already takes nothing away: both are in force, and somebody is told', async () => {
  const { service, bea, publish, release, mayReadMail } = await setUp()
  await publish({ policies: closed })
  await release(
    '@id("closed") permit (principal == Person::"nobody", action == Action::"mail.read", resource);',
  )
  assert.equal(await mayReadMail(), false, 'what they forbade is forbidden')
  const { body } = await bea.send('GET', '/api/policy/state')
  assert.deepEqual(body['misfit'], ['closed: this name is Althing’s own now.'])
  await until(async () => /^policy_misfit\S* 1$/m.test(await metricsOf(service)))
  // Going back to what does not fit is refused; a draft that does ends it.
  const back = await bea.send('POST', '/api/policy/versions/2/roll-back', { reason: 'As it was.' })
  assert.equal(back.body['type'], 'urn:fault:policy.publish.does_not_fit')
  await publish({ policies: closed.replace('"closed"', '"shut"') })
  assert.equal((await bea.send('GET', '/api/policy/state')).body['misfit'], null)
  assert.equal(await mayReadMail(), false)
  await until(async () => /^policy_misfit\S* 0$/m.test(await metricsOf(service)))
})

test('policies that a release would not take any more stay as they were compiled', async () => {
  const { service, bea, publish, release } = await setUp()
  await publish({
    policies: `${closed}${teams}`,
    schema:
      'entity doc; entity Person { team?: String }; action read appliesTo { principal: [Person], resource: [doc] };',
  })
  // As if this release had made the attribute its own.
  await service.kit.database.query(
    `update policy_bundle set organisation_schema = replace(organisation_schema, 'team', 'acr')`,
  )
  await release(
    '@id("new-here") permit (principal == Person::"nobody", action == Action::"mail.read", resource);',
  )
  const { body } = await bea.send('GET', '/api/policy/state')
  assert.equal(body['organisation'], 2)
  assert.match(String(body['misfit']), /acr of Person is Althing’s own/)
})

test('a release with which Althing’s own cases come out otherwise is in force, and says which', async () => {
  const { service, bea, publish, release } = await setUp()
  await publish({ policies: closed })
  await release('@id("everybody") permit (principal, action, resource);')
  const { body } = await bea.send('GET', '/api/policy/state')
  assert.deepEqual([body['revision'], body['kind'], body['organisation']], [3, 'release', 1])
  const misfit = body['misfit'] as string[]
  assert.ok(misfit.length > 0)
  for (const one of misfit) assert.match(one, /^[^:]+: ./, 'which case, and what comes out instead')
  await until(async () => /^policy_misfit\S* 1$/m.test(await metricsOf(service)))
  // The next release, which is right again, ends it.
  await release('')
  assert.equal((await bea.send('GET', '/api/policy/state')).body['misfit'], null)
  await until(async () => /^policy_misfit\S* 0$/m.test(await metricsOf(service)))
})

async function metricsOf(service: Awaited<ReturnType<typeof testService>>): Promise<string> {
  return (await service.fetchManagement(new Request('http://localhost/metrics'))).text()
}
