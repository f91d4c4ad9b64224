import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, test } from 'node:test'
import { race } from '@althing/kernel/testing'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { startEid } from '../../../run/demo/eid.ts'
import { freePort } from '../../../run/ports.ts'
import {
  addAccount,
  createBrowser,
  testIdentity,
  type Browser,
  type TestIdentity,
} from '../../../tests/support/identity.ts'
import { told } from '../../../tests/support/told.ts'

const ada = {
  national_id: '0101502909',
  name: 'Ada Jónsdóttir',
  email: 'ada@example.org',
  phone_number: '+3548000001',
}
const bea = {
  national_id: '0201502289',
  name: 'Bea Jónsdóttir',
  email: 'bea@example.org',
  phone_number: '+3548000002',
}
const secret = 'the-secret-of-our-client-at-the-eID'

test('somebody new proves who they are, is let in, and the directory hears their kennitala', async () => {
  const { service, out, back } = await withDemo()
  const browser = createBrowser(service.origin)
  const answer = await back(browser, await out(browser), ada)
  assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/account'])
  assert.match(await (await browser.go('/account')).text(), /Ada Jónsdóttir/)
  assert.deepEqual(await accounts(service), [
    { name: ada.name, email: null, claimed_email: ada.email, status: 'active', national_id: ada.national_id },
  ])
  const [told] = await service.kit.database.query<{ payload: Record<string, unknown> }>(
    `select payload from outbox_message where topic = 'identity.person_identified'`,
  )
  assert.deepEqual([told?.payload['nationalId'], told?.payload['email']], [ada.national_id, undefined])

  const again = createBrowser(service.origin)
  await back(again, await out(again), ada)
  assert.equal((await accounts(service)).length, 1)
})

