/** How applications hear that somebody has signed out. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { until } from '@althing/kernel/testing'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as client from 'openid-client'
import { addAccount, codeFlow, createBrowser, testIdentity } from '../../../../tests/support/identity.ts'
import { addClient, codeGrant, strict } from '../../../../tests/support/protocol.ts'

const heard: string[] = []
let answers = 200
const receiver = createServer((request, response) => {
  let body = ''
  request.on('data', (chunk) => (body += String(chunk)))
  request.on('end', () => {
    heard.push(new URLSearchParams(body).get('logout_token') ?? '')
    response.writeHead(answers).end()
  })
})
await new Promise<void>((done) => receiver.listen(0, '127.0.0.1', done))
after(() => receiver.close().closeAllConnections())
const host = `127.0.0.1:${(receiver.address() as AddressInfo).port}`
/** Takes calls, and hangs up. */
let calls = 0
const broken = createServer((request) => {
  calls += 1
  request.socket.destroy()
})
await new Promise<void>((done) => broken.listen(0, '127.0.0.1', done))
after(() => broken.close().closeAllConnections())
const gone = `127.0.0.1:${(broken.address() as AddressInfo).port}`

const service = await testIdentity({ env: { ALTHING_IDENTITY_EGRESS_ALLOWED: `${host},${gone}` } })
await addAccount(service)
const secret = await addClient(service, 'listening', {
  backchannel_logout_uri: `http://${host}/logout`,
  backchannel_logout_session_required: true,
})
const config = await strict(service, 'listening', client.ClientSecretBasic(secret))
const keys = createRemoteJWKSet(new URL(`${service.origin}/.well-known/jwks.json`))

async function heardOf(count: number): Promise<string> {
  await until(() => heard.length >= count)
  assert.equal(heard.length, count)
  return heard.at(-1) ?? ''
}

test('an application hears of every end of a session that it knows, with our signature and the name that it knows it by', async () => {
  const browser = createBrowser(service.origin)
  const { grant } = await codeGrant(config, browser)
  const claims = (await grant()).claims()
  assert.equal(typeof claims?.['sid'], 'string')
  const page = await (await browser.go('/account')).text()
  await browser.submit(page, 'sign-out', {})
  const { payload, protectedHeader } = await jwtVerify(await heardOf(1), keys, {
    issuer: service.origin,
    audience: 'listening',
    typ: 'logout+jwt',
  })
  assert.equal(protectedHeader.alg, 'ES256')
  assert.deepEqual(
    [payload.sub, payload['sid'], Object.keys(payload['events'] as object)],
    [claims?.sub, claims?.['sid'], ['http://schemas.openid.net/event/backchannel-logout']],
  )
  assert.deepEqual([payload['nonce'], typeof payload.jti], [undefined, 'string'])
})

test('who does not answer is told again, and holds nobody up', async () => {
  answers = 500
  const browser = createBrowser(service.origin)
  const { grant } = await codeGrant(config, browser)
  await grant()
  const before = heard.length
  await browser.submit(await (await browser.go('/account')).text(), 'sign-out-everywhere', {})
  assert.equal((await browser.go('/account')).status, 303)
  await heardOf(before + 1)
  answers = 200
  await noted((notices) => notices.every(({ tries }) => tries === 1))
  await service.kit.database.query('update logout_notice set due_at = now()')
  await service.kit.database.query(`select pg_notify('identity_logout', '')`)
  await heardOf(before + 2)
  await noted((notices) => notices.length === 0)
})

test('a hall signs out of an application that is down: it is asked a few times, and another one hears at once', async () => {
  const key = await addClient(service, 'down', { backchannel_logout_uri: `http://${gone}/logout` })
  assert.ok(key)
  const end = (who: string, sid: string) =>
    service.kit.database.query(
      'insert into logout_notice (account, client, sid) select $1, $2, $3 || n from generate_series(1, $4::int) n',
      ['acc_somebody', who, sid, who === 'down' ? 200 : 1],
    )
  await end('down', 'sid_')
  await end('listening', 'sid_')
  const before = heard.length
  await service.kit.database.query(`select pg_notify('identity_logout', '')`)
  await heardOf(before + 1)
  const state = () => service.kit.breakers.list().find(({ name }) => name === 'logout:down')?.state
  assert.equal(state(), 'open')
  assert.ok(calls < 50, `asked ${calls} times`)
  const [left] = await service.kit.database.query(
    'select count(*)::int as n, min(tries) as tries from logout_notice',
  )
  assert.deepEqual(left, { n: 200, tries: 1 }, 'each is told again later')
  await service.kit.database.query('delete from logout_notice')
})

