import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { Registry } from '@althing/kernel/telemetry'
import { createTestClock, days, hours, minutes, race, until } from '@althing/kernel/testing'
import { addAccount, testIdentity, type TestIdentity } from '../../../tests/support/identity.ts'
import { testMailbox } from '../../../tests/support/mailbox.ts'
import { addClient, basic, post } from '../../../tests/support/protocol.ts'
import { compose, type IdentityKit } from '../compose.ts'
import { createMetrics } from '../metrics.ts'

test('administrators are reminded by mail of a secret that is old, and of one that ends, once each', async () => {
  const { service, clock, mailbox, parts } = await setUp()
  await addAccount(service, { email: 'adam@example.org', name: 'Adam', roles: ['administrator'] })
  await addAccount(service, { email: 'sara@example.org', name: 'Sara', roles: ['superadmin'] })
  await addAccount(service, { email: 'ada@example.org', roles: ['member', 'election-manager'] })
  await addAccount(service, { email: 'gone@example.org', roles: ['administrator'], status: 'suspended' })
  const remind = parts.clientTending.remind
  clock.tick(days(89))
  await remind()
  assert.deepEqual(await told(mailbox), [])

  clock.tick(days(2))
  const { lost } = await race(8, async (_, ready) => (await ready(), remind()))
  assert.deepEqual(lost, [])
  const old = await told(mailbox, 2)
  assert.deepEqual(
    old.map(({ to }) => to),
    ['adam@example.org', 'sara@example.org'],
  )
  assert.match(old[0]?.text ?? '', /forritsins The application worker .*\n[^]*\/admin\/clients\/worker\n/)
  await remind()
  clock.tick(days(30))
  await remind()
  assert.equal((await told(mailbox, 2)).length, 2, 'said once')

  const [secret] = (await parts.clientOperations.show('worker')).secrets
  assert.equal(secret?.notice, 'old')
  const ends = new Date(clock.now().getTime() + days(20))
  await parts.clientOperations.retireSecret('worker', secret?.id ?? '', ends, 'operator:test')
  await remind()
  assert.equal((await told(mailbox, 2)).length, 2, 'it is twenty days away')
  clock.tick(days(7))
  await remind()
  assert.match((await told(mailbox, 4))[2]?.subject ?? '', /rennur brátt út: The application worker/)
  assert.doesNotMatch(JSON.stringify(mailbox.mails), new RegExp(secretOf(service)))
})

test('nobody is reminded of an application that is disabled, nor of a secret that is gone when its letter goes out', async () => {
  const { service, clock, mailbox, parts } = await setUp()
  const account = await addAccount(service, { email: 'adam@example.org', roles: ['administrator'] })
  await parts.clientOperations.setDisabled('worker', true, 'operator:test')
  clock.tick(days(100))
  await parts.clientTending.remind()
  await parts.clientTending.deliver({ account, due: [{ client: 'worker', secret: 'cls_gone' }] })
  await parts.clientTending.deliver({ account, due: [{ client: 'nobody', secret: 'cls_gone' }] })
  await parts.clientTending.deliver({
    account: 'acc_gone',
    due: [{ client: 'worker', secret: 'cls_gone' }],
  })
  assert.deepEqual(await told(mailbox), [])
})

test('many secrets are one letter to each administrator, so many at a time, and none of an application that registered itself', async () => {
  const { service, clock, mailbox, parts } = await setUp()
  await addAccount(service, { email: 'adam@example.org', roles: ['administrator'] })
  for (let n = 0; n < 52; n += 1)
    await addClient(service, `machine-${n}`, { grant_types: ['client_credentials'], scope: '' })
  await addClient(service, 'stranger', { registered_by: 'itself' })
  clock.tick(days(100))
  await parts.clientTending.remind()
  const [first] = await told(mailbox, 1)
  assert.match(first?.subject ?? '', /: 50 · /)
  assert.equal(first?.text.match(/\/admin\/clients\//g)?.length, 50)
  await parts.clientTending.remind()
  await parts.clientTending.remind()
  const letters = await told(mailbox, 2)
  assert.equal(letters.length, 2)
  const text = letters.map((one) => one.text).join('\n')
  assert.equal(new Set(text.match(/\/admin\/clients\/[\w-]+/g)).size, 53)
  assert.doesNotMatch(text, /stranger/)
})

test('the last use of an application and of its secret is known to the hour, and no token costs a write', async () => {
  const { service, parts, clock } = await setUp()
  const shown = async () => {
    const { usedAt, secrets } = await parts.clientOperations.show('worker')
    return [usedAt, secrets[0]?.usedAt ?? null]
  }
  assert.deepEqual(await shown(), [null, null])
  const token = (secret = secretOf(service)) =>
    post(service, '/oauth/token', { grant_type: 'client_credentials' }, basic('worker', secret))
  assert.equal((await token('wrong')).status, 401)
  assert.deepEqual(await shown(), [null, null], 'who does not prove it was not here')
  const first = clock.now()
  for (let n = 0; n < 5; n += 1) assert.equal((await token()).status, 200)
  await until(async () => (await shown()).every((at) => at !== null))
  assert.deepEqual(await shown(), [first, first])
  // Another node, and this one after a while: neither writes within the hour.
  clock.tick(minutes(50))
  parts.clientTending.used('worker')
  await token()
  await pause(200)
  assert.deepEqual(await shown(), [first, first])
  const [version] = await service.kit.database.query<{ xmin: string }>('select xmin::text from oauth_client')
  await token()
  await pause(200)
  assert.deepEqual(await service.kit.database.query('select xmin::text from oauth_client'), [version])
  clock.tick(hours(1))
  await token()
  await until(async () => (await shown())[0] !== first && (await shown())[0]?.getTime() !== first.getTime())
})

const secrets = new WeakMap<TestIdentity, string>()
const secretOf = (service: TestIdentity) => secrets.get(service) ?? ''

async function setUp() {
  const clock = createTestClock()
  const mailbox = await testMailbox()
  const service = await testIdentity({ clock, env: { ALTHING_IDENTITY_MAIL_URL: mailbox.url } })
  secrets.set(
    service,
    await addClient(service, 'worker', {
      grant_types: ['client_credentials'],
      scope: '',
    }),
  )
  const parts = compose(service.kit as unknown as IdentityKit, createMetrics(new Registry()))
  return { service, clock, mailbox, parts }
}

/** What came, and what was expected to. */
async function told({ mails }: Awaited<ReturnType<typeof testMailbox>>, count = 0) {
  if (count > 0) await until(async () => mails.length >= count)
  await pause(300)
  return mails.toSorted((a, b) => a.subject.localeCompare(b.subject) || a.to.localeCompare(b.to))
}
