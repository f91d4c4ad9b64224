/** A device without a keyboard (RFC 8628): its code is written on another one, by somebody who is signed in there. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { systemChance } from '@althing/kernel/context'
import * as client from 'openid-client'
import {
  addAccount,
  createBrowser,
  formOf,
  signIn,
  testIdentity,
} from '../../../../tests/support/identity.ts'
import { createRecordStore } from '../store.ts'
import { addClient, basic, post, strict, through } from '../../../../tests/support/protocol.ts'

const service = await testIdentity()
await addAccount(service)
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'
await addClient(service, 'tv', {
  grant_types: [deviceGrant, 'refresh_token'],
  token_endpoint_auth_method: 'none',
  scope: 'openid email offline_access',
})
const otherSecret = await addClient(service, 'other', { grant_types: [deviceGrant] })
const tv = await strict(service, 'tv', client.None())
const begin = () => client.initiateDeviceAuthorization(tv, { scope: 'openid email' })

async function signedIn() {
  const browser = createBrowser(service.origin)
  await signIn(browser)
  return browser
}

test('the code is written, compared and allowed by its owner; then the device is signed in, once', async () => {
  const waiting = await begin()
  assert.match(waiting.user_code, /^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/)
  assert.deepEqual([waiting.verification_uri, waiting.expires_in], [`${service.origin}/oauth/code`, 600])
  const early = await post(service, '/oauth/token', {
    grant_type: deviceGrant,
    client_id: 'tv',
    device_code: waiting.device_code,
  })
  assert.deepEqual([early.status, early.body['error']], [400, 'authorization_pending'])

  const browser = await signedIn()
  const page = await (await browser.go('/oauth/code')).text()
  const compare = await browser.submit(page, 'device-code', { user_code: waiting.user_code.toLowerCase() })
  const question = await compare.text()
  assert.match(question, /Is this your device\?/)
  assert.match(question, new RegExp(waiting.user_code))
  const { url } = await browser.follow(await browser.submit(question, 'device-confirm', { confirm: 'yes' }))
  assert.equal(url.pathname, '/sign-in/consent')
  const { page: done } = await through(browser, url.href)
  assert.match(done, /The device is connected/)

  const tokens = await client.pollDeviceAuthorizationGrant(tv, { ...waiting, interval: 0 })
  assert.equal(
    (await client.fetchUserInfo(tv, tokens.access_token, tokens.claims()?.sub ?? '')).email,
    'ada@example.org',
  )
  const again = await post(service, '/oauth/token', {
    grant_type: deviceGrant,
    client_id: 'tv',
    device_code: waiting.device_code,
  })
  assert.deepEqual([again.status, again.body['error']], [400, 'invalid_grant'])
  await assert.rejects(
    client.fetchUserInfo(tv, tokens.access_token, client.skipSubjectCheck),
    'a second use ended it',
  )
})

test('the link with the code in it shows the code, and sends nothing by itself', async () => {
  const waiting = await begin()
  const stranger = createBrowser(service.origin)
  const link = waiting.verification_uri_complete ?? ''
  const asked = await stranger.go(link)
  assert.equal(asked.status, 303)
  const signInAt = asked.headers.get('location') ?? ''
  const back = await signIn(stranger, { at: signInAt })
  const { response } = await stranger.follow(back)
  const text = await response.text()
  assert.match(text, new RegExp(`value="${waiting.user_code}"`))
  assert.doesNotMatch(text, /<script>/)
})

test('a wrong code, a used one, one that was refused: each is told, and none opens anything', async () => {
  const browser = await signedIn()
  const enter = async (code: string) => {
    const page = await (await browser.go('/oauth/code')).text()
    return browser.submit(page, 'device-code', { user_code: code })
  }
  const wrong = await enter('BBBB-BBBB')
  assert.equal(wrong.status, 422)
  assert.match(await wrong.text(), /No device waits with this code/)
  assert.match(await (await enter('')).text(), /Enter the code that the device shows/)

  const waiting = await begin()
  const question = await (await enter(waiting.user_code)).text()
  const refused = await browser.submit(question, 'device-confirm', { abort: 'yes' })
  assert.match(await refused.text(), /The device was not connected/)
  const answer = await post(service, '/oauth/token', {
    grant_type: deviceGrant,
    client_id: 'tv',
    device_code: waiting.device_code,
  })
  assert.deepEqual([answer.status, answer.body['error']], [400, 'access_denied'])
  assert.match(await (await enter(waiting.user_code)).text(), /The code has been used/)
})

test('a form of another page, and a code of another client, are refused', async () => {
  const browser = await signedIn()
  await browser.go('/oauth/code')
  const waiting = await begin()
  const forged = await browser.go('/oauth/code', {
    method: 'POST',
    body: new URLSearchParams({ xsrf: 'guess', user_code: waiting.user_code, confirm: 'yes' }),
  })
  assert.equal(forged.status, 422)
  assert.match(await forged.text(), /could not be connected/)
  const foreign = await post(
    service,
    '/oauth/token',
    { grant_type: deviceGrant, device_code: waiting.device_code },
    basic('other', otherSecret),
  )
  assert.deepEqual([foreign.status, foreign.body['error']], [400, 'invalid_grant'])
  const unknown = await post(service, '/oauth/device', { client_id: 'nobody', scope: 'openid' })
  assert.deepEqual([unknown.status, unknown.body['error']], [401, 'invalid_client'])
})

test('a device that asks too often is told to slow down, each time for longer, and is answered all the same', async () => {
  const waiting = await begin()
  const poll = async (headers = {}, form = {}) => {
    const asked = { grant_type: deviceGrant, client_id: 'tv', device_code: waiting.device_code, ...form }
    return (await post(service, '/oauth/token', asked, headers)).body['error']
  }
  const waited = (seconds: number) =>
    service.kit.database.query(`update oidc_record set polled_at = polled_at - make_interval(secs => $1)`, [
      seconds,
    ])
  assert.equal(await poll(), 'authorization_pending')
  assert.equal(await poll(), 'slow_down')
  await waited(5)
  assert.equal(await poll(), 'slow_down', 'ten seconds by now')
  await waited(14)
  assert.equal(await poll(), 'authorization_pending')
  // Whoever is not its client neither waits for it nor makes it wait.
  const foreign = basic('other', otherSecret)
  assert.equal(await poll(foreign, { client_id: 'other' }), 'invalid_grant')
  await waited(14)
  const sixtyFour = await Promise.all(Array.from({ length: 64 }, () => poll()))
  assert.equal(sixtyFour.filter((error) => error === 'authorization_pending').length, 1)

  const browser = await signedIn()
  const page = await (await browser.go('/oauth/code')).text()
  const question = await (await browser.submit(page, 'device-code', { user_code: waiting.user_code })).text()
  const { url } = await browser.follow(await browser.submit(question, 'device-confirm', { confirm: 'yes' }))
  if (url.pathname === '/sign-in/consent') await through(browser, url.href)
  assert.equal(await poll(), undefined, 'what was answered is given at once')
})

test('a code that is over is told so for ten minutes, whoever sweeps meanwhile, and opens nothing', async (t) => {
  const waiting = await begin()
  const { database } = service.kit
  const poll = async () => {
    const asked = { grant_type: deviceGrant, client_id: 'tv', device_code: waiting.device_code }
    return (await post(service, '/oauth/token', asked)).body['error']
  }
  const later = async (seconds: number) => {
    t.mock.timers.reset()
    t.mock.timers.enable({ apis: ['Date'], now: Date.now() + seconds * 1000 })
    await database.query('update oidc_record set expires_at = expires_at - make_interval(secs => $1)', [
      seconds,
    ])
    await createRecordStore(database as never, systemChance).sweep()
  }
  await later(660)
  assert.equal(await poll(), 'expired_token')
  assert.equal(await poll(), 'slow_down', 'it may ask no more often than before')
  await later(600)
  assert.equal(await poll(), 'invalid_grant')
})

test('guesses are counted before they are looked up', async () => {
  const narrow = await testIdentity({ env: { ALTHING_IDENTITY_DEVICE_CODES_PER_NETWORK: '3' } })
  await addAccount(narrow)
  const browser = createBrowser(narrow.origin)
  await signIn(browser)
  const page = await (await browser.go('/oauth/code')).text()
  const statuses: number[] = []
  for (let guess = 0; guess < 4; guess += 1) {
    const answer = await browser.submit(page, 'device-code', { user_code: 'BBBB-BBBB' })
    statuses.push(answer.status)
    if (answer.status === 429) assert.match(await answer.text(), /Too many codes were tried/)
  }
  assert.equal(statuses.at(-1), 429)
})

test('what is in the table is of no use to who reads it', async () => {
  const waiting = await begin()
  const rows = JSON.stringify(await service.kit.database.query('select r::text from oidc_record r'))
  for (const secret of [waiting.device_code, waiting.user_code, waiting.user_code.replace('-', '')])
    assert.equal(rows.includes(secret), false)
})

test('another language is the same step: a wrong code with what is wrong with it, and the question whether it is this device', async () => {
  const browser = await signedIn()
  const form = await (await browser.go('/oauth/code?lang=en')).text()
  const wrong = await (await browser.submit(form, 'device-code', { user_code: 'BBBB-BBBB' })).text()
  const again = await (await switched(browser, wrong, 'BBBB-BBBB')).text()
  assert.match(again, /lang="is"[^]*value="BBBB-BBBB"/)
  assert.match(again, /aria-invalid="true"/)
  assert.doesNotMatch(again, /No device waits with this code/)
  const mended = await (await switched(browser, wrong, 'BBBB-CCCC')).text()
  assert.match(mended, /value="BBBB-CCCC"/)
  assert.doesNotMatch(mended, /aria-invalid="true"/, 'what was wrong was so of the code before')
  assert.equal((await browser.go('/oauth/code?problem=wrong')).status, 200, 'no link says so')

  const waiting = await begin()
  await browser.go('/oauth/code?lang=en')
  const page = await (await browser.go('/oauth/code')).text()
  const question = await (await browser.submit(page, 'device-code', { user_code: waiting.user_code })).text()
  assert.match(question, /Is this your device\?/)
  const at = /formaction="([^"]*lang=is)"/.exec(question)?.[1] ?? ''
  const { hidden } = formOf(question, 'device-confirm')
  const asked = await browser.go(at, {
    method: 'POST',
    headers: { origin: service.origin },
    body: new URLSearchParams({ ...hidden, to: at }),
  })
  const icelandic = await asked.text()
  assert.match(icelandic, /lang="is"/)
  assert.match(icelandic, new RegExp(waiting.user_code))
  const { url } = await browser.follow(await browser.submit(icelandic, 'device-confirm', { confirm: 'yes' }))
  assert.equal(url.pathname, '/sign-in/consent')
  assert.match(await (await browser.go(url.href)).text(), /lang="is"/, 'and it is remembered')
})

/** The switch to Icelandic, with a code that is written by then and was not sent. */
async function switched(browser: ReturnType<typeof createBrowser>, page: string, code: string) {
  const [, action = '', to = ''] =
    /formaction="([^"]*)"[^>]*value="([^"]*lang=is)"/
      .exec(page)
      ?.map((one) => one.replaceAll('&amp;', '&')) ?? []
  const answer = await browser.go(action, {
    method: 'POST',
    headers: { origin: service.origin },
    body: new URLSearchParams({ ...formOf(page, 'device-code').hidden, user_code: code, to }),
  })
  return (await browser.follow(answer)).response
}

test('a code that is written and not sent comes along to another language, and is no try; a switch leads nowhere else', async () => {
  const browser = await signedIn()
  const page = await (await browser.go('/oauth/code?lang=en')).text()
  const icelandic = await (await switched(browser, page, 'dkb')).text()
  assert.match(icelandic, /lang="is"[^]*value="dkb"/)
  assert.doesNotMatch(icelandic, /aria-invalid="true"/)
  const cases: readonly (readonly [BodyInit, string])[] = [
    [
      new URLSearchParams({ user_code: 'dkb', to: 'https://elsewhere.example/?lang=is' }),
      '/oauth/code?user_code=dkb&lang=is',
    ],
    [new URLSearchParams({ user_code: 'd'.repeat(21), to: 'http://[' }), '/oauth/code'],
    [
      new URLSearchParams([
        ['to', '/?lang=is'],
        ['to', '/?lang=en'],
      ]),
      '/oauth/code',
    ],
    ['no form at all', '/oauth/code'],
    [new URLSearchParams({ user_code: 'x'.repeat(9_000) }), '/oauth/code'],
  ]
  for (const [body, location] of cases) {
    const answer = await browser.go('/oauth/code?switch=yes', { method: 'POST', body })
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, location])
  }
})
