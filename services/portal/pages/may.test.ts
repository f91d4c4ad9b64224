/** What the console has buttons for: the portal tells whoever is signed in which of it they may do, as every door would decide it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signingKey } from '@althing/kernel/http'
import { createTestClock, seconds } from '@althing/kernel/testing'
import { addAccount, createBrowser, type Browser } from '../../../tests/support/identity.ts'
import { baseBundle } from '../../../tests/support/policies.ts'
import { signedIn, testPortal } from '../../../tests/support/portal.ts'

const mayOf = async (browser: Browser): Promise<unknown> => (await browser.go('/session/may')).json()
const keeping = [
  'emergency.ask',
  'emergency.decide',
  'emergency.end',
  'overrides.ask',
  'overrides.decide',
  'overrides.end',
  'policy.activate',
  'policy.draft',
  'policy.roll-back',
  'service-identities.create',
]

test('whoever is not signed in may nothing, a member nothing of the console, and each office what its policies say', async () => {
  const world = await testPortal()
  assert.deepEqual(await mayOf(createBrowser(world.origin)), { may: [] })
  for (const [role, may] of [
    ['member', []],
    ['election-manager', ['emergency.ask', 'emergency.decide', 'emergency.end']],
    ['auditor', ['emergency.ask', 'emergency.end']],
    ['developer', ['emergency.ask', 'emergency.end', 'service-identities.create']],
    ['administrator', keeping],
    ['superadmin', keeping],
  ] as const) {
    const email = `${role}@example.org`
    await addAccount(world.identity, { email, roles: [role] })
    assert.deepEqual(await mayOf(await signedIn(world, { identifier: email })), { may }, role)
  }
})

test('what is taken from somebody or lent to them for a while takes or gives the button in that moment, without a new sign-in', async () => {
  const clock = createTestClock(new Date().toISOString())
  const world = await testPortal({ clock })
  const ada = await addAccount(world.identity, { roles: ['administrator'] })
  const bea = await addAccount(world.identity, { email: 'bea@example.org', roles: ['auditor'] })
  const adas = await signedIn(world)
  const beas = await signedIn(world, { identifier: 'bea@example.org' })
  const until = new Date(clock.now().getTime() + 60_000).toISOString().slice(0, 19)
  const { authz } = world.service.kit
  const key = signingKey(world.service.seeds['policy'] ?? '')
  authz.install(
    await baseBundle(
      key,
      2,
      `@id("denied") forbid (principal == Person::"${ada}", action == Action::"overrides.ask", resource) when { context.now < datetime("${until}Z") };
       @id("lent") permit (principal == Person::"${bea}", action == Action::"policy.draft", resource) when { context.now < datetime("${until}Z") };`,
    ),
  )
  assert.deepEqual(await mayOf(adas), { may: keeping.filter((one) => one !== 'overrides.ask') })
  assert.deepEqual(await mayOf(beas), { may: ['emergency.ask', 'emergency.end', 'policy.draft'] })
  clock.tick(seconds(61))
  assert.deepEqual(await mayOf(adas), { may: keeping })
  assert.deepEqual(await mayOf(beas), { may: ['emergency.ask', 'emergency.end'] })
})

test('where nobody can say who may do what, nobody is offered anything, and is told so', async () => {
  const clock = createTestClock(new Date().toISOString())
  const world = await testPortal({ clock })
  await addAccount(world.identity, { roles: ['administrator'] })
  const browser = await signedIn(world)
  clock.tick(seconds(301))
  const answer = await browser.go('/session/may')
  assert.deepEqual(
    [answer.status, ((await answer.json()) as { code: string }).code],
    [503, 'kernel.authz.unavailable'],
  )
})
