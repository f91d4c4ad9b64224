/** What the console has buttons for: the portal tells whoever is signed in which of it they may do, as every door would decide it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { signingKey } from '@althing/kernel/http'
import { createTestClock, seconds } from '@althing/kernel/testing'
import { addAccount, createBrowser, type Browser } from '../../../tests/support/identity.ts'
import { baseBundle } from '../../../tests/support/policies.ts'
import { signedIn as signIn, testPortal } from '../../../tests/support/portal.ts'
import { acts, ConsoleAction } from '../contract.ts'

interface Told {
  readonly signedIn: boolean
  readonly roles: readonly string[]
  readonly rooms: readonly string[]
  readonly may: readonly string[]
}

const told = async (browser: Browser, thing = ''): Promise<Told> =>
  (await (await browser.go(`/session/may${thing}`)).json()) as Told
const mayOf = async (browser: Browser, thing?: string) => (await told(browser, thing)).may

const elections = ConsoleAction.options.filter((one) => one.startsWith('elections.'))
const reading = ['decisions.export', 'decisions.replay', 'decisions.verify']
const operating = ['mail.lift', 'mail.resend', 'signals.replay']
const asking = ['emergency.ask', 'emergency.end']
const everything = [...ConsoleAction.options]

test('whoever is not signed in may nothing, a member nothing of the console, and each office what its policies say', async () => {
  const world = await testPortal()
  assert.deepEqual(await told(createBrowser(world.origin)), {
    signedIn: false,
    roles: [],
    rooms: [],
    may: [],
  })
  for (const [role, may] of [
    ['member', []],
    ['election-manager', [...elections, 'emergency.ask', 'emergency.decide', 'emergency.end']],
    ['auditor', [...reading, ...asking]],
    [
      'developer',
      [
        'clients.change',
        'clients.create',
        ...asking,
        'service-identities.change',
        'service-identities.create',
      ],
    ],
    ['operator', [...asking, ...operating]],
    ['administrator', everything],
    ['superadmin', everything],
  ] as const) {
    const email = `${role}@example.org`
    await addAccount(world.identity, { email, roles: [role] })
    const { signedIn, roles, ...answer } = await told(await signIn(world, { identifier: email }))
    assert.deepEqual([signedIn, roles], [true, [role]])
    assert.deepEqual(answer.may, may, role)
  }
})

test('an auditor is offered nothing that changes anything, of anybody or anything', async () => {
  const world = await testPortal()
  await addAccount(world.identity, { email: 'auditor@example.org', roles: ['auditor'] })
  const browser = await signIn(world, { identifier: 'auditor@example.org' })
  for (const type of new Set(Object.values(acts)))
    assert.deepEqual(await mayOf(browser, `?type=${type}&id=some`), [...reading, ...asking], type)
})

test('whoever looks at one thing is told what they may do to that one', async () => {
  const world = await testPortal()
  const ada = await addAccount(world.identity, { roles: ['administrator'] })
  const browser = await signIn(world)
  world.service.kit.authz.install(
    await baseBundle(
      signingKey(world.service.seeds['policy'] ?? ''),
      2,
      `@id("not-this-one") forbid (principal == Person::"${ada}", action == Action::"users.set-roles", resource == Person::"acc_bea");`,
    ),
  )
  const but = everything.filter((one) => one !== 'users.set-roles')
  assert.deepEqual(await mayOf(browser), everything)
  assert.deepEqual(await mayOf(browser, '?type=Person&id=acc_bea'), but)
  assert.deepEqual(await mayOf(browser, '?type=Person&id=acc_cid'), everything)
  assert.deepEqual(await mayOf(browser, '?type=Client&id=acc_bea'), everything)
  assert.equal((await browser.go('/session/may?type=Nothing&id=x')).status, 400)
})

test('what is taken from somebody or lent to them for a while takes or gives the button in that moment, without a new sign-in', async () => {
  const clock = createTestClock(new Date().toISOString())
  const world = await testPortal({ clock })
  const ada = await addAccount(world.identity, { roles: ['administrator'] })
  const bea = await addAccount(world.identity, { email: 'bea@example.org', roles: ['auditor'] })
  const adas = await signIn(world)
  const beas = await signIn(world, { identifier: 'bea@example.org' })
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
  assert.deepEqual(
    await mayOf(adas),
    everything.filter((one) => one !== 'overrides.ask'),
  )
  assert.deepEqual(await mayOf(beas), [...reading, ...asking, 'policy.draft'])
  clock.tick(seconds(61))
  assert.deepEqual(await mayOf(adas), everything)
  assert.deepEqual(await mayOf(beas), [...reading, ...asking])
})

test('where nobody can say who may do what, nobody is offered anything, and is told so', async () => {
  const clock = createTestClock(new Date().toISOString())
  const world = await testPortal({ clock })
  await addAccount(world.identity, { roles: ['administrator'] })
  const browser = await signIn(world)
  clock.tick(seconds(301))
  const answer = await browser.go('/session/may')
  assert.deepEqual(
    [answer.status, ((await answer.json()) as { code: string }).code],
    [503, 'kernel.authz.unavailable'],
  )
})
