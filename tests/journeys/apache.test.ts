/** A site of somebody else's behind Debian's Apache, which knows nothing of us but the address of our discovery. */
import assert from 'node:assert/strict'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, afterEach, before, test } from 'node:test'
import { until } from '@althing/kernel/testing'
import type { BrowserContext, Page } from 'playwright-core'
import { SignJWT } from 'jose'
import { freePorts } from '../../run/ports.ts'
import { buildWeb } from '../../tools/web.ts'
import { startApache, whyNoApache, type Apache } from '../support/apache.ts'
import { addAccount, createBrowser, password, testIdentity } from '../support/identity.ts'
import { addClient, keyPair, through } from '../support/protocol.ts'
import { openChromium, type Browser } from './screenshots.ts'

const skip = whyNoApache() ?? false
const [port = 0, otherPort = 0] = await freePorts(2)
const site = `http://127.0.0.1:${port}`
const service = await testIdentity({ env: { ALTHING_IDENTITY_EGRESS_ALLOWED: `127.0.0.1:${port}` } })
let apache: Apache

/** What lies behind Apache: shows the headers that it was sent, as a page. */
const upstream = createServer((request, response) => {
  response.setHeader('content-type', 'text/html; charset=utf-8')
  response.end(`<h1>The page of the members</h1><pre>${JSON.stringify(request.headers)}</pre>`)
})

before(async () => {
  await buildWeb({ only: ['ui', 'signin'] })
  await new Promise<void>((done) => upstream.listen(0, '127.0.0.1', done))
  await addAccount(service)
  const secret = await addClient(service, 'apache', {
    redirect_uris: [`${site}/members/signed-in`, `http://127.0.0.1:${otherPort}/members/signed-in`],
    post_logout_redirect_uris: [`${site}/open`],
    backchannel_logout_uri: `${site}/members/signed-in?logout=backchannel`,
    backchannel_logout_session_required: true,
    id_token_signed_response_alg: 'RS256',
    scope: 'openid profile email',
    consent: 'remember',
  })
  if (skip === false) apache = await startApache(siteWith(secret, port))
})
after(async () => {
  if (skip === false) await apache.stop()
  upstream.close().closeAllConnections()
})