test('an address that only the issuer names stands in nobody’s way, and is nobody’s name', async () => {
  const { service, out, back } = await withDemo()
  const browser = createBrowser(service.origin)
  await back(browser, await out(browser), ada)
  assert.match(
    await (await browser.go('/account')).text(),
    /ada@example\.org <span class="soft">\(not confirmed/,
  )
  // Its owner may have it for an account of their own, and an operator finds that one by it.
  await addAccount(service, { email: ada.email, name: 'Annar', withPassword: true })
  const [{ name } = { name: '' }] = await service.kit.database.query<{ name: string }>(
    'select name from account where email = $1',
    [ada.email],
  )
  assert.equal(name, 'Annar')
})

test('whom an administrator registered with that kennitala is linked and let in; who is shut out is not', async () => {
  const { service, out, back } = await withDemo()
  await addAccount(service, {
    email: 'work@example.org',
    name: 'Ada J',
    nationalId: ada.national_id,
    status: 'pending',
    withPassword: false,
    roles: ['election-manager'],
  })
  await addAccount(service, { email: 'bea@example.org', nationalId: bea.national_id, status: 'banned' })
  const browser = createBrowser(service.origin)
  assert.equal((await back(browser, await out(browser), ada)).headers.get('location'), '/account')
  assert.deepEqual((await accounts(service))[0], {
    name: 'Ada J',
    email: 'work@example.org',
    claimed_email: null,
    status: 'active',
    national_id: ada.national_id,
  })
  const [linked] = await service.kit.database.query<{ count: number }>(
    `select count(*)::int as count from audit_entry where action = 'federation.linked'`,
  )
  assert.equal(linked?.count, 1)
  const shut = createBrowser(service.origin)
  assert.equal(await told(shut, await back(shut, await out(shut), bea)), '/sign-in: eidFailed.title')
})

test('one state works once, in the browser that it was begun in, unchanged and in time', async () => {
  const { service, out, choose } = await withDemo()
  const mine = createBrowser(service.origin)
  const callback = await choose(await out(mine), ada)
  const failed = '/sign-in: eidFailed.title'

  const others = createBrowser(service.origin)
  assert.equal(await told(others, await others.go(callback)), failed, 'another browser')
  await out(others)
  assert.equal(
    await told(others, await others.go(callback)),
    failed,
    'another browser with a sign-in of its own',
  )
  const tampered = new URL(callback)
  tampered.searchParams.set('state', 'x'.repeat(43))
  assert.equal(await told(mine, await mine.go(tampered.href)), failed, 'another state')
  assert.equal(
    await told(mine, await mine.go(`${callback}&iss=https%3A%2F%2Fevil.example`)),
    failed,
    'another issuer',
  )
  assert.equal(await told(mine, await mine.go(callback)), failed, 'burned by the try before')

  const late = await choose(await out(mine), ada)
  await service.kit.database.query(`update federation_state set expires_at = now() - interval '1 second'`)
  assert.equal(await told(mine, await mine.go(late)), failed, 'too late')
  assert.deepEqual(await accounts(service), [])
})

test('31 · sixty-four returns with one state over two nodes: one is let in', async () => {
  const { service, out, choose, issuer } = await withDemo({ ALTHING_IDENTITY_EID_PER_BROWSER: '1000' })
  const two = await testIdentity({
    like: service,
    origin: service.origin,
    env: { ...eidSettings(issuer), ALTHING_IDENTITY_EID_PER_BROWSER: '1000' },
  })
  const browser = createBrowser(service.origin)
  const callback = await choose(await out(browser), ada)
  const cookie = [...browser.jar].map(([name, { value }]) => `${name}=${value}`).join('; ')
  const { won } = await race(64, async (runner, ready) => {
    const url = new URL(callback)
    url.port = new URL(runner % 2 === 0 ? service.origin : two.origin).port
    await ready()
    const answer = await fetch(url, { headers: { cookie }, redirect: 'manual' })
    if (answer.headers.get('location') !== '/account') throw new Error('refused')
  })
  assert.equal(won.length, 1)
})

test('ten returns in ten minutes for one browser, and the eleventh waits', async () => {
  const { service, out } = await withDemo()
  const browser = createBrowser(service.origin)
  await out(browser)
  const statuses: number[] = []
  for (let n = 0; n < 11; n++)
    statuses.push((await browser.go('/sign-in/eid/callback?state=x&code=y')).status)
  assert.deepEqual(statuses, [...Array.from({ length: 10 }, () => 303), 429])
})

test('going out and coming back are counted apart, so that a hall of people gets in', async () => {
  const { service, out, back } = await withDemo({ ALTHING_IDENTITY_EID_PER_NETWORK: '2' })
  for (const person of [ada, bea]) {
    const browser = createBrowser(service.origin)
    assert.equal((await back(browser, await out(browser), person)).headers.get('location'), '/account')
  }
  const third = createBrowser(service.origin)
  const page = await (await third.go('/sign-in')).text()
  assert.equal((await third.submit(page, 'eid', {})).status, 429)
})

test('34 · an ID token that is not exactly ours is refused: nonce, audience, issuer, age, algorithm, another’s key', async () => {
  const other = await generateKeyPair('RS256')
  const now = () => Math.floor(Date.now() / 1000)
  const cases: [string, (issue: Issue) => Promise<string>, boolean][] = [
    ['as it should be', (issue) => issue({}), true],
    ['another nonce', (issue) => issue({ nonce: 'another' }), false],
    ['no nonce', (issue) => issue({ nonce: undefined }), false],
    ['another audience', (issue) => issue({ aud: 'another' }), false],
    ['another party', (issue) => issue({ azp: 'another' }), false],
    ['another issuer', (issue) => issue({ iss: 'https://evil.example' }), false],
    ['over', (issue) => issue({ exp: now() - 60 }), false],
    ['no kennitala', (issue) => issue({ national_id: undefined }), false],
    ['a subject that cannot be kept', (issue) => issue({ sub: 'subject\0' }), false],
    ['half a character as its subject', (issue) => issue({ sub: 'subject\ud800' }), false],
    ['a name without a letter', (issue) => issue({ name: '\u202e12' }), false],
    ['a kennitala of letters', (issue) => issue({ national_id: 'abcdefghij' }), false],
    [
      'alg none',
      async (issue) =>
        `${Buffer.from('{"alg":"none"}').toString('base64url')}.${(await issue({})).split('.')[1]}.`,
      false,
    ],
    ['another key', (issue) => issue({}, other.privateKey), false],
  ]
  let current = cases[0]?.[1] ?? ((issue: Issue) => issue({}))
  const service = await testIdentity({ env: eidSettings(await mockIssuer((issue) => current(issue))) })
  for (const [what, make, isFine] of cases) {
    current = make
    const browser = createBrowser(service.origin)
    const url = await begin(browser)
    const answer = await browser.go(
      `/sign-in/eid/callback?${new URLSearchParams({ code: `${url.searchParams.get('nonce')}`, state: url.searchParams.get('state') ?? '' }).toString()}`,
    )
    assert.equal(answer.headers.get('location') === '/account', isFine, what)
  }
})

test('an identity that comes back with another kennitala is let in to nobody’s account', async () => {
  let kennitala = ada.national_id
  const issuer = await mockIssuer((issue) => issue({ national_id: kennitala }))
  const service = await testIdentity({ env: eidSettings(issuer) })
  const come = async () => {
    const browser = createBrowser(service.origin)
    const url = await begin(browser)
    const answer = { code: url.searchParams.get('nonce') ?? '', state: url.searchParams.get('state') ?? '' }
    const came = await browser.go(`/sign-in/eid/callback?${new URLSearchParams(answer).toString()}`)
    return told(browser, came)
  }
  assert.equal(await come(), '/account: nothing')
  kennitala = bea.national_id
  assert.equal(await come(), '/sign-in: eidFailed.title')
  const identified = await service.kit.database.query<{ payload: { nationalId: string } }>(
    `select payload from outbox_message where topic = 'identity.person_identified'`,
  )
  assert.deepEqual(
    identified.map(({ payload }) => payload.nationalId),
    [ada.national_id],
  )
})

test('an issuer that does not answer is said to be away, and the page still offers the password', async () => {
  const service = await testIdentity({ env: eidSettings(`http://127.0.0.1:${await freePort()}`) })
  const browser = createBrowser(service.origin)
  const page = await (await browser.go('/sign-in?return=%2Fvotes')).text()
  const answer = await browser.submit(page, 'eid', {})
  assert.equal(await told(browser, answer), '/sign-in: eidFailed.title')
  assert.ok(service.kit.breakers.list().some(({ name }) => name === 'eid'))
})

test('without an issuer there is no button, and an issuer in clear is for this machine only', async () => {
  const service = await testIdentity()
  assert.doesNotMatch(await (await createBrowser(service.origin).go('/sign-in')).text(), /eid-button/)
  await assert.rejects(
    testIdentity({ env: eidSettings('http://eid.example') }),
    /ALTHING_IDENTITY_EID_ISSUER/,
  )
})

type Person = typeof ada
const eidSettings = (issuer: string) => ({
  ALTHING_IDENTITY_EID_ISSUER: issuer,
  ALTHING_IDENTITY_EID_CLIENT_ID: 'althing',
  ALTHING_IDENTITY_EID_CLIENT_SECRET: secret,
})

async function withDemo(env: Record<string, string> = {}) {
  const [port, own] = [await freePort(), await freePort()]
  const issuer = `http://localhost:${port}`
  const stop = await startEid({
    issuer,
    host: 'localhost',
    port,
    clientId: 'althing',
    clientSecret: secret,
    redirectUris: [`http://localhost:${own}/sign-in/eid/callback`],
    people: [ada, bea],
  })
  after(stop)
  const service = await testIdentity({
    env: {
      ...eidSettings(issuer),
      ...env,
      ALTHING_IDENTITY_PORT: String(own),
      ALTHING_URL: `http://localhost:${own}`,
    },
    origin: `http://localhost:${own}`,
  })
  const at = { ...service, origin: `http://localhost:${own}` }

  /** The person chooses who to be; the issuer sends them back to us. */
  async function choose(url: URL, { national_id }: Person): Promise<string> {
    const next = new URL('/oidc/continue', url)
    for (const name of ['redirect_uri', 'state', 'nonce', 'code_challenge'])
      next.searchParams.set(name, url.searchParams.get(name) ?? '')
    next.searchParams.set('national_id', national_id)
    const answer = await fetch(next, { redirect: 'manual' })
    return answer.headers.get('location') ?? ''
  }
  const back = async (browser: Browser, url: URL, person: Person) => browser.go(await choose(url, person))
  return { service: at, issuer, out: begin, choose, back }
}

async function begin(browser: Browser): Promise<URL> {
  const page = await (await browser.go('/sign-in')).text()
  const answer = await browser.submit(page, 'eid', {})
  return new URL(answer.headers.get('location') ?? '')
}

async function accounts({ kit }: TestIdentity) {
  return kit.database.query('select name, email, claimed_email, status, national_id from account order by id')
}

type Issue = (claims: Record<string, unknown>, key?: CryptoKey) => Promise<string>

/** An issuer whose tokens are what the test wants; the code it is given is the nonce. */
async function mockIssuer(make: (issue: Issue) => Promise<string>): Promise<string> {
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k', alg: 'RS256', use: 'sig' }
  const port = await freePort()
  const issuer = `http://localhost:${port}`
  const server = createServer((request, response) => {
    void answer(request).then((body) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
    )
  })
  async function answer(request: AsyncIterable<Uint8Array> & { url?: string | undefined }): Promise<unknown> {
    if (request.url === '/jwks') return { keys: [jwk] }
    if (request.url !== '/token')
      return {
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        id_token_signing_alg_values_supported: ['RS256', 'none'],
      }
    const chunks: Uint8Array[] = []
    for await (const chunk of request) chunks.push(chunk)
    const nonce = new URLSearchParams(Buffer.concat(chunks).toString()).get('code')
    const now = Math.floor(Date.now() / 1000)
    const issue: Issue = (claims, key = privateKey) =>
      new SignJWT({
        ...ada,
        sub: 'subject',
        iss: issuer,
        aud: 'althing',
        iat: now,
        exp: now + 300,
        nonce,
        ...claims,
      })
        .setProtectedHeader({ alg: 'RS256', kid: 'k' })
        .sign(key)
    return { id_token: await make(issue), access_token: 'x', token_type: 'Bearer' }
  }
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve))
  after(() => server.close())
  server.unref()
  return issuer
}
