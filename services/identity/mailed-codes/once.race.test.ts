import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { test } from 'node:test'
import { addAccount, testIdentity } from '../../../tests/support/identity.ts'
import { createMailedCodeStore } from './store.ts'

const service = await testIdentity()
const store = createMailedCodeStore(service.kit.database)
const now = new Date()
const inMinutes = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
const hash = (text: string) => createHash('sha256').update(text).digest()
const many = <T>(count: number, work: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => work(n)))

async function setUp(code = 'right') {
  const account = await addAccount(service, { email: `${randomBytes(6).toString('hex')}@example.org` })
  const asker = randomBytes(32)
  const keep = (text = code) =>
    store.keep(
      {
        asker,
        channel: 'mail',
        account,
        code: hash(text),
        expiresAt: inMinutes(5),
        endsAt: inMinutes(60),
      },
      now,
    )
  assert.equal(await keep(), true)
  const tryCode = (text: string, at = now) => store.tryCode(asker, 'mail', hash(text), at)
  return { account, asker, keep, tryCode, underway: () => store.underway(asker, 'mail', now) }
}

test('64 right ones at one moment: one is', async () => {
  const { tryCode, keep } = await setUp()
  const answers = await many(64, () => tryCode('right'))
  assert.equal(answers.filter(Boolean).length, 1)
  assert.equal(await tryCode('right'), false)
  assert.equal(await keep('another'), true, 'one who was right may ask again')
})

test('200 wrong ones at one moment: three are compared, and neither the right one nor another code helps then', async () => {
  const { tryCode, keep, underway } = await setUp()
  assert.deepEqual((await many(200, (n) => tryCode(`wrong ${n}`))).filter(Boolean), [])
  assert.equal((await underway())?.tried, 3)
  assert.equal(await tryCode('right'), false)
  assert.equal(await keep('another'), false)
  assert.equal(await tryCode('another'), false)
})

test('200 of which one is right at one moment: it is right at most once, and no more than three were compared', async () => {
  const { tryCode, underway } = await setUp()
  const answers = await many(200, (n) => tryCode(n % 50 === 0 ? 'right' : `wrong ${n}`))
  assert.ok(answers.filter(Boolean).length <= 1)
  assert.ok(((await underway())?.tried ?? 0) <= 3)
})

test('asking while guessing forgives nothing: of any order three are compared', async () => {
  const { tryCode, keep, underway } = await setUp()
  await many(100, async (n) => (n % 4 === 0 ? keep('right') : tryCode(`wrong ${n}`)))
  assert.equal((await underway())?.tried, 3)
})

test('nothing is right at the minute it expires, for another who asks, or by the other channel', async () => {
  const { tryCode, asker } = await setUp()
  const other = await setUp('theirs')
  assert.equal(await tryCode('right', inMinutes(5)), false)
  assert.equal(await other.tryCode('right'), false)
  assert.equal(await store.tryCode(asker, 'sms', hash('right'), now), false)
  assert.equal(await tryCode('right', new Date(inMinutes(5).getTime() - 1)), true)
})

test('a code that did not go out takes nothing from the one before, and one that did takes its place', async () => {
  const { keep, tryCode, asker, underway } = await setUp('before')
  await store.replace(asker, 'mail', hash('before'))
  await keep('lost')
  await store.withdraw(asker, 'mail', hash('lost'))
  assert.equal(await tryCode('lost'), false)
  assert.equal((await underway())?.expiresAt.getTime(), inMinutes(5).getTime(), 'until its own end')
  await keep('gone out')
  await store.replace(asker, 'mail', hash('gone out'))
  assert.equal(await tryCode('before'), false)
  assert.equal(await tryCode('gone out'), true)
})

test('while nobody knows whether the second went out both are good, and one use ends both', async () => {
  for (const [written, other] of [
    ['before', 'perhaps'],
    ['perhaps', 'before'],
  ] as const) {
    const { keep, tryCode, asker } = await setUp('before')
    await store.replace(asker, 'mail', hash('before'))
    await keep('perhaps')
    assert.equal(await tryCode(written), true)
    assert.equal(await tryCode(other), false)
    await store.replace(asker, 'mail', hash('perhaps'))
    assert.equal(await tryCode(other), false, 'the news that it went out comes too late')
  }
})

test('the end of one is not the end of the other', async () => {
  const { account, asker } = await setUp('before')
  await store.replace(asker, 'mail', hash('before'))
  const later = { asker, channel: 'mail', account, code: hash('later'), endsAt: inMinutes(60) } as const
  await store.keep({ ...later, expiresAt: inMinutes(9) }, inMinutes(4))
  assert.equal(await store.tryCode(asker, 'mail', hash('before'), inMinutes(5)), false)
  assert.equal(await store.tryCode(asker, 'mail', hash('later'), inMinutes(5)), true)
})

test('64 sends at one moment: five are counted, one that was taken back may go out, and a new hour begins anew', async () => {
  const { account } = await setUp()
  const count = (at = now) =>
    store.countSend(account, 'sms', 'strangers', at, new Date(at.getTime() + 3_600_000))
  assert.equal((await many(64, () => count())).filter(Boolean).length, 5)
  await store.uncountSend(account, 'sms', 'strangers')
  assert.deepEqual([await count(), await count()], [true, false])
  assert.equal(
    await store.countSend(account, 'mail', 'strangers', now, inMinutes(60)),
    true,
    'the other channel has its own',
  )
  assert.equal(
    await store.countSend(account, 'sms', 'a device', now, inMinutes(60)),
    true,
    'and so has a known device',
  )
  assert.equal(await count(new Date(now.getTime() + 3_599_000)), false)
  assert.equal(await count(new Date(now.getTime() + 3_600_000)), true)
})

test('text messages are turned on with a proven telephone only, and turning off ends what is under way', async () => {
  const { account, tryCode } = await setUp()
  assert.equal(await store.turnOn(account, 'sms', now), false)
  await store.provePhone(account, '+3545551234', now)
  assert.equal((await many(8, () => store.turnOn(account, 'sms', now))).filter(Boolean).length, 1)
  assert.equal(await store.turnOn(account, 'mail', now), true)
  assert.equal((await many(8, () => store.turnOff(account, 'mail'))).filter(Boolean).length, 1)
  assert.equal(await tryCode('right'), false)
})
