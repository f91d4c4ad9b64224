/** What anybody can make us keep is counted by their network; whoever has shown something is not. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { addAccount, createBrowser, signIn, testIdentity } from '../../../tests/support/identity.ts'
import { addClient, basic, callback, post } from '../../../tests/support/protocol.ts'

const most = 4
const deviceGrant = 'urn:ietf:params:oauth:grant-type:device_code'
const challenge = {
  code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  code_challenge_method: 'S256',
}
const request = { response_type: 'code', redirect_uri: callback, scope: 'openid', state: 'x', ...challenge }

async function setUp() {
  const service = await testIdentity({ env: { ALTHING_IDENTITY_BEGINNINGS_PER_NETWORK: String(most) } })
  await addAccount(service)
  await addClient(service, 'tv', { grant_types: [deviceGrant], token_endpoint_auth_method: 'none' })
  await addClient(service, 'page', { token_endpoint_auth_method: 'none' })
  const rows = async (table: string): Promise<number> => {
    const [row] = await service.kit.database.query(`select count(*)::int as n from ${table}`)
    return Number(row?.['n'])
  }
  return { service, rows, secret: await addClient(service, 'shop') }
}

test('devices and pushed requests of applications without a secret: the next one of the minute is refused, and writes nothing', async () => {
  const { service, rows } = await setUp()
  for (let n = 0; n < most; n += 1) {
    const asked = await post(service, '/oauth/device', { client_id: 'tv', scope: 'openid' })
    assert.equal(asked.status, 200)
  }
  const before = await rows('oidc_record')
  const device = await post(service, '/oauth/device', { client_id: 'tv', scope: 'openid' })
  const pushed = await post(service, '/oauth/par', { client_id: 'page', ...request })
  assert.deepEqual(
    [device, pushed].map(({ status, body }) => [status, body['error']]),
    [
      [429, 'temporarily_unavailable'],
      [429, 'temporarily_unavailable'],
    ],
  )
  assert.equal(await rows('oidc_record'), before)
})

test('an application that has shown its secret, and a person who is signed in, go on', async () => {
  const { service, secret } = await setUp()
  const browser = createBrowser(service.origin)
  await signIn(browser)
  const ask = () =>
    browser.go(
      `/oauth/authorize?${new URLSearchParams({ client_id: 'page', ...request, prompt: 'consent' })}`,
    )
  for (let n = 0; n < 2 * most; n += 1) {
    const { status } = await post(
      service,
      '/oauth/par',
      { client_id: 'shop', ...request },
      basic('shop', secret),
    )
    assert.equal(status, 201)
    assert.equal((await ask()).status, 303)
  }
})

test('strangers at an application’s door: the application hears that it is too much, and nothing is kept', async () => {
  const { service, rows } = await setUp()
  const ask = () =>
    fetch(`${service.origin}/oauth/authorize?${new URLSearchParams({ client_id: 'page', ...request })}`, {
      redirect: 'manual',
    })
  for (let n = 0; n < most; n += 1) await ask()
  const before = await rows('oidc_record')
  const refused = await ask()
  const to = new URL(refused.headers.get('location') ?? '')
  assert.deepEqual(
    [to.origin + to.pathname, to.searchParams.get('error')],
    [callback, 'temporarily_unavailable'],
  )
  assert.equal(await rows('oidc_record'), before)
})

test('an address that is written at the door, again and again: the page says to wait, keeps what was written, and writes nothing', async () => {
  const { service, rows } = await setUp()
  const write = async () => {
    const browser = createBrowser(service.origin)
    const page = await (await browser.go('/sign-in')).text()
    return browser.submit(page, 'sign-in', { identifier: 'ada@example.org', password: '' })
  }
  for (let n = 0; n < most; n += 1) assert.equal((await write()).status, 303)
  const before = await rows('sign_in_attempt')
  const refused = await write()
  assert.deepEqual([refused.status, Number(refused.headers.get('retry-after')) > 0], [429, true])
  assert.match(await refused.text(), /value="ada@example.org"/)
  assert.equal(await rows('sign_in_attempt'), before)
})
