import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemChance } from '@althing/kernel/context'
import {
  addAccount,
  createBrowser,
  password,
  signIn,
  testIdentity,
  type TestIdentity,
} from '../../../tests/support/identity.ts'
import { createDevices } from './devices.ts'

const guess = async (service: TestIdentity, times: number, identifier = 'ada@example.org') => {
  const browser = createBrowser(service.origin)
  let last = 0
  for (let n = 0; n < times; n++)
    last = (await signIn(browser, { identifier, secret: 'a guess of a stranger' })).status
  return last
}

test('a stranger who guesses, from the same network too, does not lock the owner out of a known device', async () => {
  const service = await testIdentity({ env: { ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT_EVERYWHERE: '12' } })
  await addAccount(service)
  const known = createBrowser(service.origin)
  assert.equal((await signIn(known)).status, 303)
  known.jar.delete('althing_id')
  assert.equal(await guess(service, 14), 429)
  assert.equal((await signIn(createBrowser(service.origin))).status, 429, 'a new device has to wait')
  assert.equal((await signIn(known)).status, 303)
})

test('the ceiling over all networks stops strangers from a new network, and no known device', async () => {
  const service = await testIdentity({ env: { ALTHING_IDENTITY_SIGN_IN_PER_ACCOUNT_EVERYWHERE: '3' } })
  await addAccount(service)
  const known = createBrowser(service.origin)
  assert.equal((await signIn(known)).status, 303)
  known.jar.delete('althing_id')
  assert.equal(await guess(service, 3), 429)
  const elsewhere = createBrowser(service.origin, (url, init) => {
    const headers = new Headers(init?.headers)
    headers.set('x-forwarded-for', '203.0.113.7')
    return fetch(url, { ...init, headers })
  })
  assert.equal((await signIn(elsewhere)).status, 429)
  assert.equal((await signIn(known)).status, 303)
  assert.equal(await guess(service, 3, 'nobody@example.org'), 422)
  assert.equal(await guess(service, 1, 'nobody@example.org'), 429, 'an unknown address is counted alike')
})

test('guesses in a known device are counted there: it waits, and others do not', async () => {
  const service = await testIdentity()
  await addAccount(service)
  const known = createBrowser(service.origin)
  await signIn(known)
  known.jar.delete('althing_id')
  const seen: number[] = []
  for (let n = 0; n < 6; n++) seen.push((await signIn(known, { secret: 'wrong' })).status)
  assert.deepEqual(seen, [422, 422, 422, 422, 422, 429])
  assert.equal((await signIn(createBrowser(service.origin))).status, 303)
})

test('the cookie alone is nobody, and is known to the accounts that signed in there and to no others', async () => {
  const devices = createDevices({ key: new Uint8Array(32).fill(1), chance: systemChance })
  const others = createDevices({ key: new Uint8Array(32).fill(2), chance: systemChance })
  const first = devices.remember(undefined, 'acc_1').value
  const id = devices.recognise(first, 'acc_1')
  assert.match(id ?? '', /^[\w-]{24}$/)
  for (const [cookie, account] of [
    [first, 'acc_2'],
    [first, null],
    [undefined, 'acc_1'],
    [`${first.slice(0, -1)}!`, 'acc_1'],
    [others.remember(undefined, 'acc_1').value, 'acc_1'],
    [`${id}.${'A'.repeat(43)}`, 'acc_1'],
  ] as const)
    assert.equal(devices.recognise(cookie, account), null)
  const shared = devices.remember(first, 'acc_2').value
  assert.deepEqual([devices.recognise(shared, 'acc_1'), devices.recognise(shared, 'acc_2')], [id, id])
  let crowded = first
  for (let n = 0; n < 9; n++) crowded = devices.remember(crowded, `acc_${n + 10}`).value
  assert.equal(crowded.split('.').length, 5)
  assert.equal(devices.recognise(devices.remember(undefined, 'acc_1').value, 'acc_1') === id, false)

  const service = await testIdentity()
  await addAccount(service)
  const browser = createBrowser(service.origin)
  const answer = await signIn(browser, { secret: password })
  const line = answer.headers.getSetCookie().find((one) => one.startsWith('althing_device=')) ?? ''
  assert.match(line, /Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax/)
  browser.jar.delete('althing_id')
  assert.equal((await browser.go('/account')).status, 303)
})
