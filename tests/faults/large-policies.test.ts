/** As many policies as may be written come into force at every service, and what is more than these can hold comes into force nowhere. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { until } from '@althing/kernel/testing'
import { members } from '../../services/members/service.ts'
import { policy } from '../../services/policy/service.ts'
import { policyOffice } from '../support/policy-office.ts'
import { testService } from '../support/service.ts'

const condition = (n: number) =>
  `context.level > ${n} && principal has department && principal.department == "d${n}" && resource has owner && resource.owner == principal && resource has status && resource.status != "archived"`
const many = Array.from(
  { length: 5_000 },
  (_, n) =>
    `@id("p${n}") permit (principal in group::"g${n}", action == Action::"read", resource is doc) when { ${condition(n)} };`,
).join('\n')

test('a service holds what the decision point decides with, a moment after it came into force', async () => {
  const point = await testService(policy, { listen: true })
  const service = await testService(members, {
    seeds: point.seeds,
    peerUrls: { policy: point.addresses.main ?? '' },
  })
  assert.ok(many.length > 1_000_000, String(many.length))
  await policyOffice(point).publish({ policies: many })
  await until(() => service.kit.authz.revision() === 2)
})

test('one template for nine thousand links is refused with a word, and the next one is looked at as ever', async () => {
  const point = await testService(policy)
  const wide = Array.from({ length: 60 }, (_, n) => condition(n)).join(' || ')
  const template = `@id("t") permit (principal == ?principal, action == Action::"read", resource is doc) when { ${wide} };`
  const links = Array.from({ length: 9_000 }, (_, n) => `- {id: l${n}, template: t, principal: 'u::${n}'}`)
  const { ada } = policyOffice(point)
  const check = async (policies: string, written = '') =>
    (await ada.send('POST', '/api/policy/check', { policies, links: written })).body as {
      problems: { code: string }[]
    }
  const large = await check(template, links.join('\n'))
  assert.deepEqual(
    large.problems.map(({ code }) => code),
    ['too-large'],
  )
  const small = await check('@id("a") permit (principal, action == Action::"policy.read", resource);')
  assert.deepEqual(small.problems, [])
})