test('an application that did not ask hears nothing, and its address is never called', async () => {
  const key = await addClient(service, 'deaf')
  const deaf = await strict(service, 'deaf', client.ClientSecretBasic(key))
  const browser = createBrowser(service.origin)
  const { grant } = await codeGrant(deaf, browser)
  assert.equal((await grant()).claims()?.['sid'], undefined)
  const before = heard.length
  await browser.submit(await (await browser.go('/account')).text(), 'sign-out', {})
  await pause(300)
  assert.equal(heard.length, before)
  assert.deepEqual(await service.kit.database.query('select id from logout_notice'), [])
})

test('an end is written down for those that asked to hear of it, and for nobody else: our own portal hears by another way', async () => {
  const browser = createBrowser(service.origin)
  await codeFlow(service, browser)
  await (await codeGrant(config, browser)).grant()
  const secretOfMute = await addClient(service, 'mute')
  const mute = await strict(service, 'mute', client.ClientSecretBasic(secretOfMute))
  await (await codeGrant(mute, browser)).grant()
  const undone = new Error('Looked at, and not done.')
  const looked = service.kit.database.transaction(async (db) => {
    const ended = await db.query<{ known: string[] }>(
      `delete from session where engine ? 'authorizations' returning array(select jsonb_object_keys(engine -> 'authorizations')) as known`,
    )
    assert.ok(ended.some(({ known }) => ['portal', 'listening', 'mute'].every((id) => known.includes(id))))
    const noticed = await db.query<{ client: string }>('select distinct client from logout_notice')
    assert.deepEqual(noticed, [{ client: 'listening' }])
    throw undone
  })
  await assert.rejects(looked, undone)
})

test('an address of our own network is not called for anybody', async () => {
  await assert.rejects(
    addClient(service, 'inside', { backchannel_logout_uri: 'https://127.0.0.1:1/logout' }),
    {
      code: 'identity.clients.metadata',
    },
  )
  // A name may point anywhere the next day: this one points here.
  const key = await addClient(service, 'inside', { backchannel_logout_uri: 'https://localhost:1/logout' })
  const inside = await strict(service, 'inside', client.ClientSecretBasic(key))
  const browser = createBrowser(service.origin)
  await (await codeGrant(inside, browser)).grant()
  await browser.submit(await (await browser.go('/account')).text(), 'sign-out', {})
  await noted((notices) => notices.length === 1 && notices[0]?.tries === 1)
})

test('the browser tells applications in frames, and goes on', async () => {
  const key = await addClient(service, 'framed', {
    frontchannel_logout_uri: 'https://framed.example/out?a=b',
    frontchannel_logout_session_required: true,
    post_logout_redirect_uris: ['https://framed.example/bye'],
  })
  const framed = await strict(service, 'framed', client.ClientSecretBasic(key))
  const browser = createBrowser(service.origin)
  const tokens = await (await codeGrant(framed, browser)).grant()
  const end = client.buildEndSessionUrl(framed, {
    id_token_hint: tokens.id_token ?? '',
    post_logout_redirect_uri: 'https://framed.example/bye',
    state: 'a state',
  })
  const question = await (await browser.go(end.href)).text()
  const done = await browser.submit(question, 'sign-out', {})
  assert.equal(done.status, 200)
  const text = (await done.text()).replaceAll('&amp;', '&')
  const iss = encodeURIComponent(service.origin)
  assert.ok(
    text.includes(`src="https://framed.example/out?a=b&iss=${iss}&sid=${String(tokens.claims()?.['sid'])}"`),
  )
  assert.equal(done.headers.get('refresh'), '3;url=https://framed.example/bye?state=a+state')
  assert.match(done.headers.get('content-security-policy') ?? '', /frame-src https:\/\/framed\.example/)
  assert.equal((await browser.go('/account')).status, 303)

  for (const broken of [
    { post_logout_redirect_uri: 'https://evil.example/' },
    { id_token_hint: 'x.y.z' },
    { client_id: 'deaf', id_token_hint: tokens.id_token ?? '' },
  ]) {
    const wrong = new URLSearchParams({
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: 'https://framed.example/bye',
      ...broken,
    })
    assert.equal((await browser.go(`/oauth/logout?${wrong.toString()}`)).status, 400)
  }
})

/** Until what is left to be told is so. */
async function noted(isSo: (notices: readonly { readonly tries: number }[]) => boolean): Promise<void> {
  const notices = () => service.kit.database.query<{ tries: number }>('select tries from logout_notice')
  await until(async () => isSo(await notices()))
}