const siteWith = (secret: string, at: number) => ({
  issuer: service.origin,
  client: { id: 'apache', secret },
  port: at,
  upstream: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`,
})

/** Opens a protected address and fills in what the provider asks on the way; settles where the way ends. */
async function visit(page: Page, url = `${site}/members`): Promise<void> {
  await page.goto(url)
  if (await page.locator('#sign-in').isVisible()) {
    await page.locator('#sign-in [name=identifier]').fill('ada@example.org')
    await page.locator('#sign-in [type=submit]').click()
    await page.locator('#password-form [name=password]').fill(password)
    await page.locator('#password-button').click()
  }
  const allow = page.locator('#consent [value=allow]')
  await allow.or(page.locator('body:not(:has(.brand))')).first().waitFor()
  if (!(await allow.isVisible())) return
  await allow.click()
  await page.waitForURL((there) => there.href.startsWith('http://127.0.0.1'))
}

const open: Browser[] = []
afterEach(async () => {
  for (const browser of open.splice(0)) await browser.close()
})

async function device(): Promise<{ page: Page; context: BrowserContext }> {
  const browser = await openChromium({ locale: 'en' })
  open.push(browser)
  return { page: await browser.context.newPage(), context: browser.context }
}

/** What the page behind Apache was sent. Apache writes UTF-8; Node reads headers as Latin-1. */
async function headersOn(page: Page): Promise<Record<string, string>> {
  const text = (await page.locator('pre').textContent()) ?? '{}'
  return JSON.parse(Buffer.from(text, 'latin1').toString('utf8')) as Record<string, string>
}

const isIn = async (page: Page) => {
  await page.goto(`${site}/members`)
  return (await page.content()).includes('The page of the members')
}
test(
  'with discovery alone Apache signs somebody in, tells who it is, and signs them out with us',
  { skip },
  async () => {
    const { page, context } = await device()
    await context.setExtraHTTPHeaders({
      'X-Remote-User': 'eve@example.org',
      OIDC_CLAIM_email: 'eve@example.org',
    })
    await visit(page)
    await page.getByRole('heading', { name: 'The page of the members' }).waitFor()
    const headers = await headersOn(page)
    assert.deepEqual(
      [
        headers['x-remote-user'],
        headers['oidc_claim_email'],
        headers['oidc_claim_name'],
        headers['oidc_claim_iss'],
      ],
      ['ada@example.org', 'ada@example.org', 'Ada Jónsdóttir', service.origin],
    )
    await context.setExtraHTTPHeaders({})
    await page.goto(`${site}/members/signed-in?logout=${encodeURIComponent(`${site}/open`)}`)
    assert.equal(new URL(page.url()).origin, service.origin, 'we ask first')
    assert.equal(await page.getByText('The application apache').count(), 1)
    await page.locator('#sign-out [type=submit]').first().click()
    await page.getByText('Open to everybody').waitFor()
    assert.equal(page.url(), `${site}/open`)
    assert.equal(await isIn(page), false, 'of Apache')
    await page.locator('#sign-in').waitFor()
  },
)

test(
  'the end of a session at ours is the end of Apache’s, and nobody else can say that it ended',
  { skip },
  async () => {
    const { page } = await device()
    await visit(page)
    assert.equal(await isIn(page), true)
    const headers = await headersOn(page)
    const { privateKey } = await keyPair()
    const forged = await new SignJWT({
      sid: headers['oidc_claim_sid'],
      events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
    })
      .setProtectedHeader({ alg: 'ES256', typ: 'logout+jwt' })
      .setIssuer(service.origin)
      .setAudience('apache')
      .setSubject(headers['oidc_claim_sub'] ?? '')
      .setIssuedAt()
      .setJti('a name of its own')
      .sign(privateKey)
    const told = await fetch(`${site}/members/signed-in?logout=backchannel`, {
      method: 'POST',
      body: new URLSearchParams({ logout_token: forged }),
    })
    assert.equal(told.status, 400)
    assert.equal(await isIn(page), true, 'a word that we did not sign ends nothing')

    await page.goto(`${service.origin}/account`)
    await page.locator('#sign-out [type=submit]').first().click()
    await page.waitForURL((there) => there.pathname !== '/account')
    await until(async () => !(await isIn(page)))
  },
)

/** A step of a browser that shows exactly these cookies. Not by fetch, which Apache knows for a script and sends nowhere. */
const ask = (url: string, cookie = '') =>
  new Promise<IncomingMessage>((done, fail) => {
    get(url, { headers: { cookie, accept: 'text/html' } }, (answer) => done(answer.resume())).on(
      'error',
      fail,
    )
  })
const cookiesIn = ({ headers }: IncomingMessage) =>
  (headers['set-cookie'] ?? []).map((line) => line.split(';')[0] ?? '')
/** The last letters of a value are others. */
const changed = (cookies: readonly string[]) => cookies.map((one) => `${one.slice(0, -6)}AAAAAA`).join('; ')

test(
  'an answer that another browser asked for, and a cookie that was changed, open nothing',
  { skip },
  async () => {
    const asked = await ask(`${site}/members`)
    const state = cookiesIn(asked)
    assert.match(state.join(), /mod_auth_openidc_state_/)
    const start = asked.headers.location ?? ''
    const { url } = await through(createBrowser(service.origin), start)
    for (const cookies of ['', cookiesIn(await ask(`${site}/members`)).join('; '), changed(state)]) {
      const refused = await ask(url.href, cookies)
      assert.ok((refused.statusCode ?? 0) >= 400)
      assert.doesNotMatch(cookiesIn(refused).join(), /mod_auth_openidc_session=./)
    }
    const given = await ask(url.href, state.join('; '))
    assert.deepEqual([given.statusCode, given.headers.location], [302, `${site}/members`])
    const session = cookiesIn(given).filter((one) => one.startsWith('mod_auth_openidc_session='))
    assert.equal((await ask(`${site}/members`, session.join('; '))).statusCode, 200)
    for (const cookies of ['', changed(session)]) {
      const refused = await ask(`${site}/members`, cookies)
      const to = new URL(refused.headers.location ?? '')
      assert.deepEqual([refused.statusCode, to.pathname], [302, '/oauth/authorize'])
    }
    assert.notEqual(
      (await ask(url.href, state.join('; '))).headers.location,
      `${site}/members`,
      'a second time',
    )
  },
)

test('with a wrong secret Apache gets no token and lets nobody in', { skip }, async () => {
  const wrong = await startApache(siteWith('a secret that somebody guessed', otherPort))
  after(wrong.stop)
  const { page } = await device()
  await visit(page, `${wrong.url}/members`)
  assert.equal(await page.getByText('The page of the members').count(), 0)
  assert.match(wrong.log(), /invalid_client/)
})
